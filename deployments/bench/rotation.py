"""
`bulkhead bench rotation`: two simulated years of the embedded estate, with the credential of every route.

What an org holds is brought to it, and the org signs in with what it holds, once a day or once a week. What middleware reads has consumers that read the secret when their cache is over and once more when they are refused. Two also have one that
does not cooperate: it keeps what it read until it is restarted, long after day 90. For one of them the day wins, for the other
a waiver lets the old credential live. What a person sets up beforehand: for each JWT credential two External Client Apps of the
same user, one for each classic connected app with a secret, for one route two users who take turns with passwords, and for one a
client certificate in a secret of its own, which an authority signs within the same run. The user of that route stays held to
certificates; the others come without.
"""

import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from deployments.bench.rotation_consumers import Beside, Doors, Program
from deployments.bench.rotation_held import asked, prepare, private_key
from deployments.bench.rotation_setup import Administrator
from deployments.bench.sessions import Sessions
from deployments.sandbox import launch
from deployments.sandbox.seed.names import API_PROFILE
from tasks.alerts.ledger_gateway import AlertBook
from tasks.aws.cloud import AwsConnection, Cloud
from tasks.aws.secrets import read_secret, write_secret
from tasks.credentials.certificates_gateway import CertificateDoor, ask
from tasks.credentials.deliveries import Deliver, days_for
from tasks.credentials.delivering import SIGNS
from tasks.credentials.passwords import new_password
from tasks.credentials.rotate import go_on
from tasks.credentials.rotation import End, Stop, idle
from tasks.credentials.rotation_gateway import CloudVault, certificate_around, new_key
from tasks.credentials.rotation_ledger_gateway import RotationBook
from tasks.credentials.steps import hands_on, route_of
from tasks.credentials.telling import alerts, over, waived
from tasks.estate.model import Estate, RotatedCredential, Route
from tasks.estate.model_rotation import RotationPolicy
from tasks.estate.policy import Waiver
from tasks.estate.read import read_estate
from tasks.ledger.store import Ledger

MIDDLEWARE = "203.0.113.10"
RESTARTED = timedelta(days=96)
"""The age of what it holds at which the one that does not cooperate is restarted, and so reads again."""
PASSWORD = 2
"""Which of the routes whose credentials are stored signs in with a password."""
CERTIFICATE = "bench/client-certificate"
SIGNED_FOR = timedelta(days=300)
"""Longer than a secret lives, so that its days are those of the others."""
_DAY = timedelta(days=1)
_LONGEST = timedelta(days=5)


@dataclass
class Figures:
    """
    Failures by kind of consumer: `failed` of those that cooperate, `late` of those that do not. `outlived` counts old
    credentials that worked after day 90, `unexplained` those of them without alert and waiver.
    """

    days: int
    routes: int
    credentials: dict[str, str]
    not_rotated: dict[str, str] = field(default_factory=dict)
    """Why, by route."""
    delivered: int = 0
    """Copies that were brought to orgs."""
    calls: int = 0
    failed: int = 0
    late: int = 0
    rotations: int = 0
    checked: int = 0
    outlived: int = 0
    unexplained: int = 0
    late_alerts: int = 0
    stopped: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def of_routes(self) -> list[str]:
        """One for each route. The certificate of its own that the bench gives to one of them comes on top."""
        return [secret for secret in self.credentials if secret != CERTIFICATE]

    @property
    def good(self) -> bool:
        whole = len(self.of_routes) + len(self.not_rotated) == self.routes
        well = not (self.failed or self.unexplained or self.stopped)
        return whole and well and self.rotations > 0 and self.late > 0

    def document(self) -> dict[str, Any]:
        return {**asdict(self), "good": self.good}


@dataclass
class Old:
    """Something that was current once; `made` is when that version was made."""

    secret: str
    value: dict[str, Any]
    made: datetime
    explained: bool = False
    counted: bool = False


