"""The four phases: what each starts from, how far it is, what blocks the next."""
