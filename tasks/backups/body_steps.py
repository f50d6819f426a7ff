"""The Prefect task that keeps what is in files: the bodies that Bulk API does not give, streamed from the org into the place."""

from collections.abc import Iterator
from typing import NamedTuple

import orjson
from prefect import task

from tasks.backups import chain
from tasks.backups.bodies_gateway import Body
from tasks.backups.drill_steps import DrillRun
from tasks.backups.model import ID, BackupKind, BodiesBackup
from tasks.backups.org_gateway import FILES, FILES_PER_PART, LINK, NOT_SHOWN
from tasks.backups.steps import Run, Tell
from tasks.errors import BackupBroken
from tasks.policies import READ
from tasks.salesforce.pages import Row

_LARGEST_PART = 2 << 30
"""Bytes after which no further body is begun in a part."""


LOCATION = "ContentLocation"
STAYING = (FILES, "ContentDocument")
"""Nothing removes a version of a file again, and the org makes its document (Object Reference): so no drill makes any."""


class Kept(NamedTuple):
    """`last` is the id of the last version of a part, empty where no further part follows."""

    bodies: BodiesBackup | None
    last: str


@task(
    name="keep-files",
    task_run_name="keep-files-{number}",
    description="What is in files: some thousand bodies at a time, streamed and sealed into their place.",
    **READ,
)
def keep_files(run: Run, number: int, after: str, tell: Tell) -> Kept:
    """A part of the files from an id on. What cannot be read is a gap. Raises OrgError, CloudError and BackupRefused."""
    if FILES not in {shape.name for shape in run.shapes} or FILES in run.source.missing:
        return Kept(None, "")
    mark = None
    if run.kind is BackupKind.INCREMENT:
        before = [each.manifest for each in run.made_before]
        base = before[-1].base
        # A base from before bodies were kept has none, so all of them come now.
        if any(each.bodies for each in before if each.base == base):
            mark = chain.mark_of(before, base, FILES)
    listed = run.source.files(after, mark, run.policy.overlap)
    if not listed:
        return Kept(None, "")
    refused: list[str] = []
    reached: list[str] = []
    bodies = run.vault.keep_bodies(
        run.id,
        number,
        _streamed(run, listed, reached, refused, tell),
        lambda: _links(run, listed[: len(reached)]),
        run.locked_until,
    )
    if refused:
        told = run.source.gaps.get(_GAP, "not read: ").removesuffix(_GRANT)
        joint = "" if told.endswith(" ") else ", "
        run.source.gaps[_GAP] = told + joint + ", ".join(refused) + _GRANT
    more = len(listed) == FILES_PER_PART or len(reached) < len(listed)
    return Kept(bodies, reached[-1] if more else "")


_HERE = (None, "S")
_GAP = f"{FILES} bodies"
_GRANT = ". Grant the scanner Query All Files"


def _links(run: Run, rows: list[Row]) -> bytes:
    documents = [str(row["ContentDocumentId"]) for row in rows if row.get("ContentDocumentId")]
    try:
        return orjson.dumps(run.source.links(documents))
    except NOT_SHOWN as error:
        run.source.gaps[LINK] = f"to which records files belong is not read: {error.what}. {error.next_step}"
        return b"[]"


def _streamed(
    run: Run, listed: list[Row], reached: list[str], refused: list[str], tell: Tell
) -> Iterator[Body]:
    """`reached` and `refused` are ids of versions, filled on the way."""
    size = 0
    for row in listed:
        if size >= _LARGEST_PART:
            return
        name = str(row["Id"])
        reached.append(name)
        tell(1)
        # What lies elsewhere (ContentLocation E, L) has no body here (Object Reference, ContentVersion).
        if row.get(LOCATION) not in _HERE:
            continue
        try:
            with run.source.body(row) as pieces:
                yield Body(name, _whole(row.get("ContentSize")), row.get("Checksum"), pieces)
        except NOT_SHOWN:
            refused.append(name)
            continue
        size += _whole(row.get("ContentSize")) or 0


@task(
    name="open-files",
    description="Opens every file of the backup and compares it with what was written: no drill can remove files again, so none makes any.",
    **READ,
)
def open_files(run: DrillRun) -> frozenset[str]:
    """
    Objects that are not restored and all of which was opened: none where a version has no body. Raises BackupBroken for a body that
    was touched, CloudError.
    """
    staying = frozenset(STAYING) & run.without.keys()
    if FILES not in staying:
        return staying
    kept = run.spool.texts()
    for manifest in run.chain:
        # Rows and components are compared elsewhere.
        alone = manifest.model_copy(update={"objects": (), "metadata": None})
        if problems := run.vault.problems(alone, open_files=True):
            raise BackupBroken(f"{run.org}: {'; '.join(map(str, problems[:3]))}. Choose an older backup.")
        for name in run.vault.body_ids(manifest):
            kept[name] = ""
    names = next(shape.names for shape in chain.shapes_of(run.chain) if shape.name == FILES)
    at, where = names.index(ID), names.index(LOCATION) if LOCATION in names else None
    rows = run.vault.rows(run.chain, FILES)
    whole = all(row[at] in kept for row in rows if where is None or row[where] in _HERE)
    return staying if whole else staying - {FILES}


def _whole(value: object) -> int | None:
    return int(str(value)) if value is not None else None
