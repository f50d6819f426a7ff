"""Prefect tasks of key-loss drills: what of an org's backups is left when one key of KMS is. They only read, and disable nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic

from prefect import task
from prefect.artifacts import create_markdown_artifact

from tasks.backups import chain, words
from tasks.backups.manifest import files_of
from tasks.backups.model import KeyLoss, KeyLossDone, Manifest
from tasks.backups.steps import Tell, Work, working
from tasks.backups.vault_gateway import Vault
from tasks.errors import BackupBroken, BackupRefused, OrgUnavailable
from tasks.orgs import open_org
from tasks.policies import PUBLISH, READ

_SHOWN = 20


class KeyRun(Work):
    """One key-loss drill on its way."""

    made_before: tuple[Manifest, ...]
    now: datetime


@contextmanager
def losing_keys(org: str) -> Iterator[KeyRun]:
    """Raises ConfigurationError, AlreadyRunning, CloudError and OrgError."""
    with working(org, KeyRun) as run, open_org(org) as session:
        session.hello()
        if session.server_time is None:
            raise OrgUnavailable(org, "no answer names its time", "A proxy may cut headers.")
        run.now = session.server_time
        yield run


@task(
    name="find-keys",
    description="Checks the signatures of all manifests, and which keys of KMS their files are sealed under.",
    **READ,
)
def find_keys(run: KeyRun) -> list[str]:
    """Each key once, however it is named. Raises BackupRefused without a backup, BackupBroken and CloudError."""
    found, problems = run.made()
    if problems:
        raise BackupBroken(f"{run.org}: {'; '.join(map(str, problems[:3]))}. Look into that first.")
    if not found:
        raise BackupRefused(f"There is no backup of {run.org} yet. back-up-orgs takes one.")
    run.made_before = tuple(each.manifest for each in found)
    newest = run.made_before[-1]
    keys = [key for key in (newest.key, newest.second_key) if key is not None]
    identities = [run.vault.identity(key) for key in keys]
    if len(keys) > 1 and identities[0] is not None and identities[0] == identities[1]:
        raise BackupBroken(
            f"{run.org}: backups.second_key is the first key under another name, so it is lost together with it. Name another."
        )
    return keys


@task(
    name="lose-key",
    task_run_name="lose-a-key",
    description="As if one key were lost: which files nobody can read, and the newest backup opened whole with the other.",
    **READ,
)
def lose_key(run: KeyRun, key: str, tell: Tell) -> KeyLoss:
    """Raises CloudError."""
    vault = run.vault.without(key)
    shut = {
        manifest.id: len(files_of(manifest)) if vault.out_of_reach else vault.unopened(manifest)
        for manifest in run.made_before
    }
    links = _newest(run.made_before, [name for name, files in shut.items() if not files])
    began = monotonic()
    problems = [
        str(problem) for manifest in links for problem in vault.problems(manifest, open_files=True, tell=tell)
    ]
    return KeyLoss(
        key=key,
        stands="in use" if _works(run.vault, run.made_before[-1], key) else "gone",
        files=sum(len(files_of(manifest)) for manifest in run.made_before),
        unreadable=sum(shut.values()),
        recovered=links[-1].id if links else "",
        rows=sum(manifest.rows for manifest in links),
        problems=tuple(problems[:_SHOWN]),
        out_of_reach=vault.out_of_reach,
        rpo=max(run.now - links[-1].began, timedelta(0)) if links else None,
        rto=timedelta(seconds=monotonic() - began) if links else None,
    )


@task(
    name="note-key-loss",
    description="Notes in the ledger what came out of it, and shows it.",
    **PUBLISH,
)
def note_key_loss(run: KeyRun, losses: list[KeyLoss]) -> KeyLossDone:
    done = KeyLossDone(
        org=run.org,
        newest=run.made_before[-1].id,
        backups=len(run.made_before),
        losses=tuple(losses),
    )
    run.book.lost_keys(done)
    create_markdown_artifact(
        markdown=words.key_loss(done),
        key=f"key-loss-{run.org}",
        description=f"What is left of the backups of {run.org} without a key of KMS.",
    )
    return done


def _newest(made: tuple[Manifest, ...], opening: list[str]) -> tuple[Manifest, ...]:
    """The newest backup all of whose chain opens; empty where there is none."""
    for manifest in reversed(made):
        try:
            links = chain.chain_to(made, manifest.id)
        except BackupRefused:
            continue
        if {each.id for each in links} <= {*opening}:
            return links
    return ()


def _works(vault: Vault, manifest: Manifest, key: str) -> bool:
    """Whether that key alone opens a file today."""
    others = [each for each in (manifest.key, manifest.second_key) if each is not None and each != key]
    alone = vault.without(others[0]) if others else vault
    return alone.unopened(manifest) == 0
