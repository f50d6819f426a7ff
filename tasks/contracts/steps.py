"""The Prefect task that checks contracts."""

from collections.abc import Mapping
from datetime import datetime

from prefect import task

from tasks.audit.model import OrgEvidence
from tasks.contracts.check import check_in_process
from tasks.contracts.frames import frames_of
from tasks.contracts.model import Broken
from tasks.policies import READ


@task(
    name="check-contracts",
    description="Checks what was read against Great Expectations suites before anything is judged on it.",
    **READ,
)
def check_contracts(orgs: Mapping[str, OrgEvidence], now: datetime) -> Broken:
    """What is broken; dependent controls become unknown. Raises ContractsUnchecked when the checker cannot finish."""
    return check_in_process(((name, frames_of(org)) for name, org in orgs.items()), now)
