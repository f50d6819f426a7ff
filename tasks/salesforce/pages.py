"""Queries packed five to a call, pages asked for side by side, and nothing incomplete handed on."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from tasks.errors import IncompleteRead, OrgError, OrgUnavailable, RowLocked, Throttled
from tasks.salesforce.classify import classify

QUERIES_PER_COMPOSITE, PARTS_PER_COMPOSITE = 5, 25
WORTH_REPEATING = (OrgUnavailable, Throttled, RowLocked)

Row = dict[str, Any]


class Sender(Protocol):
    """What a session offers to whoever packs its questions."""

    alias: str

    @property
    def version(self) -> str: ...
    def follow(self, path: str) -> Any: ...
    def post_composite(self, path: str, body: Row) -> Any: ...
    def wait(self, error: OrgError, attempt: int) -> bool: ...


def read_all(sender: Sender, urls: Mapping[str, str], *, tooling: bool) -> dict[str, list[Row] | OrgError]:
    """`urls` are those of first pages. Each name has its rows, or the error that it alone met."""
    first = fetch(sender, urls, tooling=tooling)
    later = fetch(
        sender,
        {
            f"{name} {at}": url
            for name, page in first.items()
            if not isinstance(page, OrgError)
            for at, url in _later_pages(page)
        },
        tooling=tooling,
    )
    return {
        name: page if isinstance(page, OrgError) else _join(sender, name, page, later)
        for name, page in first.items()
    }


def fetch(
    sender: Sender, urls: Mapping[str, str], *, tooling: bool, each: int = QUERIES_PER_COMPOSITE
) -> dict[str, Row | OrgError]:
    """GETs packed into composites. Parts that ask for patience are asked again, the others are not."""
    answers: dict[str, Row | OrgError] = {}
    open_urls = dict(urls)
    attempt = 0
    while open_urls:
        for part in _chunks(open_urls, each):
            answers |= _composite(sender, part, tooling)
        impatient = {n: e for n in open_urls if isinstance(e := answers[n], WORTH_REPEATING)}
        attempt += 1
        if not impatient or not sender.wait(next(iter(impatient.values())), attempt):
            return answers
        open_urls = {name: open_urls[name] for name in impatient}
    return answers


def _chunks(urls: Mapping[str, str], size: int) -> Iterator[dict[str, str]]:
    items = list(urls.items())
    for start in range(0, len(items), size):
        yield dict(items[start : start + size])


def _composite(sender: Sender, urls: Mapping[str, str], tooling: bool) -> dict[str, Row | OrgError]:
    body = {
        "compositeRequest": [
            {"method": "GET", "url": url, "referenceId": f"r{index}"}
            for index, url in enumerate(urls.values())
        ]
    }
    answer = sender.post_composite("tooling/composite" if tooling else "composite", body)
    parts = answer.get("compositeResponse") if isinstance(answer, dict) else None
    found = {part.get("referenceId"): part for part in parts or () if isinstance(part, dict)}
    return {name: _part(sender.alias, found.get(f"r{index}")) for index, name in enumerate(urls)}


def _part(org: str, part: Mapping[str, Any] | None) -> Row | OrgError:
    if part is None or "httpStatusCode" not in part:
        return OrgUnavailable(org, "a composite call came back without one of its answers", "Run again.")
    status, body = int(part["httpStatusCode"]), part.get("body")
    if status >= 300 or not isinstance(body, dict):
        return classify(org, max(status, 300), body, {})
    return body


def _join(sender: Sender, name: str, page: Row, later: Mapping[str, Row | OrgError]) -> list[Row] | OrgError:
    """
    Pages in order. Where an org refuses an offset it has not handed out, or changes the size of its pages, they are
    followed one by one.
    """
    rows: list[Row] = list(page["records"])
    if page.get("done", True):
        return _whole(sender.alias, rows, page)
    for at, _ in _later_pages(page):
        following = later[f"{name} {at}"]
        if isinstance(following, OrgError) or len(rows) != at:
            return _follow(sender, page)
        rows += following["records"]
    return rows if len(rows) == int(page["totalSize"]) else _follow(sender, page)


def _follow(sender: Sender, page: Row) -> list[Row] | OrgError:
    rows: list[Row] = list(page["records"])
    first = page
    while not page.get("done", True):
        url = page.get("nextRecordsUrl")
        if not url:
            return IncompleteRead(sender.alias, "a page without its successor came", "Run again.")
        try:
            page = sender.follow(str(url).partition(f"/v{sender.version}/")[2])
        except OrgError as error:
            return error
        rows += page["records"]
    return _whole(sender.alias, rows, first)


def _whole(org: str, rows: list[Row], first: Row) -> list[Row] | OrgError:
    expected = int(first["totalSize"])
    if len(rows) == expected:
        return rows
    return IncompleteRead(
        org, f"{len(rows)} of {expected} rows came", "Run again; nothing is judged on a part."
    )


def _later_pages(page: Row) -> Iterator[tuple[int, str]]:
    """Offset and address of every page after the first: the locator ends in the row to go on from."""
    url = str(page.get("nextRecordsUrl") or "")
    stem, dash, offset = url.rpartition("-")
    if page.get("done", True) or not dash or not offset.isdigit() or int(offset) == 0:
        return
    for at in range(int(offset), int(page["totalSize"]), int(offset)):
        yield at, f"{stem}-{at}"
