"""
Continuous: what has to happen all the time. The ledger is sealed and checked, access that is over is taken back, and who
lost rights by a plan is watched.
"""

from datetime import UTC, datetime, timedelta

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.logging import get_run_logger
from prefect.runtime import flow_run

from flows.access import swept
from flows.names import by_minute
from flows.plans import carried_out, sealed
from flows.reading import each_in_time, reason
from flows.response import keep_containments
from tasks.access.model import Grant, Swept
from tasks.access.report import markdown, reviews
from tasks.access.review import open_reviews
from tasks.access.steps import (
    list_grants,
    list_wakings,
    orgs_with_grants,
    put_to_sleep,
    review_grants,
    sweep_org,
)
from tasks.access.telling import outlasting, over, stray_found
from tasks.alerts.steps import list_open_alerts, note_heartbeat, update_alerts
from tasks.errors import (
    AccessOutlasts,
    AccessUnreviewed,
    AlreadyRunning,
    ContainmentIncomplete,
    PlanUnwatched,
)
from tasks.estate.steps import read_estate
from tasks.evidence.steps import seal_ledger, verify_ledger
from tasks.ledger.model import Verdict
from tasks.plans.gate import WATCHER
from tasks.plans.model import Watch, WayBack
from tasks.plans.steps import (
    find_plan,
    judge_traffic,
    list_watches,
    list_ways_back,
    plan_the_way_back,
    publish_watches,
)
from tasks.plans.telling import failing, passed, rollback_failed
from tasks.usage.steps import read_traffic

EVIDENCE = """
Signs what is new in the ledger, keeps the signature **where nobody can remove it**, and checks every entry.

* A run that fails says which entry was touched. Nothing may be applied until that is understood.
"""

SWEEP = """
Makes every org hold **what grants say and nothing longer**. Runs every minute, and catches up after any pause.

* Puts our own write rights to sleep where a killed process left them awake.
* Works from the ledger and from what the orgs really have: an assignment of a managed set that nobody granted is a finding.
* Goes on with containments that a killed process left, and gives back those whose time is up.
* A run that fails names the org in which something outlasts its time.
"""

REVIEW = """
Says of every grant that is over **what it was used for**: how long, and for which objects. Runs daily; each grant is reviewed
once, when the event log files of its days are there, or three days later with what could not be seen.

* A grant that nobody used, or used for minutes, may be shorter next time, or not asked for at all.
"""

WATCH = """
Watches **users of routes whose rights a plan changed**, for the hours that policy says after it was applied.

* Sees sign-ins as they happen and calls when their log files come, hours later; the artifact says what cannot be seen yet.
* A route that fails because of its plan is told, and its user's changes are taken back where policy says so. Other users of
  the plan keep theirs. Calls that the route never made are told only: whoever holds a stolen key gets nothing back by them.
* A run that fails names the org that could not be looked at, or what could not be taken back. The next one tries again.
"""

SLEEP_SECONDS, SWEEP_SECONDS = 15, 35
"""For all orgs at once: with the start of its process a run is over in about a minute, or the next one would not begin."""


@flow(name="keep-evidence", flow_run_name=by_minute, description=EVIDENCE.strip())
def keep_evidence() -> Verdict:
    """Raises LedgerUnavailable when something was touched."""
    seal_ledger()
    verdict = verify_ledger()
    get_run_logger().info(
        "%d entries, %d checkpoints and %d anchors are as they were written",
        verdict.entries,
        verdict.checkpoints,
        verdict.anchors,
    )
    note_heartbeat("keep-evidence", timedelta(hours=1))
    return verdict


@flow(name="sweep-access", flow_run_name=by_minute, description=SWEEP.strip())
def sweep_access() -> list[Swept]:
    """
    Raises AccessOutlasts, after every org was tried, when one could not be swept, and ContainmentIncomplete when a containment
    could not go on.
    """
    stuck = keep_containments()
    grants = list_grants()
    failed = put_all_to_sleep()
    results, unswept = each_in_time(orgs_with_grants(grants, datetime.now(UTC)), sweep_org, SWEEP_SECONDS)
    done = list(results.values())
    for each in done:
        try:
            swept(each)
        except AccessOutlasts as error:
            unswept[each.org] = reason(error)
    for org, why in unswept.items():
        failed[org] = f"{failed[org]}; {why}" if org in failed else why
    tell(done, failed)
    # What it failed at has an alert of its own.
    note_heartbeat("sweep-access", timedelta(minutes=1))
    if any(each.given or each.prolonged or each.taken or each.strays for each in done):
        create_markdown_artifact(
            markdown(list_grants(), done, datetime.now(UTC)),
            key="access",
            description="Grants, and what the sweep did.",
        )
    if failed:
        raise AccessOutlasts(
            f"What is due could not be ended: {'; '.join([*failed.values(), *stuck])}. The next sweep tries again."
        )
    if stuck:
        raise ContainmentIncomplete(f"Not all went on: {'; '.join(stuck)}. The next sweep tries again.")
    return done


