"""The credential calendar of a running estate."""

import json

from flows.credentials import credential_calendar
from tasks.credentials.model import CredentialKind
from tasks.credentials.schedule import state
from tests.product import Product
from tests.running import RunningEstate


def test_what_was_planted_as_old_is_overdue_and_published(product: Product, estate: RunningEstate) -> None:
    lines = credential_calendar()
    now = max(line.since for line in lines if line.since)
    key = json.loads((estate.folder / "answer-key.json").read_text())
    old = [f["resource"].partition(":")[2] for f in key["findings"] if f["control"] == "ZT-10"]
    assert old
    overdue = {
        use.rpartition("->")[0] for line in lines if state(line, now) == "overdue" for use in line.used_by
    }
    assert set(old) <= overdue
    assert {line.kind for line in lines} >= {
        CredentialKind.KEY_PAIR, CredentialKind.CERTIFICATE, CredentialKind.SECRET, CredentialKind.PASSWORD,
    }  # fmt: skip
    found = product.prefect("POST", "/artifacts/latest/filter", json={})
    (table,) = [each for each in found if each["key"] == "credential-calendar"]
    rows = json.loads(table["data"])
    assert len(rows) == len(lines) and rows[0]["state"] == "overdue"
