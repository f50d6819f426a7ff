"""Nouns of compliance: a framework, what it asks for, and how far the controls meet it."""

from datetime import date

from pydantic import Field

from tasks.audit.model import Verdict
from tasks.value import Value


class Proof(Value):
    """Against what the ids and titles of a map were held, and on which day."""

    against: str = Field(min_length=10)
    day: date


class Requirement(Value):
    """`title` is short and, where the framework's text is not free, in our own words. No `proof`: nobody checked the id."""

    title: str = Field(min_length=3)
    proof: str | None = None
    """Name of one of the framework's proofs."""


class Framework(Value):
    """
    One map. Every control stands either in `controls` with the requirements it speaks to, or in `unmapped` with why
    the framework asks for nothing of the kind.
    """

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    name: str
    version: str
    publisher: str
    source: str = Field(pattern=r"^https://")
    date: date
    """When this map was made or last changed."""
    map_version: int = Field(ge=1)
    licence: str
    note: str = ""
    proofs: dict[str, Proof] = {}
    requirements: dict[str, Requirement]
    controls: dict[str, tuple[str, ...]]
    unmapped: dict[str, str] = {}

    def asked_by(self, control: str) -> tuple[str, ...]:
        """Ids of the requirements that a control speaks to."""
        return self.controls.get(control, ())


class Standing(Value):
    """
    How an estate stands towards one requirement: the worst verdict of the controls that speak to it, in any org, and how
    many org-and-control pairs have each verdict.
    """

    requirement: str
    title: str
    controls: tuple[str, ...]
    verdict: Verdict
    counts: dict[Verdict, int]
