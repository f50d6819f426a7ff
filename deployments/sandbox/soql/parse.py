"""From query text to AST, by an LALR grammar."""

import re
from functools import cache, lru_cache
from pathlib import Path as File
from typing import Any, cast

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken, VisitError

from deployments.sandbox.soql import ast
from deployments.sandbox.soql.errors import Fault, malformed

_LONGEST = 100_000
_ESCAPES = {
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "b": "\b",
    "f": "\f",
    '"': '"',
    "'": "'",
    "\\": "\\",
    "_": "_",
    "%": "%",
}
_CURRENCY = re.compile(r"[A-Za-z]{3}(\d+(?:\.\d+)?)")
"""USD500: the amount counts, since an org of one currency has nothing to convert."""
_NEVER_NAMES = frozenset({"FROM", "SELECT", "WHERE"})
_WORDS: dict[str, ast.Value] = {
    "true": ast.Value("boolean", True),
    "false": ast.Value("boolean", False),
    "null": ast.Value("null", None),
}


def _unescape(token: Token) -> ast.Value:
    text, pattern = [], []
    letters = iter(token[1:-1])
    for letter in letters:
        if letter != "\\":
            text.append(letter)
            pattern.append(letter)
            continue
        escaped = next(letters)
        if escaped not in _ESCAPES:
            raise malformed(
                f"Illegal string literal: Invalid string literal '{token[1:-1]}'. Illegal character sequence "
                f"'\\{escaped}' in string literal.",
                *_place(token),
            )
        plain = _ESCAPES[escaped]
        text.append(plain)
        # LIKE runs with backslash as its escape character.
        pattern.append(f"\\{plain}" if plain in "%_\\" else plain)
    return ast.Value("string", "".join(text), "".join(pattern))


def _place(token: Token) -> tuple[int, int]:
    return token.line or 0, token.column or 0


def _found(children: list[Any], kind: type | tuple[type, ...]) -> list[Any]:
    return [child for child in children if isinstance(child, kind) and not isinstance(child, Token)]


class _Section(tuple[Any, ...]):
    """A clause on its way into the query: its name and its content."""

    __slots__ = ()


def _section(name: str, content: object) -> _Section:
    return _Section((name, content))


