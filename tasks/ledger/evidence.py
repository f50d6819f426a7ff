"""Evidence in a file: one JSON document per line, checked without any server, database or network."""

import hashlib
import os
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from pydantic import ValidationError

from tasks.errors import ConfigurationError
from tasks.ledger.chain import canonical, document_of, moment, verify
from tasks.ledger.model import Checkpoint, Entry, Head, Problem, PublicKey, Verdict

if TYPE_CHECKING:
    # Who only checks needs no database.
    from tasks.ledger.store import Pages

FORMAT = "bulkhead evidence 1"


def write(pages: "Pages", file: Path, through: int | None = None) -> str:
    """
    Writes entries and checkpoints, up to one sequence or all; gives the SHA-256 of the file. Raises OSError.

    The file appears whole or not at all, and is its owner's alone.
    """
    part = file.with_name(f".{file.name}.part")
    digest = hashlib.sha256()
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as out:
            for document in _documents(pages, through):
                line = canonical(document) + b"\n"
                digest.update(line)
                out.write(line)
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return digest.hexdigest()


def content_of(pages: "Pages", through: int | None = None) -> bytes:
    """The same as one value, for what holds evidence among other things."""
    return b"".join(canonical(document) + b"\n" for document in _documents(pages, through))


def check(file: Path, pins: Collection[PublicKey] = (), anchors: Collection[Checkpoint] = ()) -> Verdict:
    """Raises OSError, and ConfigurationError when it is no evidence file at all."""
    return check_content(file.read_bytes(), str(file), pins, anchors)[0]


def check_content(
    content: bytes, name: str, pins: Collection[PublicKey] = (), anchors: Collection[Checkpoint] = ()
) -> tuple[Verdict, list[Entry]]:
    """What a file holds, checked, and its entries. Raises ConfigurationError when it is no evidence at all."""
    reader = _Reader(content, name)
    entries = list(reader.entries())
    verdict = verify(reader.start, entries, reader.checkpoints, pins, anchors)
    return verdict.model_copy(update={"problems": (*reader.problems, *verdict.problems)}), entries


def checkpoint_document(mark: Checkpoint) -> dict[str, Any]:
    return {**mark.model_dump(mode="json"), "at": moment(mark.at)}


def _documents(pages: "Pages", through: int | None) -> Iterator[dict[str, Any]]:
    count, seals = 0, 0
    start = pages.start()
    yield {"format": FORMAT, "start": start.model_dump()}
    marks = iter(pages.checkpoints())
    mark = next(marks, None)
    last = start.sequence
    while mark is not None and mark.head.sequence <= last:
        yield {"checkpoint": checkpoint_document(mark)}
        seals, mark = seals + 1, next(marks, None)
    for entry in pages.entries():
        if through is not None and entry.sequence > through:
            break
        count += 1
        yield {"entry": document_of(entry)}
        while mark is not None and mark.head.sequence <= entry.sequence:
            yield {"checkpoint": checkpoint_document(mark)}
            seals, mark = seals + 1, next(marks, None)
    yield {"entries": count, "checkpoints": seals}


class _Reader:
    """Reads on after a broken line, so that all that is wrong is told at once."""

    def __init__(self, content: bytes, name: str) -> None:
        self._lines = content.split(b"\n")
        self.problems: list[Problem] = []
        self.checkpoints: list[Checkpoint] = []
        self.start = Head()
        header = _loaded(self._lines[0])
        if header is None or header.get("format") != FORMAT:
            if FORMAT.encode() not in self._lines[0] and not self._lines[0].startswith(b'{"'):
                raise ConfigurationError(f"{name} is no evidence file. `bulkhead ledger export` writes one.")
            self._broken(0, "the first line is not what was written")
        else:
            try:
                self.start = Head.model_validate(header.get("start"))
            except ValidationError:
                self._broken(0, "the first line is not what was written")

    def entries(self) -> Iterator[Entry]:
        count, last = 0, self.start.sequence
        *lines, end = self._lines[1:] or [b""]
        if end:
            self._broken(last, "the file does not end where it was ended")
        closing = _loaded(lines.pop()) if lines else None
        for line in lines:
            document = _loaded(line)
            try:
                if document is not None and "entry" in document:
                    entry = Entry.model_validate(document["entry"])
                    if canonical({"entry": document_of(entry)}) != line:
                        raise ValueError
                    count, last = count + 1, entry.sequence
                    yield entry
                    continue
                if document is not None and "checkpoint" in document:
                    mark = Checkpoint.model_validate(document["checkpoint"])
                    if canonical({"checkpoint": checkpoint_document(mark)}) != line:
                        raise ValueError
                    self.checkpoints.append(mark)
                    continue
            except ValueError:
                pass
            self._broken(last + 1, "a line is not what was written")
        if closing != {"entries": count, "checkpoints": len(self.checkpoints)}:
            self._broken(last, "the last line does not say what the file holds; something was cut or added")

    def _broken(self, sequence: int, what: str) -> None:
        self.problems.append(Problem(sequence=sequence, what=what))


def _loaded(line: bytes) -> dict[str, Any] | None:
    """None unless it is written in the one way in which we write."""
    try:
        document = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return document if isinstance(document, dict) and canonical(document) == line else None


def check_pages(
    pages: "Pages", pins: Collection[PublicKey] = (), anchors: Iterable[Checkpoint] = ()
) -> Verdict:
    """The same for a ledger where it lives."""
    try:
        return verify(pages.start(), pages.entries(), pages.checkpoints(), pins, list(anchors))
    except ValueError:
        # A row that cannot be read any more ends the reading.
        problem = Problem(
            sequence=pages.start().sequence, what="a row cannot be read any more; export what is whole"
        )
        return Verdict(
            entries=0,
            checkpoints=0,
            anchors=0,
            sealed=0,
            head=pages.start(),
            pinned=bool(pins),
            problems=(problem,),
        )
