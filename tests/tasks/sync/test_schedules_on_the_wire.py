"""
Seeded schedules of trouble over the network: a route carried from hq to emea of the embedded estate while answers are lost,
sessions end, rows are locked, orgs are busy, records change, go and come late; and data keys that turn in the same weather.
"""

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from deployments.bench.rotation_setup import Administrator
from deployments.sandbox import launch
from tasks.aws.cloud import Cloud
from tasks.encryption.sealed import is_sealed
from tasks.errors import OrgError, SyncStopped
from tasks.ledger.store import Ledger
from tasks.salesforce.carrying import CarryingSession
from tasks.salesforce.connection import Connection
from tasks.salesforce.session import Session
from tasks.sync.carry import Hands, carry, replay
from tasks.sync.cursor import exact, opened
from tasks.sync.keys_gateway import seals_of, turned_ring
from tasks.sync.model import Batch, Column, Counts, Cursor, Rules
from tasks.sync.renewal import RenewalHands, begun, in_use, renew, sealed_part
from tasks.sync.source_gateway import SourceOrg
from tasks.sync.state_ledger_gateway import RouteState
from tasks.sync.target_gateway import TargetOrg
from tests.running import RunningEstate
from tests.slices import chosen

LIMIT, PEOPLE = 7, 20
OVERLAP = timedelta(seconds=30)
LIFE = timedelta(days=90)
RULES = Rules(
    route="Wire_Schedules",
    source="hq",
    target="emea",
    sobject="Contact",
    key="External_Id__c",
    external_id="External_Id__c",
    columns=(
        Column(name="LastName", source="LastName", length=80),
        Column(name="Wire_Sealed__c", source="Department", sealed=True, length=255),
    ),
    removes=True,
)
PATHS = ("composite/sobjects", "jobs/ingest", "jobs/query", "query", "limits")
KINDS: tuple[dict[str, Any], ...] = (
    {"kind": "cut"},
    {"kind": "cut", "after_commit": True},
    {"kind": "cut", "options": {"within": True}},
    {"kind": "expire"},
    {"kind": "unavailable"},
    {"kind": "lock"},
    {"kind": "throttled", "options": {"retry_after": 1}},
    {"kind": "partial"},
    {"kind": "truncate"},
    {"kind": "job_failed"},
)


@pytest.fixture(scope="module")
def ground(estate: RunningEstate) -> Iterator[None]:
    launch.save_snapshot(estate.folder, "before-schedules")
    admin = Administrator(estate.folder, "emea")
    field = {"label": "Wire sealed", "length": 255, "type": "Text"}
    admin.write("createMetadata", "CustomField", "Contact.Wire_Sealed__c", **field)
    [mine] = [
        row for row in admin.rows("SELECT Id, Name FROM PermissionSet") if row["Name"] == "Client_Laboratory"
    ]
    row = {"ParentId": mine["Id"], "SobjectType": "Contact", "Field": "Contact.Wire_Sealed__c"}
    both = {"PermissionsRead": True, "PermissionsEdit": True}
    admin.rest("POST", "sobjects/FieldPermissions", json=row | both)
    admin.close()
    yield
    launch.ask(estate.folder, "DELETE", "/faults")
    launch.restore_snapshot(estate.folder, "before-schedules")
    launch.delete_snapshot(estate.folder, "before-schedules")


