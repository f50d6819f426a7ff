"""The quarterly audit: an evidence pack that anybody can check, and what it cannot tell."""

from datetime import UTC, datetime
from typing import Annotated

from prefect import flow
from prefect.logging import get_run_logger
from prefect.runtime import flow_run
from pydantic import StringConstraints

from flows.reading import unsearched
from tasks.audit.steps import read_assessments
from tasks.estate.steps import read_estate
from tasks.evidence.steps import seal_ledger, verify_ledger
from tasks.packs.model import QUARTER, Pack, Quarter
from tasks.packs.steps import make_pack, publish_pack

AnyQuarter = Annotated[str, StringConstraints(strip_whitespace=True, pattern=rf"^$|{QUARTER}")]

AUDIT = """
Makes **the evidence pack of a quarter**: findings, plans, approvals, changes, verifications, tests and rehearsals in one file,
signed with the key of the ledger, and a narrative control by control. It changes no org.

* The auditor checks it with `bulkhead verify-evidence PACK --key KEY.pem` on a machine of their own, without any network. Each
  file that anybody changed, added or took away is named.
* What the pack cannot tell (no assessment, no rehearsal, an org that was not read) stands first in it, and on the artifact.
* Runs on the second day of each quarter about the one before.
"""


def run_name() -> str:
    asked = str(flow_run.parameters.get("quarter") or "")
    return f"quarterly-audit-{asked or Quarter.ended_before(datetime.now(UTC)).name}"


@flow(name="quarterly-audit", flow_run_name=run_name, description=AUDIT.strip())
def quarterly_audit(quarter: AnyQuarter = "") -> Pack:
    """
    Raises LedgerUnavailable when the ledger was touched, ConfigurationError where nothing signs it, and CloudError.

    Args:
        quarter: Such as `2026-Q3`; the running one may be named, too. **Leave empty for the one that ended last.**
    """
    now = datetime.now(UTC)
    asked = Quarter(name=quarter) if quarter else Quarter.ended_before(now)
    # Signed first: what nobody sealed is not in the pack.
    seal_ledger()
    verify_ledger()
    estate = read_estate()[0].name
    kept = read_assessments(estate, asked.since, asked.until)
    pack = make_pack(estate, asked, unsearched(kept), now)
    publish_pack(unsearched(pack))
    get_run_logger().info("%s: %s, %d files", asked.name, pack.path, pack.files)
    for gap in pack.narrative.gaps:
        get_run_logger().warning("%s", gap)
    return pack
