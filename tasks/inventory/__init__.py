"""What integrates with what: apps, credentials, grants, logins, packages, and the trust graph over them."""
