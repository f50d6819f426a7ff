"""Encrypted backups of orgs: streamed out, signed, kept, read back, and proved by a restore."""
