"""Production and non-production: what joins them, and what can be closed."""
