"""What somebody has to be told about Bulkhead's own work: runs that failed or did not come, plans that wait."""

from typing import Literal

from prefect import flow
from prefect.logging import get_run_logger

from flows.names import by_minute
from tasks.alerts.run_steps import succeeding
from tasks.alerts.runs import ended, run_told, told_of
from tasks.alerts.steps import read_open_alerts, update_alerts
from tasks.plans.standing_steps import list_waiting
from tasks.plans.waiting import no_longer, reminder
from tasks.plans.waiting_steps import publish_waiting

TELL = """
Opens an alert about **a scheduled run that failed or did not come**. Automations start it; people need not. It changes no org.

* The alert ends with **remind-approvals** of the hour in which the job has succeeded again.
"""
REMIND = """
Reminds of **plans that lack approvals** for longer than `phases.remind_after` in policy.yaml. Runs every hour; it changes no org.

* A reminder ends when its plan has all approvals that it needs, is begun, or has expired. A yes that does not count ends none.
* The page *waiting-plans* lists what waits for whom, with the forms that are next.
* It also ends alerts about runs whose job has succeeded again.
"""


@flow(name="tell-run", flow_run_name="tell-run-{deployment}-{what}", description=TELL.strip())
def tell_run(deployment: str, what: Literal["failed", "missing"] = "failed") -> str:
    """
    The key of the alert.

    Args:
        deployment: Name of the deployment whose run it is about, such as `assessment-weekly`.
        what: Whether a run failed, or none came within two of its periods.
    """
    told = run_told(deployment, missing=what == "missing")
    update_alerts([told], [])
    return told.key


@flow(name="remind-approvals", flow_run_name=by_minute, description=REMIND.strip())
def remind_approvals() -> list[str]:
    """Digests of the plans that wait, oldest first."""
    plans = list_waiting()
    publish_waiting()
    reminders = [reminder(each) for each in plans]
    opened = read_open_alerts()
    about = told_of(opened)
    well = succeeding(about) if about else []
    keys = {each.alert.key: each.alert.org for each in opened}
    update_alerts(reminders, [*no_longer(keys, reminders), *ended(opened, well)])
    for each in plans:
        get_run_logger().warning("The plan %s waits for approval: %s", each.digest[:12], each.plan.title)
    return [each.digest for each in plans]
