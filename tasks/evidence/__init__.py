"""Keeping the ledger's word: sealing it, anchoring the seals, changing the key, archiving, checking."""
