"""Prefect tasks of the sync, and the block in which a run works."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from random import Random

from prefect import task
from prefect.artifacts import create_markdown_artifact

from tasks.contracts.batches import BatchChecker
from tasks.encryption.keys import KeyRing, KeyState
from tasks.encryption.keys_gateway import read_left, read_ring
from tasks.errors import ConfigurationError, SyncRefused
from tasks.estate.model import OrgKind, Route
from tasks.ledger.registration import unregistered
from tasks.masking.model import Origin
from tasks.masking.proof import doubt
from tasks.orgs import (
    load_estate,
    load_policy,
    load_registered,
    open_cloud,
    open_ledger,
    open_org,
    open_source,
    open_target,
)
from tasks.plans.digest import estate_digest, policy_digest
from tasks.policies import PUBLISH, READ
from tasks.salesforce.rows import ask_origin
from tasks.sync import carry, cursor, renewal, words
from tasks.sync.drift import drift, rights_missing
from tasks.sync.hands import Hands, Source
from tasks.sync.indexing import IndexedSource
from tasks.sync.keys_gateway import index_key, seals_of, turned_ring
from tasks.sync.model import Ahead, Batch, Counts, Epoch, KeyRotation, Lineage, OldKey, Renewal, Rules
from tasks.sync.profile import Profile, as_question, limits_of
from tasks.sync.rules import personal, rules_of, typed
from tasks.sync.source_gateway import SourceOrg, owners_words
from tasks.sync.state_ledger_gateway import RouteState, proven_clean
from tasks.sync.target_gateway import TargetOrg, jittered

SMALL = 2_000
"""More changed records than this go by Bulk API 2.0, as Salesforce advises (Bulk API 2.0 guide)."""
ROWS = {"collections": 2_000, "bulk": 50_000}
"""Records of a batch."""


class Run:
    """What one run of a route works with; it lives within `carrying` and is no noun: sessions and keys do not travel."""

    def __init__(self, route: Route, source: SourceOrg, target: TargetOrg, state: RouteState) -> None:
        self.route, self.source, self.target, self.state = route, source, target, state
        self.rules: Rules = rules_of(route)
        self.hands: Hands | None = None
        self.renewal: renewal.RenewalHands | None = None
        self.ring: KeyRing | None = None
        self.checker = BatchChecker()


@task(
    name="find-route",
    task_run_name="find-route-{name}",
    description="The route as it is registered, and whether policy lets it be carried at all.",
    **READ,
)
def route_to_carry(name: str) -> Route:
    """
    Raises ConfigurationError for an unknown route and one that Bulkhead does not carry, SyncRefused where policy is against it
    (ZT-09: no personal data into an org that is not production, ZT-08: nothing into one that is not proven clean), and
    OrgError.
    """
    estate, policy = load_registered()
    route = next((each for each in estate.routes if each.name == name), None)
    if route is None:
        raise ConfigurationError(
            f"There is no route {name}. The estate has {', '.join(r.name for r in estate.routes)}."
        )
    rules = rules_of(route)
    with open_ledger() as ledger:
        if why := unregistered(ledger, estate_digest(estate), policy_digest(policy)):
            raise SyncRefused(f"{name} is not carried: {why}.")
    if estate.org(route.target).kind is not OrgKind.PRODUCTION:
        with open_org(route.source) as session:
            fields = owners_words(session, route.sobject)
        if found := personal(rules, fields):
            raise SyncRefused(
                f"{name} would carry personal data into {route.target}, which is no production org: {', '.join(found)}. Leave "
                "these fields out of the route (ZT-09). No record was read."
            )
        _needs_clean(route)
    return route


def _needs_clean(route: Route) -> None:
    """A copy of production is no target before it was masked and scanned clean. Raises SyncRefused and OrgError."""
    with open_org(route.target) as session:
        found = ask_origin(session)
    now = Origin(org_id=found.id, sandbox=found.sandbox, created=found.created)
    with open_ledger() as ledger:
        why = doubt(proven_clean(ledger, route.target), now)
    if why:
        raise SyncRefused(
            f"{route.name} is not carried into {route.target}: {why}. Mask it (prepare-sandbox) and prove that nothing real is left "
            "(scan-sandbox, ZT-08). No record was read."
        )


@contextmanager
def carrying(route: Route, actor: str) -> Iterator[Run]:
    """One run at a time for a route. Raises AlreadyRunning, and what opening both orgs raises."""
    _, policy = load_registered()
    with ExitStack() as stack:
        ledger = stack.enter_context(open_ledger())
        stack.enter_context(ledger.held(f"the route {route.name}"))
        source = SourceOrg(stack.enter_context(open_source(route)))
        target = TargetOrg(stack.enter_context(open_target(route)), jittered(Random()))
        run = Run(route, source, target, RouteState(ledger, route.name, actor, policy_digest(policy)))
        # It takes seconds to get ready, while both orgs are asked.
        stack.enter_context(run.checker)
        yield run


@task(
    name="compare-orgs",
    description="Whether both orgs and the sync user's rights still are what the route was declared for.",
    **READ,
)
def compare_orgs(run: Run) -> None:
    """Raises SyncRefused with everything that is not, and OrgError."""
    estate, policy = load_registered()
    route, rules = run.route, run.rules
    source, target = run.source.fields(route.sobject), run.target.fields(route.sobject)
    always_on = [name for name, field in target.items() if not field.get("permissionable", True)]
    against = (
        *drift(rules, source, target),
        *rights_missing(route, rules, run.target.rights(route.sobject), always_on),
    )
    if against:
        raise SyncRefused(f"{route.name} is not carried: {'; '.join(against)}. No record was read.")
    assert route.sync is not None
    run.rules = typed(rules, source, target)
    seals = seals_of(open_cloud, run.rules, route.sync.data_key, datetime.now(UTC), policy.rotation.max_age)

    def check(profile: Profile) -> tuple[str, ...]:
        return run.checker.broken(as_question(profile, limits_of(run.rules, max(ROWS.values()))))

    source_of: Source = run.source
    if route.sync.index_key is not None:
        source_of = IndexedSource(run.source, index_key(open_cloud, route.sync.index_key))
    run.hands = Hands(
        source=source_of,
        target=run.target,
        state=run.state,
        seals=seals,
        check=check,
        digest_key=os.urandom(32),
        overlap=route.sync.overlap,
        impersonal=estate.org(route.target).kind is not OrgKind.PRODUCTION,
    )


@task(
    name="look-ahead",
    description="Opens the window up to now on the source's clock, and counts what changed in it.",
    **READ,
)
def look_ahead(run: Run) -> Ahead:
    """A window that an interrupted run left open is gone on with. Raises OrgError."""
    assert run.route.sync is not None
    opened = cursor.opened(run.state.cursor(), run.source.now())
    assert opened.until is not None
    run.state.put(opened)
    changed = run.source.changed(run.rules, cursor.window(run.rules, opened, run.route.sync.overlap))
    way = (
        "bulk" if changed > SMALL or (opened.underway is not None and opened.underway.job) else "collections"
    )
    return Ahead.model_validate({"until": opened.until, "changed": changed, "path": way})


@task(
    name="carry-batch",
    task_run_name="carry-batch-{number}",
    description="Reads, judges, notes, sends, reads back; then the cursor moves.",
    **READ,
)
def carry_batch(run: Run, number: int, ahead: Ahead) -> Batch:
    """Raises as `carry.carry` does."""
    assert run.hands is not None
    return carry.carry(run.hands, run.rules, ahead.path, ROWS[ahead.path])


@task(
    name="replay-quarantine",
    description="Carries what waits in quarantine once more, as it is in the source now.",
    **READ,
)
def replay_quarantine(run: Run) -> Batch | None:
    """Raises as `carry.carry` does."""
    assert run.hands is not None
    return carry.replay(run.hands, run.rules)


@task(name="record-lineage", description="Notes the run in the ledger, and shows its counts.", **PUBLISH)
def record_lineage(run: Run, ahead: Ahead, batches: list[Batch], grant: str) -> Lineage:
    waiting = run.state.quarantine()
    counts = sum((batch.counts for batch in batches), Counts())
    lineage = Lineage(
        route=run.route.name,
        source=run.route.source,
        target=run.route.target,
        sobject=run.route.sobject,
        until=ahead.until,
        path=ahead.path,
        batches=len(batches),
        counts=counts,
        waiting=len(waiting),
        calls={run.route.source: run.source.calls, run.route.target: run.target.calls},
        grant=grant,
    )
    run.state.ended(lineage)
    create_markdown_artifact(
        markdown=words.markdown(lineage, waiting),
        key=f"sync-{run.route.name.lower().replace('_', '-')}",
        description=f"What the last run of {run.route.name} carried.",
    )
    return lineage


@task(
    name="begin-epoch",
    description="A new data key of the route, unless a rotation is under way. Both keys open from here on.",
    **READ,
)
def begin_renewal(run: Run) -> Renewal:
    """
    Where to go on. A job that a killed sync left is waited for: it may still write values of an older key.

    Raises SyncRefused for a route that seals nothing, SecretUnavailable, CloudError and OrgError.
    """
    sync = run.route.sync
    assert sync is not None
    rules = renewal.sealed_part(run.rules)
    if sync.data_key is None or not rules.columns:
        raise SyncRefused(f"{run.route.name} seals nothing, so it has no data keys to rotate.")
    left = run.state.cursor().underway
    if left is not None and left.job:
        run.target.settle(left.job)
    known, now = run.state.renewal(), datetime.now(UTC)
    run.ring = turned_ring(open_cloud, run.route.name, sync.data_key, now, known)
    # Read once more, with the right to count what it seals.
    seals = seals_of(open_cloud, rules, sync.data_key, now, load_policy().rotation.max_age)
    run.renewal = renewal.RenewalHands(run.target, run.state, seals, os.urandom(32))
    return renewal.begun(known, run.ring)


@task(
    name="seal-anew",
    description="Reads values under older keys, opens them, seals them with the newest, writes and reads back.",
    **READ,
)
def seal_anew(run: Run, at: Renewal) -> Renewal:
    """Raises as `renewal.renew` does."""
    assert run.renewal is not None and run.ring is not None and run.ring.sealing is not None
    rules = renewal.sealed_part(run.rules)
    return renewal.renew(run.renewal, rules, run.ring.sealing.key_id, at, ROWS["collections"])


@task(
    name="look-at-keys",
    description="Counts by key what values of the target need, those in the recycle bin too, and notes it.",
    **READ,
)
def look_at_keys(run: Run, at: Renewal, grant: str) -> KeyRotation:
    """Raises OrgError."""
    assert run.ring is not None
    rules = renewal.sealed_part(run.rules)
    used = renewal.in_use(run.ring, run.target.sealed_values(rules))
    run.state.looked(at.epoch, used)
    done = KeyRotation(
        route=run.route.name,
        target=run.route.target,
        sobject=run.route.sobject,
        epochs=tuple(
            Epoch(
                epoch=key.epoch,
                key_id=key.key_id,
                made=key.made,
                state=key.state.value,
                live=used.live.get(key.key_id, 0),
                binned=used.binned.get(key.key_id, 0),
            )
            for key in run.ring.keys
        ),
        seen=at.seen,
        renewed=at.renewed,
        left=at.left,
        foreign=used.foreign,
        grant=grant,
    )
    create_markdown_artifact(
        markdown=words.keys_markdown(done),
        key=f"data-keys-{run.route.name.lower().replace('_', '-')}",
        description=f"Data keys of {run.route.name}, and what still needs them.",
    )
    return done


@task(
    name="list-old-keys",
    task_run_name="list-old-keys-of-{route}",
    description="Data keys of a route that seal no more, and whether the last look found a value that needs them.",
    **READ,
)
def old_keys(route: str) -> tuple[Route, list[OldKey]]:
    """Raises ConfigurationError for an unknown route and one that seals nothing, SecretUnavailable and CloudError."""
    estate = load_estate()
    found = next((each for each in estate.routes if each.name == route), None)
    if found is None or found.sync is None or found.sync.data_key is None:
        sealing = [r.name for r in estate.routes if r.sync is not None and r.sync.data_key is not None]
        raise ConfigurationError(
            f"There is no route {route} that seals fields. Those that do: {', '.join(sealing) or 'none'}."
        )
    ring = read_ring(open_cloud(), route)
    left = read_left(open_cloud(), ring)
    with open_ledger() as ledger:
        used = RouteState(ledger, route, "").last_look()
    return found, [
        OldKey(key_id=key.key_id, epoch=key.epoch, made=key.made, needed=renewal.needed(key, used))
        for key in (*left, *(key for key in ring.keys if key.state is KeyState.OPENS))
    ]


@task(name="count-sealed", description="How many records of the target there are to look at.", **READ)
def count_sealed(run: Run) -> int:
    """Raises OrgError."""
    return run.target.count(run.rules)
