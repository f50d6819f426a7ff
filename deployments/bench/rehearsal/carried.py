"""
A route that Bulkhead comes to carry. Before hardening some middleware copies its records with social security numbers in clear, as a
user whose rights never rest; after it the numbers are sealed on the way, and the rights last as long as a run.
"""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml
from pydantic import SecretStr

from deployments.bench.rotation_setup import Administrator
from deployments.bench.sync_setup import LABORATORY, Wish, let_read, let_write, make_reader, prepare
from deployments.register import register_files
from deployments.sandbox import launch
from flows.sync import sync_route
from tasks.estate.policy import Waiver
from tasks.rehearsal.model import Loot

ROUTE, SOURCE, TARGET, SOBJECT = "EMEA_to_Compliance_Account_Sync", "emea", "compliance", "Account"
COLUMN, NUMBER = "SSN_Copy__c", "SSN__c"
FIELDS = ("Name", "Phone", "Industry", "BillingCountry", "External_Id__c", COLUMN)
READER = f"archive.reader@{TARGET}.meridian.example"
COPIED = 4_000
"""Records that the middleware has copied: more than an attack may take and count as stopped."""
_AT_ONCE = 200


class Carried:
    """`folder` is the state of a running estate, `into` a folder for the documents that declare the route."""

    def __init__(self, folder: Path, into: Path) -> None:
        self._folder = folder
        self._into = into
        self._declared = False
        self._wish = Wish(
            route=ROUTE,
            source=SOURCE,
            target=TARGET,
            sobject=SOBJECT,
            fields=FIELDS,
            sync_user=f"sync.emea-compliance-account@{TARGET}.meridian.example",
            sealed={COLUMN: NUMBER},
        )

    def declare(self) -> None:
        """Registers the route as `lay_out` wrote it down. Raises ConfigurationError."""
        self._declared = True
        register_files(self._into / "estate.yaml", self._into / "policy.yaml")

    def declare_anew(self, apps: Mapping[str, str], waivers: Sequence[Waiver]) -> None:
        """
        The same with what people have decided since: by route the app by which it signs in now, whose password nobody rotates any
        more, and findings that somebody answers for. Raises ConfigurationError.
        """
        estate = yaml.safe_load((self._into / "estate.yaml").read_text())
        policy = yaml.safe_load((self._into / "policy.yaml").read_text())
        moved = [route for route in estate["routes"] if route["name"] in apps]
        for route in moved:
            route["app"] = apps[route["name"]]
        former = {route["credential"] for route in moved}
        estate["credentials"] = [
            each
            for each in estate["credentials"]
            if each["kind"] != "password" or each["secret"] not in former
        ]
        policy["waivers"] = [*policy["waivers"], *(each.model_dump(mode="json") for each in waivers)]
        for name, document in (("estate.yaml", estate), ("policy.yaml", policy)):
            (self._into / name).write_text(yaml.safe_dump(document, sort_keys=False))
        self.declare()

    def lay_out(self) -> Loot:
        """
        Column, secrets and documents of the route, and a machine of the target that reads the copies; gives what an intruder on
        that machine holds. The sync user keeps its rights: only a plan makes it rest. Raises RuntimeError and HTTP errors.
        """
        self._into.mkdir(parents=True, exist_ok=True)
        _, policy = prepare(self._folder, self._wish, self._into, rests=False)
        document = yaml.safe_load(policy.read_text())
        document["jit"]["managed_sets"] = {TARGET: [ROUTE]}
        policy.write_text(yaml.safe_dump(document, sort_keys=False))
        administrator = Administrator(self._folder, TARGET)
        try:
            make_reader(administrator, READER, SOBJECT, ("Name", COLUMN), "Archive_Reader")
            # A plan says nothing of a column that the scanner does not see.
            scanner = f"bulkhead.scanner@{TARGET}.meridian.example"
            let_read(administrator, scanner, SOBJECT, (COLUMN,), "Scanner_Columns")
            let_write(administrator, root_of(TARGET), SOBJECT, FIELDS, "Copying_Middleware")
        finally:
            administrator.close()
        self.copy_in_clear()
        return self._loot()

    def copy_in_clear(self) -> None:
        """What the middleware does. Raises RuntimeError where a record is refused, and HTTP errors."""
        # The laboratory's user sees no sensitive field.
        source = Administrator(self._folder, SOURCE, root_of(SOURCE))
        target = Administrator(self._folder, TARGET, root_of(TARGET))
        try:
            records = _records(source)
            for start in range(0, len(records), _AT_ONCE):
                path = f"composite/sobjects/{SOBJECT}/External_Id__c"
                part = {"allOrNone": True, "records": records[start : start + _AT_ONCE]}
                answers = target.rest("PATCH", path, json=part)
                if refused := next((each for each in answers if not each["success"]), None):
                    raise RuntimeError(f"{TARGET} takes no copy: {refused['errors'][0]['statusCode']}")
        finally:
            source.close()
            target.close()

    def carry(self) -> int:
        """What Bulkhead does; records that were verified. Raises as `sync-route` does."""
        lineage = sync_route(route=ROUTE, requester="ada@meridian.example", reason="breach rehearsal")
        return int(lineage.counts.verified)

    def forget(self) -> None:
        """Registers what the estate itself declares, where the route was declared. Raises ConfigurationError."""
        if self._declared:
            register_files(self._folder / "estate.yaml")
            self._declared = False

    def _loot(self) -> Loot:
        apps = json.loads((self._folder / "clients.json").read_text())["apps"]
        app = next(each for each in apps if each["org"] == TARGET and each["name"] == LABORATORY)
        orgs = launch.client_environment(self._folder)["orgs"]
        keys = self._folder / "keys"
        return Loot(
            org=TARGET,
            instance_url=next(each["instance_url"] for each in orgs if each["alias"] == TARGET),
            username=READER,
            consumer_key=SecretStr(app["consumer_key"]),
            private_key=SecretStr(Path(app["private_key_file"]).read_text()),
            certificate_files=(str(keys / f"client-{TARGET}.pem"), str(keys / f"client-{TARGET}.key")),
            home="office",
        )


def root_of(org: str) -> str:
    return f"break.glass.1@{org}.meridian.example"


def _records(source: Administrator) -> list[dict[str, object]]:
    names = [*(name for name in FIELDS if name != COLUMN), NUMBER]
    answer = source.rest(
        "GET", "query", params={"q": f"SELECT {', '.join(names)} FROM {SOBJECT} LIMIT {COPIED}"}
    )
    rows = list(answer["records"])
    while not answer["done"]:
        answer = source.rest("GET", re.sub(r"^/services/data/v[\d.]+/", "", answer["nextRecordsUrl"]))
        rows += answer["records"]
    return [
        {
            "attributes": {"type": SOBJECT},
            **{name: row[name] for name in names if name != NUMBER},
            COLUMN: row[NUMBER],
        }
        for row in rows
    ]