def review_name() -> str:
    at = flow_run.scheduled_start_time or datetime.now(UTC)
    return f"review-access-{at:%Y-%m-%d}"


@flow(name="review-access", flow_run_name=review_name, description=REVIEW.strip())
def review_access() -> list[Grant]:
    """The grants that were reviewed now. Raises AccessUnreviewed, after every org was tried, when one could not be read."""
    done: list[Grant] = []
    failed: list[str] = []
    for org in open_reviews(list_grants()):
        try:
            done += review_grants(org)
        except Exception as error:  # one org that does not answer must not keep the others waiting
            failed.append(reason(error))
    if done:
        sealed()
        create_markdown_artifact(
            reviews(done), key="access-reviews", description="What grants that are over were used for."
        )
    get_run_logger().info("%d grants were reviewed", len(done))
    if failed:
        raise AccessUnreviewed(
            f"What grants were used for could not be read: {'; '.join(failed)}. The next run tries again."
        )
    return done


def put_all_to_sleep() -> dict[str, str]:
    """Ends our own write rights that a killed process left awake; by org, why that could not be done."""
    ended, failed = each_in_time(list_wakings(), _put_to_sleep, SLEEP_SECONDS)
    for org, number in ended.items():
        if number is None:
            get_run_logger().info("%s: a change is being applied", org)
        elif number:
            get_run_logger().warning("%s: %d wakings of the enforcer had been left", org, number)
    return failed


def _put_to_sleep(org: str) -> int | None:
    try:
        return put_to_sleep(org)
    except AlreadyRunning:
        return None


def tell(done: list[Swept], failed: dict[str, str]) -> None:
    """An alert for each org that could not be swept and each right that nobody granted; their end when they are over."""
    alerts = [outlasting(org, why) for org, why in failed.items()]
    alerts += [stray_found(stray) for each in done for stray in each.strays]
    update_alerts(alerts, over(list_open_alerts(), alerts, {each.org for each in done}, failed))


@flow(name="watch-plans", flow_run_name=by_minute, description=WATCH.strip())
def watch_plans() -> list[Watch]:
    """Raises PlanUnwatched, after everything was tried, for an org that did not answer or a way back that failed."""
    policy = read_estate()[1].changes.watch
    watches: list[Watch] = []
    unseen: dict[str, str] = {}
    for watch in list_watches():
        try:
            looked = watch.look.newest if watch.look else None
            traffic = read_traffic(watch.org, list(watch.users), watch.since, looked)
            watches.append(judge_traffic(watch, traffic))
        except Exception as error:  # one org that does not answer must not keep the others unseen
            watches.append(watch)
            unseen[watch.org] = reason(error)
    automatic = policy.rollback == "automatic"
    due = list_ways_back() if policy.rollback != "off" else []
    if found := failing(watches, due, automatic) if policy.rollback != "off" else []:
        update_alerts(found, [])
    broken: dict[str, str] = {}
    done: list[str] = []
    for back in (each for each in due if automatic and each.automatic):
        what = f"{back.org}: what the plan {back.plan[:12]} changed of {back.user}, for it cannot {back.what}"
        try:
            taken_back(back)
            done.append(f"{what}, was taken back")
        except Exception as error:  # the same for a user whose changes cannot be taken back
            broken[f"{back.org} {back.user}"] = reason(error)
            done.append(f"{what}, could not be taken back: {reason(error)}")
    left = list_ways_back() if due else []
    now = failing(watches, left, automatic) if policy.rollback != "off" else []
    if over := passed(list_open_alerts(), now):
        update_alerts(now, over)
    if due or watches:
        publish_watches(watches, unseen, done)
    if unseen or broken:
        raise PlanUnwatched(
            f"Not all could be watched or taken back: {'; '.join([*unseen.values(), *broken.values()])}. "
            "The next run tries again."
        )
    note_heartbeat("watch-plans", timedelta(minutes=10))
    return watches


def taken_back(back: WayBack) -> None:
    """
    The way back is the same plan each time it is made, so that a run after a killed one goes on with it.

    Raises what stops it; an alert is open then.
    """
    why = f"{back.user} cannot {back.what}"
    digest = plan_the_way_back(back.plan, list(back.numbers), WATCHER, why, back.at)
    if digest is None:
        return
    found = find_plan(digest)
    try:
        carried_out(found, WATCHER)
    except AlreadyRunning:
        raise
    except Exception as error:  # told, and raised again
        update_alerts([rollback_failed(found.digest, found.plan, reason(error))], [])
        raise
