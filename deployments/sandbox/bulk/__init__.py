"""Bulk API 2.0 and Bulk API 1.0: jobs that take or give many rows as CSV, worked on in the background."""
