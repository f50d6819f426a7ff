"""Prefect tasks that collect telemetry."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta

from prefect import task
from prefect.artifacts import create_markdown_artifact
from prefect.logging import get_run_logger

from tasks.contracts.batches import BatchChecker
from tasks.errors import CloudError, ConfigurationError, SecretUnavailable
from tasks.estate.policy import Policy
from tasks.orgs import load_masking_key, load_registered, open_ledger, open_org
from tasks.plans.digest import policy_digest
from tasks.policies import PUBLISH, READ
from tasks.telemetry import words
from tasks.telemetry.bus_gateway import OrgBus
from tasks.telemetry.files import LISTED_AGAIN, files_to_take, take
from tasks.telemetry.live import DEEP, NOTHING_TOLD, long_ago, look_live
from tasks.telemetry.masks import Pseudonym, pseudonyms, unnamed
from tasks.telemetry.model import Collected, Cursor, Hidden, Quarantined, Taken, TakenFile, Tier
from tasks.telemetry.org_gateway import NOT_SHOWN, OrgTelemetry
from tasks.telemetry.sources import DETECTING, degraded, gaps
from tasks.telemetry.state_ledger_gateway import FILES, TelemetryBook
from tasks.telemetry.store import TelemetryStore
from tasks.telemetry.store_gateway import open_store

NO_KEY = Hidden(
    tier=Tier.LIVE,
    what="user names",
    why="there is no key for masks (masking.key_secret in policy.yaml), so names are dropped before storage; ids of users stay",
)
_DEEP_MINUTES = 5
"""Once an hour, in the first minutes of it, a live look reaches back further; the first one after an outage, too."""


class Run:
    """What a run about one org works with; it lives within `collecting` and is no noun: sessions and keys do not travel."""

    def __init__(
        self,
        org: OrgTelemetry,
        store: TelemetryStore,
        book: TelemetryBook,
        policy: Policy,
        bus: OrgBus | None,
    ) -> None:
        self.org, self.store, self.book, self.policy, self.bus = org, store, book, policy, bus
        self.hidden: list[Hidden] = []

    def pseudonym(self) -> Pseudonym:
        try:
            return pseudonyms(load_masking_key())
        except (SecretUnavailable, CloudError):
            self.hidden.append(NO_KEY)
            return unnamed


@contextmanager
def collecting(alias: str, tier: str) -> Iterator[Run]:
    """One run at a time for an org and a tier. Raises AlreadyRunning, ConfigurationError, CloudError and OrgError."""
    estate, policy = load_registered()
    entry = next((entry for entry in estate.orgs if entry.alias == alias), None)
    if entry is None:
        raise ConfigurationError(
            f"There is no org {alias}. The estate has {', '.join(entry.alias for entry in estate.orgs)}."
        )
    with ExitStack() as stack:
        ledger = stack.enter_context(open_ledger())
        stack.enter_context(ledger.held(f"the {tier} telemetry of {alias}"))
        session = stack.enter_context(open_org(alias))
        book = TelemetryBook(ledger, alias, policy=policy_digest(policy))
        bus = None if entry.event_bus is None else OrgBus(session, entry.event_bus)
        yield Run(OrgTelemetry(session), open_store(policy), book, policy, bus)


@task(
    name="collect-live",
    task_run_name="collect-live-{alias}",
    description="Sign-ins, setup changes, real-time events, tokens and grants since the last look, late ones too.",
    **READ,
)
def collect_live(alias: str) -> Collected:
    """Raises AlreadyRunning, ConfigurationError, CloudError and OrgError."""
    with collecting(alias, "live") as run:
        told = NOTHING_TOLD if run.bus is None else run.bus.listen(run.book.places(), run.org.now())
        # Only now: what was heard is judged by this run.
        now = run.org.now()
        settings = run.policy.telemetry
        deep = now.minute < _DEEP_MINUTES or long_ago(run.book.cursors(), now)
        look = look_live(
            run.org, run.store, run.book, run.pseudonym(), now,
            overlap=max(settings.overlap, DEEP) if deep else settings.overlap, backfill=settings.backfill,
            told=told, all_polled=deep,
        )  # fmt: skip
        if deep:
            for taken in look.taken:
                # A day that is over gets late rows still, so the day before it is looked at, too.
                for back in (0, 1, 2):
                    run.store.compact(alias, taken.event_type, (now - timedelta(days=back)).date())
        return Collected(
            org=alias,
            at=now,
            taken=tuple(look.taken),
            hidden=(*run.hidden, *look.hidden),
            calls=run.org.calls,
        )


@task(
    name="collect-files",
    task_run_name="collect-files-{alias}",
    description="Hourly and daily event log files that appeared, each gated by Great Expectations before anybody judges on it.",
    **READ,
)
def collect_files(alias: str, replay: bool = False) -> Collected:
    """
    With `replay` files in quarantine are tried again. Raises AlreadyRunning, ConfigurationError, CloudError, ContractsUnchecked and
    OrgError; what was taken until then stays taken.
    """
    with collecting(alias, "files") as run:
        now = run.org.now()
        wanted = run.policy.telemetry.event_types or DETECTING
        try:
            run.hidden += degraded(run.org.kinds(), wanted)
        except NOT_SHOWN as error:
            run.hidden.append(
                Hidden(
                    tier=Tier.DAILY,
                    what="event log files",
                    why=f"{error.what}; reading them needs View Event Log Files",
                )
            )
            return Collected(org=alias, at=now, hidden=tuple(run.hidden), calls=run.org.calls)
        done = _files(run, now, wanted, replay=replay)
        removed = run.store.remove_before(alias, (now - run.policy.telemetry.keep).date())
        return done.model_copy(
            update={
                "hidden": (*run.hidden, *gaps(run.book.volumes(), now)),
                "removed": removed,
                "calls": run.org.calls,
            }
        )


def _files(run: Run, now: datetime, wanted: tuple[str, ...], *, replay: bool) -> Collected:
    settings, alias = run.policy.telemetry, run.org.alias
    files = files_to_take(
        run.org, run.book, wanted, now, settle=settings.settle, backfill=settings.backfill, cursor=FILES
    )
    if replay:
        files = [held.file for held in run.book.quarantine().values()] + files
    found: dict[tuple[str, Tier], list[TakenFile]] = defaultdict(list)
    if files:
        pseudonym = run.pseudonym()
        with BatchChecker() as checker:
            for file in files:
                taken: TakenFile | Quarantined
                try:
                    taken = take(run.org, run.store, run.book, checker.broken, pseudonym, file, now)
                except NOT_SHOWN as error:
                    # Its time in the org may have ended between the list and now.
                    taken = Quarantined(file=file, reason=f"it cannot be read: {error.what}", at=now)
                    run.book.set_aside(taken)
                if isinstance(taken, Quarantined):
                    get_run_logger().warning("%s: %s is set aside: %s", alias, file.id, taken.reason)
                else:
                    found[file.event_type, file.tier].append(taken)
    run.book.move({FILES: Cursor(at=now - settings.settle, id=files[-1].id if files else "")})
    run.book.forget(now - settings.settle - LISTED_AGAIN - timedelta(days=1), now)
    return Collected(
        org=alias,
        at=now,
        taken=tuple(_sum(name, tier, each) for (name, tier), each in sorted(found.items())),
        quarantined=tuple(run.book.quarantine().values()),
        lacking=sum(one.lacking for each in found.values() for one in each),
    )


def _sum(name: str, tier: Tier, taken: list[TakenFile]) -> Taken:
    return Taken(
        event_type=name,
        tier=tier,
        rows=sum(each.rows for each in taken),
        added=sum(each.added for each in taken),
        files=len(taken),
        until=max((each.last for each in taken if each.last is not None), default=None),
    )


@task(
    name="publish-telemetry",
    description="Shows what was read of each org, and what cannot be seen.",
    **PUBLISH,
)
def publish_telemetry(found: list[Collected], failed: dict[str, str], tiers: str) -> None:
    create_markdown_artifact(
        markdown=words.collected(found, failed),
        key=f"telemetry-{tiers}",
        description="What detection can judge on, and what it cannot see.",
    )
