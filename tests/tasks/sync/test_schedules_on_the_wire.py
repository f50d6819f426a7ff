"""
Seeded schedules of trouble over the network: a route carried from hq to emea of the embedded estate while processes are killed
(SIGKILL), answers are lost, sessions end, rows are locked, orgs are busy, records change and go; and data keys that turn in the
same weather.
"""

import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from deployments.bench.rotation_setup import Administrator
from deployments.sandbox import launch
from tasks.aws.cloud import AwsConnection, Cloud
from tasks.encryption.sealed import is_sealed
from tasks.estate.read import read_estate
from tasks.ledger.model import EntryKind
from tasks.ledger.store import Ledger
from tasks.salesforce.connection import Connection
from tasks.sync.cursor import exact
from tasks.sync.keys_gateway import seals_of
from tasks.sync.model import Batch, Counts, Cursor
from tasks.sync.state_ledger_gateway import RouteState
from tests.running import RunningEstate
from tests.slices import chosen
from tests.tasks.sync.at_work import LIFE, OVERLAP, PATIENCE, REFUSED, RULES, Job, Nursery

PEOPLE, ROUNDS = 20, 4
ENDS = Counter[int]()
"""How runs of this module ended: came to their end, stopped with an error of ours, killed."""
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
    """One seed: what changes in hq, what fails where, and how long each run lives."""

    def __init__(
        self, estate: RunningEstate, cloud: AwsConnection, nursery: Nursery, ledger: Path, key: str, seed: int
    ) -> None:
        self.nursery, self.estate, self.cloud, self.key, self.seed = nursery, estate, cloud, key, seed
        self.random = Random(seed)
        self.url = f"sqlite:///{ledger}"
        self.ledger = Ledger(self.url, lambda: datetime.now(UTC))
        self.state = RouteState(self.ledger, RULES.route, "test")
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
        # The weather ends sessions, this one too.
        self.source = Administrator(self.estate.folder, "hq")
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

    def job(self, work: str) -> Job:
        target = self.connection("emea", role="courier", carries="Contact")
        seed = f"{self.random.random()}"
        return Job(work, self.connection("hq"), target, self.cloud, self.url, self.key, seed)

    def run(self, work: str = "carry") -> None:
        """Four of ten die at one of their steps, two are killed from outside whatever they do, the rest live."""
        job, fate = self.job(work), self.random.random()
        doom = self.random.randrange(1, 45) if fate < 0.4 else 0
        seconds = self.random.uniform(0.02, 0.6) if fate >= 0.8 else PATIENCE
        ENDS[self.nursery.outcome(replace(job, doom=doom), seconds)] += 1

    def calm(self, work: str = "carry") -> None:
        self.clear()
        assert self.nursery.outcome(self.job(work)) == 0

    def sent(self) -> int:
        """Records that all batches so far have sent."""
        notes = self.ledger.entries(EntryKind.SYNC, subject=RULES.route)
        return sum(note.body["counts"]["sent"] for note in notes if note.body["step"] == "batch")  # type: ignore[call-overload,index,misc]  # as batches are noted

    def there(self) -> dict[str, tuple[str, str | None]]:
        """By external id; fails for one that is there twice."""
        admin = Administrator(self.estate.folder, "emea")
        names = "External_Id__c, LastName, Wire_Sealed__c"
        found = admin.rows(f"SELECT {names} FROM Contact WHERE External_Id__c LIKE 'WIR-{self.seed}-%'")
        admin.close()
        keys = [row["External_Id__c"] for row in found]
        assert len(keys) == len(set(keys))
        assert all(is_sealed(row["Wire_Sealed__c"]) for row in found if row["Wire_Sealed__c"])
        cloud = Cloud(self.cloud)
        ring = seals_of(lambda: cloud, RULES, self.key, datetime.now(UTC), LIFE)
        rows = [[row["LastName"], row["Wire_Sealed__c"]] for row in found]
        return {
            name: (str(values[0]), values[1])
            for name, values in zip(keys, ring.opened(keys, rows), strict=True)
            if values is not None
        }

    def wanted(self) -> dict[str, tuple[str, str | None]]:
        # The last trouble may have ended the session that changed the source.
        self.source = Administrator(self.estate.folder, "hq")
        soql = f"SELECT External_Id__c, LastName, Department FROM Contact WHERE External_Id__c LIKE 'WIR-{self.seed}-%'"
        return {row["External_Id__c"]: (row["LastName"], row["Department"]) for row in self.source.rows(soql)}

    def in_clear(self) -> list[str]:
        content = b"".join(
            file.read_bytes() for file in (self.estate.folder / "orgs").rglob("*emea*") if file.is_file()
        )
        return [text for text in self.secrets if text.encode() in content]


@pytest.fixture(scope="module")
def aws(estate: RunningEstate) -> AwsConnection:
    document = read_estate((estate.folder / "estate.yaml").read_text())
    return AwsConnection(**document.cloud.model_dump())


@pytest.fixture(scope="module")
def key(aws: AwsConnection) -> Iterator[str]:
    client = Cloud(aws).client("kms")
    made = client.create_key(Description="of a test")["KeyMetadata"]["KeyId"]
    yield made
    client.schedule_key_deletion(KeyId=made, PendingWindowInDays=7)


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery() as nursery:
        yield nursery


@pytest.mark.slow
@pytest.mark.parametrize("seed", chosen(range(150), 8))
def test_the_target_becomes_what_the_source_is_whatever_the_weather(
    estate: RunningEstate,
    ground: None,
    aws: AwsConnection,
    nursery: Nursery,
    key: str,
    seed: int,
    tmp_path: Path,
) -> None:
    weather = Weather(estate, aws, nursery, tmp_path / "ledger.db", key, seed)
    weather.begin()
    for _ in range(ROUNDS):
        weather.change()
        weather.trouble()
        weather.run()
        if weather.random.random() < 0.15:
            weather.run("turn")
        weather.clear()
    # Clocks of orgs show whole seconds: what was written in the last one belongs to the next window.
    time.sleep(1.1)
    for _ in range(2):
        weather.calm()
    assert weather.there() == weather.wanted(), (
        "nothing is lost, nothing is there twice, nothing stays that is gone"
    )
    assert weather.state.quarantine() == {} and weather.in_clear() == []
    sent = weather.sent()
    assert sent > 0
    weather.calm()
    assert weather.sent() == sent, "nothing goes twice"
    if seed % 4 == 0:
        weather.calm("turn")
        assert weather.there() == weather.wanted()
    weather.ledger.close()


@pytest.mark.slow
def test_processes_really_died_in_that_weather() -> None:
    """Whatever slice has run before: about four of ten runs are killed. Says how many they were."""
    print(
        f"runs: {ENDS[0]} came to their end, {ENDS[REFUSED]} stopped with an error, {ENDS[-signal.SIGKILL]} were killed"
    )
    runs = ENDS.total()
    assert runs and 0.2 < ENDS[-signal.SIGKILL] / runs < 0.7
    assert ENDS[REFUSED]
