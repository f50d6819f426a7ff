"""Quick wins about how people and programs sign in: second factors, password doors, and apps. Nothing is changed here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from prefect import flow
from prefect.futures import PrefectFuture

from flows.changeable import changeable
from flows.least_privilege import rights_alone
from flows.plans import Person, kept
from flows.reading import SIDE_BY_SIDE, chosen_orgs, reason, sections
from tasks.errors import ConfigurationError, PlanRefused
from tasks.estate.steps import read_estate
from tasks.inventory.steps import read_inventory
from tasks.mfa.model import SignIns
from tasks.mfa.plan import mfa_plan
from tasks.network.plan import own_addresses, ranges_by_profile
from tasks.network.steps import read_network
from tasks.oauth.model import Doors, OrgApps
from tasks.oauth.plan import oauth_plan
from tasks.oauth.steps import read_doors
from tasks.permissions.lockout import saws_off
from tasks.permissions.steps import read_permissions
from tasks.reading import Reading

MFA = """
Makes a plan by which **everybody who could take an org over is asked for a second factor**. It changes no org.

* Asks by a permission set and by the org's own switch, and takes exemptions away. Break-glass accounts are never changed.
* Names who has no second factor yet and will have to register one at the next sign-in.
* Next: **approve-plan**, then **apply-plan**.
"""
OAUTH = """
Makes a plan that shuts the doors through which **a password alone gets a token**, and tightens **every app** that can get one:
who may use it, when its refresh tokens end, from where, and with a proof key. It changes no org.

* A door that somebody went through in the last 90 days stays open and is named with its users, unless you say otherwise.
* SOAP login() has no switch: where you say so, who signs in there is asked for **the code of an authenticator** beside the password.
* Who uses an app that anybody may authorize is admitted to it first. **API Access Control** is turned on only where nothing in
  use would be refused.
