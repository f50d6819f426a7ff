"""Detection: what happened is judged as it comes, told, contained as policy says; people say what an alert was."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Literal

from prefect import flow
from prefect.logging import get_run_logger
from pydantic import Field

from flows.incident import incident
from flows.mapping import over_orgs
from flows.names import by_minute_of
from flows.plans import Person, Reason, sealed
from flows.reading import chosen_orgs, each_in_time
from flows.reading import reason as why_of
from flows.response import contained
from tasks.alerts.model import Alert, Containment
from tasks.alerts.steps import (
    list_open_alerts,
    note_heartbeat,
    publish_alerts,
    read_open_alerts,
    update_alerts,
)
from tasks.anomalies.backtest import Tested
from tasks.anomalies.backtest_steps import back_test_org, publish_back_test
from tasks.anomalies.look import alert_key
from tasks.anomalies.model_live import Judged, Verdict, Wanted
from tasks.anomalies.steps import (
    ACROSS,
    PLAYED,
    REFUSED,
    REPORTED,
    judge_across,
    judge_org,
    note_feedback,
    note_looks,
    note_opened,
    publish_detections,
    re_enable_address,
    read_recent_incidents,
    read_refusals,
    read_standing,
    settle_wanted,
)
from tasks.anomalies.telling import UNJUDGED, alert_of, contained_of, unjudged
from tasks.errors import ContainmentIncomplete, ContainmentRefused, DetectionIncomplete
from tasks.estate.steps import read_estate
from tasks.response.authority import DETECTIONS
from tasks.response.steps import list_containments
from tasks.telemetry.model import Collected
from tasks.telemetry.steps import collect_files, collect_live, publish_telemetry

DETECT = """
Reads what happened in the orgs and **judges it**: who is not who they were, who reads what they never read, who changes what guards
the org. What is suspicious is told, and contained as far as the rules under `response` in `policy.yaml` go.

* `live`: every five minutes, on what orgs show at once. `files`: on event log files as they come, hours later.
* An alert says what was expected, what was seen, what it rests on, and **what could not be seen**. It is over when nothing more of
  the kind was seen for a day.
* Somebody is contained when detections of different kinds agree about them, or one is conclusive. Then **incident** plays the
  playbook. Administrators are left to people.
