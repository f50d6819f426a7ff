"""Anomalies: what orgs tell of themselves, what is usual there, and what is not."""
