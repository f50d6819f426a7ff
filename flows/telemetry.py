"""Telemetry: what happened in the orgs, live and from event log files, kept for detection."""

from typing import Literal

from prefect import flow
from prefect.logging import get_run_logger

from flows.names import by_minute_of
from flows.reading import SIDE_BY_SIDE, chosen_orgs, reason
from tasks.errors import TelemetryIncomplete
from tasks.estate.steps import read_estate
from tasks.telemetry.model import Collected
from tasks.telemetry.steps import collect_files, collect_live, publish_telemetry

COLLECT = """
Collects **what happened in the orgs**, so that detection has something to judge on. It only reads orgs.

* `live`: sign-ins, setup changes, stored real-time events, changed tokens and grants, every five minutes, late rows too.
* `files`: hourly and daily event log files as they appear. Each passes a Great Expectations gate; a bad one is **set aside with its
  reason**. An event that both an hourly and a daily file tell is there once.
* Values in queries and names of users are masked before anything is stored; rows older than `telemetry.keep` go.
* The artifact says what each org showed, and **what cannot be seen**: without Event Monitoring the free types and live reads remain.
"""


@flow(
    name="collect-telemetry",
    flow_run_name=by_minute_of("tiers"),
    description=COLLECT.strip(),
    task_runner=SIDE_BY_SIDE,
)
def collect_telemetry(
    orgs: list[str] = [],  # noqa: B006  # the form shows a list
    tiers: Literal["live", "files"] = "live",
    replay: bool = False,
) -> list[Collected]:
    """
    Raises TelemetryIncomplete, after every org was tried, when one could not be read.

    Args:
        orgs: Aliases of the orgs, as in estate.yaml. **Leave empty for all.**
        tiers: What to read: `live` objects, or event log `files`.
        replay: Tries files again that were set aside.
    """
    estate, _ = read_estate()
    aliases = [entry.alias for entry in chosen_orgs(estate, orgs)]
    running = {
        alias: collect_live.submit(alias) if tiers == "live" else collect_files.submit(alias, replay)
        for alias in aliases
    }
    found: list[Collected] = []
    failed: dict[str, str] = {}
    for alias, future in running.items():
        try:
            found.append(future.result())
        except Exception as error:  # one org that cannot be read must not hide the others
            failed[alias] = reason(error)
    publish_telemetry(found, failed, tiers)
    for each in found:
        get_run_logger().info(
            "%s: %d new rows, %d things that cannot be seen", each.org, each.added, len(each.hidden)
        )
    if failed:
        raise TelemetryIncomplete(f"{'; '.join(failed.values())}. The next run goes on where this one ended.")
    return found
