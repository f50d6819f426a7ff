"""What is searched for: words and phrases with wildcards, joined by AND, OR and AND NOT."""

import re
from collections.abc import Callable
from dataclasses import dataclass

_TOKEN = re.compile(r'\s*(?:"((?:\\.|[^"\\])*)"|(\()|(\))|([^\s()"]+))')
_WORD = re.compile(r"\w+")
Matcher = Callable[[str], bool]


@dataclass(frozen=True)
class Terms:
    """`matches` judges a text; `cores` are literal pieces of which a matching text holds at least one."""

    matches: Matcher
    cores: tuple[str, ...]


def terms(text: str) -> Terms:
    tokens = [next(part for part in found if part) if any(found) else "" for found in _TOKEN.findall(text)]
    reader = _Reader([token for token in tokens if token])
    matches = reader.alternatives()
    return Terms(matches, tuple(dict.fromkeys(reader.cores)))


class _Reader:
    """OR binds loosest, then AND, then NOT; words side by side are one AND."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.at = 0
        self.cores: list[str] = []

    def alternatives(self) -> Matcher:
        parts = [self._all()]
        while self._takes("OR"):
            parts.append(self._all())
        return lambda text: any(part(text) for part in parts)

    def _all(self) -> Matcher:
        parts: list[Matcher] = []
        while self.at < len(self.tokens) and self.tokens[self.at] not in (")",) and not self._next("OR"):
            if self._takes("AND"):
                continue
            if self._takes("NOT"):
                kept = len(self.cores)
                inner = self._one()
                del self.cores[kept:]
                parts.append(lambda text, inner=inner: not inner(text))  # type: ignore[misc]  # bound early
                continue
            parts.append(self._one())
        return lambda text: all(part(text) for part in parts)

    def _one(self) -> Matcher:
        if self._takes("("):
            inner = self.alternatives()
            self._takes(")")
            return inner
        if self.at >= len(self.tokens):
            return lambda text: True
        token = self.tokens[self.at]
        self.at += 1
        return self._term(token)

    def _term(self, token: str) -> Matcher:
        plain = re.sub(r"\\(.)", r"\1", token)
        words = [re.escape(word).replace(r"\*", r"\w*").replace(r"\?", r"\w") for word in plain.split()]
        pattern = re.compile(r"(?<!\w)" + r"\W+".join(words) + r"(?!\w)", re.IGNORECASE)
        literal = max(_WORD.findall(re.sub(r"[*?]", " ", plain)) or [""], key=len)
        self.cores.append(literal)
        return lambda text: pattern.search(text) is not None

    def _next(self, word: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at].upper() == word

    def _takes(self, word: str) -> bool:
        found = self._next(word)
        self.at += found
        return found
