"""Response: an actor is contained by policy, people agree to what waits, and one click gives everything back."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from prefect import flow
from prefect.logging import get_run_logger
from pydantic import StringConstraints

from flows.access import Signature, swept
from flows.plans import Person, Reason, sealed
from flows.reading import each_in_time, reason
from flows.renewing import gone_on
from tasks.access.model import Grant, GrantState
from tasks.access.steps import end_grant, list_grants, sweep_org
from tasks.alerts.steps import list_open_alerts, read_open_alerts, update_alerts
from tasks.anomalies.steps import read_wanted
from tasks.errors import BulkheadError, ContainmentIncomplete
from tasks.estate.model_response import Rung
from tasks.response.authority import is_automatic
from tasks.response.model import Deed, Facts, Standing
from tasks.response.steps import (
    agree,
    agree_to_giving_back,
    begin_return_when_due,
    decide_containment,
    find_containment,
    give_back_steps,
    list_containments,
    publish_containment,
    read_containments,
    take_steps,
    try_keys,
)
from tasks.response.telling import CONTAINED, INCIDENT, UNDONE, WAITS, alerts, ended, missing, over

Alias = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[a-z0-9-]+$", max_length=40)]
User = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=120)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Detection = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
ContainmentId = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9a-fA-F]{6,16}$")]
Severity = Literal["info", "warning", "error", "critical"]

CONTAIN = """
Contains **one actor**: ends its sessions and tokens, freezes the user, takes its rights and shuts its app, as far as the rules under
`response` in `policy.yaml` go for this detection.

* Takes unasked only what policy lets it take. Beyond that, too many users or routes within an hour, and who owns the org, wait for
  people: **approve-containment**.
* You ask by your own name. In the name of *detections* only what they want counts: the ledger has to say just this of the user.
* Never touches a break-glass account or one of our own identities.
* Each step is in the ledger before and after it is taken, with the state that **re-enable** restores.
"""
APPROVE = """
Notes **your yes to the steps of a containment that wait**, and takes them once enough people said yes.

* Who asked for it does not approve it, and neither does the one contained.
* This form does not know who you are: where policy asks for a signature (`changes.approvals.signed` names `containment`), use
  `bulkhead containment approve --key`.
"""
RE_ENABLE = """
Gives back **exactly what a containment took**, from the state that the ledger has of it.

