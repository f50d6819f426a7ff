"""jsforce 3, unchanged: every part of it on the seeded estate, one step each."""

import base64
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.deployments.sandbox.test_clients import jsforce
from tests.deployments.sandbox.test_simple_salesforce import package
from tests.running import RunningEstate

__all__ = ["jsforce"]

EXPECTED: dict[str, Any] = {
    "jwt": True,
    "client_credentials": True,
    "refresh": {"size": 1, "refreshed": 1},
    "query_more": [2000, 2000, 500],
    "auto_fetch": 4100,
    "events": 2500,
    "batch_size": [200, False],
    "scan_all": 3,
    "explain": True,
    "find": 5,
    "include": 3,
    "count": True,
    "life": [True, "From jsforce", "Changed", 0],
    "many": [[True, True, False], "REQUIRED_FIELD_MISSING", ["One", "Two"], True],
    "all_or_none": [[False, False], 0],
    "upsert_by_id": [True, "Upserted"],
    "upsert": [True, False, [True, True], 2],
    "composite": [201, 201, 200, 204],
    "updated": [True, True],
    "describe": [True, True, True],
    "layouts": True,
    "compact_layouts": True,
    "approval_layouts": True,
    "list_views": True,
    "recent": True,
    "limits": True,
    "theme": True,
    "tabs": True,
    "quick_actions": True,
    "identity": "client.laboratory@hq.meridian.example",
    "search": ["Findable Zephyr"],
    "chatter": "client.laboratory@hq.meridian.example",
    "versions": True,
    "tooling": [1, True, True],
    "bulk2_load": [30, 1, 0, 30],
    "bulk_load": [[True, True], [True, True]],
    "bulk_query": 300,
    "metadata_describe": True,
    "metadata_list": True,
    "metadata_read": "Security",
    "metadata_life": [True, True, False, "from jsforce", True, True],
    "metadata_retrieve": ["true", True, True],
    "metadata_deploy": ["true", "Succeeded", 1],
    "metadata_deploy_rest": ["true", "Succeeded"],
    "soap": ["string", True],
    "limit_info": True,
    "logout": True,
}
CODES = {"refusal": "INVALID_FIELD", "not_found": "NOT_FOUND"}


@pytest.fixture(scope="module")
def seen(estate: RunningEstate, jsforce: Path) -> dict[str, Any]:
    org = estate.org("hq")
    given = {
        "proxy": estate.env["proxy"],
        "instance_url": org["instance_url"],
        "apps": org["apps"],
        "deploy_zip": base64.b64encode(package("https://jsforce.example").getvalue()).decode(),
        "external_id": {
            "sobject": "Account",
            "field": "External_Id__c",
            "values": {"Name": "By external id"},
        },
    }
    run = subprocess.run(
        ["node", "everything.mjs"],
        cwd=jsforce, input=json.dumps(given),
        env={**os.environ, "NODE_EXTRA_CA_CERTS": estate.env["ca_bundle"]},
        capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-2000:]
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_every_step_is_judged(seen: dict[str, Any]) -> None:
    assert set(seen) == {*EXPECTED, *CODES, "anonymous_apex", "bulk2_query"}


@pytest.mark.parametrize("step", EXPECTED)
def test_jsforce(seen: dict[str, Any], step: str) -> None:
    assert seen[step] == EXPECTED[step]


@pytest.mark.parametrize("step", CODES)
def test_jsforce_is_refused_as_by_the_platform(seen: dict[str, Any], step: str) -> None:
    assert seen[step]["error"] == CODES[step]


def test_anonymous_apex_is_refused_in_words(seen: dict[str, Any]) -> None:
    assert seen["anonymous_apex"] is False or seen["anonymous_apex"]["message"]


def test_every_account_comes_out_in_bulk(seen: dict[str, Any]) -> None:
    assert seen["bulk2_query"] >= 47_000
