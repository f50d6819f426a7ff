"""Which fields are sensitive, and how they are protected."""
