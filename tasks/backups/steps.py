"""Prefect tasks of backups and their check, and the block in which a run about an org's backups works."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from prefect import task
from prefect.artifacts import create_markdown_artifact

from tasks.backups import chain, words
from tasks.backups.ledger_gateway import BackupBook, keys_that_count
from tasks.backups.manifest import chain_problems, digest_of, text_of
from tasks.backups.model import (
    BackupDone,
    BackupKind,
    BodiesBackup,
    Manifest,
    MetadataBackup,
    ObjectBackup,
    Problem,
    Shape,
)
from tasks.backups.org_gateway import FILES, NOT_SHOWN, OrgToKeep
from tasks.backups.places_gateway import place_for
from tasks.backups.retention import over
from tasks.backups.vault_gateway import Kept, Vault
from tasks.errors import BackupBroken, BackupRefused, ConfigurationError
from tasks.estate.model_backups import BackupPolicy
from tasks.ledger.store import Ledger, Signer
from tasks.orgs import load_registered, open_cloud, open_ledger, open_org, open_signer
from tasks.plans.digest import policy_digest
from tasks.policies import PUBLISH, READ

Tell = Callable[[int], None]


class Work:
    """What a run about one org's backups works with; it lives within a block and is no noun: sessions and keys do not travel."""

    def __init__(
        self, org: str, policy: BackupPolicy, vault: Vault, ledger: Ledger, book: BackupBook, signer: Signer
    ) -> None:
        self.org, self.policy, self.vault, self.ledger, self.book = org, policy, vault, ledger, book
        self.signer = signer

    def made(self) -> tuple[list[Kept], list[Problem]]:
        """Backups that count, oldest first, and all that is wrong with manifests. Raises CloudError."""
        found, problems = self.vault.kept(keys_that_count(self.ledger, self.signer))
        noted = self.book.noted()
        found = [each for each in found if each.manifest.id not in noted.gone]
        known = noted.counting((each.manifest.id, each.digest) for each in found)
        problems += chain_problems([*found], known, noted.gone.values())
        return [each for each in found if known.get(each.manifest.id) == each.digest], problems


class Run(Work):
    """One backup on its way."""

    source: OrgToKeep
    id: str
    kind: BackupKind
    began: datetime
    shapes: tuple[Shape, ...]
    counts: dict[str, int]
    made_before: list[Kept]
    locked_until: datetime | None
    started: float
    manifest: Manifest | None = None
    """Made once: whatever is tried again writes the same text, so that the first version that lies there is the noted one."""


def _signer() -> Signer:
    signer = open_signer()
    if signer is None:
        raise ConfigurationError(
            "Nothing signs manifests of backups. Name a key under ledger.signing_secret in estate.yaml and register again."
        )
    return signer


@contextmanager
def working(org: str, kind: type[Any]) -> Iterator[Any]:
    """Raises ConfigurationError, CloudError and AlreadyRunning."""
    estate, policy = load_registered()
    if org not in {entry.alias for entry in estate.orgs}:
        raise ConfigurationError(
            f"There is no org {org}. The estate has {', '.join(entry.alias for entry in estate.orgs)}."
        )
    backups = policy.backups
    cloud = open_cloud()
    place, key = place_for(
        cloud,
        backups.buckets.get(org),
        backups.places.get(org),
        backups.key,
        lock=backups.lock is not None,
    )
    with open_ledger() as ledger, ledger.held(f"the backups of {org}"):
        yield kind(
            org,
            backups,
            Vault(cloud, place, org, key, backups.second_key),
            ledger,
            BackupBook(ledger, org, policy_digest(policy)),
            _signer(),
        )


@task(
    name="find-places",
    description="Orgs that policy names a place for.",
    **READ,
)
def orgs_with_places(orgs: list[str]) -> list[str]:
    """Those that are asked for, or all that have one. Raises ConfigurationError for an org without."""
    estate, policy = load_registered()
    placed = {**policy.backups.buckets, **policy.backups.places}
    if without := sorted({*orgs} - {*placed}):
        raise ConfigurationError(
            f"Policy names no place for backups of {', '.join(without)}. Add it to backups.buckets or backups.places."
        )
    return [entry.alias for entry in estate.orgs if entry.alias in (orgs or placed)]


