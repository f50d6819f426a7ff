"""What every flow does that carries out a restore drill: a backup into a sandbox, compared, and away again."""

from prefect.logging import get_run_logger

from flows.progress import Counted
from tasks.alerts.steps import update_alerts
from tasks.backups.body_steps import open_files
from tasks.backups.drill_steps import (
    begin_drill,
    compare_object,
    drilling,
    end_drill,
    fill_lookups,
    open_backup,
    publish_drill,
    restore_object,
)
from tasks.backups.model import DrillDone
from tasks.errors import BackupBroken
from tasks.masking.telling import unproven


def drilled(org: str, target: str) -> DrillDone:
    """
    Carries out what an applied plan has ordered. Killed in between, it begins anew, and what was left goes first.

    Raises BackupRefused where nothing is ordered, policy or a halt is against it, or no key opens the backup; BackupBroken
    where not everything came back; ConfigurationError, AlreadyRunning, CloudError and OrgError.
    """
    with drilling(org, target) as run:
        # Before the first record: whatever becomes of this process, somebody is told.
        update_alerts([unproven(target, f"a restore drill brings data of {org} there")], [])
        expected = open_backup(run)
        bar = Counted(f"drill-progress-{org}", f"{org}: a restore of about {expected:,} records", expected)
        objects = [restore_object(run, name, bar.tell) for name in begin_drill(run)]
        filled = {each.name: fill_lookups(run, each.name) for each in objects}
        objects = [compare_object(run, each) for each in objects]
        objects = [each.with_refusals(filled[each.name]) for each in objects]
        done = end_drill(run, objects, open_files(run))
        bar.end()
    publish_drill(done)
    rows, equal = (sum(getattr(each, name) for each in done.objects) for name in ("rows", "equal"))
    get_run_logger().info(
        "%s: %d of %d records came back as they were; RPO %.1f minutes, RTO %.1f minutes",
        org,
        equal,
        rows,
        done.rpo.total_seconds() / 60,
        done.rto.total_seconds() / 60,
    )
    if not done.good:
        lacking = ", ".join(each.name for each in done.objects if not each.kept)
        raise BackupBroken(
            f"Of {rows:,} records of {org} {equal:,} came back as they were, {done.left:,} could not be removed again. "
            f"{f'The backup has nothing of {lacking}. ' if lacking else ''}The artifact names what did not come back."
        )
    return done
