"""The benchmarks behind `bulkhead bench`: figures measured, never asserted in timed tests."""