* Your click is a yes; where the user owns the org, a second person has to click, too.
* Where policy asks for a signature (`changes.approvals.signed` names `containment`), use `bulkhead containment re-enable --key`.
* What somebody else has changed since is left alone and named. Sessions and tokens that ended stay ended.
* Credentials that were rotated stay rotated: consumers read the new one.
"""
GO_ON_SECONDS = 40
"""For all containments at once in a sweep of the minute."""


@flow(name="contain", flow_run_name="contain-{username}-in-{org}", description=CONTAIN.strip())
def contain(
    org: Alias,
    username: User,
    detection: Detection,
    requester: Person,
    severity: Severity = "critical",
    app: Name = "",
    route: Name = "",
    addresses: list[str] = [],  # noqa: B006  # the form shows a list
    alert: Name = "",
    detected: datetime | None = None,
    since: datetime | None = None,
) -> str:
    """
    Gives the id of the containment; the same facts are one. Raises ContainmentRefused, OrgError, and ContainmentIncomplete where
    not all could be taken: then the sweep goes on every minute.

    Args:
        org: Alias of the org, as in estate.yaml.
        username: User name of the actor in that org.
        detection: What saw it. Rules of the policy name detections.
        requester: Your name or address. **You cannot approve what waits.** The name *detections* counts only for what they want.
        severity: How grave it is; rules of the policy say from which severity on they count.
        app: Name or label of the app that it came through. **Leave empty where none is known.**
        route: Name of the route that it misuses, as in estate.yaml.
        addresses: Network addresses from which the actor came.
        alert: Key of the alert, where there is one.
        detected: When it was detected, by the org's clock. **Leave empty for now.**
        since: The first event that belongs to it.
    """
    facts = Facts(
        org=org,
        username=username,
        app=app,
        route=route,
        addresses=tuple(addresses),
        detection=detection,
        severity=severity,
        alert=alert,
        at=detected or datetime.now(UTC),
        since=since,
    )
    return contained(facts, requester).containment.id


@flow(
    name="approve-containment", flow_run_name="approve-containment-{containment}", description=APPROVE.strip()
)
def approve_containment(
    containment: ContainmentId, approver: Person, reason: Reason, signature: Signature = ""
) -> str:
    """
    The id. Raises ConfigurationError for none or several, ContainmentRefused for who may not, and as *contain* does.

    Args:
        containment: Id of the containment, or its first six letters or more.
        approver: Your name or address.
        reason: Why you agree; it stays in the ledger.
        signature: Only where policy wants a yes signed: `bulkhead containment approve --key` makes it and approves.
    """
    standing = agree(containment, approver, reason, signature)
    if standing.containment.waiting - standing.allowed:
        get_run_logger().warning("It still waits for %s.", missing(standing))
    return carried_out(standing.containment.id).containment.id


@flow(name="re-enable", flow_run_name="re-enable-{containment}", description=RE_ENABLE.strip())
def re_enable(
    containment: ContainmentId, approver: Person, reason: Reason, signature: Signature = ""
) -> bool:
    """
    Whether everything is given back; False while another person has to say yes. Raises ConfigurationError, ContainmentRefused,
    and ContainmentIncomplete where not all could be given back yet: then the sweep goes on every minute.

    Args:
        containment: Id of the containment, or its first six letters or more.
        approver: Your name or address. Not the one contained.
        reason: Why it is given back; it stays in the ledger.
        signature: Only where policy wants a yes signed: `bulkhead containment re-enable --key` makes it and gives back.
    """
    standing = agree_to_giving_back(containment, approver, reason, signature)
    if standing.returning is None:
        left = standing.containment.needed - len(standing.asked)
        get_run_logger().warning("Nothing is given back yet: %d more must say yes.", left)
        sealed()
        return False
    return given_back(standing.containment.id).over is not None


def contained(facts: Facts, requester: str) -> Standing:
    """Decides, takes what may be taken, tries, tells. Raises as *contain* does."""
    granted = [
        f"{grant.request.place.username}/{grant.request.place.permission_set}" for grant in _running(facts)
    ]
    automatic = is_automatic(requester)
    wanted = read_wanted(facts.org) if automatic else []
    opened = read_open_alerts() if automatic else []
    standing = decide_containment(facts, granted, requester, wanted, opened)
    made = standing.containment
    for line in (*made.why, *made.left):
        get_run_logger().warning("%s: %s", facts.org, line)
    return carried_out(made.id)


def carried_out(name: str) -> Standing:
    """Takes what is due and says where it stands. Raises ContainmentIncomplete."""
    failed = list(take_steps(name))
    standing = find_containment(name)
    failed += _grants_ended(standing)
    for step in standing.containment.steps:
        if step.deed is Deed.ROTATE and step.number in standing.taken:
            _gone_on(step.secret)
    try:
        try_keys(name)
    except BulkheadError as error:
        get_run_logger().warning("The stored credentials were not tried: %s", error)
    return _told(name, failed)


def given_back(name: str) -> Standing:
    """Raises ContainmentIncomplete."""
    return _told(name, give_back_steps(name))


def keep_containments() -> list[str]:
    """
    Goes on with what a killed process left, and gives back what is over; also after the scheduler was down. Says what could not
    be done.
    """
    _say_what_ended()
    open_ones = {standing.containment.id: standing for standing in list_containments()}
    waiting = {
        name: standing
        for name, standing in open_ones.items()
        if standing.due or standing.owed or standing.returning or standing.containment.undo_after
    }
    if not waiting:
        return []
    _, failed = each_in_time(waiting, _gone_on_with, GO_ON_SECONDS)
    return [f"containment {name[:12]}: {why}" for name, why in failed.items()]


def _say_what_ended() -> None:
    """Asks for what is over only where an alert about a containment or incident is open."""
    told = [key for key in list_open_alerts() if key.startswith((CONTAINED, WAITS, UNDONE, INCIDENT))]
    if told and (done := ended(read_containments(), told)):
        update_alerts([], done)


def _gone_on_with(name: str) -> None:
    if begin_return_when_due(name):
        given_back(name)
    elif find_containment(name).due:
        carried_out(name)


def _told(name: str, failed: list[str]) -> Standing:
    standing = publish_containment(name)
    now = alerts(standing, failed)
    update_alerts(now, over(standing, now))
    sealed()
    if failed:
        raise ContainmentIncomplete(f"Not all was done: {'; '.join(failed)}. The sweep goes on every minute.")
    return standing


def _running(facts: Facts) -> list[Grant]:
    now = datetime.now(UTC)
    return [
        grant
        for grant in list_grants()
        if (grant.request.place.org, grant.request.place.username) == (facts.org, facts.username)
        and grant.state(now) in (GrantState.ACTIVE, GrantState.OVER)
    ]


def _grants_ended(standing: Standing) -> list[str]:
    """Rights for hours end, too: the sweep would give them again. They are not given back; who needs them asks anew."""
    facts = standing.containment.facts
    access = {step.number for step in standing.containment.steps if step.rung is Rung.ACCESS}
    if not access & standing.allowed or standing.returning is not None:
        return []
    grants = [grant for grant in _running(facts) if grant.ended is None]
    if not grants:
        return []
    for grant in grants:
        end_grant(grant.id, "containment")
    try:
        swept(sweep_org(facts.org), *(grant.request.place for grant in grants))
    except BulkheadError as error:
        return [reason(error)]
    return []


def _gone_on(secret: str) -> None:
    """The first steps of a rotation are taken at once, the others by the hourly run."""
    try:
        stands = gone_on(secret, "containment")
    except BulkheadError as error:
        get_run_logger().warning("%s; the hourly run goes on with it", error)
    else:
        get_run_logger().info("%s: %s, %s", secret, stands.stands, stands.next)
