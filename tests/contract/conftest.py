"""
The contract runs against the embedded estate, and against a real org when one is named:

    BULKHEAD_CONTRACT_INSTANCE_URL   https://….my.salesforce.com
    BULKHEAD_CONTRACT_ACCESS_TOKEN   of an administrator of that org
    BULKHEAD_CONTRACT_VERSION        API version, 62.0 without it

It only reads. `pytest tests/contract` shows both under their names, `estate` and `real`.
"""

import os

import pytest

from tests.contract.org import ContractOrg
from tests.running import RunningEstate

REAL = "BULKHEAD_CONTRACT_INSTANCE_URL"
ADMIN = "bulkhead.scanner@hq.meridian.example"


@pytest.fixture(params=["estate", *(["real"] if REAL in os.environ else [])])
def org(request: pytest.FixtureRequest) -> ContractOrg:
    version = os.environ.get("BULKHEAD_CONTRACT_VERSION", "62.0")
    if request.param == "real":
        token = os.environ["BULKHEAD_CONTRACT_ACCESS_TOKEN"]
        return ContractOrg(os.environ[REAL].rstrip("/"), token, version, None, None)
    estate: RunningEstate = request.getfixturevalue("estate")
    url, token = estate.org("hq")["instance_url"], estate.token("hq", administrator(estate))
    return ContractOrg(url, token, version, estate.state["proxy"], estate.state["ca_bundle"])


def administrator(estate: RunningEstate) -> str:
    """An active System Administrator of the estate's hq."""
    soql = (
        "SELECT Username FROM User WHERE IsActive = true AND Profile.Name = 'System Administrator'"
        " ORDER BY Username LIMIT 1"
    )
    rows = estate.get("hq", ADMIN, "v62.0/query", params={"q": soql}).json()["records"]
    found: str = rows[0]["Username"]
    return found