# -- backups


@contextmanager
def keeping(org: str) -> Iterator[Run]:
    """One at a time for an org. Raises AlreadyRunning, ConfigurationError, CloudError and OrgError."""
    with working(org, Run) as run, open_org(org) as session:
        run.source = OrgToKeep(session)
        run.started = monotonic()
        yield run


@task(
    name="look-at-org",
    description="What there is to back up, and whether it is a whole backup or an increment.",
    **READ,
)
def look_at_org(run: Run, full: bool) -> int:
    """About how many records and bodies of files will come; 0 where the org does not say. Raises OrgError and CloudError."""
    run.began = run.source.now()
    run.shapes = run.source.shapes(run.policy.objects)
    if not run.shapes:
        raise BackupRefused(
            f"The scanner of {run.org} sees no object with records. Grant it Read, and View All Records."
        )
    run.counts = run.source.counts([shape.name for shape in run.shapes])
    run.made_before, problems = run.made()
    noted = run.book.noted().made
    for each in run.made_before:
        if each.manifest.id not in noted:
            # Its run ended before this note, on which everything else rests.
            run.book.made(each.manifest, each.digest)
    for problem in problems:
        run.source.gaps[f"older backups: {problem.backup}"] = problem.what
    before = [each.manifest for each in run.made_before]
    # On something that was touched nothing is built.
    run.kind = chain.kind_of_next(
        before, run.shapes, run.began, run.policy.full_every, full=full or bool(problems)
    )
    run.id = chain.name_of(run.began, run.kind)
    if before and run.id[:16] <= before[-1].id[:16]:
        raise BackupRefused(f"{run.org} has a backup of this very second. Run again in a moment.")
    lock = run.policy.lock
    # S3 judges by its own clock, which is real time, also where an org's runs ahead.
    run.locked_until = None if lock is None or run.org in run.policy.places else datetime.now(UTC) + lock
    return sum(run.counts.values()) + run.counts.get(FILES, 0) if run.kind is BackupKind.FULL else 0


@task(
    name="keep-object",
    task_run_name="keep-{name}",
    description="Rows of one object: by Bulk API 2.0, as Parquet, sealed, into their place.",
    **READ,
)
def keep_object(run: Run, name: str, tell: Tell) -> ObjectBackup | None:
    """None for an object that cannot be read, which is a gap. Raises OrgError, CloudError and BackupRefused."""
    shape = next(shape for shape in run.shapes if shape.name == name)
    increment = run.kind is BackupKind.INCREMENT
    mark = None
    if increment:
        before = [each.manifest for each in run.made_before]
        mark = chain.mark_of(before, before[-1].base, name)
    groups = run.source.rows(shape, mark, increment=increment, overlap=run.policy.overlap)
    try:
        each = run.vault.keep_rows(run.id, shape, groups, mark, run.locked_until, tell, began=run.began)
    except NOT_SHOWN as error:
        run.source.lacks(name, f"{error.what}. {error.next_step}")
        return None
    counted = run.counts.get(name)
    if not increment and counted is not None and each.rows < counted:
        run.source.gaps[f"{name} records"] = (
            f"{each.rows:,} of about {counted:,} records were shown. Grant the scanner View All Records on it."
        )
    if shape.unread:
        run.source.gaps[f"{name} fields"] = f"not read: {', '.join(shape.unread)}"
    return each.model_copy(update={"counted": counted})


@task(
    name="keep-metadata",
    description="Components by retrieve, as one zip, sealed, into its place.",
    **READ,
)
def keep_metadata(run: Run) -> MetadataBackup:
    """Raises OrgError, CloudError and BackupRefused."""
    return run.vault.keep_metadata(run.id, run.source.components(), run.locked_until)


