"""What a restore drill would bring where, for two people to read before it does."""

from datetime import datetime

from tasks.backups.model import DrillOrder, Restorable
from tasks.estate.policy import Policy
from tasks.plans.draft import Draft
from tasks.plans.model import Plan, ResourceKind

JOB = "restore-drill"
CONTROL = "ZT-07"
_SHOWN = 40


def drill_plan(policy: Policy, found: Restorable, requester: str, now: datetime) -> Plan:
    """
    One change: the order. It widens who can read an org's data, so as many people have to say yes as policy wants for that.

    The order binds the digest of the manifest, and so every byte of the backup.
    """
    draft = Draft(CONTROL)
    org, target = found.org, found.target
    order = DrillOrder(backup=found.backup, manifest=found.manifest, rows=found.rows, order=found.next_order)
    draft.change(
        *(target, ResourceKind.DRILL, org),
        None if found.stands is None else found.stands.model_dump(mode="json"),
        order.model_dump(mode="json"),
        f"A backup of {org} counts once it was restored",
        f"{found.rows:,} records of {len(found.objects)} objects of {org} come into {target}, are compared, and go again",
        widening=True,
    )
    draft.risks += [
        f"{target}: real data of {org}, not masked, stands there during the drill, for whoever may read these objects in {target}",
        f"{target}: triggers, flows and validation rules of these objects run for every record; set Setup, Deliverability to "
        "`No access` before you apply",
        f"{target}: it says no longer that it is clean: no route may write there until it was masked and scanned again",
        f"{target}: killed in between, apply the plan again; what is left goes first, and by itself within a day",
    ]
    draft.risks += [
        f"{org}: the backup has nothing of {name}, so the drill will not be good" for name in found.missing
    ]
    draft.keeps += [
        f"{target}: records that stand there now are not touched; only what the drill has made goes",
        f"{target}: it is asked again whether it is a sandbox before the first record is written",
        f"{org}: the org itself is neither read nor written",
        f"{org}: only {found.backup} with the manifest {found.manifest[:12]} is restored ({', '.join(found.chain)}), no other",
        f"{org}: objects: {', '.join(found.objects[:_SHOWN])}"
        + (f" and {len(found.objects) - _SHOWN} more" if len(found.objects) > _SHOWN else ""),
    ]
    draft.afterwards += [
        f"{target}: empty the recycle bin (Setup, Recycle Bin, Org Recycle Bin): what the drill has made lies there for 15 days",
        f"{target}: mask it (mask-sandbox) and prove that nothing real is left (scan-sandbox); until then an alert is open",
    ]
    title = f"Restore {found.backup} of {org} into {target} for a drill"
    return draft.plan(JOB, title, requester, now, policy)
