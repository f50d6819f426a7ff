"""The `bulkhead` command: every command's group in a module of its own."""

from deployments.cli.main import main

__all__ = ["main"]
