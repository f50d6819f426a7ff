"""The proof that backups can be restored: as plans that two people approve, since they bring real data into a sandbox."""

from datetime import UTC, datetime
from typing import Annotated

from prefect import flow
from prefect.logging import get_run_logger
from pydantic import StringConstraints

from flows.names import by_day
from flows.plans import Person, kept, sealed
from flows.progress import Counted
from flows.reading import reason
from tasks.backups.key_steps import find_keys, lose_key, losing_keys, note_key_loss
from tasks.backups.model import KeyLossDone
from tasks.backups.order_steps import look_at_backup
from tasks.backups.plan import drill_plan
from tasks.backups.steps import orgs_with_places
from tasks.errors import BackupBroken
from tasks.estate.steps import read_estate

Alias = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[a-z0-9-]{1,40}$")]
BackupId = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^(\d{8}T\d{6}Z-(full|increment))?$")
]

DRILL = """
Makes a plan that restores an org's backup **into a sandbox**, compares it row by row, and removes it again: the proof that the
backup is one. It changes nothing.

* It brings real data into the sandbox, so as many people have to approve it as policy wants for what widens. The plan binds
  **this one backup and this one sandbox**. Next: **approve-plan**, then **apply-plan**, which carries the drill out.
* The sandbox must be named in `backups.drills` of policy.yaml, and **say of itself that it is a sandbox**. Afterwards it is
  no target of any route until it was masked and scanned clean again; an alert is open until then.
* Parents come before children; lookups that lead in a circle are filled afterwards. Triggers and flows of the sandbox run.
* What is in files is opened and compared, and not made there: nothing removes a version of a file again.
* RPO and RTO are measured. An object that the backup should have and has not **fails the drill**, and is named.
* It needs the enforcer's rights on records there. Killed, apply the plan again: what is left goes first. `bulkhead halt` stops
  it before its next batch; what it has made is removed all the same.
"""

KEY_LOSS = """
Shows for every KMS key **what of the backups nobody could read without it**, and proves that the other key and the signed
manifests bring the last backup back. It only reads, and disables nothing.

* A key that counts as lost is not asked; the newest backup that then still opens is opened **whole** and compared with its
  manifest. A bucket that itself encrypts under the lost key gives nothing back, and counts so. RPO is its age, RTO the time that took; a restore into an org comes on top (**restore-drill**).
* The run fails where one lost key would lose the last backup. `backups.second_key` in policy.yaml names another key, best in
  another region and account.
* Disable a key in KMS and run it again: it says what is gone in earnest.
"""


@flow(
    name="restore-drill",
    flow_run_name="restore-{org}-into-{target}-for-{requester}",
    description=DRILL.strip(),
)
def restore_drill(requester: Person, org: Alias, target: Alias, backup: BackupId = "") -> str:
    """
    Gives the digest of the plan. Raises BackupRefused, ConfigurationError, CloudError and OrgError.

    Args:
        requester: Who asks for the drill. **That person cannot approve it.**
        org: Alias of the org whose backup is tried.
        target: Alias of the **sandbox** that it is restored into. What the drill makes there is removed again.
        backup: Which one, such as `20260301T050000Z-full`. **Leave empty for the last.**
    """
    _, policy = read_estate()
    found = look_at_backup(org, target, backup)
    return kept(drill_plan(policy, found, requester, datetime.now(UTC)), {})


@flow(name="key-loss-drill", flow_run_name=by_day, description=KEY_LOSS.strip())
def key_loss_drill(
    orgs: list[Alias] = [],  # noqa: B006  # the form shows a list
) -> list[KeyLossDone]:
    """
    Raises BackupBroken, after every org was looked at, where one lost key loses the last backup of an org.

    Args:
        orgs: Aliases of the orgs, as in estate.yaml. **Leave empty for all that policy names a place for.**
    """
    done: list[KeyLossDone] = []
    wrong: list[str] = []
    for org in orgs_with_places(orgs):
        try:
            done.append(_without_each_key(org))
        except Exception as error:  # one org must not hide the others
            wrong.append(f"{org}: {reason(error)}")
    sealed()
    wrong += [
        f"{each.org}: without {loss.key} {loss.unreadable:,} of {loss.files:,} files are lost, and the newest backup that opens is "
        f"{loss.recovered or 'none'}{', for the bucket itself encrypts under it' if loss.out_of_reach else ''}"
        for each in done
        if not each.good
        for loss in each.losses
        if loss.recovered != each.newest or loss.problems
    ]
    if wrong:
        raise BackupBroken(
            f"{'; '.join(wrong)}. Name another key under backups.second_key in policy.yaml, keep backups where the place itself does not "
            "encrypt under the first (backups.places), and take a whole backup."
        )
    return done


def _without_each_key(org: str) -> KeyLossDone:
    with losing_keys(org) as run:
        keys = find_keys(run)
        # What is opened once for each key that is not lost.
        expected = sum(manifest.size for manifest in run.made_before)
        bar = Counted(
            f"key-loss-progress-{org}", f"{org}: its backups without each of {len(keys)} keys", expected
        )
        done = note_key_loss(run, [lose_key(run, key, bar.tell) for key in keys])
        bar.end()
    for loss in done.losses:
        get_run_logger().info(
            "%s without %s: %d of %d files unreadable, %s opens whole; RPO %s, RTO %s",
            org,
            loss.key,
            loss.unreadable,
            loss.files,
            loss.recovered or "no backup",
            loss.rpo,
            loss.rto,
        )
    return done
