"""The seeded estate: the same from the same seed, in good order without plants, true to its own answer key."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml

from deployments.sandbox.clock import Clock
from deployments.sandbox.pki import open_pki
from deployments.sandbox.rights import caller_of
from deployments.sandbox.schema import load_schema
from deployments.sandbox.seed import seed_estate, write_estate_files
from deployments.sandbox.seed.answer_key import AnswerKey
from deployments.sandbox.seed.baseline import lay_out
from deployments.sandbox.seed.names import HOSTS
from deployments.sandbox.seed.plants import plant_all
from deployments.sandbox.seed.rights import ENFORCER, ENFORCER_WRITES, SCANNER
from deployments.sandbox.store import OrgStore
from tasks.estate.model import Estate, OrgKind
from tasks.estate.policy import Policy

SEED, USERS = 7, 60


def seeded(folder: Path, plants: str, moment: datetime, seed: int = SEED) -> Path:
    clock = Clock()
    clock.freeze(moment)
    (folder / "keys").mkdir(parents=True)
    pki = open_pki(folder / "keys", datetime.now(UTC))
    seed_estate(folder, seed=seed, users=USERS, plants=plants, pki=pki, clock=clock)
    return folder


@pytest.fixture(scope="module")
def moment() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory, moment: datetime) -> Path:
    return seeded(tmp_path_factory.mktemp("planted") / "state", "all", moment)


@pytest.fixture(scope="module")
def key(planted: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((planted / "answer-key.json").read_text())
    return document


@pytest.fixture(scope="module")
def stores(planted: Path, moment: datetime) -> Iterator[dict[str, OrgStore]]:
    clock = Clock()
    clock.freeze(moment)
    opened = {a: OrgStore(planted / "orgs" / f"{a}.sqlite", load_schema(), clock) for a in HOSTS}
    yield opened
    for store in opened.values():
        store.close()


def user_id(store: OrgStore, username: str) -> str:
    return str(store.find("User", Username=username)[0]["Id"])


def digests(folder: Path, alias: str) -> dict[str, str]:
    """A digest of every object's rows."""
    store = OrgStore(folder / "orgs" / f"{alias}.sqlite", load_schema(), Clock())
    try:
        return {
            name: sha256(
                repr([tuple(row) for row in store.sql(f'SELECT * FROM "{name}" ORDER BY Id')]).encode()
            ).hexdigest()
            for name in load_schema().objects
        }
    finally:
        store.close()


@pytest.mark.slow
def test_the_same_seed_on_the_same_day_gives_the_same_rows(
    planted: Path, tmp_path: Path, moment: datetime
) -> None:
    again = seeded(tmp_path / "again", "all", moment)

    for alias in HOSTS:
        assert digests(planted, alias) == digests(again, alias)
    for name in ("answer-key.json", "policy.yaml", "estate-draft.json"):
        assert (planted / name).read_text() == (again / name).read_text()


def test_an_estate_without_plants_has_an_empty_key_but_all_its_trust(
    tmp_path: Path, moment: datetime
) -> None:
    folder = seeded(tmp_path / "orderly", "none", moment)
    key = json.loads((folder / "answer-key.json").read_text())

    assert (key["findings"], key["decoys"], key["clean_org"]) == ([], [], None)
    assert len({edge["secret_id"] for edge in key["edges"]}) == len(key["edges"]) == 15, (
        "one of the 14 lies in two places"
    )
    assert all(len(edge["run_as"]) == 1 for edge in key["edges"])
    assert all(radius["hops"] == 1 for radius in key["radii"])
    with pytest.raises(ValueError, match="all or none"):
        seeded(tmp_path / "other", "some", moment)


def test_the_products_models_accept_the_declared_estate(planted: Path) -> None:
    write_estate_files(
        planted,
        proxy="http://127.0.0.1:9",
        ca_bundle="/ca.pem",
        aws_endpoint="http://127.0.0.1:8",
        smtp="127.0.0.1:25",
    )
    estate = Estate.model_validate(yaml.safe_load((planted / "estate.yaml").read_text()))
    policy = Policy.model_validate(yaml.safe_load((planted / "policy.yaml").read_text()))

    assert [o.alias for o in estate.orgs if o.kind is OrgKind.SANDBOX] == ["hq-uat"]
    assert {"HQ_to_EMEA_Account_Sync", "HQ_to_EMEA_Contact_Sync"} < {route.name for route in estate.routes}
    assert {o.proxy for o in estate.orgs} == {"http://127.0.0.1:9"}
    assert set(policy.backups.buckets) == set(HOSTS) - {"hq-uat"}