* `detections.yaml` names what is left alone, each with its reason and its last day. **judge-alert** tells it what an alert was.
* An org that cannot be read hides no other, and is an alert itself.
"""
SAY = """
Says **what an alert of detection was**. A false alarm ends it and makes the next one of the same detection and actor less severe;
after two it is not told for a while. A true alarm makes it more severe.
"""
TRY = """
Asks detections about **days that are over**, before a changed rule goes live: what they say now, what was told at the time, and with
`tuning` what another `detections.yaml` would make of it. Tells nobody, contains nobody, reads no org.
"""
_PERIODS = {"live": timedelta(minutes=5), "files": timedelta(hours=1)}
CONTAIN_SECONDS = 90
"""For all actors at once; what is not done by then, the next look and the sweep of every minute go on with."""
_OURS = "anomaly:"
Tiers = Literal["live", "files"]


@flow(
    name="detect-anomalies",
    flow_run_name=by_minute_of("tiers"),
    description=DETECT.strip(),
    task_runner=over_orgs(),
)
def detect_anomalies(
    orgs: list[str] = [],  # noqa: B006  # the form shows a list
    tiers: Tiers = "live",
) -> list[Judged]:
    """
    Raises DetectionIncomplete, after every org was tried, when one could not be judged, or an actor not be contained.

    Args:
        orgs: Aliases of the orgs, as in estate.yaml. **Leave empty for all.**
        tiers: What to judge on: `live` objects, or event log `files`.
    """
    estate, _ = read_estate()
    aliases = [entry.alias for entry in chosen_orgs(estate, orgs)]
    collected, failed = _collected(aliases, tiers)
    found, unread = _judged(collected, tiers)
    failed |= unread
    wanted = {f"{each.facts.org}, {each.facts.username}": each for judged in found for each in judged.wanted}
    # First what stops rows from leaving, so that the alert can say so. An org that hangs does not hold up the others' alerts.
    done, stuck = each_in_time(wanted, lambda name: kept_out(wanted[name]), CONTAIN_SECONDS)
    _tell(found, failed, tiers)
    failed |= stuck
    for name, is_kept_out in done.items():
        if is_kept_out and (why := _played(wanted[name])):
            failed[name] = why
    if tiers == "files":
        # Their reports lack what only files tell, which came since.
        for each in read_recent_incidents(
            {judged.org: judged.at for judged in found if judged.org != ACROSS}
        ):
            if why := _played(each, REPORTED):
                failed[f"{each.facts.org}, {each.facts.username}"] = why
    publish_detections(found, failed, tiers)
    if not orgs:
        note_heartbeat(f"detect-anomalies-{tiers}", _PERIODS[tiers])
    for judged in found:
        get_run_logger().info(
            "%s: %d news, %d alerts stand, %d events",
            judged.org,
            len(judged.news),
            len(judged.current),
            judged.events,
        )
    if failed:
        raise DetectionIncomplete(f"{'; '.join(failed.values())}. The next run tries again.")
    return found


@flow(name="judge-alert", flow_run_name="judge-alert-{verdict}", description=SAY.strip())
def judge_alert(alert: str, verdict: Verdict, person: Person, reason: Reason) -> None:
    """
    Raises ConfigurationError where no detection told such an alert.

    Args:
        alert: Its key, as in the artifact *alerts* and in PagerDuty: `anomaly:…`.
        verdict: Whether it was a false or a true alarm.
        person: Your name or address.
        reason: Why; it stays in the ledger.
    """
    said = note_feedback(alert, verdict, person, reason)
    if verdict is Verdict.FALSE:
        update_alerts([], [alert])
    sealed()
    get_run_logger().info("It counts until %s", said.until.date())


@flow(
    name="back-test",
    flow_run_name="back-test-{tiers}-{days}-days",
    description=TRY.strip(),
    task_runner=over_orgs(),
)
def back_test(
    orgs: list[str] = [],  # noqa: B006  # the form shows a list
    tiers: Tiers = "live",
    days: Annotated[int, Field(ge=1, le=180)] = 30,
    tuning: str = "",
) -> list[Tested]:
    """
    Raises DetectionIncomplete, after every org was tried, when one could not be tested.

    Args:
        orgs: Aliases of the orgs, as in estate.yaml. **Leave empty for all.**
        tiers: What to judge on: `live` objects, or event log `files`.
        days: How many days back, counted from now.
        tuning: A file like detections.yaml that is tried beside the one in force. **Leave empty to try changed rules alone.**
    """
    estate, _ = read_estate()
    running = {
        entry.alias: back_test_org.submit(entry.alias, tiers, days, tuning)
        for entry in chosen_orgs(estate, orgs)
    }
    found: list[Tested] = []
    failed: dict[str, str] = {}
    for alias, future in running.items():
        try:
            found.append(future.result())
        except Exception as error:  # one org that cannot be tested must not hide the others
            failed[alias] = why_of(error)
    publish_back_test(found, failed, tuning)
    for each in found:
        get_run_logger().info(
            "%s: %d said now, %d new and %d gone with the file",
            each.org,
            len(each.now),
            len(each.new),
            len(each.gone),
        )
    if failed:
        raise DetectionIncomplete(f"{'; '.join(failed.values())}.")
    return found


def _collected(aliases: Sequence[str], tiers: Tiers) -> tuple[list[Collected], dict[str, str]]:
    running = {
        alias: collect_live.submit(alias) if tiers == "live" else collect_files.submit(alias)
        for alias in aliases
    }
    found: list[Collected] = []
    failed: dict[str, str] = {}
    for alias, future in running.items():
        try:
            found.append(future.result())
        except Exception as error:  # one org that cannot be read must not hide the others
            failed[alias] = why_of(error)
    publish_telemetry(found, failed, tiers)
    return found, failed


def _judged(collected: Sequence[Collected], tiers: Tiers) -> tuple[list[Judged], dict[str, str]]:
    """Each org by itself, then all of them together."""
    running = {
        each.org: judge_org.submit(
            each.org,
            tiers,
            each.at,
            [taken.event_type for taken in each.taken],
            {gone.what: gone.why for gone in each.hidden},
        )
        for each in collected
    }
    found: list[Judged] = []
    failed: dict[str, str] = {}
    for alias, future in running.items():
        try:
            found.append(future.result())
        except Exception as error:  # a mistake in one org must not hide the others
            failed[alias] = why_of(error)
    if len(found) > 1:
        try:
            aliases = [each.org for each in found]
            found.append(judge_across(aliases, tiers, max(each.at for each in found)))
        except Exception as error:  # what each org shows by itself is told all the same
            failed[ACROSS] = why_of(error)
    return found, failed


def _tell(found: Sequence[Judged], failed: Mapping[str, str], tiers: Tiers) -> None:
    """Opens, updates and resolves, and tells the channels."""
    orgs = [each.org for each in found if each.org != ACROSS]
    across = [ACROSS] if any(each.org == ACROSS for each in found) else []
    standing = read_standing([*orgs, *across])
    states = contained_of(list_containments())
    refused = read_refusals(orgs)
    address = re_enable_address()
    alerts: list[Alert] = []
    for judged in found:
        for each in judged.current:
            key = alert_key(each)
            if standing.get(key) != tiers:
                continue
            name = judged.people.get(each.actor, "").lower()
            state, since = states.get((each.org, name), (Containment.NONE, None))
            alerts.append(alert_of(each, judged, state, refused.get(key, ""), address, since))
    unread = [org for org in failed if org in _every_org()]
    silent = [unjudged(org, failed[org]) for org in note_looks(orgs, unread, tiers, 2 * _PERIODS[tiers])]
    opened = list_open_alerts()
    over = [
        key for key, org in opened.items() if key.startswith(_OURS) and org in orgs and key not in standing
    ]
    if not across:
        over = [key for key in over if not key.startswith(f"{_OURS}same-actor-in-several-orgs/")]
    over += [f"{UNJUDGED}{org}" for org in orgs]
    update_alerts([*alerts, *silent], over)
    note_opened({each.org: [one.key for one in each.current] for each in found if each.current}, tiers)
    publish_alerts(read_open_alerts())


def _every_org() -> set[str]:
    return {entry.alias for entry in read_estate()[0].orgs}


def kept_out(wanted: Wanted) -> bool:
    """
    Contains an actor about whom detections agree, as far as policy goes. Whether there is an incident; False where nobody may be
    contained, which is noted with why.
    """
    try:
        contained(wanted.facts, DETECTIONS)
    except ContainmentRefused as error:
        settle_wanted(wanted, f"{REFUSED}{error}")
        return False
    except ContainmentIncomplete as error:
        # What was decided is noted, and the sweep of every minute goes on with it.
        get_run_logger().warning("%s", error)
    return True


def _played(wanted: Wanted, outcome: str = PLAYED) -> str:
    """Plays the incident to its report; gives why that failed. Then the next look goes on with the same facts."""
    facts = wanted.facts
    try:
        played = incident(
            org=facts.org,
            username=facts.username,
            detection=facts.detection,
            detected=facts.at,
            requester=DETECTIONS,
            severity=facts.severity,
            app=facts.app,
            route=facts.route,
            addresses=list(facts.addresses),
            alert=facts.alert,
            since=facts.since,
        )
    except Exception as error:  # what went wrong with one actor must not keep another from being reported
        return why_of(error)
    settle_wanted(wanted, f"{outcome}{played.standing.containment.id}")
    return ""
