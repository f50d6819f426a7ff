"""From the text of a FIND to what it asks for (SOQL and SOSL Reference, SOSL Syntax)."""

import re
from dataclasses import dataclass
from typing import Literal

Group = Literal["ALL", "NAME", "EMAIL", "PHONE", "SIDEBAR"]
LONGEST = 10_000
_FIND = re.compile(r"\s*FIND\s*\{", re.IGNORECASE)
_IN = re.compile(r"\s*IN\s+(ALL|NAME|EMAIL|PHONE|SIDEBAR)\s+FIELDS\b", re.IGNORECASE)
_RETURNING = re.compile(r"\s*RETURNING\b", re.IGNORECASE)
_WITH = re.compile(r"\s*WITH\b.*?(?=\bLIMIT\b|\bUPDATE\b|\bWITH\b|$)", re.IGNORECASE | re.DOTALL)
_LIMIT = re.compile(r"\s*LIMIT\s+(\d+)", re.IGNORECASE)
_UPDATE = re.compile(r"\s*UPDATE\s+(TRACKING|VIEWSTAT)(\s*,\s*(TRACKING|VIEWSTAT))*", re.IGNORECASE)
_NAME = re.compile(r"\s*([A-Za-z]\w*)")
_CLAUSE = re.compile(r"\b(USING\s+LISTVIEW|WHERE|ORDER\s+BY|LIMIT|OFFSET)\b", re.IGNORECASE)


class BadSearch(ValueError):
    """The text is no search; the message is the API's."""


@dataclass(frozen=True)
class Returning:
    """One object to search, with what to give of it; `tail` is its WHERE, ORDER BY, LIMIT and OFFSET as SOQL."""

    sobject: str
    fields: tuple[str, ...] = ("Id",)
    where: str = ""
    order: str = ""
    limit: int | None = None
    offset: int | None = None


@dataclass(frozen=True)
class Search:
    """`returning` is empty where any object may be found."""

    text: str
    group: Group = "ALL"
    returning: tuple[Returning, ...] = ()
    limit: int = 2000


def parse(sosl: str) -> Search:
    """Raises BadSearch."""
    if len(sosl) > LONGEST:
        raise BadSearch(f"The search is longer than {LONGEST} characters")
    start = _FIND.match(sosl)
    if start is None:
        raise BadSearch("unexpected token: a search begins with FIND {…}")
    text, at = _braced(sosl, start.end())
    group: Group = "ALL"
    if found := _IN.match(sosl, at):
        group, at = _group(found[1]), found.end()
    returning: list[Returning] = []
    if found := _RETURNING.match(sosl, at):
        returning, at = _list(sosl, found.end())
    limit = 2000
    while at < len(sosl.rstrip()):
        if found := _LIMIT.match(sosl, at):
            limit = int(found[1])
        elif not (found := _WITH.match(sosl, at) or _UPDATE.match(sosl, at)) or found.end() == at:
            raise BadSearch(f"unexpected token: '{sosl[at:].strip()[:40]}'")
        at = found.end()
    return Search(text, group, tuple(returning), min(limit, 2000))


def _group(word: str) -> Group:
    upper = word.upper()
    groups: tuple[Group, ...] = ("ALL", "NAME", "EMAIL", "PHONE", "SIDEBAR")
    return next(group for group in groups if group == upper)


def _braced(sosl: str, at: int) -> tuple[str, int]:
    """The text up to the closing brace; a backslash escapes what follows."""
    found = []
    while at < len(sosl):
        if sosl[at] == "\\" and at + 1 < len(sosl):
            found.append(sosl[at : at + 2])
            at += 2
            continue
        if sosl[at] == "}":
            text = "".join(found)
            if len(text.strip(' "*?')) < 1:
                raise BadSearch("search term must be longer than one character")
            return text, at + 1
        found.append(sosl[at])
        at += 1
    raise BadSearch("unexpected end of the search: } is missing")


def _list(sosl: str, at: int) -> tuple[list[Returning], int]:
    found = []
    while True:
        name = _NAME.match(sosl, at)
        if name is None:
            raise BadSearch("RETURNING needs the name of an object")
        at = name.end()
        inside = ""
        rest = len(sosl[at:]) - len(sosl[at:].lstrip())
        if sosl[at + rest : at + rest + 1] == "(":
            inside, at = _parenthesised(sosl, at + rest + 1)
        found.append(_returning(name[1], inside))
        comma = re.compile(r"\s*,").match(sosl, at)
        if comma is None:
            return found, at
        at = comma.end()


def _parenthesised(sosl: str, at: int) -> tuple[str, int]:
    depth, quoted, start = 1, False, at
    while at < len(sosl):
        char = sosl[at]
        if quoted:
            at += 1 if char == "\\" else 0
            quoted = char != "'"
        elif char == "'":
            quoted = True
        elif char in "()":
            depth += 1 if char == "(" else -1
            if depth == 0:
                return sosl[start:at], at + 1
        at += 1
    raise BadSearch("unexpected end of the search: ) is missing")


def _returning(name: str, inside: str) -> Returning:
    parts = _CLAUSE.split(inside)
    fields = tuple(each.strip() for each in parts[0].split(",") if each.strip()) or ("Id",)
    clauses = {
        re.sub(r"\s+", " ", word).upper(): body.strip()
        for word, body in zip(parts[1::2], parts[2::2], strict=True)
    }
    numbers: dict[str, int | None] = {}
    for word in ("LIMIT", "OFFSET"):
        value = clauses.get(word)
        if value is not None and not value.isdigit():
            raise BadSearch(f"unexpected token: '{value[:40]}'")
        numbers[word] = None if value is None else int(value)
    return Returning(
        name,
        fields,
        clauses.get("WHERE", ""),
        clauses.get("ORDER BY", ""),
        numbers["LIMIT"],
        numbers["OFFSET"],
    )
