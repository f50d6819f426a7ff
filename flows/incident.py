"""An incident from its alert to its report: the playbook as a graph, with a clock."""

from datetime import UTC, datetime

from prefect import flow
from prefect.logging import get_run_logger

from flows.plans import Person, Reason, sealed
from flows.reading import reason
from flows.response import Alias, ContainmentId, Detection, Name, Severity, User, contained
from flows.rotation import credential_rotation
from tasks.alerts.model import Alert
from tasks.alerts.model import Severity as Gravity
from tasks.alerts.steps import update_alerts
from tasks.errors import ContainmentIncomplete, ContainmentRefused
from tasks.response.incident import PLAYBOOK, Incident, PlayState, Reach, play_all
from tasks.response.incident_report import summary
from tasks.response.incident_steps import collect_reach, credentials_to_replace, keep_incident, report_path
from tasks.response.model import Deed, Facts, Standing
from tasks.response.plan import name_of
from tasks.response.steps import find_containment, note_closing
from tasks.response.telling import INCIDENT, over
from tasks.usage.steps import read_traffic

DESCRIPTION = """
Plays **the incident playbook**: contain, collect, notify, eradicate, recover, report. Started again with the same facts it goes on
and brings the report up to date, for instance when log files came.

* Containment is that of **contain**, and keeps to the same policy. Nothing else changes an org.
* Collecting says which objects and fields the actor really read and changed, from where, against what its rights opened.
* Eradicating makes the plan of an emergency rotation; people approve it. Recovering waits for **re-enable**.
* Its alert ends once the report is there and what was taken is given back, or a person says so: **close-incident**.
* Each play has its hour; the report says which were late. Its digest is in the ledger.
"""
CLOSE = """
Says that **nothing more is to be done about an incident**, for instance because somebody who left stays locked out. Its alert ends.

* Changes no org: what was taken stays taken until **re-enable**.
* The one contained cannot close it, and nobody can before there is a report.
"""
Move = tuple[PlayState, str]


class _Case:
    """One incident while it is played."""

    def __init__(self, facts: Facts, requester: str) -> None:
        self.facts = facts
        self.requester = requester
        self.since = facts.since or facts.at
        self.standing: Standing | None = None
        self.reach: Reach | None = None

    @property
    def name(self) -> str:
        return name_of(self.facts)

    def contain(self) -> Move:
        try:
            self.standing = contained(self.facts, self.requester)
        except ContainmentIncomplete as error:
            self.standing = find_containment(self.name)
            return PlayState.WAITS, str(error)
        if self.standing.containment.waiting - self.standing.allowed:
            return (
                PlayState.WAITS,
                f"approve-containment {self.name}: {'; '.join(self.standing.containment.why)}",
            )
        taken = len(self.standing.taken)
        return (
            PlayState.DONE,
            f"{taken} steps were taken and seen" if taken else "policy only watches this detection",
        )

    def collect(self) -> Move:
        traffic = read_traffic(self.facts.org, [self.facts.username], self.since, None)
        self.reach = collect_reach(self.name, traffic, self.since)
        state = PlayState.WAITS if self.reach.unseen else PlayState.DONE
        return state, "; ".join(self.reach.unseen) or f"{len(self.reach.touched)} kinds of calls were seen"

    def notify(self) -> Move:
        if self.standing is not None and self.standing.settled:
            return PlayState.DONE, "the incident is over, so nobody is told of it again"
        told = Alert(
            key=f"{INCIDENT}{self.name}",
            org=self.facts.org,
            severity=Gravity.CRITICAL,
            title=f"Incident: {self.facts.detection} by {self.facts.username}"[:200],
            detail=self.known(),
            next_step=f"Read the artifact incident-{self.name[:12]}; re-enable {self.name[:12]} when it is safe, or close-incident.",
        )
        sent = update_alerts([told], [])
        return PlayState.DONE, f"{sent} messages went to the channels"

    def eradicate(self) -> Move:
        ordered = [
            step.secret for step in find_containment(self.name).containment.steps if step.deed is Deed.ROTATE
        ]
        if ordered:
            return PlayState.DONE, f"an emergency rotation of {', '.join(ordered)} is ordered"
        secrets = credentials_to_replace(self.name)
        if not secrets:
            return (
                PlayState.WAITS,
                "no credential of the actor is registered; replace what it came in by, by hand",
            )
        digest = credential_rotation(requester=self.requester, secrets=secrets, emergency=True)
        return (
            PlayState.WAITS,
            f"approve and apply the plan {digest[:12]}, which rotates {', '.join(secrets)}",
        )

    def recover(self) -> Move:
        standing = find_containment(self.name)
        if standing.over is not None:
            return PlayState.DONE, f"given back on {standing.over:%Y-%m-%d %H:%M} UTC"
        return PlayState.WAITS, f"re-enable {self.name[:12]} once it is safe"

    def report(self) -> Move:
        return PlayState.DONE, str(report_path(self.name).name)

    def known(self) -> str:
        """What is known by now, in a sentence or two."""
        if self.standing is None:
            return ""
        return summary(self.told(()))

    def told(self, plays: tuple[object, ...]) -> Incident:
        return Incident.model_validate(
            {
                "standing": find_containment(self.name),
                "detected": self.facts.at,
                "since": self.since,
                "plays": plays,
                "reach": self.reach,
            }
        )


