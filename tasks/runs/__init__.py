"""Runs of ours as Prefect keeps them: which were lost with their machine, and which nobody needs any more."""
