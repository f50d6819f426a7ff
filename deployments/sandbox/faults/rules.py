"""Rules of trouble: made from JSON, matched against what comes in, counted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from deployments.sandbox.faults.kinds import ALIASES, KINDS, Place

_WORDS = {"kind", "org", "path", "method", "times", "skip", "probability", "seed", "after_commit", "options"}


class BadFault(ValueError):
    """A rule that cannot be; the message says what is wrong with it."""


@dataclass
class Fault:
    """
    One rule. `org` is an alias, a sink (`slack`, `pagerduty`, `smtp`), `login` or `test`, or None for all.

    `skip` matches pass before it strikes; `times` is how often it strikes (None: until it is removed);
    `after_commit` lets the request do its work first.
    """

    number: int
    kind: str
    org: str | None
    path: re.Pattern[str]
    method: str | None
    times: int | None
    skip: int
    probability: float
    after_commit: bool
    options: dict[str, Any]
    until: datetime | None
    random: Random
    matched: int = 0
    hits: int = 0

    @property
    def place(self) -> Place:
        return KINDS[self.kind].place

    def strikes(self, org: str, method: str, path: str, now: datetime) -> bool:
        """Whether it strikes this time; counts the match."""
        if self.org not in (None, org) or self.method not in (None, method.upper()):
            return False
        if self.spent(now) or self.path.search(path) is None:
            return False
        self.matched += 1
        if self.matched <= self.skip or self.random.random() >= self.probability:
            return False
        self.hits += 1
        return True

    def spent(self, now: datetime) -> bool:
        if self.until is not None and now >= self.until:
            return True
        return self.times is not None and self.hits >= self.times

    def document(self) -> dict[str, Any]:
        """As the admin interface shows it."""
        return {
            "id": self.number,
            "kind": self.kind,
            "org": self.org,
            "path": self.path.pattern,
            "method": self.method,
            "times": self.times,
            "skip": self.skip,
            "probability": self.probability,
            "after_commit": self.after_commit,
            "options": self.options,
            "until": self.until.isoformat() if self.until else None,
            "matched": self.matched,
            "hits": self.hits,
        }


@dataclass
class Faults:
    """All rules of an estate; the first that strikes wins."""

    rules: list[Fault] = field(default_factory=list)
    _made: int = 0

    def add(self, wanted: Mapping[str, Any], now: datetime) -> Fault:
        """A new rule from its JSON; `now` is the estate's time. Raises BadFault."""
        unknown = sorted(set(wanted) - _WORDS)
        if unknown:
            raise BadFault(f"a fault has no {', '.join(unknown)}; it has {', '.join(sorted(_WORDS))}")
        fault = _fault(self._made + 1, wanted, now)
        self._made += 1
        self.rules.append(fault)
        return fault

    def remove(self, number: int | None = None) -> int:
        """Takes one rule away, or all; how many went."""
        kept = [] if number is None else [rule for rule in self.rules if rule.number != number]
        gone = len(self.rules) - len(kept)
        self.rules = kept
        return gone

    def take(self, place: Place, org: str, method: str, path: str, now: datetime) -> Fault | None:
        """The rule that strikes here, if one does."""
        if not self.rules:
            return None
        for rule in self.rules:
            if rule.place == place and rule.strikes(org, method, path, now):
                return rule
        return None


def _fault(number: int, wanted: Mapping[str, Any], now: datetime) -> Fault:
    name = ALIASES.get(str(wanted.get("kind")), str(wanted.get("kind")))
    kind = KINDS.get(name)
    if kind is None:
        raise BadFault(f"there is no kind {wanted.get('kind')!r}; there are {', '.join(KINDS)}")
    given = dict(wanted.get("options") or {})
    unknown = sorted(set(given) - set(kind.options))
    if unknown:
        known = ", ".join(kind.options) or "none"
        raise BadFault(f"{name} has no option {', '.join(unknown)}; its options: {known}")
    try:
        options = {option: _as(default, given.get(option)) for option, default in kind.options.items()}
        until = now + timedelta(minutes=options["minutes"]) if "minutes" in options else None
        return Fault(
            number,
            name,
            wanted.get("org"),
            re.compile(str(wanted.get("path") or kind.path)),
            str(wanted["method"]).upper() if wanted.get("method") else None,
            None if wanted.get("times") is None else int(wanted["times"]),
            int(wanted.get("skip") or 0),
            float(wanted.get("probability", 1.0)),
            bool(wanted.get("after_commit", kind.after_commit)),
            options,
            until,
            Random(int(wanted.get("seed") or 0)),
        )
    except (TypeError, ValueError, OverflowError, re.error) as error:
        raise BadFault(f"this fault cannot be understood: {error}") from error


def _as(default: object, given: object) -> Any:
    """An option as its default's type, also out of a command line's text. Raises ValueError."""
    if given is None:
        return default
    if isinstance(default, bool):
        return str(given).lower() in ("true", "1", "yes", "on")
    return type(default)(given)  # type: ignore[call-arg]  # int, float and str all take one
