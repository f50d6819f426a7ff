"""Least privilege for sync users: a plan that takes away what no route needs. Nothing is changed here."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from prefect import flow
from prefect.futures import PrefectFuture

from flows.changeable import changeable
from flows.plans import Person, kept
from flows.reading import SIDE_BY_SIDE, chosen, reason
from tasks.errors import ConfigurationError, PlanRefused
from tasks.estate.model import Route
from tasks.estate.steps import read_estate
from tasks.inventory.model import AppKind
from tasks.inventory.steps import read_inventory
from tasks.permissions.lockout import saws_off
from tasks.permissions.model import Newcomers, OrgRights
from tasks.permissions.plan import least_privilege_plan, with_siblings
from tasks.permissions.steps import read_field_facts, read_newcomers, read_permissions
from tasks.reading import Reading
from tasks.usage.steps import read_usage

NEEDED = (
    "users",
    "apps",
    "permission_sets",
    "groups",
    "assignments",
    "object_permissions",
    "field_permissions",
    "app_access",
)
"""Sections without which nobody can say what a user would lose."""
NEEDED_TO_SPLIT = ("logins", "licences", "set_licences", "seated", "particulars")
"""Sections without which nobody can say who shares a user, and whether another one can be made."""
DESCRIPTION = """
Makes a plan that leaves each sync user **exactly the rights its routes need**. It changes no org.

* Every right in the plan says why it is there, every loss who loses it; calls that the event logs saw and that would fail
  afterwards are listed.
* The plan is in the artifacts of this run, under its digest. Next: **approve-plan**, then **apply-plan**.
"""

_KINDS = {
    AppKind.CONNECTED_APP: "ConnectedApplication",
    AppKind.EXTERNAL_CLIENT_APP: "ExternalClientApplication",
}


@flow(
    name="least-privilege",
    flow_run_name="least-privilege-for-{requester}",
    description=DESCRIPTION.strip(),
    task_runner=SIDE_BY_SIDE,
)
def least_privilege(
    requester: Person,
    routes: list[str] = [],  # noqa: B006  # the form shows a list
    split_shared: bool = False,
) -> str:
    """
    Gives the digest of the plan. Raises ConfigurationError for an unknown route, and PlanRefused for a plan that would lock
    out our own users, a break-glass account or the last administrator, or where no route can get the user it should.

    Args:
        requester: Who asks for the plan. **That person cannot approve it.**
        routes: Names of the routes, as in estate.yaml. **Leave empty for all.**
        split_shared: Give routes that share their user **users of their own**. Each takes a licence. The shared user keeps
            what it has; once the new ones are seen at work, make this plan again, and it takes what they no longer need of it.
    """
    estate, policy = read_estate()
    wanted = chosen("route", {route.name: route for route in estate.routes}, routes)
    targets, unchangeable = changeable(dict.fromkeys(route.target for route in wanted))
    wanted = [route for route in wanted if route.target in targets]
    orgs, unread = rights_of(with_siblings(estate, wanted), split_shared=split_shared)
    now = max((when for _, when in orgs), default=datetime.now(UTC))
    plan = least_privilege_plan(
        estate,
        policy,
        [r for r in wanted if r.target not in unread],
        [org for org, _ in orgs],
        requester,
        now,
    )
    if locked_out := saws_off(plan, [org for org, _ in orgs], estate, policy, now):
        raise PlanRefused(f"The plan would lock out who must not be: {'; '.join(locked_out)}.")
    return kept(plan, unchangeable | unread)


def rights_of(
    routes: Sequence[Route], *, split_shared: bool = False
) -> tuple[list[tuple[OrgRights, datetime]], dict[str, str]]:
    """What is known of each target org with its own time, and why others are left out."""
    objects: dict[str, set[str]] = {}
    for route in routes:
        looked_up = (name.partition(".")[0] for name in route.also_reads)
        objects.setdefault(route.target, set()).update({route.sobject, *looked_up})
    first = {
        org: (read_inventory.submit(org), read_field_facts.submit(org, sobjects=sorted(names)))
        for org, names in objects.items()
    }
    second: dict[str, list[PrefectFuture[Reading]]] = {}
    readings: dict[str, list[Reading]] = {}
    unread: dict[str, str] = {}
    for org, futures in first.items():
        try:
            inventory, facts = (future.result() for future in futures)
        except Exception as error:  # one org that cannot be read must not hide the others
            unread[org] = reason(error)
            continue
        readings[org] = [inventory, facts]
        names = {route.sync_user.lower() for route in routes if route.target == org}
        users = [u.id for u in inventory.values.get("users", ()) if u.username.lower() in names]
        second[org] = [
            read_permissions.submit(org, fields=sorted(facts.values["facts"])),
            read_usage.submit(org, users=users, now=inventory.server_time or datetime.now(UTC)),
        ]
        if split_shared:
            second[org].append(read_newcomers.submit(org, users=users))
    found = []
    for org, waiting in second.items():
        try:
            readings[org] += [future.result() for future in waiting]
            found.append(joined(org, readings[org], split_shared=split_shared))
        except Exception as error:  # the same
            unread[org] = reason(error)
    return found, unread


def joined(
    org: str,
    readings: Sequence[Reading],
    facts: dict[str, Any] | None = None,
    *,
    split_shared: bool = False,
) -> tuple[OrgRights, datetime]:
    """Raises ConfigurationError when a section is missing that the plan hangs on. `facts` where none were read."""
    values: dict[str, Any] = {} if facts is None else {"facts": facts}
    gaps: dict[str, str] = {}
    for reading in readings:
        values |= reading.values
        gaps |= reading.gaps
    for section in (*NEEDED, *(NEEDED_TO_SPLIT if split_shared else ())):
        if section in gaps or section not in values:
            raise ConfigurationError(
                f"{section.replace('_', ' ')} cannot be read: {gaps.get(section, 'nothing came')}"
            )
    rights = OrgRights(
        org=org,
        **{section: values[section] for section in NEEDED if section != "apps"},
        apps={app.id: (app.name, _KINDS[app.kind]) for app in values["apps"]},
        facts=values["facts"],
        mutual_auth_permission=values.get("mutual_auth_permission"),
        profiles=values.get("profiles", ()),
        usage=values.get("usage"),
        newcomers=Newcomers(apps=values["apps"], **{name: values[name] for name in NEEDED_TO_SPLIT})
        if split_shared
        else None,
    )
    times = [reading.server_time for reading in readings if reading.server_time is not None]
    return rights, max(times, default=datetime.now(UTC))


def rights_alone(org: str, readings: Sequence[Reading]) -> tuple[OrgRights, datetime]:
    """As `joined`, where the network room was read too: its profiles are other nouns than those that rights are joined with."""
    plain = [
        replace(reading, values={name: each for name, each in reading.values.items() if name != "profiles"})
        for reading in readings
    ]
    return joined(org, plain, facts={})
