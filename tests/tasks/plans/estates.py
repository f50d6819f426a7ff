"""Estates of a few words."""

from tasks.estate.model import Estate


def estate_of(**kinds: str) -> Estate:
    """Alias to `production` or `sandbox`."""
    return Estate.model_validate(
        {
            "name": "Meridian",
            "cloud": {"region": "eu-central-1"},
            "orgs": [
                {
                    "alias": alias,
                    "my_domain": f"https://{alias}.my.salesforce.com",
                    "kind": kind,
                    "scanner": {"flow": "jwt-bearer", "username": f"s@{alias}", "secret": f"scanner/{alias}"},
                }
                for alias, kind in kinds.items()
            ],
        }
    )
