"""Who comes in: logins, tokens, sessions and the gates before them."""
