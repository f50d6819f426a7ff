"""Where callers may come from: address ranges, session settings, web ACLs."""
