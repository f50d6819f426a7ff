"""What the least-privilege bench found, and whether that is good: pure, so that the verdict itself is tested."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from deployments.bench.reach import Cells

WANTED_FALL = 0.95


@dataclass(frozen=True, kw_only=True)
class RouteResult:
    """
    One over-privileged route. `need` are the cells that its user's declared routes cover; `excess` is what was reached
    beyond them before and after. `replayed` counts observed calls, `failing` those that the plan would break, `tried`
    calls made on the wire after it, `refused` those that the org refused.
    """

    route: str
    org: str
    user: str
    changes: int
    before: Cells
    after: Cells
    again: Cells
    need: Cells
    excess: tuple[int, int]
    users_reached: tuple[int, int]
    observed_days: int
    replayed: int
    failing: int
    tried: int
    refused: tuple[str, ...]
    stopped: str = ""
    different: tuple[str, ...] = ()

    @property
    def fall(self) -> float:
        return _fall(self.before.total, self.after.total)

    @property
    def excess_fall(self) -> float:
        return _fall(*self.excess)

    @property
    def need_share(self) -> float:
        """What the declared need alone is of what was reached before: no plan gets below it."""
        return self.need.total / self.before.total if self.before.total else 0.0

    @property
    def good(self) -> bool:
        back = not self.different and self.again == self.before
        return (
            self.fall >= WANTED_FALL
            and self.excess[1] == 0
            and back
            and not (self.stopped or self.failing or self.refused)
            and self.tried > 0
        )

    def document(self) -> dict[str, Any]:
        return {
            "route": self.route,
            "org": self.org,
            "user": self.user,
            "good": self.good,
            "changes": self.changes,
            "before": vars(self.before),
            "after": vars(self.after),
            "need": vars(self.need),
            "excess": {"before": self.excess[0], "after": self.excess[1]},
            "fall": self.fall,
            "excess_fall": self.excess_fall,
            "need_share": self.need_share,
            "users_reached": {"before": self.users_reached[0], "after": self.users_reached[1]},
            "observed_days": self.observed_days,
            "replayed": self.replayed,
            "failing": self.failing,
            "tried": self.tried,
            "refused": list(self.refused),
            "stopped": self.stopped,
            "equal_after_rollback": not self.different and self.again == self.before,
            "different": list(self.different),
        }


@dataclass(frozen=True, kw_only=True)
class Result:
    """
    One estate. `clean` maps each clean route to the changes of its plan: none, if it is as it should be; `article` each of
    the article's routes to what differs from its table once its plan is applied.
    """

    seed: int
    users: int
    routes: tuple[RouteResult, ...]
    clean: Mapping[str, int] = field(default_factory=dict)
    article: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    different: tuple[str, ...] = ()
    """What the orgs differ in once all of it is taken back."""

    @property
    def good(self) -> bool:
        exact = bool(self.article) and not any(self.article.values()) and not self.different
        return (
            bool(self.routes) and all(r.good for r in self.routes) and exact and not any(self.clean.values())
        )

    def document(self) -> dict[str, Any]:
        return {
            "seed": self.seed,
            "users": self.users,
            "good": self.good,
            "routes": [route.document() for route in self.routes],
            "clean": dict(self.clean),
            "article": {name: list(wrong) for name, wrong in self.article.items()},
            "different": list(self.different),
        }


def as_text(result: Result) -> str:
    lines = [f"seed {result.seed}, {result.users} users: {'good' if result.good else 'NOT GOOD'}"]
    for each in result.routes:
        before, now = each.before, each.after
        lines += [
            f"  {each.route} ({each.org}, {each.changes} changes): {'good' if each.good else 'NOT GOOD'}",
            f"    cells      {before.total:,} -> {now.total:,}, fell {each.fall:.1%}"
            f" (read {before.read:,} -> {now.read:,}, edit {before.edit:,} -> {now.edit:,},"
            f" delete {before.delete:,} -> {now.delete:,}; users {each.users_reached[0]} -> {each.users_reached[1]})",
            f"    beyond     {each.excess[0]:,} -> {each.excess[1]:,}, fell {each.excess_fall:.1%};"
            f" the declared need is {each.need_share:.1%} of what was reached",
            f"    calls      {each.failing} of {each.replayed} replayed fail ({each.observed_days} days observed),"
            f" {len(each.refused)} of {each.tried} made on the wire",
            f"    rollback   {'equal but for ids and audit' if not each.different and each.again == before else 'DIFFERENT'}",
        ]
        lines += [f"    stopped    {each.stopped}"] if each.stopped else []
        lines += [f"    refused    {line}" for line in each.refused]
        lines += [f"    different  {line}" for line in each.different]
    full = {name: changes for name, changes in result.clean.items() if changes}
    lines.append(f"  clean routes {len(result.clean) - len(full)} of {len(result.clean)} with an empty plan")
    lines += [f"    not empty  {name}: {changes} changes" for name, changes in sorted(full.items())]
    for name, wrong in result.article.items():
        lines.append(f"  {name} ends {'exactly as the article says' if not wrong else 'OTHERWISE'}")
        lines += [f"    {line}" for line in wrong]
    lines += [f"  different    {line}" for line in result.different]
    return "\n".join(lines)


def _fall(before: int, now: int) -> float:
    return 1 - now / before if before else 0.0
