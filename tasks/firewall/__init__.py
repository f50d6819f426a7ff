"""The web ACLs before the company's own gateways: what they let through, and what policy wants of them."""