* Ending tokens that nobody uses **has no way back**: it is planned only where you ask for it.
* Next: **approve-plan**, then **apply-plan**.
"""


@flow(
    name="second-factors",
    flow_run_name="second-factors-for-{requester}",
    description=MFA.strip(),
    task_runner=SIDE_BY_SIDE,
)
def second_factors(
    requester: Person,
    orgs: list[str] = [],  # noqa: B006  # the form shows a list
) -> str:
    """
    Gives the digest of the plan. Raises ConfigurationError for an unknown org, and PlanRefused for a plan that would lock
    out who must not be.

    Args:
        requester: Who asks for the plan. **That person cannot approve it.**
        orgs: Aliases of the orgs, as in estate.yaml. **Leave empty for all.**
    """
    estate, policy = read_estate()
    wanted, unchangeable = changeable(org.alias for org in chosen_orgs(estate, orgs))
    readings, unread = _read(wanted)
    found = {}
    for org, each in readings.items():
        try:
            found[org] = sign_ins(org, each.readings)
        except ConfigurationError as error:
            unread[org] = reason(error)
    now = max((when for _, when in found.values()), default=datetime.now(UTC))
    plan = mfa_plan(estate, policy, [each for each, _ in found.values()], requester, now)
    if why := saws_off(plan, [each.rights for each, _ in found.values()], estate, policy, now):
        raise PlanRefused(f"The plan would lock out who must not be: {'; '.join(why)}.")
    return kept(plan, unchangeable | unread)


@flow(
    name="oauth-flows",
    flow_run_name="oauth-flows-for-{requester}",
    description=OAUTH.strip(),
    task_runner=SIDE_BY_SIDE,
)
def oauth_flows(
    requester: Person,
    orgs: list[str] = [],  # noqa: B006  # the form shows a list
    although_used: bool = False,
    revoke_unused: bool = False,
) -> str:
    """
    Gives the digest of the plan. Raises ConfigurationError for an unknown org, and PlanRefused for a plan that would lock
    out who must not be.

    Args:
        requester: Who asks for the plan. **That person cannot approve it.**
        orgs: Aliases of the orgs, as in estate.yaml. **Leave empty for all.**
        although_used: Shut doors and tighten apps also where somebody uses them. **Those sign-ins are refused from then on.**
        revoke_unused: End refresh tokens that nobody used for as long as the policy says. **That has no way back.**
    """
    estate, policy = read_estate()
    wanted, unchangeable = changeable(org.alias for org in chosen_orgs(estate, orgs))
    readings, unread = _read(wanted, doors=True)
    found = {}
    for org, each in readings.items():
        try:
            found[org] = apps_and_doors(org, each)
        except ConfigurationError as error:
            unread[org] = reason(error)
    now = max((when for _, _, when in found.values()), default=datetime.now(UTC))
    both = [(doors, apps) for doors, apps, _ in found.values()]
    plan = oauth_plan(
        estate, policy, both, requester, now, although_used=although_used, revoke_unused=revoke_unused
    )
    ours = {apps.org: own_addresses(apps, estate, policy) for _, apps in both}
    ranges = {apps.org: ranges_by_profile(apps) for _, apps in both}
    if why := saws_off(plan, [apps.rights for _, apps in both], estate, policy, now, ours, ranges):
        raise PlanRefused(f"The plan would lock out who must not be: {'; '.join(why)}.")
    return kept(plan, unchangeable | unread)


@dataclass(frozen=True)
class Read:
    """What the steps brought of one org; `doors` where they were asked for."""

    readings: tuple[Reading, ...]
    doors: Doors | None


def _read(orgs: Sequence[str], *, doors: bool = False) -> tuple[dict[str, Read], dict[str, str]]:
    """By org what its steps brought, and why others are left out: one that cannot be read must not hide the others."""
    first = {
        org: (
            read_inventory.submit(org),
            read_permissions.submit(org, fields=[]),
            read_doors.submit(org) if doors else None,
        )
        for org in orgs
    }
    second: dict[str, PrefectFuture[Reading]] = {}
    unread: dict[str, str] = {}
    for org, (inventory, _, _) in first.items():
        try:
            users = inventory.result().values.get("users", ())
        except Exception as error:  # one org that cannot be read must not hide the others
            unread[org] = reason(error)
            continue
        # Whose sign-ins an address range would stop is known only when the profiles of all of them are.
        profiles = sorted({(user.profile_id, user.profile_name) for user in users if user.active})
        second[org] = read_network.submit(org, profiles=profiles)
    found: dict[str, Read] = {}
    for org, network in second.items():
        inventory, permissions, seen = first[org]
        try:
            readings = (inventory.result(), permissions.result(), network.result())
            found[org] = Read(readings, None if seen is None else seen.result())
        except Exception as error:  # one org that cannot be read must not hide the others
            unread[org] = reason(error)
    return found, unread


def sign_ins(org: str, readings: Sequence[Reading]) -> tuple[SignIns, datetime]:
    """Raises ConfigurationError when a section is missing that the plan hangs on."""
    values = sections(readings, ("logins", "settings", "mfa"))
    rights, now = rights_alone(org, readings)
    found = SignIns(
        rights=rights,
        settings=values["settings"],
        methods=values["mfa"],
        logins=values["logins"],
        custom_profiles=frozenset(each.profile_id for each in values.get("profiles", ()) if each.custom),
    )
    return found, now


def apps_and_doors(org: str, read: Read) -> tuple[Doors, OrgApps, datetime]:
    """Raises ConfigurationError when a section is missing that the plan hangs on."""
    values = sections(read.readings, ("apps", "grants", "logins", "settings", "profiles"))
    rights, now = rights_alone(org, read.readings)
    assert read.doors is not None, "doors were asked for"
    apps = OrgApps(
        rights=rights,
        apps=values["apps"],
        grants=values["grants"],
        logins=values["logins"],
        profiles=values["profiles"],
        settings=values["settings"],
    )
    return read.doors, apps, now
