"""Scores an assessment against the answer key of an embedded estate: pure, so that the score itself is tested."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tasks.audit.model import Assessment, Verdict

Place = tuple[str, str, str]
"""Control, org, resource."""


@dataclass(frozen=True)
class Score:
    """What was found, missed and invented. Recalls are shares between 0 and 1; 1 where nothing was to be found."""

    expected: frozenset[Place]
    found: frozenset[Place]
    decoys: frozenset[Place]
    clean_org: str | None
    expected_edges: frozenset[tuple[Any, ...]]
    found_edges: frozenset[tuple[Any, ...]]
    expected_radii: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    found_radii: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    controls_judged: int = 0

    @property
    def missed(self) -> frozenset[Place]:
        return self.expected - self.found

    @property
    def unexpected(self) -> frozenset[Place]:
        return self.found - self.expected

    @property
    def flagged_decoys(self) -> frozenset[Place]:
        return self.decoys & self.found

    @property
    def clean_org_findings(self) -> frozenset[Place]:
        return frozenset(place for place in self.found if place[1] == self.clean_org)

    @property
    def recall(self) -> float:
        return share(len(self.expected & self.found), len(self.expected))

    @property
    def precision(self) -> float:
        return share(len(self.expected & self.found), len(self.found))

    @property
    def edge_recall(self) -> float:
        return share(len(self.expected_edges & self.found_edges), len(self.expected_edges))

    @property
    def wrong_edges(self) -> frozenset[tuple[Any, ...]]:
        return self.found_edges - self.expected_edges

    @property
    def wrong_radii(self) -> tuple[str, ...]:
        names = self.expected_radii.keys() | self.found_radii.keys()
        return tuple(sorted(n for n in names if self.expected_radii.get(n) != self.found_radii.get(n)))

    @property
    def good(self) -> bool:
        """The acceptance line: nearly all found, nothing invented."""
        return (
            self.recall >= 0.99
            and self.edge_recall >= 0.99
            and not (self.wrong_edges or self.clean_org_findings or self.flagged_decoys)
        )


def share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def score(assessment: Assessment, key: Mapping[str, Any]) -> Score:
    """`key` is the parsed answer-key.json; findings count when their verdict is fail."""
    return Score(
        expected=frozenset(_place(item) for item in key["findings"]),
        found=frozenset(
            (f.control, f.org, f.resource) for f in assessment.findings() if f.verdict is Verdict.FAIL
        ),
        decoys=frozenset(_place(item) for item in key["decoys"]),
        clean_org=key.get("clean_org"),
        expected_edges=frozenset(_key_edge(item) for item in key["edges"]),
        found_edges=frozenset(
            (e.secret_id, e.source, e.target, e.app, tuple(sorted(name.lower() for name in e.run_as)))
            for e in assessment.graph.edges
        ),
        expected_radii={r["secret_id"]: (tuple(sorted(r["orgs"])), r["rows"]) for r in key["radii"]},
        found_radii={r.secret_id: (tuple(sorted(r.orgs)), r.rows) for r in assessment.graph.radii},
        controls_judged=len({verdict.control for verdict in assessment.verdicts}),
    )


def _place(item: Mapping[str, str]) -> Place:
    return item["control"], item["org"], item["resource"]


def _key_edge(item: Mapping[str, Any]) -> tuple[Any, ...]:
    run_as: Sequence[str] = item["run_as"]
    return (
        item["secret_id"],
        item["source"],
        item["target"],
        item["app"],
        tuple(sorted(name.lower() for name in run_as)),
    )
