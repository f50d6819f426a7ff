"""What an administrator would do first where an org lets nobody in, so that it can be measured and hardened at all."""

from collections.abc import Collection

from deployments.bench.wire import Wire
from tasks.estate.model import Estate

Planted = Collection[tuple[str, str, str]]
"""Control, org and variant of what the answer key says was planted."""


def open_doors(estate: Estate, wire: Wire, planted: Planted) -> None:
    """
    Lapsed client certificates are renewed: nobody could measure what their holders reach, and whoever renews them opens
    all of it again. A deactivated enforcer is made active: without one no plan is applied.
    """
    for org in estate.orgs:
        administrator = f"break.glass.1@{org.alias}.meridian.example"
        with wire.user(org.alias, administrator) as asking:
            enforcer = org.enforcer.username if org.enforcer else ""
            for row in asking.rows(f"SELECT Id FROM User WHERE Username = '{enforcer}' AND IsActive = false"):
                asking.change(f"sobjects/User/{row['Id']}", {"IsActive": True})
        if ("ZT-01", org.alias, "c") in planted:
            wire.list_certificate(org.alias, administrator)