def measure_rotation(
    days: int = 730, users: int = 200, seed: int = 0, tell: Callable[[str], None] = lambda text: None
) -> Figures:
    """Raises EstateNotStarted, and whatever the rotation itself raises: the bench has no faults."""
    folder = Path(tempfile.mkdtemp(prefix="bulkhead-bench-"))
    began = perf_counter()
    try:
        launch.start(folder / "estate", seed=seed, users=users, plants="none")
        with _Years(folder, tell) as years:
            figures = years.run(days)
        figures.seconds = perf_counter() - began
        return figures
    finally:
        launch.stop(folder / "estate")
        shutil.rmtree(folder, ignore_errors=True)


class _Years:
    def __init__(self, folder: Path, tell: Callable[[str], None]) -> None:
        self._folder = folder / "estate"
        self._tell = tell
        self._stack = ExitStack()
        self._estate: Estate = read_estate((self._folder / "estate.yaml").read_text())
        self._cloud = Cloud(AwsConnection(**self._estate.cloud.model_dump()))
        self._sessions = Sessions(self._estate, self._cloud)
        self._environment = launch.client_environment(self._folder)
        self._ledger = Ledger(f"sqlite:///{folder / 'ledger.db'}", lambda: datetime.now(UTC))
        self._alerts = AlertBook(self._ledger)
        self._doors = Doors(
            self._environment["proxy"], self._environment["ca_bundle"], self._cloud, self._estate.cloud
        )
        self._old: list[Old] = []
        self._credentials: list[RotatedCredential] = []
        self._programs: list[Program] = []
        self._days: dict[str, RotationPolicy] = {}
        self._waivers: tuple[Waiver, ...] = ()
        self._told = -1
        self._due: dict[str, datetime] = {}
        self._not_rotated: dict[str, str] = {}

    def __enter__(self) -> "_Years":
        return self

    def __exit__(self, *exc: object) -> None:
        self._doors.close()
        self._ledger.close()

    # -- what a person sets up

    def _set_up(self) -> None:
        now = self._now()
        stored = [each for each in self._estate.routes if each.credential.startswith("salesforce/")]
        for number, route in enumerate(stored):
            with self._administrator(route.target) as administrator:
                administrator.consent()
                value = read_secret(self._cloud, route.credential)
                if "consumerSecret" not in value:
                    administrator.without_certificates(route.app)
                if number == PASSWORD:
                    kind, apps = "password", []
                    self._make_twins(administrator, route)
                elif "consumerSecret" in value:
                    kind, apps = "client-secret", [route.app]
                    # It counts from now on, as all others do.
                    write_secret(self._cloud, route.credential, {**value, "instanceUrl": administrator.base})
                    self._give_certificate(number, route, administrator.base)
                else:
                    kind, apps = "key-pair", [f"{route.app}_A", f"{route.app}_B"]
                    key = new_key()
                    held = administrator.make_app(
                        apps[0], certificate=certificate_around(key, now), held_by=route.app
                    )
                    administrator.make_app(
                        apps[1], certificate=certificate_around(new_key(), now), held_by=route.app
                    )
                    own = {"instanceUrl": administrator.base, "username": route.sync_user}
                    write_secret(
                        self._cloud, route.credential, {**own, "consumerKey": held, "privateKey": key}
                    )
                users = _twins(route) if kind == "password" else ()
                self._register(number, route.credential, route.target, kind, apps, administrator.base, users)
        for route in (each for each in self._estate.routes if each not in stored):
            found = prepare(route, self._folder, self._sessions, self._cloud, self._administrator)
            if found.credential is None:
                self._not_rotated[route.name] = found.why
                continue
            url = self._estate.org(route.target).my_domain
            place = route.source, route.credential
            name = found.credential.deliveries[0].name
            self._programs.append(
                Program(name, "", found.credential.secret, url, found.pause, True, calls_out=place)
            )
            self._credentials.append(found.credential)
        # One laggard fails when the day comes, the other is waived.
        pairs = [each for each in self._credentials if each.kind == "key-pair" and each.consumers]
        self._laggard(pairs[0], RotationPolicy(), 8)
        self._laggard(pairs[1], RotationPolicy(at_the_end="wait"), 9)
        self._waivers = (
            Waiver(
                control="ZT-10",
                org=pairs[1].org,
                resource=f"credential:secret:{pairs[1].secret}",
                reason="a batch job reads it at its monthly restart",
                owner="ada@meridian.example",
                expires=date(9000, 1, 1),
            ),
        )

    def _give_certificate(self, number: int, route: Route, url: str) -> None:
        """The caller of this route gets one of its own, listed beside the one that all share."""
        self._doors.beside = Beside(route.credential, CERTIFICATE)
        write_secret(self._cloud, CERTIFICATE, {"instanceUrl": url})
        credential = _credential(
            CERTIFICATE,
            route.target,
            "client-certificate",
            [route.app],
            [Program("none", "none", CERTIFICATE, url, _DAY, True)],
            route=route.name,
        )
        with self._sessions.enforcer(route.target) as session, self._sessions.scanner(route.target) as reader:
            door = CertificateDoor(session, reader, self._cloud, credential, route, self._signed(route))
            door.accepted()
            first = door.make({"instanceUrl": url})
            door.give(first)
        write_secret(self._cloud, CERTIFICATE, first)
        self._register(
            10 + number, CERTIFICATE, route.target, "client-certificate", [route.app], url, route=route.name
        )

    def _signed(self, route: Route) -> str:
        """The chain for the next request, good by real time, which TLS goes by, and by the estate's."""
        vault = CloudVault(self._cloud, CERTIFICATE)
        request = ask(self._cloud, vault, CERTIFICATE, self._estate.name, route, 2048)
        days = (self._now() - datetime.now(UTC) + SIGNED_FOR) / _DAY
        answer = launch.ask(self._folder, "POST", "/authority/sign", {"request": request, "days": days})
        return str(answer["chain"])

    def _make_twins(self, administrator: Administrator, route: Route) -> None:
        """Two users in place of the one, with its set and a profile that comes from the middleware's addresses only."""
        password = new_password(12, (), secrets.choice)
        for number, name in enumerate(_twins(route)):
            given = password if number == 0 else new_password(12, (), secrets.choice)
            administrator.make_twin(name, API_PROFILE, (route.app,), given)
        value = {
            "instanceUrl": administrator.base,
            "username": _twins(route)[0],
            "password": password,
        }
        write_secret(self._cloud, route.credential, value)

    def _register(
        self,
        number: int,
        secret: str,
        org: str,
        kind: str,
        apps: list[str],
        url: str,
        users: tuple[str, ...] = (),
        route: str | None = None,
    ) -> None:
        for which, hours in (("quick", 1), ("slow", 23)):
            key = f"AKIABENCH{which.upper():0>5}{number:06d}"
            self._programs.append(Program(f"{which} feed", key, secret, url, timedelta(hours=hours), True))
        self._credentials.append(
            _credential(secret, org, kind, apps, self._programs, users, route, self._doors.beside)
        )

    def _laggard(self, credential: RotatedCredential, days: RotationPolicy, number: int) -> None:
        key = f"AKIABENCHLATER{number:06d}"
        url = next(each.url for each in self._programs if each.secret == credential.secret)
        self._programs.append(Program("batch job", key, credential.secret, url, RESTARTED, False))
        place = self._credentials.index(credential)
        self._credentials[place] = _credential(
            credential.secret, credential.org, credential.kind, list(credential.apps), self._programs
        )
        self._days[credential.secret] = days

    # -- the years

    def run(self, days: int) -> Figures:
        self._set_up()
        figures = Figures(
            days=days,
            routes=len(self._estate.routes),
            credentials={each.secret: each.kind for each in self._credentials},
            not_rotated=self._not_rotated,
        )
        end = self._now() + timedelta(days=days)
        while (now := self._now()) < end:
            for each in self._credentials:
                if self._due.get(each.secret, now) <= now:
                    self._due[each.secret] = self._rotate(each, now, figures)
            due = min(self._due.values())
            self._work(now, figures)
            self._look_for_survivors(now, figures)
            # Every day while something is under way, and when something is due; days on which nothing can happen are passed over.
            launch.advance_clock(self._folder, min(max(due - now, _DAY / 2), _LONGEST))
            self._say(now, end, figures)
        return figures

    def _rotate(self, credential: RotatedCredential, now: datetime, figures: Figures) -> datetime:
        """As the hourly flow does; when there is something to do again."""
        days = days_for(credential, self._days.get(credential.secret, RotationPolicy()))
        vault, book = (
            CloudVault(self._cloud, credential.secret),
            RotationBook(self._ledger, credential.secret, "bench"),
        )
        history = book.history()
        if wait := idle(vault.unopened(), "", history.open, history.ordered, days, now):
            return wait.until
        with ExitStack() as stack:
            stack.enter_context(book.turn())
            opened = {
                org: stack.enter_context(self._sessions.enforcer(org))
                for org in {credential.org, *(each.org for each in credential.deliveries)}
            }
            reader = stack.enter_context(self._sessions.scanner(credential.org))
            session = opened[credential.org]
            route = route_of(self._estate, credential)
            signed = self._signed(route) if route is not None and history.open is None else None
            hands = hands_on(
                credential, session, reader, self._cloud, days, opened.__getitem__, route, signed
            )
            progress = go_on(
                credential.secret,
                credential.kind,
                hands,
                book,
                days,
                lambda seen: waived(credential, self._waivers, seen.now) is not None,
            )
        figures.delivered += sum(isinstance(act, Deliver) for act in progress.acts)
        waiver = waived(credential, self._waivers, progress.seen.now)
        found = alerts(credential, progress, days, waiver)
        known = [each.alert.key for each in self._alerts.all() if each.resolved is None]
        for alert in found:
            if self._alerts.open(alert):
                figures.late_alerts += alert.key.startswith("rotation-late:")
                self._tell(f"day {(now - self._began).days}: {alert.title}: {alert.detail}")
        for key in over(known, found, {credential.secret}):
            self._alerts.resolve(key)
        told = waiver is not None and any(each.key.startswith("rotation-outlives:") for each in found)
        for old in self._old:
            if old.secret == credential.secret and told:
                old.explained = True
        if isinstance(progress.step, Stop) or progress.trouble:
            figures.stopped.append(f"{credential.secret}: {progress.step} {progress.trouble}")
        if isinstance(progress.step, End):
            figures.rotations += 1
        self._remember(credential.secret, vault)
        coming = getattr(progress.step, "until", now)
        return max(now + _DAY / 2, min(coming, now + _DAY))

    def _remember(self, secret: str, vault: CloudVault) -> None:
        for kept in vault.versions():
            if "AWSCURRENT" in kept.stages:
                value = vault.read(kept.id) or {}
                if not any(old.value == value for old in self._old):
                    self._old.append(Old(secret, value, kept.created))

    def _work(self, now: datetime, figures: Figures) -> None:
        for program in self._programs:
            if program.calls_out is not None:
                self._call_out(program, now, figures)
                continue
            figures.calls += 1
            if program.held is None or program.since is None or now >= program.since + program.cache:
                self._doors.read(program, now)
            if self._doors.admit(program.secret, program.url, program.held or {}):
                continue
            if program.cooperates:
                self._doors.read(program, now)
                if self._doors.admit(program.secret, program.url, program.held or {}):
                    continue
                figures.failed += 1
            else:
                figures.late += 1

    def _call_out(self, program: Program, now: datetime, figures: Figures) -> None:
        assert program.calls_out is not None, "it is an org"
        if program.since is not None and now < program.since + program.cache:
            return
        figures.calls += 1
        program.since = now
        figures.failed += not self._doors.let_in(*asked(self._folder, *program.calls_out))

    def _look_for_survivors(self, now: datetime, figures: Figures) -> None:
        """
        Each old credential from its day 90 on, until it is seen to be dead. What was seen to live is tried again only when its
        rotation is over: to sign in with it is to use it, and nothing that is used is revoked under a waiver.
        """
        for old in list(self._old):
            if now - old.made < RotationPolicy().revoke_after + _DAY / 2:
                continue
            if old.counted and RotationBook(self._ledger, old.secret, "bench").open_rotation() is not None:
                continue
            figures.checked += not old.counted
            url = next(each.url for each in self._programs if each.secret == old.secret)
            if not self._works(old, url):
                self._old.remove(old)
                continue
            figures.outlived += not old.counted
            figures.unexplained += not old.counted and not old.explained
            old.counted = True

    def _works(self, old: Old, url: str) -> bool:
        if SIGNS not in old.value:
            return self._doors.admit(old.secret, url, old.value)
        source = next(p.calls_out[0] for p in self._programs if p.secret == old.secret and p.calls_out)
        key = private_key(self._folder, source, old.value[SIGNS])
        return key is not None and self._doors.admit(old.secret, url, {**old.value, "privateKey": key})

    def _now(self) -> datetime:
        now = datetime.fromisoformat(launch.ask(self._folder, "GET", "/clock")["now"])
        self._began = getattr(self, "_began", now)
        return now

    def _say(self, now: datetime, end: datetime, figures: Figures) -> None:
        day = (now - self._began).days
        if day // 60 > self._told:
            self._told = day // 60
            self._tell(
                f"day {day}: {figures.rotations} rotations, {figures.failed} of {figures.calls} calls failed"
            )

    @contextmanager
    def _administrator(self, org: str) -> Iterator[Administrator]:
        found = Administrator(self._folder, org)
        try:
            yield found
        finally:
            found.close()


