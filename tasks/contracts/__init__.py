"""Great Expectations suites that evidence passes before anything is judged."""
