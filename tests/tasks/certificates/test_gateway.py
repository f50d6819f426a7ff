"""What orgs hold and trust, read on the wire; and doors that are knocked at."""

import json
from datetime import UTC, datetime
from pathlib import Path

from tasks.certificates.gateway import accepts, foreign, read_certificates
from tasks.certificates.model import Place
from tasks.estate.read import read_estate
from tasks.salesforce.handshakes import Pair
from tests.running import RunningEstate
from tests.tasks.conftest import Open


def test_listed_certificates_key_pairs_and_roots_come(org: Open) -> None:
    found = read_certificates(org("hq"))
    assert not found.gaps
    held = {(each.place, each.name): each for each in found.values["held"]}
    listed = held[Place.INBOUND, "Middleware_Client"]
    assert listed.chain is not None and len(listed.chain.certificates) == 2
    assert listed.chain.leaf.signed_by == listed.chain.certificates[1].fingerprint
    assert held[Place.KEY_PAIR, "HQ_Mutual_TLS"].key_bits == 2048
    assert found.values["enabled"] is True
    assert found.values["roots"].fingerprints


def test_a_door_tells_something_only_where_it_refuses_a_stranger(estate: RunningEstate, org: Open) -> None:
    apps = json.loads((estate.folder / "clients.json").read_text())["apps"]
    app = next(each for each in apps if "client_certificate_file" in each)
    files = app["client_certificate_file"], app["client_key_file"]
    good = Pair(*(Path(file).read_text() for file in files))
    declared = read_estate((estate.folder / "estate.yaml").read_text())
    stranger, other = (foreign(declared, declared.routes[0], datetime.now(UTC)) for _ in range(2))
    connection = org(app["org"]).connection
    assert accepts(connection, good, stranger) is True
    assert accepts(connection, other, stranger) is False
    assert accepts(connection, good, good) is None
