"""A plan in the making: changes in order, each resource once, and what people are told about them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from tasks.estate.policy import Policy
from tasks.plans.digest import policy_digest
from tasks.plans.model import FINAL, Change, ChangeClass, Plan, Resource, ResourceKind, State

_LEFT_OUT = " is left out: "


def left_out_line(name: str, why: str) -> str:
    """How a plan says that an org, or something else by its name, is not in it."""
    return f"{name}{_LEFT_OUT}{why}"


def left_out_of(plan: Plan) -> dict[str, str]:
    """By name, why it is not in the plan."""
    parts = (line.partition(_LEFT_OUT) for line in plan.risks)
    return {name: why for name, mark, why in parts if mark}


@dataclass
class Draft:
    """`control` is the one that all changes serve, `reach` what they do to identities where they do not widen."""

    control: str
    reach: ChangeClass = ChangeClass.NARROWING
    changes: list[Change] = field(default_factory=list)
    keeps: list[str] = field(default_factory=list)
    risks: list[str] = field(default_factory=list)
    afterwards: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """What was wanted and cannot be planned, with why; people are told among the risks."""

    def change(
        self,
        org: str,
        kind: ResourceKind,
        key: str,
        before: State | None,
        after: State | None,
        why: str,
        effect: str,
        *needs: int,
        widening: bool = False,
        identity: bool = False,
        control: str | None = None,
        users: Iterable[str] = (),
    ) -> int:
        """The change's number, or 0 where there is nothing to change. `control` where it serves another one."""
        resource = Resource(org=org, kind=kind, key=key)
        for made in self.changes:
            if made.resource == resource:
                return made.number
        if before == after:
            return 0
        number = len(self.changes) + 1
        self.changes.append(
            Change(
                number=number,
                resource=resource,
                before=before,
                after=after,
                kind=self._class(kind, widening=widening, identity=identity),
                control=control or self.control,
                why=why,
                effect=effect,
                needs=tuple(sorted({need for need in needs if need})),
                users=tuple(sorted(set(users))),
            )
        )
        return number

    def _class(self, kind: ResourceKind, *, widening: bool, identity: bool) -> ChangeClass:
        if kind in FINAL:
            return ChangeClass.IRREVERSIBLE
        if identity:
            return ChangeClass.IDENTITY
        return ChangeClass.WIDENING if widening else self.reach

    def plan(self, job: str, title: str, requester: str, now: datetime, policy: Policy) -> Plan:
        """As it stands; each line that people are told once."""
        return Plan(
            job=job,
            title=title,
            requester=requester,
            made_at=now,
            expires_at=now + policy.changes.plan_lifetime,
            policy_digest=policy_digest(policy),
            changes=tuple(self.changes),
            keeps=tuple(dict.fromkeys(self.keeps)),
            risks=tuple(dict.fromkeys((*self.refused, *self.risks))),
            afterwards=tuple(dict.fromkeys(self.afterwards)),
        )