class Weather:
    """One seed: what changes in hq, what fails where, and the hands of each run, which begin anew as a process does."""

    def __init__(self, estate: RunningEstate, cloud: Cloud, ledger: Ledger, key: str, seed: int) -> None:
        self.estate, self.cloud, self.key, self.seed = estate, cloud, key, seed
        self.random = Random(seed)
        self.state = RouteState(ledger, RULES.route, "test")
        self.source = Administrator(estate.folder, "hq")
        self.ids: dict[int, str] = {}
        self.said = 0
        self.secrets: list[str] = []

    def connection(self, org: str, **how: Any) -> Connection:
        found = self.estate.org(org)
        app = next(a for a in found["apps"] if a["name"] == "Client_Laboratory" and "private_key" in a)
        return Connection(
            alias=org,
            base_url=found["instance_url"],
            flow="jwt-bearer",
            username=app["username"],
            consumer_key=app["consumer_key"],
            private_key=app["private_key"],
            proxy=self.estate.state["proxy"],
            ca_bundle=self.estate.state["ca_bundle"],
            **how,
        )

    def begin(self) -> None:
        """What is there already counts as carried."""
        now = datetime.strptime(
            self.estate.get("hq", self.source.username, "v62.0/limits").headers["Date"],
            "%a, %d %b %Y %H:%M:%S %Z",
        ).replace(tzinfo=UTC)
        since = (now - 4 * OVERLAP).strftime("%Y-%m-%dT%H:%M:%SZ")
        soql = f"SELECT Id, SystemModstamp FROM Contact WHERE SystemModstamp >= {since}"
        stamps = {row["Id"]: exact(row["SystemModstamp"]) for row in self.source.rows(soql)}
        nothing = Batch(number=0, path="collections", counts=Counts(), checksum="", last=True)
        self.state.verified(nothing, Cursor(carried=now), stamps, (), (), ())

    def key_of(self, number: int) -> str:
        return f"WIR-{self.seed}-{number}"

    def change(self) -> None:
        """Some are made or changed, some go."""
        for number in {self.random.randrange(PEOPLE) for _ in range(self.random.randrange(1, 9))}:
            self.said += 1
            secret = f"secret-{self.seed}-{self.said:04d}"
            self.secrets.append(secret)
            body = {"LastName": f"Wire{self.said}", "Department": secret}
            if number in self.ids and self.random.random() < 0.3:
                self.source.rest("DELETE", f"sobjects/Contact/{self.ids.pop(number)}")
            elif number in self.ids:
                self.source.rest("PATCH", f"sobjects/Contact/{self.ids[number]}", json=body)
            else:
                made = body | {"External_Id__c": self.key_of(number)}
                self.ids[number] = self.source.rest("POST", "sobjects/Contact", json=made)["id"]

    def trouble(self) -> None:
        for _ in range(self.random.randrange(1, 5)):
            fault = {
                **self.random.choice(KINDS),
                "org": self.random.choice(["hq", "emea", "emea"]),
                "times": self.random.randrange(1, 6),
                "skip": self.random.randrange(0, 4),
            }
            if fault["kind"] != "job_failed":
                fault["path"] = self.random.choice(PATHS)
            launch.ask(self.estate.folder, "POST", "/faults", fault)

    def clear(self) -> None:
        launch.ask(self.estate.folder, "DELETE", "/faults")

    def run(self) -> None:
        """A process of its own, as far as it remembers nothing but what the ledger keeps."""
        quiet = {"sleep": lambda seconds: None}
        with (
            Session(self.connection("hq"), **quiet) as ours,
            CarryingSession(self.connection("emea", role="courier", carries="Contact"), **quiet) as theirs,
        ):
            source, target = SourceOrg(ours), TargetOrg(theirs, lambda attempt: 0.0)
            now = datetime.now(UTC)
            hands = Hands(
                source=source,
                target=target,
                state=self.state,
                seals=seals_of(lambda: self.cloud, RULES, self.key, now, LIFE),
                check=lambda profile: (),
                digest_key=self.random.randbytes(32),
                overlap=OVERLAP,
                impersonal=False,
            )
            self.state.put(opened(self.state.cursor(), source.now()))
            way = "bulk" if self.random.random() < 0.3 else "collections"
            underway = self.state.cursor().underway
            if underway is not None and underway.job:
                way = "bulk"
            while not carry(hands, RULES, way, LIMIT).last:  # type: ignore[arg-type]  # a text out of two
                pass
            replay(hands, RULES)

    def turn(self) -> None:
        """New keys, until nothing is under older ones."""
        part = sealed_part(RULES)
        courier = self.connection("emea", role="courier", carries="Contact")
        with CarryingSession(courier, sleep=lambda seconds: None) as theirs:
            target, now = TargetOrg(theirs, lambda attempt: 0.0), datetime.now(UTC)
            known = self.state.renewal()
            ring = turned_ring(lambda: self.cloud, RULES.route, self.key, now, known)
            assert ring.sealing is not None
            seals = seals_of(lambda: self.cloud, part, self.key, now, LIFE)
            hands = RenewalHands(target, self.state, seals, self.random.randbytes(32))
            at = begun(known, ring)
            while not at.done:
                at = renew(hands, part, ring.sealing.key_id, at, 2_000)
            used = in_use(ring, target.sealed_values(part))
            assert {*used.live} <= {ring.sealing.key_id}, "no value is left under an older key"

    def there(self) -> dict[str, tuple[str, str | None]]:
        """By external id; fails for one that is there twice."""
        admin = Administrator(self.estate.folder, "emea")
        names = "External_Id__c, LastName, Wire_Sealed__c"
        found = admin.rows(f"SELECT {names} FROM Contact WHERE External_Id__c LIKE 'WIR-{self.seed}-%'")
        admin.close()
        keys = [row["External_Id__c"] for row in found]
        assert len(keys) == len(set(keys))
        assert all(is_sealed(row["Wire_Sealed__c"]) for row in found if row["Wire_Sealed__c"])
        ring = seals_of(lambda: self.cloud, RULES, self.key, datetime.now(UTC), LIFE)
        rows = [[row["LastName"], row["Wire_Sealed__c"]] for row in found]
        return {
            name: (str(values[0]), values[1])
            for name, values in zip(keys, ring.opened(keys, rows), strict=True)
            if values is not None
        }

    def wanted(self) -> dict[str, tuple[str, str | None]]:
        soql = f"SELECT External_Id__c, LastName, Department FROM Contact WHERE External_Id__c LIKE 'WIR-{self.seed}-%'"
        return {row["External_Id__c"]: (row["LastName"], row["Department"]) for row in self.source.rows(soql)}

    def in_clear(self) -> list[str]:
        content = b"".join(
            file.read_bytes() for file in (self.estate.folder / "orgs").rglob("*emea*") if file.is_file()
        )
        return [text for text in self.secrets if text.encode() in content]


