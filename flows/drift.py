"""What was hardened stays so, or somebody hears of it: with who undid it, and the plan that restores it."""

from datetime import timedelta

from prefect import flow
from prefect.logging import get_run_logger

from flows.names import by_minute
from flows.plans import kept
from flows.reading import chosen_orgs, reason
from tasks.alerts.model import Alert
from tasks.alerts.steps import list_open_alerts, note_heartbeat, update_alerts
from tasks.errors import PlanUnwatched
from tasks.estate.steps import read_estate
from tasks.plans.drift import Drift, over, undone_told
from tasks.plans.drift_steps import (
    draft_restoring,
    find_draft,
    list_promises,
    look_for_drift,
    note_drift,
    of_drift,
    publish_drift,
)

DESCRIPTION = """
Reads again **what applied plans hardened**, and tells what somebody has undone by hand since. Runs every five minutes; it changes no org.

* The alert names who it was, as the org's set-up audit trail says, and ends when everything is as the plan left it.
* A plan that restores it is drafted once (`phases.drift_replan` in policy.yaml). A person approves and applies it.
* What a way back took back, sets that are given for hours, credentials and certificates are left to their own watchers.
* A run that fails names the org that could not be looked at. The next one tries again.
"""
EVERY = timedelta(minutes=5)


@flow(name="watch-drift", flow_run_name=by_minute, description=DESCRIPTION.strip())
def watch_drift(
    orgs: list[str] = [],  # noqa: B006  # the form shows a list
) -> list[Drift]:
    """
    What is no longer as plans left it. Raises ConfigurationError for an unknown org, and PlanUnwatched, after every org was
    looked at, when one did not answer or no plan could be drafted.

    Args:
        orgs: Aliases of the orgs, as in estate.yaml. **Leave empty for all.**
    """
    estate, policy = read_estate()
    aliases = [entry.alias for entry in chosen_orgs(estate, orgs)]
    found: list[Drift] = []
    unseen: list[str] = []
    failed: dict[str, str] = {}
    for org, promised in list_promises().items():
        if org not in aliases:
            continue
        try:
            undone, hidden = look_for_drift(org, promised)
            found += undone
            unseen += hidden
        except Exception as error:  # one org that does not answer must not keep the others unseen
            failed[org] = reason(error)
    alerts: list[Alert] = []
    drafts: dict[str, str] = {}
    for each in found:
        try:
            drafts[of_drift(each)] = _draft(each) if policy.phases.drift_replan else ""
        except Exception as error:  # the alert matters more than the draft
            failed[each.org] = reason(error)
        alerts.append(undone_told(each, drafts.get(of_drift(each), "")))
        get_run_logger().warning("%s: changed by %s", alerts[-1].title, each.by)
    read = set(aliases) - failed.keys() - {line.partition(":")[0] for line in unseen}
    update_alerts(alerts, over(list_open_alerts(), alerts, read))
    if found or unseen:
        publish_drift(found, drafts, unseen)
    for line in unseen:
        get_run_logger().warning("%s", line)
    if failed:
        raise PlanUnwatched(
            f"Not all could be looked at: {'; '.join(failed.values())}. The next run tries again."
        )
    if not orgs:
        note_heartbeat("watch-drift", EVERY)
    return found


def _draft(drift: Drift) -> str:
    """The digest of the plan that restores it, made once for as long as it is open and says the same."""
    if (digest := find_draft(drift)) is not None:
        return digest
    digest = kept(draft_restoring(drift), {})
    note_drift(drift, digest)
    return digest
