"""What is in files: streamed out of the estate's own org, sealed, read back byte by byte; what does not come whole is refused."""

import base64
import hashlib
import tracemalloc
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest

from deployments.sandbox import launch
from tasks.backups.bodies_gateway import LINKS, Body
from tasks.backups.body_steps import keep_files, open_files
from tasks.backups.drill_steps import DrillRun
from tasks.backups.ledger_gateway import BackupBook
from tasks.backups.model import BackupKind, Manifest
from tasks.backups.org_gateway import FILES, LINK_FIELDS, OrgToKeep
from tasks.backups.spool_gateway import Spool
from tasks.backups.steps import Run
from tasks.backups.vault_gateway import Kept, Vault
from tasks.errors import BackupBroken, IncompleteRead, OrgRefused
from tasks.estate.model_backups import BackupPolicy
from tasks.ledger.store import Ledger
from tasks.salesforce.pages import Row
from tests.running import RunningEstate
from tests.tasks.backups.conftest import BEGAN, SIGNER
from tests.tasks.backups.test_streaming import vault as quiet_vault
from tests.tasks.backups.test_vault import ID, ROWS, kept
from tests.tasks.conftest import Open

ORG = "hq-uat"
WRITER = f"client.laboratory@{ORG}.meridian.example"
CHANCE = Random("bodies")
BODIES = [b"", b"a", CHANCE.randbytes(3 << 20), "Zürich, päper".encode(), CHANCE.randbytes(70_001)]
quiet = quiet_vault
"""Without a KMS, as far as memory is concerned."""


@pytest.fixture(autouse=True, scope="module")
def as_before(estate: RunningEstate) -> Iterator[None]:
    """Nothing removes a version again, and a sandbox with files is not what other tests expect."""
    launch.save_snapshot(estate.folder, "before-bodies")
    yield
    launch.restore_snapshot(estate.folder, "before-bodies")
    launch.delete_snapshot(estate.folder, "before-bodies")


@pytest.fixture
def files(estate: RunningEstate) -> dict[str, bytes]:
    """In the sandbox, by the id of their version."""
    made = {}
    for number, content in enumerate(BODIES):
        body = {
            "Title": f"file {number}",
            "PathOnClient": f"file-{number}.bin",
            "VersionData": base64.b64encode(content).decode(),
        }
        answer = estate.call("POST", ORG, WRITER, f"v62.0/sobjects/{FILES}", json=body)
        assert answer.status_code == 201, answer.text
        made[answer.json()["id"]] = content
    return made


@pytest.fixture
def run(on_disk: Vault, org: Open, tmp_path: Path) -> Iterator[Run]:
    """A whole backup on its way, that has come as far as files."""
    ledger = Ledger(f"sqlite:///{tmp_path}/ledger.db", lambda: datetime.now(UTC))
    found = Run(ORG, BackupPolicy(), on_disk, ledger, BackupBook(ledger, ORG), SIGNER)
    found.source, found.id, found.kind = OrgToKeep(org(ORG)), ID, BackupKind.FULL
    found.shapes, found.made_before, found.locked_until = found.source.shapes([FILES]), [], None
    yield found
    ledger.close()


def all_parts(run: Run, vault: Vault) -> Manifest:
    manifest = kept(vault, "hq", rows=ROWS[:5]).manifest
    bodies, after = [], ""
    told: list[int] = []
    while (part := keep_files.fn(run, len(bodies) + 1, after, told.append)).bodies is not None:
        bodies.append(part.bodies)
        if not (after := part.last):
            break
    assert sum(told) >= sum(each.files for each in bodies) > 0
    return manifest.model_copy(update={"bodies": tuple(bodies)})


def came_back(vault: Vault, manifest: Manifest) -> dict[str, bytes]:
    return {name: b"".join(pieces) for name, pieces in vault.bodies(manifest) if name != LINKS}


