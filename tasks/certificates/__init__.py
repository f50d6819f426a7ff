"""Mutual TLS: certificates of routes, who signs them, where they are listed, and proof that nobody gets in without."""
