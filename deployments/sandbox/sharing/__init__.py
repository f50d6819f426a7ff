"""Whose records a caller may read, edit and delete: organization-wide defaults, ownership, hierarchy, shares and rules."""
