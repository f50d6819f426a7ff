"""What a query does with each field it names: compares, sorts, groups or aggregates it. Selecting alone is nothing."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tasks.shield.model import Use

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<text>'(?:\\.|[^'\\])*'?)
    |(?P<bind>:\s*)
    |(?P<word>[A-Za-z_][\w.]*(?::\d+)?)
    |(?P<number>[-+]?\d[\w.:+-]*)
    |(?P<operator><=|>=|!=|<>|[=<>])
    |(?P<open>\()|(?P<close>\))|(?P<comma>,)|(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_BOUND = re.compile(r"[\w.?]+")
_EQUAL = frozenset({"=", "!=", "<>", "in", "not in"})
_AGGREGATES = frozenset({"count", "count_distinct", "min", "max", "sum", "avg", "grouping"})
_CLAUSES = ("where", "having", "order by", "group by")
_ENDS = frozenset({"limit", "offset", "for", "with", "using", "update", "all"})
_SORTING = frozenset({"asc", "desc", "nulls", "first", "last"})
_BEHIND = _ENDS | frozenset(_CLAUSES)
_JUNCTIONS = frozenset({"and", "or", "not", "in"})


@dataclass(frozen=True)
class Mention:
    """`path` as it stands in the query, without the object's name or alias before it; `at` counts characters of the text."""

    owner: str
    path: str
    use: Use
    detail: str
    at: int


@dataclass(frozen=True)
class Related:
    """Where relationships lead, by lower-case `object.relationship`: from child to parent, and from parent to child."""

    parents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    children: Mapping[str, str] = field(default_factory=dict)

    def owners(self, owner: str, path: str) -> tuple[tuple[str, ...], str]:
        """
        The objects that the last name of a path may belong to, and that name. No objects where a relationship is unknown:
        then the field may be anybody's.
        """
        *steps, name = path.split(".")
        found: tuple[str, ...] = (owner,)
        for step in steps:
            found = tuple(
                target for each in found for target in self.parents.get(f"{each}.{step}".lower(), ())
            )
        return found, name

    def child(self, parent: str, relationship: str) -> str:
        """The object of a child relationship; empty where it is unknown."""
        return self.children.get(f"{parent}.{relationship}".lower(), "")


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    at: int

    @property
    def lower(self) -> str:
        return self.text.lower()


def mentions(text: str, related: Related) -> Iterator[Mention]:
    """Of one SOQL or SOSL text, inner queries included. A text that is neither gives nothing."""
    tokens = _tokens(text)
    if not tokens:
        return
    if tokens[0].lower == "select":
        yield from _query(tokens, "", related)
    elif tokens[0].lower == "find":
        yield from _search(tokens, related)


def fragments(text: str) -> Iterator[Mention]:
    """Of a part of a query, such as ` AND SSN__c = `: its object is unknown. Without a clause of its own it is taken for conditions."""
    yield from _clauses(_tokens(text), _Ground("", {}, Related()), "where")


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            break
        kind = match.lastgroup or "other"
        if kind == "bind":
            # What is bound is a value, however it is worked out.
            found.append(_Token("value", ":", at))
            at = _after_bind(text, match.end())
            continue
        if kind != "space":
            found.append(_Token(kind, match.group(), at))
        at = match.end()
    return _words_joined(found)


def _after_bind(text: str, at: int) -> int:
    """Past `name`, `a.b`, `a?.b`, `f(x)`, `list[0].c` or a bracketed expression."""
    while at < len(text):
        if text[at] in "([":
            at = _closing(text, at) + 1
            continue
        word = _BOUND.match(text, at)
        if word is None:
            return at
        at = word.end()
    return at


def _closing(text: str, at: int) -> int:
    depth = 0
    for place in range(at, len(text)):
        depth += (text[place] in "([") - (text[place] in ")]")
        if depth == 0:
            return place
    return len(text)


def _words_joined(tokens: list[_Token]) -> list[_Token]:
    """`order by`, `group by` and `not in` as one."""
    found: list[_Token] = []
    for token in tokens:
        if found and (found[-1].lower, token.lower) in (("order", "by"), ("group", "by"), ("not", "in")):
            last = found.pop()
            found.append(_Token("word", f"{last.text} {token.text}", last.at))
        else:
            found.append(token)
    return found


def _query(tokens: list[_Token], parent: str, related: Related) -> Iterator[Mention]:
    """`parent` is the object whose children an inner query of the SELECT list asks for."""
    depth, start = 0, None
    for place, token in enumerate(tokens):
        depth += (token.kind == "open") - (token.kind == "close")
        if depth == 0 and token.lower == "from":
            start = place
            break
    if start is None or start + 1 >= len(tokens):
        # The rest is put behind it elsewhere.
        yield from _selected(tokens[1:], _Ground("", {}, related))
        return
    named = tokens[start + 1]
    # Whatever a name is put together from while the class runs may be any object.
    owner = named.text if named.kind == "word" else ""
    if parent:
        owner = related.child(parent, owner.rpartition(".")[2])
    aliases, rest = _aliases(tokens, start + 1)
    ground = _Ground(owner, aliases, related)
    yield from _selected(tokens[1:start], ground)
    yield from _clauses(tokens[rest:], ground)


