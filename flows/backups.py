"""Encrypted backups of orgs, and their check."""

from datetime import UTC, datetime, timedelta

from prefect import flow
from prefect.logging import get_run_logger

from flows.names import by_day
from flows.plans import sealed
from flows.progress import Counted
from flows.reading import reason
from tasks.alerts.steps import note_heartbeat
from tasks.backups.body_steps import keep_files
from tasks.backups.model import BackupDone, BodiesBackup
from tasks.backups.steps import (
    Run,
    Tell,
    keep_metadata,
    keep_object,
    keeping,
    let_old_go,
    look_at_org,
    orgs_with_places,
    publish_backup,
    publish_problems,
    verify_org,
    vouch_for_backup,
)
from tasks.errors import BackupBroken, BackupRefused, BulkheadError

BACKUP = """
Backs up orgs: **records by Bulk API 2.0, what is in files, components by retrieve**, sealed with AES-256-GCM on the way, into each org's bucket.
It only reads orgs.

* A whole backup, then increments by SystemModstamp, deletions included; a whole one again after `backups.full_every`, or when
  fields have changed.
* Every file has a data key of its own from KMS. The manifest is signed and noted in the ledger; the bucket locks all of it.
* What the scanner may not read is **named in the artifact**: a backup that leaves something out does not look whole.
* Backups older than `backups.keep` go; the last whole one never does. Nothing that was signed goes unless the ledger says so.
"""
VERIFY = """
Checks backups **where they lie**: signatures, the chain that each org's ledger notes name, and every byte of every file.

* With `open_files` what is in them, too: that needs the KMS key.
* A flipped byte, a file that is gone, a backup that was taken away or brought in fails the run.
"""


def run_name() -> str:
    return f"back-up-orgs-{datetime.now(UTC):%Y-%m-%d}"


@flow(name="back-up-orgs", flow_run_name=run_name, description=BACKUP.strip())
def back_up_orgs(
    orgs: list[str] = [],  # noqa: B006  # the form shows a list
    full: bool = False,
) -> list[BackupDone]:
    """
    Raises BackupRefused when an org has no backup now, with why; the others have theirs.

    Args:
        orgs: Aliases of the orgs, as in estate.yaml. **Leave empty for all that policy names a place for.**
        full: Takes whole backups, also where an increment would do.
    """
    logger = get_run_logger()
    done: list[BackupDone] = []
    failed: dict[str, str] = {}
    for org in orgs_with_places(orgs):
        try:
            done.append(_backed_up(org, full))
        except Exception as error:  # one org that cannot be backed up must not keep the others from it
            failed[org] = reason(error)
            logger.warning("%s has no backup: %s", org, failed[org])
    sealed()
    if not orgs:
        note_heartbeat("back-up-orgs", timedelta(days=1))
    if failed:
        raise BackupRefused("; ".join(f"{org} has no backup: {why}" for org, why in failed.items()))
    return done


def _backed_up(org: str, full: bool) -> BackupDone:
    with keeping(org) as run:
        expected = look_at_org(run, full)
        bar = Counted(f"backup-progress-{org}", f"{org}: a backup of about {expected:,} records", expected)
        objects = [keep_object(run, shape.name, bar.tell) for shape in run.shapes]
        bodies = _files(run, bar.tell)
        metadata = keep_metadata(run)
        done = vouch_for_backup(run, [each for each in objects if each is not None], metadata, bodies)
        try:
            done = done.model_copy(update={"removed": let_old_go(run)})
        except BulkheadError as error:  # the org has its backup all the same
            get_run_logger().warning("Older backups of %s stay until the next run: %s", org, error)
        bar.end()
    publish_backup(done)
    get_run_logger().info(
        "%s: %d records of %d objects in %s, %d gaps", org, done.rows, done.objects, done.id, len(done.gaps)
    )
    return done


def _files(run: Run, tell: Tell) -> list[BodiesBackup]:
    found: list[BodiesBackup] = []
    part = keep_files(run, 1, "", tell)
    while part.bodies is not None:
        found.append(part.bodies)
        if not part.last:
            break
        part = keep_files(run, len(found) + 1, part.last, tell)
    return found


@flow(name="verify-backups", flow_run_name=by_day, description=VERIFY.strip())
def verify_backups(
    orgs: list[str] = [],  # noqa: B006  # the form shows a list
    open_files: bool = False,
) -> int:
    """
    How many backups were checked. Raises BackupBroken with all that is wrong.

    Args:
        orgs: Aliases of the orgs, as in estate.yaml. **Leave empty for all that policy names a place for.**
        open_files: Opens every file with its key, and compares what is in it with its digest.
    """
    found = {}
    failed: dict[str, str] = {}
    for org in orgs_with_places(orgs):
        bar = Counted(f"verify-progress-{org}", f"{org}: bytes of its backups", 0)
        try:
            found[org] = verify_org(org, open_files, bar.tell)
        except Exception as error:  # one org must not hide the others
            failed[org] = reason(error)
        bar.end()
    publish_problems(found, failed)
    wrong = [f"{org}: {each}" for org, (_, problems) in found.items() for each in problems]
    wrong += [f"{org} could not be checked: {why}" for org, why in failed.items()]
    if not orgs:
        note_heartbeat("verify-backups", timedelta(days=7))
    if wrong:
        raise BackupBroken(f"{'; '.join(wrong[:5])}. The artifact of this run names all of it.")
    return sum(count for count, _ in found.values())