@pytest.mark.parametrize("users", [50, 120])
@pytest.mark.parametrize("seed", range(7))
def test_everybody_has_a_profile_of_the_own_org(users: int, seed: int, moment: datetime) -> None:
    plan = lay_out(seed, users, moment)
    plant_all(plan, AnswerKey(plan, "all"))
    for org in plan.orgs.values():
        assert {user.profile for user in org.users.values()} <= set(org.profiles)


def test_volumes_do_not_shrink_with_the_number_of_users(stores: dict[str, OrgStore]) -> None:
    assert stores["hq"].sql('SELECT COUNT(*) FROM "Account"')[0][0] == 47_000
    assert stores["hq-uat"].sql('SELECT COUNT(*) FROM "KYC_Check__c"')[0][0] == 0


def test_logins_follow_the_week_and_stay_in_the_window(stores: dict[str, OrgStore], moment: datetime) -> None:
    counts = {
        row[0]: row[1]
        for row in stores["hq"].sql(
            "SELECT strftime('%w', substr(LoginTime, 1, 10)), COUNT(*) FROM LoginHistory"
            " WHERE Browser = 'Chrome 142' GROUP BY 1"
        )
    }
    oldest, newest = stores["hq"].sql("SELECT MIN(LoginTime), MAX(LoginTime) FROM LoginHistory")[0]

    assert min(counts[day] for day in "12345") > max(counts.get(day, 0) for day in "06")
    assert newest < moment.isoformat()
    assert (moment - datetime.fromisoformat(oldest)).days <= 121


def test_the_scanner_holds_what_is_documented_and_never_all_data(stores: dict[str, OrgStore]) -> None:
    for store in stores.values():
        scanner = caller_of(store, user_id(store, f"bulkhead.scanner@{store.alias}.meridian.example"))
        assert scanner.permissions == {*SCANNER, "ChatterInternalUser"}
        assert not scanner.permissions & {"ViewAllData", "ModifyAllData", "ViewEncryptedData"}
        assert all(scanner.sees(target) for target in load_schema().objects.values() if target.data)
    enforcer = caller_of(stores["hq"], user_id(stores["hq"], "bulkhead.enforcer@hq.meridian.example"))
    assert enforcer.permissions == {*ENFORCER, "ChatterInternalUser"}, "what writes, sleeps"
    assert not enforcer.permissions & (ENFORCER_WRITES - ENFORCER)


def test_muted_expired_and_sleeping_rights_are_not_held(
    key: dict[str, Any], stores: dict[str, OrgStore]
) -> None:
    clean = stores[key["clean_org"]]
    decoys = [d["resource"].removeprefix("user:") for d in key["decoys"] if d["control"] == "ZT-03"]
    for username in (name for name in decoys if name.startswith("sync.")):
        assert "ModifyAllData" not in caller_of(clean, user_id(clean, username)).permissions
    names = ("on.standby", "on.call")
    asleep, running = (user_id(clean, f"{name}@{clean.alias}.meridian.example") for name in names)
    assert "ManageUsers" not in caller_of(clean, asleep).permissions
    assert "ManageUsers" in caller_of(clean, running).permissions


def test_radii_count_the_rows_that_the_orgs_would_let_the_thief_read(
    key: dict[str, Any], stores: dict[str, OrgStore]
) -> None:
    """Worked out again from the stored rights, for every secret that leads no further than its own target."""
    compared = 0
    for radius in (each for each in key["radii"] if each["hops"] == 1):
        pairs = set()
        for edge in (each for each in key["edges"] if each["secret_id"] == radius["secret_id"]):
            store = stores[edge["target"]]
            for username in edge["run_as"]:
                caller = caller_of(store, user_id(store, username))
                data = (target for target in load_schema().objects.values() if target.data)
                pairs |= {(edge["target"], target.name) for target in data if caller.on(target).read}
        rows = sum(stores[org].sql(f'SELECT COUNT(*) FROM "{name}"')[0][0] for org, name in pairs)
        assert rows == radius["rows"], radius["secret_id"]
        compared += 1
    assert compared > 30
    assert any(radius["hops"] > 1 for radius in key["radii"])


def test_canaries_are_really_out_there(
    planted: Path, key: dict[str, Any], stores: dict[str, OrgStore]
) -> None:
    cloud = (planted / "aws-seed.json").read_text()
    stored = {value for value in key["canaries"] if value in cloud}
    numbers = {
        value for value in key["canaries"] if value.count("-") == 2 and value.replace("-", "").isdigit()
    }
    found = {row[0] for store in stores.values() for row in store.sql('SELECT SSN__c FROM "Account"')}
    found |= {row[0] for store in stores.values() for row in store.sql('SELECT SSN__c FROM "Contact"')}

    assert len(stored) >= 8
    assert len(numbers & found) >= 20
