"""Quick wins about how people and programs sign in: second factors, and doors that take a password. Nothing is changed here."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from prefect import flow
from prefect.futures import PrefectFuture

from flows.plans import Person, kept
from flows.quick_wins import joined
from flows.reading import SIDE_BY_SIDE, chosen_orgs, reason
from tasks.errors import ConfigurationError, PlanRefused
from tasks.estate.steps import read_estate
from tasks.inventory.steps import read_inventory
from tasks.mfa.model import SignIns
from tasks.mfa.plan import mfa_plan
from tasks.network.steps import read_network
from tasks.oauth.model import Doors
from tasks.oauth.plan import oauth_plan
from tasks.oauth.steps import read_doors
from tasks.permissions.lockout import saws_off
from tasks.permissions.steps import read_permissions
from tasks.reading import Reading

T = TypeVar("T")
R = TypeVar("R")
MFA = """
Makes a plan by which **everybody who could take an org over is asked for a second factor**. It changes no org.

* Asks by a permission set and by the org's own switch, and takes exemptions away. Break-glass accounts are never changed.
* Names who has no second factor yet and will have to register one at the next sign-in.
* Next: **approve-plan**, then **apply-plan**.
"""
OAUTH = """
Makes a plan that shuts the doors through which **a password alone gets a token**. It changes no org.

* A door that somebody went through in the last 90 days stays open and is named with its users, unless you say otherwise.
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
    waiting = {org.alias: _submit(org.alias) for org in chosen_orgs(estate, orgs)}
    found, unread = _gathered(waiting, sign_ins)
    now = max((when for _, when in found.values()), default=datetime.now(UTC))
    plan = mfa_plan(estate, policy, [each for each, _ in found.values()], requester, now)
    if why := saws_off(plan, [each.rights for each, _ in found.values()], estate, policy, now):
        raise PlanRefused(f"The plan would lock out who must not be: {'; '.join(why)}.")
    return kept(plan, unread)


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
) -> str:
    """
    Gives the digest of the plan. Raises ConfigurationError for an unknown org.

    Args:
        requester: Who asks for the plan. **That person cannot approve it.**
        orgs: Aliases of the orgs, as in estate.yaml. **Leave empty for all.**
        although_used: Shut doors also where somebody uses them. **Those sign-ins are refused from then on.**
    """
    estate, policy = read_estate()
    waiting = {org.alias: [read_doors.submit(org.alias)] for org in chosen_orgs(estate, orgs)}
    found, unread = _gathered(waiting, _doors)
    plan = oauth_plan(policy, found.values(), requester, datetime.now(UTC), although_used=although_used)
    return kept(plan, unread)


def _submit(org: str) -> list[PrefectFuture[Reading]]:
    return [
        read_inventory.submit(org),
        read_permissions.submit(org, fields=[]),
        read_network.submit(org, profiles=[]),
    ]


def sign_ins(org: str, readings: Sequence[Reading]) -> tuple[SignIns, datetime]:
    """Raises ConfigurationError when a section is missing that the plan hangs on."""
    gaps = {name: why for reading in readings for name, why in reading.gaps.items()}
    for section in ("logins", "settings", "mfa"):
        if section in gaps:
            raise ConfigurationError(f"{section} cannot be read: {gaps[section]}")
    values = {name: value for reading in readings for name, value in reading.values.items()}
    rights, now = joined(org, readings, facts={})
    return (
        SignIns(rights=rights, settings=values["settings"], methods=values["mfa"], logins=values["logins"]),
        now,
    )


def _doors(org: str, readings: Sequence[Doors]) -> Doors:
    return readings[0]


def _gathered(
    waiting: Mapping[str, Sequence[PrefectFuture[T]]], together: Callable[[str, Sequence[T]], R]
) -> tuple[dict[str, R], dict[str, str]]:
    """By org what came of it, and why others are left out."""
    found: dict[str, R] = {}
    unread: dict[str, str] = {}
    for org, futures in waiting.items():
        try:
            found[org] = together(org, [future.result() for future in futures])
        except Exception as error:  # one org that cannot be read must not hide the others
            unread[org] = reason(error)
    return found, unread