class _Build(Transformer[Token, ast.Query]):
    """Each method makes the noun of the grammar rule it is named after."""

    def start(self, children: list[Any]) -> ast.Query:
        return cast("ast.Query", children[0])

    def query(self, children: list[Any]) -> ast.Query:
        sections = dict(_found(children, _Section))
        source, alias, joined = sections.pop("source")
        return ast.Query(source=source, alias=alias, joined=joined, **sections)

    def items(self, children: list[Any]) -> _Section:
        return _section("items", tuple(children))

    def item(self, children: list[Any]) -> ast.Item:
        return ast.Item(children[0], str(children[1]) if len(children) > 1 else None)

    def subquery(self, children: list[Any]) -> ast.Query:
        return cast("ast.Query", children[0])

    def typeof(self, children: list[Any]) -> ast.TypeOf:
        return ast.TypeOf(children[1], tuple(child for child in children if isinstance(child, tuple)))

    def when(self, children: list[Any]) -> tuple[str, tuple[ast.Path, ...]]:
        return str(children[1]), children[3]

    def otherwise(self, children: list[Any]) -> tuple[str, tuple[ast.Path, ...]]:
        return "", children[1]

    def paths(self, children: list[Any]) -> tuple[ast.Path, ...]:
        return tuple(children)

    def source(self, children: list[Any]) -> _Section:
        names = [str(child) for child in children[1:] if isinstance(child, Token) and child.type == "NAME"]
        joined = tuple(child for child in children[1:] if isinstance(child, tuple))
        return _section("source", (children[0], names[0] if names else None, joined))

    def joined(self, children: list[Any]) -> tuple[str, tuple[str, ...]]:
        return str(children[-1]), children[0].names

    def using(self, children: list[Any]) -> _Section:
        return _section("scope", str(children[2]))

    def where(self, children: list[Any]) -> _Section:
        return _section("where", children[1])

    def security(self, children: list[Any]) -> None:
        word = children[1]
        if word.upper() not in ("SECURITY_ENFORCED", "USER_MODE", "SYSTEM_MODE"):
            raise malformed(f"unexpected token: '{word}'", *_place(word))

    def purpose(self, children: list[Any]) -> None:
        for word in children[1:]:
            if word.upper() not in ("VIEW", "REFERENCE", "UPDATE"):
                raise malformed(f"unexpected token: '{word}'", *_place(word))

    def category(self, children: list[Any]) -> None:
        """Data categories are checked for their form alone: nothing here is filed under one."""

    def selection(self, children: list[Any]) -> None:
        if children[1].upper() not in ("AT", "ABOVE", "BELOW", "ABOVE_OR_BELOW"):
            raise malformed(f"unexpected token: '{children[1]}'", *_place(children[1]))

    def tracking(self, children: list[Any]) -> None:
        for word in children[1:]:
            if word.upper() not in ("TRACKING", "VIEWSTAT"):
                raise malformed(f"unexpected token: '{word}'", *_place(word))

    def all_rows(self, children: list[Any]) -> None:
        raise malformed("ALL ROWS not allowed in this context", *_place(children[0]))

    def group(self, children: list[Any]) -> _Section:
        return _section("group", tuple(_found(children, (ast.Path, ast.Call))))

    def having(self, children: list[Any]) -> _Section:
        return _section("having", children[1])

    def order(self, children: list[Any]) -> _Section:
        return _section("order", tuple(_found(children, ast.Sort)))

    def sort(self, children: list[Any]) -> ast.Sort:
        words = {str(child).upper() for child in children[1:]}
        nulls = True if "LAST" in words else False if "FIRST" in words else None
        return ast.Sort(children[0], "DESC" in words, nulls)

    def direction(self, children: list[Any]) -> str:
        return str(children[0])

    def nulls(self, children: list[Any]) -> str:
        return str(children[1])

    def limit(self, children: list[Any]) -> _Section:
        return _section("limit", _count(children[1]))

    def offset(self, children: list[Any]) -> _Section:
        return _section("offset", _count(children[1]))

    def all_of(self, children: list[Any]) -> ast.Junction:
        return ast.Junction("AND", tuple(child for child in children if not isinstance(child, Token)))

    def any_of(self, children: list[Any]) -> ast.Junction:
        return ast.Junction("OR", tuple(child for child in children if not isinstance(child, Token)))

    def negation(self, children: list[Any]) -> ast.Negation:
        return ast.Negation(children[1])

    def compare(self, children: list[Any]) -> ast.Compare:
        left, operator, right = children
        return ast.Compare(left, {"<>": "!="}.get(operator, operator.upper()), right)

    def among(self, children: list[Any]) -> ast.Among:
        negated = any(isinstance(child, Token) and child.type == "NOT" for child in children)
        return ast.Among(children[0], negated, children[-1])

    def picks(self, children: list[Any]) -> ast.Picks:
        return ast.Picks(children[0], children[1].type == "EXCLUDES", children[2])

    def values(self, children: list[Any]) -> tuple[ast.Value, ...]:
        return tuple(children)

    def string(self, children: list[Any]) -> ast.Value:
        return _unescape(children[0])

    def number(self, children: list[Any]) -> ast.Value:
        text = str(children[0])
        whole = text.lstrip("+-").isdigit()
        return ast.Value("number", int(text) if whole else float(text))

    def moment(self, children: list[Any]) -> ast.Value:
        return ast.Value("moment", str(children[0]))

    def day(self, children: list[Any]) -> ast.Value:
        return ast.Value("day", str(children[0]))

    def word(self, children: list[Any]) -> ast.Value:
        token = children[0]
        if (amount := _CURRENCY.fullmatch(token)) is not None:
            return ast.Value("number", float(amount[1]))
        return _WORDS.get(token.lower()) or ast.Value("range", token.upper())

    def path(self, children: list[Any]) -> ast.Path:
        if children[0].upper() in _NEVER_NAMES:
            raise malformed(f"unexpected token: '{children[0]}'", *_place(children[0]))
        return ast.Path(tuple(map(str, children)), *_place(children[0]))

    def call(self, children: list[Any]) -> ast.Call:
        return ast.Call(children[0].upper(), tuple(children[1:]), *_place(children[0]))


def _count(token: Token) -> int:
    if not token.isdigit():
        raise malformed(f"unexpected token: '{token}'", *_place(token))
    return int(token)


@cache
def _parser() -> Lark:
    grammar = (File(__file__).parent / "soql.lark").read_text()
    return Lark(grammar, parser="lalr", lexer="contextual", maybe_placeholders=False, transformer=_Build())


def _refusal(error: UnexpectedInput, soql: str) -> Fault:
    if isinstance(error, UnexpectedEOF) or (
        isinstance(error, UnexpectedToken) and error.token.type == "$END"
    ):
        return malformed("unexpected token: '<EOF>'", soql.count("\n") + 1, len(soql.rpartition("\n")[2]) + 1)
    if isinstance(error, UnexpectedToken):
        return malformed(f"unexpected token: '{error.token}'", *_place(error.token))
    letter = error.char if isinstance(error, UnexpectedCharacters) else "?"
    return malformed(f"unexpected token: '{letter}'", error.line, error.column)


@lru_cache(maxsize=2048)
def parse(soql: str) -> ast.Query:
    """The query's AST. Raises Fault with MALFORMED_QUERY and the place of the first wrong token."""
    if len(soql) > _LONGEST:
        raise malformed(f"SOQL statements cannot be longer than {_LONGEST} characters.")
    try:
        return cast("ast.Query", _parser().parse(soql))
    except UnexpectedInput as error:
        raise _refusal(error, soql) from None
    except VisitError as error:
        raise error.orig_exc from None
