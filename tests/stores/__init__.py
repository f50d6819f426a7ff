"""Stores as earlier versions wrote them, and what makes them: `python -m tests.stores NAME` keeps one of this version."""
