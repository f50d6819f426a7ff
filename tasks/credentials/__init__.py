"""Secrets and their lifecycle: where they are kept, how old they are, when they end."""
