"""CSV in bounded memory: whatever the cells hold and wherever the bytes are cut, the same rows come out."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.telemetry.csv_stream import NotCsv, frames

CELLS = st.text(st.sampled_from('ab,"\n\r é'), max_size=6)


def written(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([["ONE", "TWO"], *rows])
    return text.getvalue().encode()


def read(content: bytes, size: int, piece: int) -> list[list[str]]:
    chunks = (content[at : at + piece] for at in range(0, len(content), piece))
    return [[cell or "" for cell in row] for frame in frames(chunks, size=size) for row in frame.rows()]


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=8),
    size=st.integers(1, 60),
    piece=st.integers(1, 40),
)
def test_rows_come_whole_wherever_bytes_are_cut(rows: list[list[str]], size: int, piece: int) -> None:
    assert read(written(rows), size, piece) == rows


def test_wanted_columns_come_by_name_and_others_do_not() -> None:
    content = b'"TWO","NEW","ONE"\n"2","x","1"\n'
    (frame,) = frames([content], wanted={"ONE", "TWO", "OTHER"})
    assert frame.to_dicts() == [{"TWO": "2", "ONE": "1"}]


def test_a_byte_order_mark_small_letters_and_windows_line_ends_do_no_harm() -> None:
    (frame,) = frames([b'\xef\xbb\xbfone,"two"\r\n"1","2"\r\n'])
    assert frame.to_dicts() == [{"ONE": "1", "TWO": "2"}]


def test_a_header_alone_is_an_empty_frame() -> None:
    (frame,) = frames([b"ONE,TWO\n"])
    assert frame.columns == ["ONE", "TWO"] and frame.height == 0


@pytest.mark.parametrize(
    "content",
    [b'ONE,TWO\n"1","2', b"ONE,TWO\n1,2,3\n", b"ONE,ONE\n1,2\n", b"ONE,\n1,2\n", b"\xff\xfe\x00\n1\n"],
    ids=["cut", "too many cells", "a column twice", "no name", "no text"],
)
def test_what_is_no_such_file_is_refused_without_quoting_it(content: bytes) -> None:
    with pytest.raises(NotCsv) as refused:
        list(frames([content]))
    assert "1" not in str(refused.value).replace("block 1", "")