@flow(name="incident", flow_run_name="incident-{username}-in-{org}", description=DESCRIPTION.strip())
def incident(
    org: Alias,
    username: User,
    detection: Detection,
    detected: datetime,
    requester: Person,
    severity: Severity = "critical",
    app: Name = "",
    route: Name = "",
    addresses: list[str] = [],  # noqa: B006  # the form shows a list
    alert: Name = "",
    since: datetime | None = None,
) -> Incident:
    """
    What came of every play. Raises ContainmentRefused where nothing was decided, with why: then there is no incident to report on.

    Args:
        org: Alias of the org, as in estate.yaml.
        username: User name of the actor in that org.
        detection: What saw it. Rules of the policy name detections.
        detected: When it was detected, by the org's clock. **With the same facts the same incident goes on.**
        requester: Your name or address. **You cannot approve what waits.** The name *detections* counts only for what they want.
        severity: How grave it is; rules of the policy say from which severity on they count.
        app: Name or label of the app that it came through. **Leave empty where none is known.**
        route: Name of the route that it misuses, as in estate.yaml.
        addresses: Network addresses from which the actor came.
        alert: Key of the alert, where there is one.
        since: The first event that belongs to it. **Leave empty for the detection.**
    """
    case = _Case(
        Facts(
            org=org,
            username=username,
            app=app,
            route=route,
            addresses=tuple(addresses),
            detection=detection,
            severity=severity,
            alert=alert,
            at=detected,
            since=since,
        ),
        requester,
    )
    moves = {
        "contain": case.contain,
        "collect": case.collect,
        "notify": case.notify,
        "eradicate": case.eradicate,
        "recover": case.recover,
        "report": case.report,
    }
    plays = play_all(PLAYBOOK, moves, detected, lambda: datetime.now(UTC), reason)
    if case.standing is None:
        raise ContainmentRefused(f"There is no incident to report on: {plays[0].said}")
    done = case.told(plays)
    path = keep_incident(done)
    _resolved(find_containment(case.name))
    get_run_logger().info("The report is %s", path.name)
    for each in done.plays:
        get_run_logger().info("%s: %s, %s", each.play, each.state.value, each.said)
    return done


@flow(name="close-incident", flow_run_name="close-incident-{containment}", description=CLOSE.strip())
def close_incident(containment: ContainmentId, person: Person, reason: Reason) -> str:
    """
    The id. Raises ConfigurationError for none or several, and ContainmentRefused for who may not, and before there is a report.

    Args:
        containment: Id of the incident's containment, or its first six letters or more.
        person: Your name or address. Not the one contained.
        reason: Why nothing more is to be done; it stays in the ledger.
    """
    standing = note_closing(containment, person, reason)
    _resolved(standing)
    sealed()
    return standing.containment.id


def _resolved(standing: Standing) -> None:
    """What is not open is no matter, so it is resolved once."""
    if standing.settled:
        update_alerts([], [key for key in over(standing, ()) if key.startswith(INCIDENT)])
