"""Prefect tasks around restore drills: what may be ordered, what is ordered, and what a killed one has left."""

from prefect import task

from tasks.backups import chain
from tasks.backups.ledger_gateway import DrillBook
from tasks.backups.model import DrillOrder, Restorable
from tasks.backups.sandbox_gateway import SandboxOrg
from tasks.backups.steps import Work, working
from tasks.errors import AlreadyRunning, BackupRefused, ConfigurationError, SecretUnavailable
from tasks.orgs import load_registered, open_for_writing, open_ledger, open_org
from tasks.policies import READ
from tasks.salesforce.rows import ask_origin


@task(
    name="look-at-backup",
    task_run_name="look-at-backups-of-{org}",
    description="Which backup a drill would restore, and whether the sandbox may receive it. Changes nothing.",
    **READ,
)
def look_at_backup(org: str, target: str, backup: str) -> Restorable:
    """
    Raises ConfigurationError for an unknown alias, BackupRefused for a sandbox that policy does not name, an org that says of
    itself that it is none, and a backup that is not there; CloudError and OrgError.
    """
    needs_permitted(target)
    with open_org(target) as session:
        if not ask_origin(session).sandbox:
            raise BackupRefused(
                f"{target} says of itself that it is no sandbox, so nothing is restored there. No record was written."
            )
    with working(org, Work) as work:
        try:
            found, _ = work.made()
        except SecretUnavailable as error:
            raise BackupRefused(
                f"Nothing of the backups of {org} can be restored: their place does not give them back without its key. {error} No "
                "record was written."
            ) from None
        links = chain.chain_to([each.manifest for each in found], backup)
        last = links[-1]
        orders = DrillBook(work.ledger, target).orders(org)
        return Restorable(
            org=org,
            target=target,
            backup=last.id,
            manifest=next(each.digest for each in found if each.manifest.id == last.id),
            chain=tuple(each.id for each in links),
            rows=sum(each.rows for each in links),
            objects=tuple(shape.name for shape in chain.shapes_of(links)),
            missing=last.missing,
            began=last.began,
            stands=orders.stands,
            next_order=orders.last + 1,
        )


def needs_permitted(target: str) -> None:
    """Raises ConfigurationError for an unknown alias, and BackupRefused for an org that policy does not name for drills."""
    estate, policy = load_registered()
    if target not in {entry.alias for entry in estate.orgs}:
        raise ConfigurationError(f"There is no org {target} in estate.yaml. Use an alias that stands there.")
    if target not in policy.backups.drills:
        raise BackupRefused(
            f"Policy lets no drill bring an org's data into {target}. Name the sandbox under backups.drills in policy.yaml."
        )


@task(
    name="read-order",
    task_run_name="read-order-for-{target}",
    description="What an applied plan has ordered for this sandbox and nobody has carried out yet.",
    **READ,
)
def open_order(org: str, target: str) -> DrillOrder | None:
    with open_ledger() as ledger:
        return DrillBook(ledger, target).orders(org).open


@task(
    name="clear-after-drill",
    task_run_name="clear-{target}-after-a-drill",
    description="Removes from a sandbox what a drill that was killed has left there. What nobody left is not touched.",
    **READ,
)
def clear_after_drill(target: str) -> tuple[int, int] | None:
    """
    How many records went and how many stay; None where there is nothing to clear, or a drill is under way just now.

    It works while all that writes is halted, too: it only takes away. Raises OrgError.
    """
    with open_ledger() as ledger:
        drills = DrillBook(ledger, target)
        if drills.under_way() is None:
            return None
        try:
            with ledger.held(f"the drill in {target}"):
                left = drills.under_way()
                if left is None:
                    return None
                with open_for_writing(target) as session:
                    sandbox = SandboxOrg(session)
                    sandbox.needs_sandbox()
                    gone, stay = sandbox.take_back(left.objects, left.began, {})
                if not stay:
                    drills.over()
                return gone, stay
        except AlreadyRunning:
            return None
