"""Carries the records of one declared route from its source org to its target org."""