@task(
    name="vouch-for-backup",
    description="Reads back what was written, signs the manifest, and notes it in the ledger.",
    **READ,
)
def vouch_for_backup(
    run: Run, objects: list[ObjectBackup], metadata: MetadataBackup, bodies: Sequence[BodiesBackup] = ()
) -> BackupDone:
    """Raises BackupBroken where what lies there is not what was written, and CloudError."""
    if run.manifest is None:
        run.manifest = _manifest(run, objects, metadata).model_copy(update={"bodies": tuple(bodies)})
    manifest = run.manifest
    if problems := run.vault.problems(manifest, open_files=False):
        raise BackupBroken(
            f"{run.org}: {'; '.join(map(str, problems[:3]))}. Look at the place, and run again."
        )
    done = BackupDone(
        org=run.org,
        id=run.id,
        kind=run.kind,
        rows=manifest.rows,
        objects=len(objects),
        components=sum(metadata.components.values()),
        bodies=sum(each.files for each in bodies),
        size=manifest.size,
        seconds=monotonic() - run.started,
        calls=run.source.calls,
        gaps=manifest.gaps,
    )
    digest = digest_of(text_of(manifest))
    if run.book.noted().vouching.get(run.id) != digest:
        run.book.vouching(run.id, digest)
    run.vault.vouch(manifest, run.signer)
    run.book.made(manifest, digest)
    return done


def _manifest(run: Run, objects: list[ObjectBackup], metadata: MetadataBackup) -> Manifest:
    full = run.kind is BackupKind.FULL
    return Manifest(
        id=run.id,
        org=run.org,
        org_id=run.source.id(),
        kind=run.kind,
        base=run.id if full else run.made_before[-1].manifest.base,
        began=run.began,
        ended=run.source.now(),
        key=run.vault.key,
        second_key=run.vault.second,
        locked_until=run.locked_until,
        objects=tuple(objects),
        metadata=metadata,
        gaps=dict(sorted(run.source.gaps.items())),
        missing=tuple(sorted(run.source.missing)),
        previous=run.made_before[-1].digest if run.made_before else "",
    )


@task(
    name="let-old-backups-go",
    description="Removes backups that are over, and what was begun and never ended.",
    **READ,
)
def let_old_go(run: Run) -> tuple[str, ...]:
    """Names of those that are over; what is locked goes with a later run. Raises CloudError."""
    assert run.manifest is not None
    made = [*(each.manifest for each in run.made_before), run.manifest]
    going = [each.id for each in over(made, run.began, run.policy.keep, datetime.now(UTC))]
    gone = run.book.noted().gone
    for name in going:
        if name not in gone:
            run.book.removed(name)
    noted = run.book.noted()
    # What is noted and has lost its manifest is evidence.
    for name in [*noted.gone, *run.vault.unfinished(noted.made)]:
        run.vault.remove(name)
    return tuple(going)


@task(name="publish-backup", description="Shows what was kept, and what could not be read.", **PUBLISH)
def publish_backup(done: BackupDone) -> None:
    create_markdown_artifact(
        markdown=words.backup(done), key=f"backup-{done.org}", description=f"The last backup of {done.org}."
    )


@task(
    name="verify-backups",
    task_run_name="verify-backups-of-{org}",
    description="Signatures, the chain, and every byte of every file of one org's backups, against what was written.",
    **READ,
)
def verify_org(org: str, open_files: bool, tell: Tell) -> tuple[int, list[Problem]]:
    """How many backups there are, and everything that is wrong with them. Raises CloudError and SecretUnavailable."""
    with working(org, Work) as work:
        found, problems = work.made()
        for each in found:
            problems += work.vault.problems(each.manifest, open_files=open_files, tell=tell)
        return len(found), problems


@task(name="publish-check", description="Shows what is wrong with backups as they lie there.", **PUBLISH)
def publish_problems(found: dict[str, tuple[int, list[Problem]]], failed: dict[str, str]) -> None:
    create_markdown_artifact(
        markdown=words.problems(found, failed),
        key="backups-checked",
        description="The last check of backups where they lie.",
    )
