"""A plan in the making: changes in order, each resource once, and what people are told about them."""

from dataclasses import dataclass, field

from tasks.plans.model import Change, ChangeClass, Resource, ResourceKind, State

CONTROL = "ZT-03"


@dataclass
class Draft:
    """A plan in the making: changes of all orgs in order, and what people are told about it."""

    changes: list[Change] = field(default_factory=list)
    keeps: list[str] = field(default_factory=list)
    risks: list[str] = field(default_factory=list)

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
    ) -> int:
        """The change's number, or 0 where there is nothing to change."""
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
                kind=ChangeClass.WIDENING if widening else ChangeClass.NARROWING,
                control=CONTROL,
                why=why,
                effect=effect,
                needs=tuple(sorted({need for need in needs if need})),
            )
        )
        return number
