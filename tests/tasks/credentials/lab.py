"""A credential to rotate in the running estate, with real hands and a ledger of its own."""

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tasks.aws.cloud import Cloud
from tasks.credentials.certificates_gateway import CertificateDoor, ask
from tasks.credentials.history import back_note, order_note
from tasks.credentials.model import Order
from tasks.credentials.openings_gateway import OrgOpenings
from tasks.credentials.passwords_gateway import PasswordDoor
from tasks.credentials.places import StagedHands, TurningHands
from tasks.credentials.rotate import Progress, go_on
from tasks.credentials.rotation_gateway import AppDoor, CloudVault, KeyPairDoor
from tasks.credentials.rotation_ledger_gateway import RotationBook
from tasks.credentials.severing import Actors, SeveringHands
from tasks.errors import LoginRefused
from tasks.estate.model import RotatedCredential
from tasks.estate.model_rotation import RotationPolicy
from tasks.estate.read import read_estate
from tasks.ledger.model import EntryKind, Note
from tasks.ledger.store import Ledger
from tests.running import RunningEstate
from tests.tasks.certificates.authority import sign
from tests.tasks.salesforce.scanner import enforcer_session, scanner_session

ORG = "hq"
STAGED, PAIRED, PASSWORD, CERTIFICATE = "lab/staged", "lab/paired", "lab/password", "lab/certificate"
ROUTE = "Compliance_to_HQ_KYC_Sync"
"""Its user is held to certificates; it signs in with what the estate's route has."""
ROUTE_USER = "sync.compliance-hq-kyc@hq.meridian.example"
TWINS = (f"lab.turn.a@{ORG}.meridian.example", f"lab.turn.b@{ORG}.meridian.example")
PLACES: dict[str, tuple[str, dict[str, Any]]] = {
    "client-secret": (STAGED, {"apps": ["Lab_Staged"]}),
    "key-pair": (PAIRED, {"apps": ["Lab_A", "Lab_B"]}),
    "password": (PASSWORD, {"users": TWINS}),
    "client-certificate": (CERTIFICATE, {"apps": ["Compliance_Hq_Kyc_Sync"], "route": ROUTE}),
}
"""Where each kind is stored, and what takes turns."""
SET = "Client_Laboratory"
READER = "AKIALABREADER0000001"
NOW_ONLY = RotationPolicy(
    create_after=timedelta(days=83),
    live_after=timedelta(days=84),
    revoke_after=timedelta(days=84, microseconds=1),
    quiet=timedelta(0),
)
"""Where the overlap is over at once, the estate's time need not move."""


class Bench:
    """A lab credential with its hands, and a ledger of its own."""

    def __init__(self, estate: RunningEstate, cloud: Cloud, folder: Path, kind: str) -> None:
        self.estate, self.cloud = estate, cloud
        self.secret, places = PLACES[kind]
        self.credential = RotatedCredential.model_validate(
            {
                "secret": self.secret,
                "org": ORG,
                "kind": kind,
                **places,
                "consumers": [
                    {"name": "Lab", "principal": f"user/{READER}", "addresses": ["203.0.113.10/32"]}
                ],
            }
        )
        self.ledger = Ledger(f"sqlite:///{folder / 'ledger.db'}", lambda: datetime.now(UTC))
        self.book = RotationBook(self.ledger, self.secret, "test")
        self.stack = ExitStack()
        self.session = self.stack.enter_context(enforcer_session(estate, ORG))
        self.reader = self.stack.enter_context(scanner_session(estate, ORG))
        self.vault = CloudVault(cloud, self.secret)
        self.door = self._door()
        self.days = NOW_ONLY
        self.actors = Actors(users=frozenset({ROUTE_USER} if kind == "client-certificate" else ()))

    def _door(self) -> Any:
        wire = (self.session, self.reader, self.cloud, self.credential)
        match self.credential.kind:
            case "client-secret":
                return AppDoor(*wire)
            case "password":
                return PasswordDoor(*wire, RotationPolicy().revoke_after)
            case "client-certificate":
                declared = read_estate((self.estate.folder / "estate.yaml").read_text())
                route = next(each for each in declared.routes if each.name == ROUTE)
                request = ask(self.cloud, self.vault, self.secret, declared.name, route, 2048)
                return CertificateDoor(*wire, route, sign(self.estate, request))
            case _:
                return KeyPairDoor(*wire)

    @property
    def hands(self) -> Any:
        if self.credential.kind == "client-certificate":
            # Signed anew where the last request has been used.
            self.door = self._door()
        kind = StagedHands if self.credential.kind == "client-secret" else TurningHands
        inner = kind(self.credential, self.vault, self.door, self.days)
        openings = OrgOpenings(self.session, self.reader, self.credential, self.actors, self.door.stay)
        return SeveringHands(ORG, self.vault, inner, openings)

    def run(self, hands: Any = None, book: Any = None) -> Progress:
        return go_on(
            self.secret,
            self.credential.kind,
            hands or self.hands,
            book or self.book,
            self.days,
            lambda seen: False,
        )

    def order(self, order: Order) -> None:
        self._note(order_note(order, datetime.now(UTC)))

    def back(self) -> None:
        rotation = self.book.open_rotation()
        assert rotation is not None
        self._note(back_note(rotation, datetime.now(UTC)))

    def _note(self, body: Any) -> None:
        self.ledger.append(Note(kind=EntryKind.ROTATION, subject=self.secret, actor="test", body=body))

    def current(self) -> dict[str, Any]:
        (kept,) = [each for each in self.vault.versions() if "AWSCURRENT" in each.stages]
        return self.vault.read(kept.id) or {}

    def admitted(self, value: dict[str, Any]) -> bool:
        try:
            self.door.sign_in(value)
        except LoginRefused:
            return False
        return True

    def close(self) -> None:
        self.stack.close()
        self.ledger.close()

    def labels(self) -> list[str]:
        return sorted(label for each in self.vault.versions() for label in each.stages)
