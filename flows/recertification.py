"""Recertification: owners confirm or drop each access by a day; what nobody confirms goes by a plan."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated

from prefect import flow
from prefect.logging import get_run_logger
from pydantic import StringConstraints

from flows.names import by_day
from flows.plans import Person, Reason, kept, sealed
from flows.reading import SIDE_BY_SIDE, read_inventories, read_secrets
from tasks.alerts.steps import list_open_alerts, note_heartbeat, update_alerts
from tasks.errors import ConfigurationError
from tasks.estate.model import Estate
from tasks.estate.policy import Policy
from tasks.estate.steps import read_estate
from tasks.inventory.edges import find_edges
from tasks.inventory.model import TrustEdge
from tasks.plans.overview import Stage
from tasks.plans.steps import find_plan
from tasks.recertification.model import Decision, Round
from tasks.recertification.plan import revocation_plan
from tasks.recertification.rounds import (
    UNANSWERED,
    UNAPPROVED,
    accesses,
    is_due,
    unanswered,
    unapproved,
)
from tasks.recertification.steps import ask_owners, close_round, note_answer, publish_round, read_rounds

Named = Annotated[str, StringConstraints(strip_whitespace=True, min_length=4, max_length=200)]
_WAITING = (Stage.PLANNED, Stage.APPROVED, Stage.APPLYING, Stage.STOPPED)

RECERTIFY = """
Asks the owners of **each trust between orgs, each route and each window of just-in-time access** whether it is still needed, once a
quarter. Runs daily: it reminds before the due date, and closes the round after it.

* Answer with **answer-recertification**; the artifact *recertification* lists what waits, by owner.
* **Silence is no yes**: what nobody confirmed by the due date goes into a plan, with what was dropped. The plan changes nothing
  before it was approved and applied like any other.
* Who was asked and who answered stands in the ledger.
"""
ANSWER = """
An owner's answer: **this access is still needed, or it is not**. It changes no org; after the due date a plan takes what was not
confirmed.

* Only the owner that policy.yaml names answers for an access. The last answer before the due date counts.
"""


@flow(name="recertify-access", flow_run_name=by_day, description=RECERTIFY.strip(), task_runner=SIDE_BY_SIDE)
def recertify_access(begin: bool = False) -> Round | None:
    """
    The round that is open or was closed last; None where nothing is there to ask about.

    Raises ConfigurationError where AWS or no org could be read, for then nobody knows what to ask about.

    Args:
        begin: Begins a round today although the last one is not a quarter ago. **While one is open it changes nothing.**
    """
    estate, policy = read_estate()
    now = datetime.now(UTC)
    rounds = read_rounds()
    current = rounds[-1] if rounds else None
    if current is not None and current.closed is None and now >= current.due:
        current = closed(current, estate, policy, now)
    elif is_due(rounds, policy.recertification, now) or (
        begin and (current is None or current.closed is not None)
    ):
        current = asked(estate, policy, now)
    if current is not None:
        publish_round(current)
        told(current, policy, now)
    note_heartbeat("recertify-access", timedelta(days=1))
    return current


@flow(
    name="answer-recertification",
    flow_run_name="{decision}-{access}",
    description=ANSWER.strip(),
)
def answer_recertification(access: Named, decision: Decision, person: Person, reason: Reason) -> str:
    """
    The name of the access. Raises ConfigurationError when the answer does not count, with why.

    Args:
        access: Its id, as the artifact *recertification* shows it, the beginning of that, or its name.
        decision: Whether it is still needed (confirm) or not (drop).
        person: Who you are: the owner that policy.yaml names. Noted in the ledger.
        reason: Why it is needed, or what happened to it; it stays in the ledger.
    """
    answered = note_answer(access, decision, person, reason)
    sealed()
    current = read_rounds()[-1]
    publish_round(current)
    get_run_logger().info("%s: %s; %d still wait", answered.name, decision.value, len(current.silent))
    return answered.name


def asked(estate: Estate, policy: Policy, now: datetime) -> Round | None:
    edges, unread = trusts(estate)
    found = accesses(edges, policy)
    for org, why in unread.items():
        get_run_logger().warning("%s was not read, so nobody is asked about what it holds: %s", org, why)
    if not found:
        return None
    current = ask_owners(found, now, now + policy.recertification.answer_within)
    sealed()
    return current


def closed(current: Round, estate: Estate, policy: Policy, now: datetime) -> Round:
    """With a plan where something is left to take away and policy wants one."""
    digest = ""
    if current.to_revoke and policy.recertification.silence == "plan":
        edges, unread = trusts(estate)
        plan = revocation_plan(current, edges, unread, estate, policy, now)
        if plan.changes or plan.afterwards:
            digest = kept(plan, unread)
    done = close_round(current, digest)
    sealed()
    return done


def trusts(estate: Estate) -> tuple[tuple[TrustEdge, ...], Mapping[str, str]]:
    """All of them, and why some may be missing."""
    evidence, unread = read_inventories(estate.orgs)
    cloud = read_secrets()
    if "secrets" in cloud.gaps:
        raise ConfigurationError(f"Who reaches which org cannot be said: {cloud.gaps['secrets']}")
    if not evidence:
        raise ConfigurationError(f"No org could be read: {'; '.join(unread.values())}")
    for alias, org in evidence.items():
        if "outbound" in org.gaps:
            unread[f"{alias} (outbound)"] = org.gaps["outbound"]
    return find_edges(estate, evidence, cloud), unread


def told(current: Round, policy: Policy, now: datetime) -> None:
    """Reminders before the due date, and afterwards that a plan waits; what is over ends."""
    alerts = []
    if (reminder := unanswered(current, policy.recertification, now)) is not None:
        alerts.append(reminder)
    if current.closed is not None and current.to_revoke and waits(current):
        alerts.append(unapproved(current))
    keys = {alert.key for alert in alerts}
    ours = [key for key in list_open_alerts() if key.startswith((UNANSWERED, UNAPPROVED))]
    update_alerts(alerts, [key for key in ours if key not in keys])


def waits(current: Round) -> bool:
    return not current.plan or find_plan(current.plan).stage in _WAITING
