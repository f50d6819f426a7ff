"""Emerging threats: what is coming, what was seen elsewhere, and which of our routes it hits."""

from datetime import UTC, datetime, timedelta

from prefect import flow
from prefect.logging import get_run_logger

from flows.names import by_day
from flows.reading import SIDE_BY_SIDE, Alias, chosen_orgs, read_inventories, unsearched
from tasks.alerts.steps import list_open_alerts, note_heartbeat, update_alerts
from tasks.estate.steps import read_estate
from tasks.threats.model import Outlook, PackState
from tasks.threats.outlook import outlook, over, told
from tasks.threats.steps import publish_threats, read_packs

THREATS = """
Says **which of our routes an announced change of the platform stops**, and whether a trace of a known campaign was seen here. It
changes no org.

* Dates (the end of SOAP login(), rules for client certificates, restrictions of apps, second factors) and lists of addresses and
  apps come as packs of data, each signed by a key of policy.yaml, and each with a day on which it expires.
* An expired or unsigned pack is told, on the artifact and as an alert. What could not be judged is named, too.
* Runs daily.
"""


@flow(name="emerging-threats", flow_run_name=by_day, description=THREATS.strip(), task_runner=SIDE_BY_SIDE)
def emerging_threats(orgs: list[Alias] = []) -> Outlook:  # noqa: B006  # the form shows a list
    """
    Raises ConfigurationError for an unknown org or a folder that is not there.

    Args:
        orgs: Aliases of the orgs to look at, as in estate.yaml. **Leave empty for all.**
    """
    estate, policy = read_estate()
    today = datetime.now(UTC).date()
    packs = read_packs(policy.threats, today)
    chosen = chosen_orgs(estate, orgs)
    found, unread = read_inventories(chosen)
    left_out = {org.alias for org in estate.orgs} - {org.alias for org in chosen}
    unread |= dict.fromkeys(sorted(left_out), "it was left out of this run")
    seen = outlook(packs, found, unread, estate, policy.threats, today)
    publish_threats(unsearched(seen))
    alerts = told(seen)
    update_alerts(alerts, over(seen, list_open_alerts(), alerts))
    for each in packs:
        if each.state is not PackState.GOOD:
            get_run_logger().warning("%s is %s: %s", each.name, each.state.value, each.why)
    get_run_logger().info("%d findings, %d could not be judged", len(seen.hits), len(seen.unjudged))
    note_heartbeat("emerging-threats", timedelta(days=1))
    return seen
