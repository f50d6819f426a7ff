"""Bulk API 1.0: jobs made of batches, in XML, CSV or JSON."""
