"""Which OAuth flows and password doors an org keeps open, who goes through them, and the plan that closes them."""
