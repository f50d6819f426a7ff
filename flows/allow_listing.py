"""Quick win about addresses: integrations and administrators come from named networks only. Nothing is changed here."""

from collections.abc import Sequence
from datetime import UTC, datetime

from prefect import flow
from prefect.futures import PrefectFuture

from flows.changeable import changeable
from flows.least_privilege import rights_alone
from flows.plans import Person, kept
from flows.reading import SIDE_BY_SIDE, chosen_orgs, reason, sections
from tasks.errors import PlanRefused
from tasks.estate.model import Estate
from tasks.estate.policy import Policy
from tasks.estate.steps import read_estate
from tasks.inventory.steps import read_inventory
from tasks.network.members import worth_a_look
from tasks.network.model import DAYS, OrgNetwork
from tasks.network.plan import allow_list_plan, own_addresses, ranges_by_profile
from tasks.network.steps import publish_listing, read_network, read_sign_ins
from tasks.permissions.lockout import saws_off
from tasks.permissions.steps import read_permissions
from tasks.reading import Reading

DESCRIPTION = """
Makes a plan by which **integrations and administrators come from the policy's networks only**, at sign-in and with every
request. It changes no org.

* Login ranges of profiles block; trusted ranges of an org only spare a confirmation, and are planned apart from them.
* Every sign-in of the last 90 days is tried against the plan. **A profile that would lock somebody out stays as it is** and is
  named with who, from where and how often; `network.explained` in the policy accepts a lock-out for a time.
* A profile that integrations share with people, or administrators with everybody else, is named and not touched. Break-glass
  accounts never are.
* Next: **approve-plan**, then **apply-plan**.
"""


@flow(
    name="allow-listing",
    flow_run_name="allow-listing-for-{requester}",
    description=DESCRIPTION.strip(),
    task_runner=SIDE_BY_SIDE,
)
def allow_listing(
    requester: Person,
    orgs: list[str] = [],  # noqa: B006  # the form shows a list
) -> str:
    """
    Gives the digest of the plan. Raises ConfigurationError for an unknown org, and PlanRefused for a plan that would lock
    out our own users or a break-glass account.

    Args:
        requester: Who asks for the plan. **That person cannot approve it.**
        orgs: Aliases of the orgs, as in estate.yaml. **Leave empty for all.**
    """
    estate, policy = read_estate()
    wanted, unchangeable = changeable(entry.alias for entry in chosen_orgs(estate, orgs))
    found, unread = networks_of(estate, policy, wanted)
    now = max((when for _, when in found), default=datetime.now(UTC))
    networks = [org for org, _ in found]
    plan, listings = allow_list_plan(estate, policy, networks, requester, now)
    ours = {org.org: own_addresses(org, estate, policy) for org in networks}
    ranges = {org.org: ranges_by_profile(org) for org in networks}
    if why := saws_off(plan, [org.rights for org in networks], estate, policy, now, ours, ranges):
        raise PlanRefused(f"The plan would lock out who must not be: {'; '.join(why)}.")
    digest = kept(plan, unchangeable | unread)
    publish_listing(listings, digest)
    return digest


def networks_of(
    estate: Estate, policy: Policy, orgs: Sequence[str]
) -> tuple[list[tuple[OrgNetwork, datetime]], dict[str, str]]:
    """Each org with its own time, and why others are left out: one that cannot be read must not hide the others."""
    first = {org: (read_inventory.submit(org), read_permissions.submit(org, fields=[])) for org in orgs}
    unread: dict[str, str] = {}
    second: dict[str, tuple[list[Reading], PrefectFuture[Reading]]] = {}
    for org, futures in first.items():
        try:
            readings = [future.result() for future in futures]
        except Exception as error:  # one org that cannot be read must not hide the others
            unread[org] = reason(error)
            continue
        users = readings[0].values.get("users", ())
        profiles = sorted({(user.profile_id, user.profile_name) for user in users if user.active})
        second[org] = readings, read_network.submit(org, profiles=profiles)
    third: dict[str, tuple[list[Reading], frozenset[str], PrefectFuture[Reading]]] = {}
    for org, (readings, future) in second.items():
        try:
            readings.append(future.result())
            looked_at, now = whom_to_look_at(org, readings, estate, policy)
        except Exception as error:  # the same
            unread[org] = reason(error)
            continue
        third[org] = readings, looked_at, read_sign_ins.submit(org, users=sorted(looked_at), now=now)
    found = []
    for org, (readings, looked_at, future) in third.items():
        try:
            found.append(network_of(org, [*readings, future.result()], looked_at))
        except Exception as error:  # the same
            unread[org] = reason(error)
    return found, unread


def whom_to_look_at(
    org: str, readings: Sequence[Reading], estate: Estate, policy: Policy
) -> tuple[frozenset[str], datetime]:
    """Ids of users, and the org's own time. Raises ConfigurationError."""
    values = sections(readings, ("logins", "profiles"))
    rights, now = rights_alone(org, readings)
    return worth_a_look(rights, values["profiles"], values["logins"], estate, policy, now), now


def network_of(
    org: str, readings: Sequence[Reading], looked_at: frozenset[str]
) -> tuple[OrgNetwork, datetime]:
    """Raises ConfigurationError when a section is missing that the plan hangs on."""
    values = sections(readings, ("apps", "profiles", "settings", "sign_ins"))
    rights, now = rights_alone(org, readings)
    found = OrgNetwork(
        rights=rights,
        profiles=values["profiles"],
        settings=values["settings"],
        apps=values["apps"],
        looked_at=looked_at,
        logins=values["sign_ins"],
        calls=values["calls"],
        days=DAYS,
        log_days=values["log_days"],
        page_days=values["page_days"],
    )
    return found, now
