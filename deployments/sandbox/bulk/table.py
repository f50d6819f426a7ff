"""CSV as bulk jobs read and write it: six delimiters, two line endings, everything quoted on the way out."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

DELIMITERS = {
    "BACKQUOTE": "`",
    "CARET": "^",
    "COMMA": ",",
    "PIPE": "|",
    "SEMICOLON": ";",
    "TAB": "\t",
}
LINE_ENDINGS = {"LF": "\n", "CRLF": "\r\n"}
_LONGEST_CELL = 131_072 * 16


class BadTable(ValueError):
    """The rows cannot be read; the message is the job's errorMessage."""


def read_table(text: str, delimiter: str, line_ending: str) -> tuple[list[str], Iterator[list[str]]]:
    """Header and rows. Raises BadTable, for rows while they are read."""
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise BadTable("InvalidBatch : Unable to find any data in the batch")
    first = text.partition("\n")[0]
    if (line_ending == "CRLF") != first.endswith("\r"):
        raise BadTable(
            f"ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is {line_ending}"
        )
    csv.field_size_limit(_LONGEST_CELL)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=DELIMITERS[delimiter])
    try:
        header = [name.strip() for name in next(lines)]
    except (csv.Error, StopIteration):
        raise BadTable("InvalidBatch : Failed to parse the CSV header") from None
    return header, _rows(lines, len(header))


def _rows(lines: Iterator[list[str]], width: int) -> Iterator[list[str]]:
    number = 1
    while True:
        number += 1
        try:
            row = next(lines)
        except StopIteration:
            return
        except csv.Error:
            raise BadTable(f"InvalidBatch : Failed to parse the CSV at row {number}") from None
        if not row:
            continue
        if len(row) != width:
            raise BadTable(
                f"InvalidBatch : The number of columns in row {number} ({len(row)}) differs from the header ({width})"
            )
        yield row


def line(cells: Sequence[str], delimiter: str, line_ending: str) -> str:
    """One row, every cell quoted."""
    quoted = DELIMITERS[delimiter].join([f'"{cell}"' if '"' not in cell else _quoted(cell) for cell in cells])
    return quoted + LINE_ENDINGS[line_ending]


def lines(rows: Iterable[Sequence[str]], delimiter: str, line_ending: str) -> list[str]:
    return [line(row, delimiter, line_ending) for row in rows]


def _quoted(cell: str) -> str:
    doubled = cell.replace('"', '""')
    return f'"{doubled}"'
