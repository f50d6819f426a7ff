"""Evidence files: whatever is done to one shows."""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from tasks.errors import ConfigurationError
from tasks.evidence.gateway import archive, check, export
from tasks.ledger import evidence
from tasks.ledger.chain import canonical, document_of, link, signed_bytes, verify
from tasks.ledger.model import Checkpoint, Entry, EntryKind, Head, Note, PublicKey, Verdict
from tasks.ledger.signing import Ed25519Signer, new_key, pem_of, read_pin
from tasks.ledger.store import Ledger
from tests.slices import chosen
from tests.tasks.ledger.conftest import START, Ticking


@dataclass
class Exported:
    """A small ledger in a file: 12 entries, the last two under no checkpoint."""

    file: Path
    lines: list[bytes]
    pin: PublicKey
    marks: list[Checkpoint]

    def checked(self, lines: list[bytes], pins: bool = True, anchors: bool = False) -> Verdict:
        file = self.file.with_name("changed.jsonl")
        file.write_bytes(b"".join(lines))
        return evidence.check(file, [self.pin] if pins else [], self.marks if anchors else [])

    def place(self, sequence: int) -> int:
        """The line of an entry."""
        return next(
            n
            for n, line in enumerate(self.lines)
            if b'"sequence":%d,"subject"' % sequence in line and b'{"entry"' in line
        )


def notes(count: int, since: int = 0) -> list[Note]:
    return [
        Note(kind=EntryKind.GRANT, subject=f"grant-{n}", actor="ärzte@meridian.example", body={"number": n})
        for n in range(since, since + count)
    ]


@pytest.fixture
def exported(ledger: Ledger, signer: Ed25519Signer, tmp_path: Path) -> Exported:
    ledger.append(*notes(5))
    marks = [ledger.seal(signer)]
    ledger.append(*notes(4, 5))
    marks.append(ledger.seal(signer))
    ledger.append(*notes(2, 9))
    file = tmp_path / "evidence.jsonl"
    export(ledger, file)
    pin = PublicKey(key_id=signer.key_id, algorithm=signer.algorithm, public_key=signer.public_key)
    return Exported(file, file.read_bytes().splitlines(keepends=True), pin, [m for m in marks if m])


def test_what_was_not_touched_is_sound(exported: Exported) -> None:
    verdict = exported.checked(exported.lines, anchors=True)
    assert verdict.sound and verdict.pinned
    assert (verdict.entries, verdict.checkpoints, verdict.anchors, verdict.sealed) == (12, 2, 2, 10)


def flips(size: int) -> Iterator[tuple[int, int]]:
    yield from ((at, bit) for at in range(size) for bit in range(8))


def test_every_flipped_bit_shows(exported: Exported) -> None:
    """All of them in the long run; three hundred by default."""
    whole = b"".join(exported.lines)
    every = list(flips(len(whole)))
    for at, bit in random.Random(7).sample(every, 300):
        changed = bytearray(whole)
        changed[at] ^= 1 << bit
        assert _wrong(exported, bytes(changed)), (at, bit)


@pytest.mark.slow
def test_every_flipped_bit_shows_in_the_long_run(exported: Exported) -> None:
    whole = b"".join(exported.lines)
    for at, bit in chosen(list(flips(len(whole))), 3_000):
        changed = bytearray(whole)
        changed[at] ^= 1 << bit
        assert _wrong(exported, bytes(changed)), (at, bit)


def _wrong(exported: Exported, content: bytes) -> bool:
    try:
        return not exported.checked([content]).sound
    except ConfigurationError:
        return True


def _without(exported: Exported, sequence: int) -> list[bytes]:
    place = exported.place(sequence)
    return [*exported.lines[:place], *exported.lines[place + 1 :]]


def _swapped(exported: Exported) -> list[bytes]:
    lines, one, two = [*exported.lines], exported.place(3), exported.place(4)
    lines[one], lines[two] = lines[two], lines[one]
    return lines


def _twice(exported: Exported) -> list[bytes]:
    place = exported.place(3)
    return [*exported.lines[:place], exported.lines[place], *exported.lines[place:]]


def _without_checkpoint(exported: Exported) -> list[bytes]:
    return [line for line in exported.lines if b'"sequence":6}' not in line or b'{"entry"' in line]


@pytest.mark.parametrize(
    "change",
    [
        lambda e: _without(e, 1),
        lambda e: _without(e, 4),
        lambda e: _without(e, 12),
        _swapped,
        _twice,
        _without_checkpoint,
    ],
)
def test_removed_swapped_and_repeated_lines_show(
    exported: Exported, change: Callable[[Exported], list[bytes]]
) -> None:
    assert not exported.checked(change(exported)).sound