def _twins(route: Route) -> tuple[str, str]:
    local, _, domain = route.sync_user.partition("@")
    return f"{local}.a@{domain}", f"{local}.b@{domain}"


def _credential(
    secret: str,
    org: str,
    kind: str,
    apps: list[str],
    programs: list[Program],
    users: tuple[str, ...] = (),
    route: str | None = None,
    beside: Beside | None = None,
) -> RotatedCredential:
    consumers = [
        {
            "name": each.name,
            "principal": f"user/{each.key}",
            "addresses": [f"{MIDDLEWARE}/32"],
            "cache": each.cache,
        }
        for each in programs
        if each.secret == secret
    ]
    return RotatedCredential.model_validate(
        {
            "secret": secret,
            "org": org,
            "kind": kind,
            "apps": apps,
            "users": users,
            "route": route,
            "client_certificate": beside.certificate if beside and beside.credential == secret else None,
            "consumers": consumers,
        }
    )


def as_text(figures: Figures) -> str:
    kinds = ", ".join(f"{secret} ({kind})" for secret, kind in figures.credentials.items())
    lines = [
        f"{figures.days} days, credentials of {len(figures.of_routes)} of {figures.routes} routes are rotated: {kinds}",
        *(f"not rotated: {route}: {why}" for route, why in figures.not_rotated.items()),
        f"{figures.rotations} rotations, {figures.delivered} copies brought to orgs; {figures.calls} calls of consumers: {figures.failed} failed of those that cooperate, "
        f"{figures.late} of those that do not, named in {figures.late_alerts} alerts",
        f"{figures.checked} old credentials tried from day 90 on: {figures.outlived} still worked, "
        f"{figures.unexplained} of them without an alert and a waiver",
        *(f"stopped: {each}" for each in figures.stopped[:5]),
        f"{figures.seconds:.0f} s; good: {figures.good}",
    ]
    return "\n".join(lines)
