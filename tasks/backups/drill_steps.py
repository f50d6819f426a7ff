"""Prefect tasks of restore drills: an org's backup brought into a sandbox, compared, and taken away again."""

from collections import Counter
from collections.abc import Iterator, MutableMapping
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from time import monotonic

from prefect import task
from prefect.artifacts import create_markdown_artifact
from prefect.logging import get_run_logger

from tasks.backups import chain, words
from tasks.backups.ledger_gateway import DrillBook, halted
from tasks.backups.model import (
    Drill,
    DrillDone,
    DrillOrder,
    Manifest,
    ObjectDrill,
)
from tasks.backups.order_steps import needs_permitted
from tasks.backups.restore import Reader, Restoring, batches, compared, restoring
from tasks.backups.sandbox_gateway import AT_ONCE, SandboxOrg, codes, with_id
from tasks.backups.spool_gateway import Spool
from tasks.backups.steps import Tell, Work, working
from tasks.errors import BackupBroken, BackupRefused, BulkheadError, SecretUnavailable
from tasks.orgs import open_for_writing
from tasks.policies import PUBLISH, READ

_OPENED = "opened and compared; not made, since nothing removes it"


class DrillRun(Work):
    """One drill on its way."""

    sandbox: SandboxOrg
    target: str
    order: DrillOrder
    drills: DrillBook
    chain: tuple[Manifest, ...]
    what: list[Restoring]
    without: dict[str, str]
    spool: Spool
    ids: MutableMapping[str, str]
    """Ids in the sandbox by those in the org."""
    made_there: dict[str, MutableMapping[str, str]]
    """Ids in the sandbox by object; what they lead to is nothing."""
    left: Drill | None
    """An earlier drill of which something is left there."""
    drill: Drill
    started: float
    began: datetime


@contextmanager
def drilling(org: str, target: str) -> Iterator[DrillRun]:
    """
    One at a time for an org and for a sandbox, and only what an applied plan has ordered. What the drill has made goes with
    the end of the block, however it ends; what cannot go then goes with the next drill.

    Raises BackupRefused, AlreadyRunning, ConfigurationError, CloudError and OrgError.
    """
    with ExitStack() as stack:
        needs_permitted(target)
        run: DrillRun = stack.enter_context(working(org, DrillRun))
        _needs_going_on(run)
        stack.enter_context(run.ledger.held(f"the drill in {target}"))
        order = DrillBook(run.ledger, target).orders(org).open
        if order is None:
            raise BackupRefused(
                f"No applied plan lets a backup of {org} into {target}. restore-drill makes one; approve and apply it."
            )
        run.order = order
        run.sandbox = SandboxOrg(stack.enter_context(open_for_writing(target)))
        run.sandbox.needs_sandbox()
        run.drills, run.target = DrillBook(run.ledger, target), target
        run.spool = stack.enter_context(Spool())
        run.ids, run.made_there = run.spool.texts(), {}
        run.started = monotonic()
        if (before := run.drills.under_way()) is not None:
            _take_back(run, before)
        run.left = run.drills.under_way()
        try:
            yield run
        except BaseException:
            _take_back_somehow(run)
            raise


def _needs_going_on(run: DrillRun) -> None:
    """Asked before every batch that is written. What was made is removed all the same. Raises BackupRefused."""
    if halted(run.ledger):
        raise BackupRefused("All that writes is halted. `bulkhead resume` lets it go on.")


def _take_back_somehow(run: DrillRun) -> None:
    """After a failure, which is what is told; the note of the drill stays as long as anything of it may be there."""
    try:
        drill = run.drills.under_way()
        left = 0 if drill is None else _take_back(run, drill)[1]
        why = f"{left:,} of them are refused" if left else ""
    except BulkheadError as error:
        why = str(error)
    if why:
        get_run_logger().warning(
            "Records of the drill are still in %s: %s. The next drill there removes them first.",
            run.target,
            why,
        )


def _take_back(run: DrillRun, drill: Drill) -> tuple[int, int]:
    gone, left = run.sandbox.take_back(drill.objects, drill.began, run.made_there)
    if not left:
        run.drills.over()
    return gone, left


@task(
    name="open-backup",
    description="Checks every byte and signature of a backup and of what it builds on, and tries every key.",
    **READ,
)
def open_backup(run: DrillRun) -> int:
    """
    How many rows lie in it.

    Raises BackupRefused for a backup that is not there, is not the one that was approved, and where its keys do not open,
    which says why nothing can be restored; BackupBroken for one that was touched; CloudError.
    """
    try:
        found, problems = run.made()
        backup = run.order.backup
        run.chain = chain.chain_to([each.manifest for each in found], backup)
        if run.order.manifest not in {each.digest for each in found if each.manifest.id == backup}:
            raise BackupRefused(
                f"The manifest of {backup} of {run.org} is not the one that was approved. Make the plan anew. No record was written."
            )
        used = {manifest.id for manifest in run.chain}
        problems = [each for each in problems if each.backup in used]
        for manifest in run.chain:
            problems += run.vault.problems(manifest, open_files=False)
        if problems:
            raise BackupBroken(
                f"{run.org}: {'; '.join(map(str, problems[:3]))}. Nothing is restored from it; choose an older backup."
            )
        run.vault.unlock(run.chain)
    except SecretUnavailable as error:
        raise BackupRefused(
            f"Nothing of the backups of {run.org} can be restored: all their files are sealed under keys that only KMS opens, and "
            f"it does not. {error} No record was written."
        ) from None
    return sum(manifest.rows for manifest in run.chain)