@pytest.mark.parametrize("most", [1_000, 2])
def test_every_file_of_an_org_comes_back_byte_by_byte(
    files: dict[str, bytes], run: Run, on_disk: Vault, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """In one part, and in several."""
    monkeypatch.setattr("tasks.backups.body_steps.FILES_PER_PART", most)
    whole = run.source.files
    monkeypatch.setattr(run.source, "files", lambda *bounds: whole(*bounds, page=most))
    manifest = all_parts(run, on_disk)
    found = came_back(on_disk, manifest)
    assert files.items() <= found.items()
    assert len(found) == sum(each.files for each in manifest.bodies) == len([*on_disk.body_ids(manifest)])
    assert sum(each.bytes for each in manifest.bodies) == sum(map(len, found.values()))
    assert len(manifest.bodies) == -(-len(found) // most)
    assert on_disk.problems(manifest, open_files=True) == [] and f"{FILES} bodies" not in run.source.gaps
    assert not run.shapes[0].unread


def test_an_increment_brings_what_came_since_and_all_where_its_base_kept_none(
    files: dict[str, bytes], run: Run, on_disk: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[datetime | None] = []
    monkeypatch.setattr(run.source, "files", lambda after, mark, overlap: asked.append(mark) or [])
    base = kept(on_disk, "hq", rows=ROWS[:5]).manifest
    (rows,) = base.objects
    shape = run.shapes[0]
    mine = rows.model_copy(update={"shape": shape, "mark": BEGAN})
    bare = base.model_copy(update={"objects": (mine,)})
    run.kind = BackupKind.INCREMENT
    run.made_before = [Kept(bare, "")]
    assert keep_files.fn(run, 1, "", lambda count: None).bodies is None
    part = on_disk.keep_bodies(ID, 1, [], lambda: b"[]", None)
    run.made_before = [Kept(bare.model_copy(update={"bodies": (part,)}), "")]
    keep_files.fn(run, 1, "", lambda count: None)
    assert asked == [None, BEGAN]


def test_a_file_that_is_not_shown_is_a_gap_and_the_others_come(
    files: dict[str, bytes], run: Run, on_disk: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = next(iter(files))
    shown = run.source.body

    def body(row: Row) -> AbstractContextManager[Iterator[bytes]]:
        return refused() if row["Id"] == hidden else shown(row)

    @contextmanager
    def refused() -> Iterator[Iterator[bytes]]:
        raise OrgRefused(ORG, "the scanner may not read it", "Grant it.")
        yield iter(())

    monkeypatch.setattr(run.source, "body", body)
    found = came_back(on_disk, all_parts(run, on_disk))
    assert hidden not in found and {*files} - {hidden} <= {*found}
    assert run.source.gaps[f"{FILES} bodies"] == f"not read: {hidden}. Grant the scanner Query All Files"


def test_to_which_records_files_belong_is_kept_with_them(
    files: dict[str, bytes], run: Run, on_disk: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The estate makes no documents, so the org's answer is empty; what the org would say is put in its place."""
    document = "069000000000001AAA"
    assert run.source.links([document, document]) == []
    whole = run.source.files
    monkeypatch.setattr(
        run.source, "files", lambda *at: [{**row, "ContentDocumentId": document} for row in whole(*at)]
    )
    told: list[str] = []
    link = {name: name.lower() for name in LINK_FIELDS}
    monkeypatch.setattr(run.source, "links", lambda documents: told.extend(documents) or [link])
    manifest = all_parts(run, on_disk)
    found = {name: b"".join(pieces) for name, pieces in on_disk.bodies(manifest)}
    assert orjson.loads(found[LINKS]) == [link] and {*told} == {document}
    assert LINKS not in {*on_disk.body_ids(manifest)}


def test_a_drill_opens_every_file_and_misses_one_that_has_no_body(
    files: dict[str, bytes], run: Run, on_disk: Vault
) -> None:
    manifest = all_parts(run, on_disk)
    (shape,) = run.shapes
    groups = run.source.rows(shape, None, increment=False, overlap=timedelta(0))
    rows = on_disk.keep_rows(ID, shape, groups, None, None, lambda count: None, began=BEGAN)
    whole = manifest.model_copy(update={"objects": (rows,)})
    drill = DrillRun(ORG, run.policy, on_disk, run.ledger, run.book, SIGNER)

    def opened(of: Manifest, *without: str) -> frozenset[str]:
        drill.chain, drill.without = (of,), dict.fromkeys(without, "nothing removes it")
        with Spool() as drill.spool:
            return open_files.fn(drill)

    assert opened(whole, FILES, "ContentDocument", "Account") == {FILES, "ContentDocument"}
    assert opened(whole, "Account") == frozenset()
    lacking = on_disk.keep_bodies(ID, 9, [body(b"alone")], lambda: b"[]", None)
    assert opened(whole.model_copy(update={"bodies": (lacking,)}), FILES) == frozenset()
    touched = manifest.bodies[0].model_copy(update={"digest": "0" * 64})
    with pytest.raises(BackupBroken, match="it holds other files"):
        opened(whole.model_copy(update={"bodies": (touched,)}), FILES)


def body(content: bytes, **said: Any) -> Body:
    told = {"size": len(content), "checksum": hashlib.md5(content, usedforsecurity=False).hexdigest()}
    return Body(id="068000000000001AAA", pieces=iter([content[:7], content[7:]]), **{**told, **said})


@pytest.mark.parametrize("said", [{"size": 3}, {"checksum": "0" * 32}])
def test_a_file_that_comes_otherwise_than_the_org_says_leaves_nothing(
    on_disk: Vault, tmp_path: Path, said: dict[str, Any]
) -> None:
    with pytest.raises(IncompleteRead, match="otherwise than the org says"):
        on_disk.keep_bodies(ID, 1, [body(b"what is in it", **said)], lambda: b"[]", None)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert on_disk.keep_bodies(ID, 1, [body(b"what is in it")], lambda: b"[]", None).bytes == 13


def test_a_long_file_is_never_in_memory(quiet: Vault) -> None:
    piece = CHANCE.randbytes(1 << 20)

    def peak(count: int) -> int:
        tracemalloc.start()
        try:
            long = Body("068000000000001AAA", count << 20, None, iter([piece] * count))
            part = quiet.keep_bodies(ID, 1, [long], lambda: b"[]", None)
            manifest = Manifest.model_construct(
                objects=(), metadata=None, bodies=(part,), key="key", org="hq", id=ID, second_key=None
            )
            came = sum(len(some) for _, pieces in quiet.bodies(manifest) for some in pieces)
            assert came == (count << 20) + len(b"[]")
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    few, many = peak(16), peak(96)
    assert many - few < 4 << 20, (few, many)
