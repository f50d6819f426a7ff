"""Who may do what: permission sets, groups, muting, and effective rights."""
