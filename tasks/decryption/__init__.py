"""Sealed values in the clear, for one person and one record at a time, where policy lets that person read them."""
