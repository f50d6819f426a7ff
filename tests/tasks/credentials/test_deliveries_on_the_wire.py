"""Copies in orgs over the wire: a principal's client secret, and a key pair that an org makes; the org signs in with what it holds."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests

from deployments.bench.rotation_setup import Administrator
from deployments.sandbox import launch
from tasks.aws.cloud import Cloud
from tasks.aws.secrets import write_secret
from tasks.credentials.deliveries import Deliver
from tasks.credentials.delivering import SIGNS
from tasks.credentials.history import order_note
from tasks.credentials.model import Order
from tasks.credentials.rotate import Progress, go_on
from tasks.credentials.rotation import Act, End, Wait
from tasks.credentials.rotation_gateway import CloudVault, certificate_around, new_key
from tasks.credentials.rotation_ledger_gateway import RotationBook
from tasks.credentials.steps import hands_on
from tasks.errors import OrgUnavailable
from tasks.estate.model import RotatedCredential
from tasks.estate.model_rotation import RotationPolicy
from tasks.ledger.model import EntryKind, Note
from tasks.ledger.store import Ledger
from tasks.salesforce.packages import META, deploy, document, retrieve
from tests.running import RunningEstate
from tests.tasks.credentials.lab import ORG, SET
from tests.tasks.salesforce.scanner import enforcer_session, scanner_session

SOURCE = "emea"
SECRET = "lab/held"
FIRST = "Lab_First"


class HeldBench:
    """A credential that emea holds and signs in to hq with; with real hands and a ledger of its own."""

    def __init__(
        self, estate: RunningEstate, cloud: Cloud, folder: Path, kind: str, delivery: dict[str, Any]
    ) -> None:
        self.estate = estate
        self.name = str(delivery["named_credential"])
        self.credential = RotatedCredential.model_validate(
            {
                "secret": SECRET,
                "org": ORG,
                "kind": kind,
                "apps": ["Lab_Held"] if kind == "client-secret" else ["Lab_Held_A", "Lab_Held_B"],
                "deliveries": [{"org": SOURCE, "addresses": ["203.0.113.10/32"], **delivery}],
            }
        )
        self.ledger = Ledger(f"sqlite:///{folder / 'ledger.db'}", lambda: datetime.now(UTC))
        self.book = RotationBook(self.ledger, SECRET, "test")
        self.vault = CloudVault(cloud, SECRET)
        self.stack = ExitStack()
        opened = {org: self.stack.enter_context(enforcer_session(estate, org)) for org in (ORG, SOURCE)}
        self.source = opened[SOURCE]
        reader = self.stack.enter_context(scanner_session(estate, ORG))
        self.hands = hands_on(
            self.credential, opened[ORG], reader, cloud, RotationPolicy(), opened.__getitem__
        )

    def order(self, order: Order) -> None:
        body = order_note(order, datetime.now(UTC))
        self.ledger.append(Note(kind=EntryKind.ROTATION, subject=SECRET, actor="test", body=body))

    def run(self, hands: Any = None) -> Progress:
        return go_on(
            SECRET,
            self.credential.kind,
            hands or self.hands,
            self.book,
            RotationPolicy(),
            lambda seen: False,
        )

    def asked(self) -> dict[str, Any]:
        found: dict[str, Any] = launch.ask(
            self.estate.folder, "GET", f"/call-out?org={SOURCE}&name={quote(self.name)}"
        )
        return found

    def let_in(self, asked: dict[str, Any] | None = None) -> bool:
        """With what the org holds now, or held when it was asked."""
        wanted = asked or self.asked()
        environment = launch.client_environment(self.estate.folder)
        answer = requests.post(
            wanted["url"],
            data=wanted["form"],
            proxies={"https": environment["proxy"]},
            verify=environment["ca_bundle"],
            timeout=30,
        )
        return answer.status_code == 200

    def close(self) -> None:
        self.stack.close()
        self.ledger.close()


@pytest.fixture(scope="module")
def set_up(estate: RunningEstate) -> Iterator[tuple[Administrator, Administrator]]:
    """Administrators of the org that is signed in to, and of the one that calls out."""
    launch.save_snapshot(estate.folder, "before-deliveries")
    target, source = Administrator(estate.folder, ORG), Administrator(estate.folder, SOURCE)
    target.consent()
    yield target, source
    for each in (target, source):
        each.close()
    launch.restore_snapshot(estate.folder, "before-deliveries")
    launch.delete_snapshot(estate.folder, "before-deliveries")


@pytest.fixture
def principal(
    estate: RunningEstate, cloud: Cloud, set_up: tuple[Administrator, Administrator], tmp_path: Path
) -> Iterator[HeldBench]:
    target, source = set_up
    target.make_app("Lab_Held", run_as=target.username, held_by=SET)
    pair = target.pair("Lab_Held")
    parameters = {
        "AuthProtocolVariant": "ClientCredentialsClientSecret",
        "AuthProviderUrl": f"{target.base}/services/oauth2/token",
    }
    external = {
        "developerName": "Lab_Held_Auth",
        "masterLabel": "Lab Held Auth",
        "authenticationProtocol": "Oauth",
        "principals": [{"principalName": "Main", "principalType": "NamedPrincipal", "sequenceNumber": 1}],
        "parameters": [
            {"parameterName": kind, "parameterType": kind, "parameterValue": value}
            for kind, value in parameters.items()
        ],
    }
    source.rest("POST", "named-credentials/external-credentials", json=external)
    named = {
        "developerName": "Lab_Held",
        "masterLabel": "Lab Held",
        "type": "SecuredEndpoint",
        "calloutUrl": target.base,
        "externalCredentials": [{"developerName": "Lab_Held_Auth"}],
    }
    source.rest("POST", "named-credentials/named-credential-setup", json=named)
    write_secret(cloud, SECRET, {"consumerKey": pair["key"], "consumerSecret": pair["secret"]})
    delivery = {
        "named_credential": "Lab_Held",
        "external_credential": "Lab_Held_Auth",
        "principal": "Main",
    }
    bench = HeldBench(estate, cloud, tmp_path, "client-secret", delivery)
    bench.hands._rounds.bring(bench.credential.deliveries[0], bench.vault.read(_current(bench)))  # type: ignore[attr-defined]  # hands of this kind go round
    yield bench
    cloud.client("secretsmanager").delete_secret(SecretId=SECRET, ForceDeleteWithoutRecovery=True)
    bench.close()


@pytest.fixture
def signing(
    estate: RunningEstate, cloud: Cloud, set_up: tuple[Administrator, Administrator], tmp_path: Path
) -> Iterator[HeldBench]:
    # Another emergency has ended what the app's user had open.
    target, source = Administrator(estate.folder, ORG), set_up[1]
    with enforcer_session(estate, SOURCE) as session:
        said = {"caSigned": False, "keySize": 2048, "masterLabel": FIRST, "privateKeyExportable": False}
        path = f"certs/{FIRST}.crt"
        files = {path: b"\n", path + META: document("Certificate", said)}
        assert not deploy(session, files, {"Certificate": [FIRST]}, {})["Certificate", FIRST].code
        public = retrieve(session, {"Certificate": [FIRST]})[path].decode()
    key = target.make_app("Lab_Held_A", certificate=public, held_by=SET)
    target.make_app("Lab_Held_B", certificate=certificate_around(new_key(), datetime.now(UTC)), held_by=SET)
    source.write(
        "createMetadata",
        "NamedCredential",
        "Lab_Signing",
        label="Lab Signing",
        namedCredentialType="Legacy",
        endpoint=target.base,
        principalType="NamedUser",
        protocol="JwtExchange",
        jwtIssuer=key,
        jwtTextSubject=target.username,
        jwtSigningCertificate=FIRST,
        jwtAudience=target.base,
        authTokenEndpointUrl=f"{target.base}/services/oauth2/token",
    )
    value = {"consumerKey": key, "username": target.username, SIGNS: FIRST, "certificate": public}
    write_secret(cloud, SECRET, value)
    bench = HeldBench(estate, cloud, tmp_path, "key-pair", {"named_credential": "Lab_Signing"})
    yield bench
    target.close()
    cloud.client("secretsmanager").delete_secret(SecretId=SECRET, ForceDeleteWithoutRecovery=True)
    bench.close()


def _current(bench: HeldBench) -> str:
    (kept,) = [each.id for each in bench.vault.versions() if "AWSCURRENT" in each.stages]
    return kept


class Cut:
    """Hands whose answer to the first delivery is lost, after or before it was done."""

    def __init__(self, hands: Any, *, after: bool) -> None:
        self._hands, self._after, self._left = hands, after, 1

    def __getattr__(self, name: str) -> Any:
        return getattr(self._hands, name)

    def carry_out(self, act: Act) -> None:
        mine = isinstance(act, Deliver) and self._left
        if mine and not self._after:
            self._left = 0
            raise OrgUnavailable(SOURCE, "the connection failed", "Try again.")
        self._hands.carry_out(act)
        if mine:
            self._left = 0
            raise OrgUnavailable(SOURCE, "the connection failed", "Try again.")


@pytest.mark.parametrize("kind", ["principal", pytest.param("signing", marks=pytest.mark.slow)])
def test_an_org_signs_in_all_the_way(kind: str, request: pytest.FixtureRequest) -> None:
    bench: HeldBench = request.getfixturevalue(kind)
    assert bench.let_in(), "the fixture is as a person sets it up"
    assert isinstance(bench.run().step, Wait), "it is young enough"
    before = bench.asked()
    bench.order(Order.REQUESTED)
    cut = bench.run(Cut(bench.hands, after=kind == "principal"))
    assert cut.trouble and bench.let_in(), "whatever it holds now, it signs in"
    progress = bench.run()
    assert isinstance(progress.step, Wait) and progress.step.why == "both are valid", progress
    assert bench.asked()["form"] != before["form"]
    assert bench.let_in() and bench.let_in(before), "both work"
    assert progress.proof.unheard == (f"{SOURCE}/{bench.name}",)
    if kind == "signing":
        # Here the app tells which of the two it was.
        assert bench.run().proof.unheard == ()
    bench.order(Order.EMERGENCY)
    assert isinstance(bench.run().step, End)
    assert bench.let_in() and not bench.let_in(before)
    if kind == "signing":
        assert bench.asked()["url"] and _pairs(bench) == {FIRST, f"Bulkhead_{_current(bench)[:16]}"}


def _pairs(bench: HeldBench) -> set[str]:
    rows = bench.source.query("SELECT DeveloperName FROM Certificate", tooling=True)
    names = {row["DeveloperName"] for row in rows}
    return {name for name in names if name == FIRST or name.startswith("Bulkhead_")}