def _entries(exported: Exported) -> list[Entry]:
    found = (orjson.loads(line) for line in exported.lines)
    return [Entry.model_validate(each["entry"]) for each in found if "entry" in each]


def _rewritten(exported: Exported, kept: list[Note], marks: bool) -> list[bytes]:
    """What somebody without the key makes of it: all hashes anew, the checkpoints as they were."""
    head, lines = Head(), [exported.lines[0]]
    for number, note in enumerate(kept):
        entry = link(note, head, START + timedelta(seconds=number))
        head = Head(sequence=entry.sequence, hash=entry.hash)
        lines.append(canonical({"entry": document_of(entry)}) + b"\n")
        lines += [
            canonical({"checkpoint": evidence.checkpoint_document(mark)}) + b"\n"
            for mark in exported.marks
            if marks and mark.head.sequence == entry.sequence
        ]
    seals = sum(line.startswith(b'{"checkpoint"') for line in lines)
    return [*lines, canonical({"entries": len(kept), "checkpoints": seals}) + b"\n"]


@pytest.mark.parametrize("change", ["alter", "remove", "insert"])
def test_a_chain_made_anew_without_the_key_shows(exported: Exported, change: str) -> None:
    kept: list[Note] = [*_entries(exported)]
    if change == "alter":
        kept[2] = kept[2].model_copy(update={"actor": "eve"})
    elif change == "remove":
        del kept[2]
    else:
        kept.insert(2, kept[1])
    assert not exported.checked(_rewritten(exported, kept, marks=True)).sound
    assert not exported.checked(_rewritten(exported, kept, marks=False), anchors=True).sound


@pytest.mark.parametrize("order", [1, -1])
def test_another_anchor_beside_the_true_one_hides_nothing(
    order: int, exported: Exported, tmp_path: Path, clock: Ticking
) -> None:
    """Whoever rewrites the ledger can put objects into the bucket, and take none away."""
    thief = Ed25519Signer("first", new_key())
    forged = Ledger(f"sqlite:///{tmp_path / 'forged.db'}", clock)
    forged.append(*notes(9, 100))
    false = forged.seal(thief)
    assert false is not None and false.head.sequence == exported.marks[-1].head.sequence
    verdict = check(forged, (), [*exported.marks[1:], false][::order])
    assert "the anchor knows another entry here" in {problem.what for problem in verdict.problems}
    assert exported.checked(exported.lines, anchors=True).sound
    verdict = evidence.check(exported.file, [exported.pin], [*exported.marks, false][::order])
    assert not verdict.sound, "somebody put it there"


def test_a_cut_tail_shows_by_its_anchor_alone(exported: Exported) -> None:
    cut = _rewritten(exported, [*_entries(exported)[:8]], marks=True)
    # As it was written but for what followed: nothing in the file itself says so.
    lines = [*exported.lines[: exported.place(8) + 1], cut[-1]]
    assert exported.checked(lines).sound
    verdict = exported.checked(lines, anchors=True)
    assert ["cut off" in problem.what for problem in verdict.problems] == [True]


def test_a_chain_signed_with_another_key_shows_to_who_brings_the_key(
    exported: Exported, tmp_path: Path, clock: Ticking
) -> None:
    forged = Ledger(f"sqlite:///{tmp_path / 'forged.db'}", clock)
    forged.append(*notes(5))
    forged.seal(Ed25519Signer("first", new_key()))
    export(forged, tmp_path / "forged.jsonl")
    assert evidence.check(tmp_path / "forged.jsonl").sound, "its own word is all there is"
    assert not evidence.check(tmp_path / "forged.jsonl", [exported.pin]).sound


def test_what_nobody_sealed_shows_to_who_brings_a_key(
    tmp_path: Path, clock: Ticking, exported: Exported
) -> None:
    """A chain that hangs together, and not one signature: anybody can write that."""
    forged = Ledger(f"sqlite:///{tmp_path / 'forged.db'}", clock)
    forged.append(*notes(5))
    export(forged, tmp_path / "forged.jsonl")
    assert evidence.check(tmp_path / "forged.jsonl").sound
    verdict = evidence.check(tmp_path / "forged.jsonl", [exported.pin])
    assert [(each.sequence, each.what) for each in verdict.problems] == [
        (5, "no key that you trust sealed any of it")
    ]


