"""Masking a sandbox as a plan, and the proof that nothing real is left in it."""

from datetime import UTC, datetime

from prefect import flow
from prefect.logging import get_run_logger

from flows.plans import Person, kept
from flows.progress import Progress
from tasks.alerts.steps import update_alerts
from tasks.errors import FindingsOverLimit
from tasks.estate.steps import read_estate
from tasks.masking.model import ScanReport
from tasks.masking.plan import masking_plan
from tasks.masking.report import told
from tasks.masking.steps import (
    hash_production,
    inspect_object,
    note_clean,
    proven_clean,
    publish_scan,
    scan_object,
    survey_sandbox,
)
from tasks.masking.telling import UNPROVEN

MASK = """
Makes a plan that puts **made-up people in the place of real ones** in a sandbox. It changes nothing.

* The plan shows by object and field how many values become what, which automations that sets off, and what a refresh copied.
* **There is no way back.** Next: **approve-plan** by two people, then **apply-plan**; killed in between, apply it again.
* The same value becomes the same fake in every sandbox, so records that belonged together still do.
* An org that says of itself that it is production is refused, whatever it is called.
"""
SCAN = """
Looks at **every text of every record of a sandbox** for data of real people. It only reads.

* Numbers with their check sums, mail addresses, telephone numbers, names; in masked fields everything that is no fake.
* With a production org, values that it has too are found: compared as keyed hashes, which show nothing.
* Results: fields and counts, as an artifact of this run. A value never leaves the process that read it.
"""


@flow(name="mask-sandbox", flow_run_name="mask-{org}-for-{requester}", description=MASK.strip())
def mask_sandbox(
    requester: Person,
    org: str,
    objects: list[str] = [],  # noqa: B006  # the form shows a list
) -> str:
    """
    Gives the digest of the plan. Raises ConfigurationError for an unknown org, OrgRefused for production, SecretUnavailable
    without a masking key, and OrgError.

    Args:
        requester: Who asks for the plan. **That person cannot approve it.**
        org: Alias of the sandbox, as in estate.yaml.
        objects: API names of objects. **Leave empty for all that hold data of people.**
    """
    _, policy = read_estate()
    reading = survey_sandbox(org, objects)
    bar = Progress("mask-progress", f"{org}: looking at {sum(reading.visible.values()):,} records")
    found, digests, seen = [], {}, 0
    for sobject, count in reading.visible.items():
        if (one := inspect_object(org, sobject)) is not None:
            found.append(one[0])
            digests[sobject] = one[1]
        seen += count
        bar.show(100.0 * seen / sum(reading.visible.values()))
    reading = reading.model_copy(update={"objects": tuple(found)})
    now = datetime.now(UTC)
    return kept(masking_plan(policy, reading, digests, proven_clean(org), requester, now), {})


@flow(name="scan-sandbox", flow_run_name="scan-{org}", description=SCAN.strip())
def scan_sandbox(
    org: str,
    production: str = "",
    objects: list[str] = [],  # noqa: B006  # the form shows a list
    fail_on_findings: bool = False,
) -> ScanReport:
    """
    Raises ConfigurationError for an unknown org, OrgRefused for production, SecretUnavailable without a masking key, OrgError,
    and FindingsOverLimit where that was asked for.

    Args:
        org: Alias of the sandbox, as in estate.yaml.
        production: Alias of the org that it was copied from. **Leave empty to compare with none.**
        objects: API names of objects. **Leave empty for all.**
        fail_on_findings: Fail the run where something real is left, or something could not be looked at.
    """
    reading = survey_sandbox(org, objects)
    bar = Progress("scan-progress", f"{org}: looking at {sum(reading.visible.values()):,} records")
    hashes = hash_production(production, objects) if production else frozenset()
    report = ScanReport(
        org=org,
        origin=reading.origin,
        at=datetime.now(UTC),
        fields=0,
        records=0,
        residuals=(),
        compared=len(hashes),
        unread=reading.unread,
        passed_over=reading.passed_over,
    )
    for sobject in reading.visible:
        report = report.with_part(scan_object(org, sobject, hashes))
        bar.show(100.0 * report.records / sum(reading.visible.values()))
    bar.show(100.0)
    if report.clean and not objects:
        note_clean(org, report.origin, report.at)
        update_alerts([], [f"{UNPROVEN}{org}"])
    publish_scan(report)
    get_run_logger().info("%s: %s", org, told(report))
    if fail_on_findings and not report.clean:
        raise FindingsOverLimit(
            f"{org}: {told(report)} The fields are in the artifact scan-{org} of this run."
        )
    return report
