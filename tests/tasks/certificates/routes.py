"""A route's standing in tests: one that is in order, and what is changed of it."""

from typing import Any

from tasks.certificates.chains import chain_of
from tasks.certificates.model import Chain, Held, Holder, Place, RouteState, Shown
from tests.tasks.certificates.minted import DAY, ISSUING, NOW, leaf, pem

ROUTE = "A_to_B"
OLD: Chain = chain_of(pem(leaf(ROUTE, ends=NOW + 20 * DAY), ISSUING))
NEW: Chain = chain_of(pem(leaf(ROUTE, ends=NOW + 85 * DAY), ISSUING))


def listed(chain: Chain, name: str) -> Held:
    return Held(
        org="b",
        place=Place.INBOUND,
        name=name,
        label=ROUTE,
        chain=chain,
        ends=chain.leaf.ends.date(),
        used=True,
    )


def state(**changed: Any) -> RouteState:
    """Of an org's route, with one certificate that is presented, listed, enforced and lasts."""
    return RouteState(
        **{
            "route": ROUTE,
            "source": "a",
            "target": "b",
            "username": "sync@b",
            "credential": "B_Sync",
            "holder": Holder.ORG,
            "address": "https://b.my.salesforce.com:8443",
            "pairs": (Shown(name="New", chain=NEW),),
            "presents": "New",
            "listed": (listed(NEW, "New"),),
            "enforced": True,
            "api_only": True,
            **changed,
        }
    )
