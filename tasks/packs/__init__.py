"""Audit packs: what an auditor of a quarter gets, signed, and how anybody holds it against its signature."""
