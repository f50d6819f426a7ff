"""Just-in-time access: rights for hours instead of for ever, and their end, whatever happens to us."""
