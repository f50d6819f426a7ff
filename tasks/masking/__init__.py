"""Puts made-up people in the place of real ones in a sandbox, and proves that none is left."""