def test_a_new_key_counts_when_the_old_one_sealed_its_announcement(
    ledger: Ledger, signer: Ed25519Signer, tmp_path: Path
) -> None:
    new = Ed25519Signer("second", new_key())
    announced = PublicKey(key_id="second", algorithm="ed25519", public_key=new.public_key)
    pin = PublicKey(key_id="first", algorithm="ed25519", public_key=signer.public_key)
    ledger.append(*notes(2))
    ledger.seal(signer)
    ledger.append(Note(kind=EntryKind.KEY, subject="second", actor="anna", body=announced.model_dump()))
    ledger.seal(signer)
    ledger.append(*notes(2))
    ledger.seal(new)
    assert check(ledger, [pin], ()).sound
    # A stranger's key announces itself, and nobody seals that.
    stranger = Ed25519Signer("stranger", new_key())
    ledger.append(*notes(1))
    ledger.seal(stranger)
    verdict = check(ledger, [pin], ())
    assert [problem.what for problem in verdict.problems] == [
        "its checkpoint is signed with a key that nothing vouches for"
    ]


def test_pins_are_public_keys_in_pem_named_by_their_id(signer: Ed25519Signer, tmp_path: Path) -> None:
    key = PublicKey(key_id="first", algorithm="ed25519", public_key=signer.public_key)
    (tmp_path / "first.pem").write_text(pem_of(key))
    assert read_pin(tmp_path / "first.pem") == key
    (tmp_path / "other.pem").write_text("no key")
    with pytest.raises(ConfigurationError, match="no public key in PEM"):
        read_pin(tmp_path / "other.pem")


def test_an_archive_takes_old_entries_and_both_halves_stay_verifiable(
    ledger: Ledger, signer: Ed25519Signer, tmp_path: Path, clock: Ticking
) -> None:
    pin = PublicKey(key_id="first", algorithm="ed25519", public_key=signer.public_key)
    ledger.append(*notes(20))
    ledger.seal(signer)
    clock.now += timedelta(days=400)
    ledger.append(*notes(3, 20))
    through = archive(ledger, signer, tmp_path / "old.jsonl", timedelta(days=365), "anna")
    assert through.sequence == 21
    assert evidence.check(tmp_path / "old.jsonl", [pin]).sound
    verdict = check(ledger, [pin], ())
    assert verdict.sound and verdict.entries == len(ledger.entries())
    assert [e.body["number"] for e in ledger.entries(EntryKind.GRANT)] == [20, 21, 22]
    noted = ledger.entries(EntryKind.ARCHIVE)[0].body
    assert (noted["through"], noted["head"]) == (21, through.hash)
    with pytest.raises(ConfigurationError, match="never written over"):
        archive(ledger, signer, tmp_path / "old.jsonl", timedelta(days=365), "anna")
    with pytest.raises(ConfigurationError, match="Nothing in the ledger is that old"):
        archive(ledger, signer, tmp_path / "new.jsonl", timedelta(days=365), "anna")


def entry(kind: EntryKind, subject: str, **body: Any) -> Note:
    return Note(kind=kind, subject=subject, actor="anna", body=body)


GRANTED = [entry(EntryKind.REQUEST, "4f2a9c", request={}), entry(EntryKind.GRANT, "4f2a9c", until="")]
KEPT = [entry(EntryKind.PLAN, "ab" * 32, plan={"expires_at": "2026-01-02T00:00:00Z"})]
LASTING = [entry(EntryKind.PLAN, "ab" * 32, plan={"expires_at": "2999-01-02T00:00:00Z"})]