def _aliases(tokens: list[_Token], place: int) -> tuple[dict[str, str], int]:
    """
    Of `Contact c, c.Account a`: what each name stands for, seen from the first object, and where the clauses begin. An alias
    of the first object stands for nothing.
    """
    found: dict[str, str] = {}
    while place < len(tokens):
        named, place = tokens[place].text, place + 1
        head, dot, rest = named.partition(".")
        path = ".".join(each for each in (found.get(head.lower(), ""), rest) if each) if found and dot else ""
        if not found:
            found[named.lower()] = ""
        if place < len(tokens) and tokens[place].lower == "as":
            place += 1
        if place < len(tokens) and tokens[place].kind == "word" and tokens[place].lower not in _BEHIND:
            found[tokens[place].lower] = path
            place += 1
        if place >= len(tokens) or tokens[place].kind != "comma":
            break
        place += 1
    return found, place


@dataclass(frozen=True)
class _Ground:
    owner: str
    aliases: Mapping[str, str]
    related: Related

    def mention(self, token: _Token, use: Use, detail: str) -> Mention:
        head, dot, rest = token.text.partition(".")
        path = token.text
        if dot and (led := self.aliases.get(head.lower())) is not None:
            path = f"{led}.{rest}" if led else rest
        return Mention(self.owner, path, use, detail, token.at)


def _selected(tokens: list[_Token], ground: _Ground) -> Iterator[Mention]:
    """Inner queries, and what stands in functions, however deep: `FORMAT(MAX(SSN__c))`."""
    place = 0
    while place < len(tokens):
        if tokens[place].kind == "open":
            end = _matching(tokens, place)
            inner = tokens[place + 1 : end]
            if inner and inner[0].lower == "select":
                yield from _query(inner, ground.owner, ground.related)
            elif place and tokens[place - 1].lower in _AGGREGATES:
                for each in inner:
                    if each.kind == "word":
                        yield ground.mention(each, Use.AGGREGATE, tokens[place - 1].text.upper())
            else:
                yield from _selected(inner, ground)
            place = end
        place += 1


def _matching(tokens: list[_Token], place: int) -> int:
    depth = 0
    for at in range(place, len(tokens)):
        depth += (tokens[at].kind == "open") - (tokens[at].kind == "close")
        if depth == 0:
            return at
    return len(tokens)


def _clauses(tokens: list[_Token], ground: _Ground, clause: str = "") -> Iterator[Mention]:
    place = 0
    while place < len(tokens):
        token = tokens[place]
        following = tokens[place + 1] if place + 1 < len(tokens) else None
        if token.kind == "word" and token.lower in _CLAUSES:
            clause = token.lower
        elif token.kind == "word" and token.lower in _ENDS:
            clause = ""
        elif token.kind == "open" and following is not None and following.lower == "select":
            end = _matching(tokens, place)
            yield from _query(tokens[place + 1 : end], "", ground.related)
            place = end
        elif (
            token.kind == "word"
            and following is not None
            and following.kind == "open"
            and token.lower not in _JUNCTIONS | {"not in"}
        ):
            end = _matching(tokens, place + 1)
            yield from _called(token, tokens[place + 2 : end], clause, ground)
            place = end
        elif token.kind == "word":
            yield from _plain(token, following, clause, ground)
        place += 1


def _called(function: _Token, inner: list[_Token], clause: str, ground: _Ground) -> Iterator[Mention]:
    """A field inside a function is no longer compared as it is stored."""
    uses = {"order by": Use.SORT, "group by": Use.GROUP}
    use = uses.get(clause, Use.COMPARISON)
    if function.lower in _AGGREGATES:
        use = Use.AGGREGATE
    for each in inner:
        if each.kind == "word" and clause:
            yield ground.mention(each, use, function.text.upper())


def _plain(token: _Token, following: _Token | None, clause: str, ground: _Ground) -> Iterator[Mention]:
    if clause == "order by" and token.lower not in _SORTING:
        yield ground.mention(token, Use.SORT, "ORDER BY")
    elif clause == "group by":
        yield ground.mention(token, Use.GROUP, "GROUP BY")
    elif clause in ("where", "having") and following is not None:
        operator = following.lower
        if following.kind == "operator" or operator in ("like", "in", "not in", "includes", "excludes"):
            use = Use.EQUALITY if operator in _EQUAL else Use.COMPARISON
            yield ground.mention(token, use, f"{clause.upper()} {operator.upper()}")


def _search(tokens: list[_Token], related: Related) -> Iterator[Mention]:
    """SOSL: conditions and orders stand in the brackets behind each object it returns."""
    start = next((n for n, token in enumerate(tokens) if token.lower == "returning"), None)
    place = len(tokens) if start is None else start + 1
    while place < len(tokens):
        token = tokens[place]
        if token.kind == "word" and place + 1 < len(tokens) and tokens[place + 1].kind == "open":
            end = _matching(tokens, place + 1)
            ground = _Ground(token.text, {token.lower: ""}, related)
            yield from _clauses(tokens[place + 2 : end], ground)
            place = end
        place += 1
