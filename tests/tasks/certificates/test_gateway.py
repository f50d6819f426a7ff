"""What orgs hold and trust, read on the wire; and doors that are knocked at."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deployments.sandbox import launch
from tasks.aws.cloud import AwsConnection, Cloud
from tasks.certificates.gateway import (
    Forged,
    accepts,
    foreign,
    identity,
    knock,
    read_callers,
    read_certificates,
)
from tasks.certificates.model import Place, Way
from tasks.certificates.standing import certificate_secrets
from tasks.estate.model import Estate, Route
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


@pytest.fixture
def as_before(estate: RunningEstate) -> Iterator[None]:
    launch.save_snapshot(estate.folder, "before-knocking")
    yield
    launch.restore_snapshot(estate.folder, "before-knocking")
    launch.delete_snapshot(estate.folder, "before-knocking")


def route_by(credential: str, estate: RunningEstate) -> tuple[Estate, Cloud, Route]:
    declared = read_estate((estate.folder / "estate.yaml").read_text())
    route = next(each for each in declared.routes if each.credential == credential)
    return declared, Cloud(AwsConnection(**declared.cloud.model_dump())), route


def test_a_caller_that_knows_only_a_password_is_tried_by_it_and_never_locked_out(
    estate: RunningEstate, org: Open, as_before: None
) -> None:
    _, cloud, route = route_by("salesforce/hq/api-key", estate)
    (caller,) = read_callers(cloud, [route.credential]).values()
    assert caller.by_password
    connection, pair = identity(cloud, route, org(route.target).connection)
    assert pair is None and connection.password and connection.password not in repr(connection)
    apps = json.loads((estate.folder / "clients.json").read_text())["apps"]
    app = next(each for each in apps if each["org"] == route.target and "client_certificate_file" in each)
    good = Pair(*(Path(app[f"client_{part}_file"]).read_text() for part in ("certificate", "key")))
    answers = {each.way: each.answer for each in knock(connection, good, Forged({}, {}))}
    assert answers[Way.LISTED] == answers[Way.NONE] == "let in", "nobody holds it to a certificate yet"
    wrong = replace(connection, password="long since another one")
    (tried,) = knock(wrong, good, Forged({}, {}))
    assert (tried.way, tried.answer) == (Way.LISTED, "refused by the org")
    assert knock(wrong, None, Forged({}, {})) == (), (
        "without a certificate nothing tells whether it is the right one"
    )


def test_a_certificate_that_is_kept_by_itself_is_the_one_to_knock_with(
    estate: RunningEstate, org: Open, as_before: None
) -> None:
    declared, cloud, route = route_by("salesforce/hq/kyc-feed", estate)
    kept = certificate_secrets(declared)
    (caller,) = read_callers(cloud, [route.credential], kept).values()
    (shown,) = caller.pairs
    assert shown.name == "current" and shown.chain is not None and not caller.by_password
    assert (
        read_callers(cloud, [route.credential], {route.credential: "nothing/here"})[route.credential].pairs
        == ()
    )
    connection, pair = identity(cloud, route, org(route.target).connection, kept[route.credential])
    answers = {each.way: each.answer for each in knock(connection, pair, Forged({}, {}))}
    assert answers.pop(Way.LISTED) == "let in"
    assert set(answers.values()) == {"refused by the org"}
