"""Rehearsals: what an intruder could do with what was stolen, tried over the public API."""
