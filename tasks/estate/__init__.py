"""The estate as its owner describes it: orgs, routes, attestations, channels and policy."""