@pytest.fixture(scope="module")
def key(cloud_of_the_module: Cloud) -> Iterator[str]:
    client = cloud_of_the_module.client("kms")
    made = client.create_key(Description="of a test")["KeyMetadata"]["KeyId"]
    yield made
    client.schedule_key_deletion(KeyId=made, PendingWindowInDays=7)


@pytest.fixture(scope="module")
def cloud_of_the_module(estate: RunningEstate) -> Cloud:
    from tasks.aws.cloud import AwsConnection
    from tasks.estate.read import read_estate

    document = read_estate((estate.folder / "estate.yaml").read_text())
    return Cloud(AwsConnection(**document.cloud.model_dump()))


@pytest.mark.slow
@pytest.mark.parametrize("seed", chosen(range(100), 6))
def test_the_target_becomes_what_the_source_is_whatever_the_weather(
    estate: RunningEstate, ground: None, cloud_of_the_module: Cloud, key: str, seed: int, tmp_path: Path
) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", lambda: datetime.now(UTC))
    weather = Weather(estate, cloud_of_the_module, ledger, key, seed)
    weather.begin()
    for _ in range(4):
        weather.change()
        weather.trouble()
        with suppress(OrgError, SyncStopped):
            weather.run()
        if weather.random.random() < 0.4:
            with suppress(OrgError, SyncStopped):
                weather.turn()
        weather.clear()
    # Clocks of orgs show whole seconds: what was written in the last one belongs to the next window.
    time.sleep(1.1)
    for _ in range(2):
        weather.run()
    assert weather.there() == weather.wanted()
    assert weather.state.quarantine() == {} and weather.in_clear() == []
    weather.turn()
    assert weather.there() == weather.wanted()
    ledger.close()
