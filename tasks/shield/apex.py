"""Where Apex asks about a field: queries in brackets, queries in texts, and texts from which one may be made."""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from tasks.shield.model import Caller, CallerKind, Use
from tasks.shield.soql import Mention, Related, mentions

_COMMENT_OR_TEXT = re.compile(r"//[^\n]*|/\*.*?(?:\*/|\Z)|'(?:\\.|[^'\\\n])*'", re.DOTALL)
_INLINE = re.compile(r"\[\s*(?=(?:SELECT|FIND)\b)", re.IGNORECASE)
_ASKING = re.compile(r"\b(?:SELECT|FIND)\b", re.IGNORECASE)
_DYNAMIC = re.compile(r"\b(?:Database|Search)\s*\.\s*\w*(?:query|find|suggest)\w*\s*\(", re.IGNORECASE)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "'": "'", '"': '"', "\\": "\\"}


@dataclass(frozen=True)
class _Query:
    """`places` gives for each character of the text where in the source it stands."""

    text: str
    places: tuple[int, ...]


def apex_callers(
    source: str, name: str, kind: CallerKind, fields: Collection[str], related: Related
) -> tuple[Caller, ...]:
    """
    What a class or trigger does with `fields` (qualified), by line. A query whose field names are put together while it runs
    cannot be seen; a text that names a field in a class that makes queries from texts is given as `Use.TEXT`.
    """
    code = _without_comments(source)
    breaks = [match.start() for match in re.finditer("\n", source)]
    found: dict[Caller, None] = {}
    seen: list[tuple[int, int]] = []
    for query in (*_inline(code), *_in_texts(code)):
        seen.append((query.places[0], query.places[-1]))
        for mention in mentions(query.text, related):
            line = bisect_right(breaks, query.places[mention.at]) + 1
            for field in _meant(mention, fields, related):
                found[
                    Caller(
                        field=field, kind=kind, name=name, use=mention.use, detail=mention.detail, line=line
                    )
                ] = None
    if _DYNAMIC.search(code):
        for at, line_of in _loose(code, seen, breaks):
            for field in fields:
                if re.search(rf"\b{re.escape(field.partition('.')[2])}\b", at, re.IGNORECASE):
                    found[Caller(field=field, kind=kind, name=name, use=Use.TEXT, line=line_of)] = None
    return tuple(sorted(found, key=lambda caller: (caller.line or 0, caller.field, caller.use)))


def _meant(mention: Mention, fields: Collection[str], related: Related) -> Iterator[str]:
    """A name whose object is unknown may be any field of that name: better one caller too many than one too few."""
    owners, name = related.owners(mention.owner, mention.path)
    known = {f"{owner}.{name}".lower() for owner in owners if owner}
    for field in fields:
        if field.lower() in known or (not known and field.partition(".")[2].lower() == name.lower()):
            yield field


def _without_comments(source: str) -> str:
    """Blanks in their place, so that every line stays where it is."""

    def blank(match: re.Match[str]) -> str:
        text = match.group()
        return text if text.startswith("'") else re.sub(r"[^\n]", " ", text)

    return _COMMENT_OR_TEXT.sub(blank, source)


def _inline(code: str) -> Iterator[_Query]:
    for match in _INLINE.finditer(_masked(code)):
        start, end = match.end(), _end(code, match.start())
        yield _Query(code[start:end], tuple(range(start, end)))


def _masked(code: str) -> str:
    """Texts blanked: a bracket in one opens no query."""
    return _COMMENT_OR_TEXT.sub(lambda match: " " * len(match.group()), code)


def _end(code: str, at: int) -> int:
    depth = 0
    masked = _masked(code[at:])
    for place, letter in enumerate(masked):
        depth += (letter == "[") - (letter == "]")
        if depth == 0:
            return at + place
    return len(code)


def _in_texts(code: str) -> Iterator[_Query]:
    """`'SELECT …' + name + '…'` as one query; what stands between the texts is a value, as far as anybody can tell."""
    past = 0
    for match in _texts(code):
        if match.start() < past or not _ASKING.match(_plain(match.group())[0].lstrip()):
            continue
        text, places, past = _joined(code, match.start())
        # Places of what was trimmed go with it.
        cut = len(text) - len(text.lstrip())
        yield _Query(text[cut:], tuple(places[cut:]))


def _texts(code: str) -> Iterator[re.Match[str]]:
    return (match for match in _COMMENT_OR_TEXT.finditer(code) if match.group().startswith("'"))


def _joined(code: str, at: int) -> tuple[str, list[int], int]:
    text, places, depth = "", list[int](), 0
    while at < len(code):
        letter = code[at]
        if letter == "'" and (match := _COMMENT_OR_TEXT.match(code, at)):
            inner, offsets = _plain(match.group())
            text += inner
            places += [at + offset for offset in offsets]
            at = match.end()
            continue
        depth += (letter in "([{") - (letter in ")]}")
        if depth < 0 or (depth == 0 and letter in ";,"):
            break
        if letter == "+" and depth == 0:
            # A blank keeps the words apart where the source forgot one only between texts and values.
            text, places = text + _bound(code, at), [*places, *[at] * len(_bound(code, at))]
        at += 1
    return text, places, at


def _bound(code: str, at: int) -> str:
    """What follows a plus: nothing where it is the next text, a value where it is an expression."""
    return "" if code[at + 1 :].lstrip().startswith("'") else ":x "


def _plain(literal: str) -> tuple[str, list[int]]:
    """A literal's text, and for each character its offset in the literal."""
    text, offsets, at = "", list[int](), 1
    while at < len(literal) - 1:
        escaped = literal[at] == "\\" and literal[at + 1] in _ESCAPES
        text += _ESCAPES[literal[at + 1]] if escaped else literal[at]
        offsets.append(at)
        at += 2 if escaped else 1
    return text, offsets


def _loose(code: str, seen: Collection[tuple[int, int]], breaks: list[int]) -> Iterator[tuple[str, int]]:
    """Texts that are in no query that was seen, with their lines."""
    for match in _texts(code):
        if not any(first <= match.start() + 1 <= last for first, last in seen):
            yield match.group(), bisect_right(breaks, match.start()) + 1
