"""Estates of many orgs: which run reads which of them, and how what they read comes together again."""