@task(
    name="begin-drill",
    description="Finds out what the sandbox takes and in which order, and notes the drill before its first record.",
    **READ,
)
def begin_drill(run: DrillRun) -> list[str]:
    """Names of objects, parents first. Raises BackupRefused and OrgError."""
    last = run.chain[-1]
    shapes = [shape for shape in chain.shapes_of(run.chain) if shape.name not in last.missing]
    targets, run.without = run.sandbox.targets([shape.name for shape in shapes])
    run.what = restoring(shapes, targets)
    if not run.what:
        raise BackupRefused(
            f"The enforcer may make records of no object of {run.org} in {run.target}. Grant it Create."
        )
    run.began = run.sandbox.now()
    run.drill = Drill(
        org=run.org,
        target=run.target,
        backup=last.id,
        began=run.began,
        objects=tuple(each.name for each in run.what),
    ).with_left(run.left)
    run.drills.begin(run.drill)
    return [each.name for each in run.what]


@task(
    name="restore-object",
    task_run_name="restore-{name}",
    description="Makes an object's records in the sandbox, with the new ids of what they look up.",
    **PUBLISH | {"retries": 0},
)
def restore_object(run: DrillRun, name: str, tell: Tell) -> ObjectDrill:
    """Raises OrgError, BackupBroken, CloudError, and BackupRefused where all is halted meanwhile."""
    what = _what(run, name)
    reader = _reader(run, what)
    made_there = run.made_there.setdefault(name, run.spool.texts())
    refused: Counter[str] = Counter()
    rows = restored = 0
    for part in batches(map(reader.record, run.vault.rows(run.chain, name)), AT_ONCE):
        _needs_going_on(run)
        results = run.sandbox.make(name, [values for _, values in part])
        for (old, _), result in zip(part, results, strict=True):
            if result.id and not result.code:
                run.ids[old] = result.id
                made_there[result.id] = ""
                restored += 1
        refused += codes(results)
        rows += len(part)
        tell(len(part))
    return ObjectDrill(name=name, rows=rows, restored=restored, refused=dict(refused), left_out=what.left_out)


@task(
    name="fill-lookups",
    task_run_name="fill-lookups-of-{name}",
    description="Lookups that lead in a circle, once all records are there.",
    **PUBLISH | {"retries": 0},
)
def fill_lookups(run: DrillRun, name: str) -> dict[str, int]:
    """How often which refusal came. Raises as `restore_object` does."""
    what = _what(run, name)
    refused: Counter[str] = Counter()
    if what.later:
        reader = _reader(run, what)
        picked = (reader.lookups_later(row) for row in run.vault.rows(run.chain, name))
        filled = (each for each in picked if each[1] and each[0] in run.ids)
        for part in batches(filled, AT_ONCE):
            _needs_going_on(run)
            refused += codes(run.sandbox.fill(name, [with_id(run.ids[old], values) for old, values in part]))
    return dict(refused)


@task(
    name="compare-object",
    task_run_name="compare-{drilled.name}",
    description="Reads an object's records back and compares them with the backup, row by row.",
    **READ,
)
def compare_object(run: DrillRun, drilled: ObjectDrill) -> ObjectDrill:
    """Raises as `restore_object` does."""
    what = _what(run, drilled.name)
    equal, differing, missing = compared(
        run.vault.rows(run.chain, drilled.name),
        _reader(run, what),
        run.sandbox.own(drilled.name, run.began, what.columns),
        run.spool.digests(),
    )
    return drilled.model_copy(update={"equal": equal, "differing": differing, "missing": missing})


@task(
    name="end-drill",
    description="Removes what the drill has made, and notes its outcome.",
    **READ,
)
def end_drill(run: DrillRun, objects: list[ObjectDrill], opened: frozenset[str] = frozenset()) -> DrillDone:
    """`opened` are objects that no drill makes, opened whole. Raises OrgError; what is left then goes with the next drill."""
    rto = timedelta(seconds=monotonic() - run.started)
    gone, left = _take_back(run, run.drill)
    last = run.chain[-1]
    done = DrillDone(
        org=run.org,
        target=run.target,
        backup=last.id,
        chain=tuple(manifest.id for manifest in run.chain),
        objects=(
            *objects,
            *(
                ObjectDrill(
                    name=name,
                    rows=_rows_of(run, name),
                    restored=0,
                    refused={_OPENED if name in opened else why: 0},
                    opened=name in opened,
                )
                for name, why in run.without.items()
            ),
            *(
                ObjectDrill(
                    name=name,
                    rows=_rows_of(run, name),
                    restored=0,
                    refused={f"not in the backup: {last.gaps.get(name, '')}": 0},
                    kept=False,
                )
                for name in last.missing
            ),
        ),
        rpo=max(run.began - last.began, timedelta(0)),
        rto=rto,
        removed=gone,
        left=left,
    )
    run.book.drilled(done)
    run.drills.carried_out(run.org, run.order)
    return done


@task(name="publish-drill", description="Shows what came out of the drill.", **PUBLISH)
def publish_drill(done: DrillDone) -> None:
    create_markdown_artifact(
        markdown=words.drill(done),
        key=f"restore-drill-{done.org}",
        description=f"The last restore drill of {done.org}.",
    )


def _what(run: DrillRun, name: str) -> Restoring:
    return next(each for each in run.what if each.name == name)


def _reader(run: DrillRun, what: Restoring) -> Reader:
    shape = next(shape for shape in chain.shapes_of(run.chain) if shape.name == what.name)
    return Reader(what, shape.names, run.ids)


def _rows_of(run: DrillRun, name: str) -> int:
    return sum(1 for _ in run.vault.rows(run.chain, name))