@pytest.mark.parametrize(
    ("begin", "end", "what"),
    [
        (
            [entry(EntryKind.HALT, "all", reason="x")],
            [entry(EntryKind.RESUME, "all", reason="y")],
            "the halt",
        ),
        (GRANTED, [entry(EntryKind.REVOCATION, "4f2a9c", at="")], "the grant 4f2a9c"),
        (
            [entry(EntryKind.AWAKE, "emea", waking="w1"), entry(EntryKind.ASLEEP, "emea", wakings=["w0"])],
            [entry(EntryKind.ASLEEP, "emea", wakings=["w1"])],
            "the waking w1 in emea",
        ),
        ([entry(EntryKind.ALERT, "k", id="a1")], [entry(EntryKind.RESOLUTION, "k", id="a1")], "the alert a1"),
        (
            [*KEPT, entry(EntryKind.WATCH, "ab" * 32, org="emea")],
            [entry(EntryKind.WATCHED, "ab" * 32, org="emea")],
            "the plan abababababab, watched in emea",
        ),
        (LASTING, None, "the plan abababababab"),
        (
            [
                entry(EntryKind.ROTATION, "s/a", phase="order"),
                entry(EntryKind.ROTATION, "s/a", phase="begin"),
            ],
            [entry(EntryKind.ROTATION, "s/a", phase="begin")],
            "the rotation of s/a",
        ),
        (
            [entry(EntryKind.CERTIFICATE, "A_Sync", step="presented")],
            [entry(EntryKind.CERTIFICATE, "A_Sync", step="presented")],
            r"the certificate of A_Sync \(presented\)",
        ),
        (
            [entry(EntryKind.REGISTRATION, "estate", estate="a", policy="b")],
            [entry(EntryKind.REGISTRATION, "estate", estate="a", policy="c")],
            "the registration",
        ),
    ],
)
def test_what_is_still_in_force_does_not_leave(
    begin: list[Note],
    end: list[Note] | None,
    what: str,
    ledger: Ledger,
    signer: Ed25519Signer,
    tmp_path: Path,
    clock: Ticking,
) -> None:
    ledger.seal(signer)
    ledger.append(*notes(3))
    ledger.seal(signer)
    first = ledger.append(*begin)[0].sequence
    ledger.append(*notes(3, 3))
    ledger.seal(signer)
    clock.now += timedelta(days=400)
    through = archive(ledger, signer, tmp_path / "old.jsonl", timedelta(days=8), "anna")
    assert through.sequence == first - 1
    kept = [(e.kind, e.subject, e.body) for e in ledger.entries()]
    assert all((note.kind, note.subject, note.body) in kept for note in begin)
    with pytest.raises(ConfigurationError, match=rf"before entry {first}, on which {what}.* still rests"):
        archive(ledger, signer, tmp_path / "more.jsonl", timedelta(days=8), "anna")
    if end is not None:
        ledger.append(*end)
        assert archive(ledger, signer, tmp_path / "more.jsonl", timedelta(days=8), "anna").sequence > first


def test_one_instant_written_in_another_way_shows(exported: Exported) -> None:
    """The same hash follows from both, so only the writing itself gives it away."""
    lines = [*exported.lines]
    place = exported.place(3)
    lines[place] = re.sub(rb'("at":"[^"]+)Z"', rb'\1+00:00"', lines[place])
    assert lines[place] != exported.lines[place]
    assert not exported.checked(lines).sound


@pytest.mark.parametrize("more", [b"x", b"\n", b'{"entry":{}}\n'])
def test_what_is_added_behind_the_end_shows(exported: Exported, more: bytes) -> None:
    assert not exported.checked([*exported.lines, more]).sound


def test_a_gap_shows_although_every_hash_is_right() -> None:
    first = link(notes(1)[0], Head(), START)
    jump = link(notes(1, 1)[0], Head(sequence=4, hash=first.hash), START)
    assert ["one is missing" in p.what for p in verify(Head(), [first, jump], ()).problems] == [True]


def test_an_entry_that_continues_another_one_shows() -> None:
    first, other = link(notes(1)[0], Head(), START), link(notes(1, 7)[0], Head(), START)
    second = link(notes(1, 1)[0], Head(sequence=1, hash=other.hash), START)
    assert ["does not continue" in p.what for p in verify(Head(), [first, second], ()).problems] == [True]


def test_a_chain_that_begins_in_the_middle_needs_a_signature_there() -> None:
    start = Head(sequence=5, hash="ab" * 32)
    verdict = verify(start, [link(notes(1)[0], start, START)], ())
    assert [p.what for p in verdict.problems] == ["no signature vouches for where the chain begins here"]


def sealed(by: Ed25519Signer, entry: Entry) -> Checkpoint:
    head = Head(sequence=entry.sequence, hash=entry.hash)
    signature = by.sign(signed_bytes(head, START, by.key_id)).hex()
    return Checkpoint(head=head, at=START, key_id=by.key_id, signature=signature)


def test_a_pinned_key_is_never_replaced_by_an_announcement(signer: Ed25519Signer) -> None:
    """Not even by one that the pinned key itself sealed: whoever could make it sign that would own the ledger for ever."""
    impostor = Ed25519Signer("first", new_key())
    stolen = PublicKey(key_id="first", algorithm="ed25519", public_key=impostor.public_key)
    said = Note(kind=EntryKind.KEY, subject="first", actor="eve", body=stolen.model_dump())
    first = link(said, Head(), START)
    second = link(notes(1)[0], Head(sequence=1, hash=first.hash), START)
    pin = PublicKey(key_id="first", algorithm="ed25519", public_key=signer.public_key)
    marks = [sealed(signer, first), sealed(impostor, second)]
    assert [p.what for p in verify(Head(), [first, second], marks, [pin]).problems] == [
        "the signature of its checkpoint does not hold"
    ]


def test_other_files_are_not_taken_for_evidence(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello\nworld\n")
    with pytest.raises(ConfigurationError, match="no evidence file"):
        evidence.check(tmp_path / "notes.txt")
