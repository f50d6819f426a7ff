"""The ground that plants work on: the blueprint, the key, and the orgs that may be spoiled."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from deployments.sandbox.seed.answer_key import AnswerKey
from deployments.sandbox.seed.blueprint import (
    Assignment,
    Attestation,
    Blueprint,
    Connection,
    Flow,
    Grants,
    Group,
    Holder,
    Org,
    PermissionSet,
    User,
)
from deployments.sandbox.seed.names import API_PROFILE, SANDBOX
from deployments.sandbox.seed.population import STAFF_PROFILES
from deployments.sandbox.seed.routes import PORTFOLIO, Sync, add_sync


@dataclass
class Site:
    plan: Blueprint
    key: AnswerKey
    clean: str
    dirty: list[str]
    production: list[str]
    """Dirty production orgs."""
    last: list[Callable[[], None]] = field(default_factory=list)
    """What has to be worked out when every plant is in the ground."""

    def org(self, alias: str) -> Org:
        return self.plan.orgs[alias]

    def draw(self, count: int, among: list[str] | None = None) -> list[Org]:
        """Different dirty orgs, in random order."""
        return [self.org(alias) for alias in self.plan.rng.sample(among or self.dirty, count)]

    @contextmanager
    def own_draws(self) -> Iterator[None]:
        """Lots drawn meanwhile leave those of all that follows as they were: a new plant moves no old one."""
        kept = self.plan.rng
        self.plan.rng = Random(repr(kept.getstate()))
        try:
            yield
        finally:
            self.plan.rng = kept

    def source_for(self, target: str) -> str:
        """A dirty org that may call `target`: only hq calls the sandbox."""
        if target == SANDBOX:
            return "hq"
        return self.plan.rng.choice([alias for alias in self.production if alias != target])

    def sync(
        self,
        topic: str,
        target: str,
        *,
        source: str | None = None,
        sobject: str = "Portfolio__c",
        fields: tuple[str, ...] = PORTFOLIO,
        flow: Flow = "jwt",
        holder: Holder = "named-credential",
        certificate: str | None = None,
        user: str | None = None,
        profile: str = API_PROFILE,
        declared: bool = True,
        masked: tuple[str, ...] = (),
    ) -> Connection:
        """One more sync, in good order until the plant spoils it. `topic` makes its names."""
        source = source or self.source_for(target)
        title, place = topic.capitalize(), target.upper().replace("-", "_")
        signs = flow == "jwt" and holder != "secrets-manager"
        name = f"salesforce/{target}/{topic}" if holder == "secrets-manager" else f"{place}_{title}_Sync"
        return add_sync(
            self.plan,
            Sync(
                f"{source}-{target}-{topic}",
                f"{source.upper()}_to_{target.upper()}_{title}_Sync".replace("-", "_") if declared else None,
                source,
                target,
                sobject,
                fields,
                name,
                flow,
                holder,
                certificate or (f"{place}_{title}_Cert" if signs else None),
                masked,
                user=user,
                profile=profile,
            ),
        )

    def give(self, org: Org, username: str, name: str, permissions: set[str]) -> None:
        """A permission set of its own for one user."""
        org.sets.setdefault(name, PermissionSet(name, Grants(set(permissions))))
        org.assignments.append(Assignment(username, name))

    def give_group(
        self, org: Org, username: str, name: str, members: list[str], muted: set[str] | None = None
    ) -> None:
        org.groups.setdefault(name, Group(name, members, muted or set()))
        org.assignments.append(Assignment(username, name, is_group=True))

    def staff(self, org: Org, count: int) -> list[User]:
        """Active employees, always the same ones for a seed."""
        active = [u for u in org.users.values() if u.active and u.title in STAFF_PROFILES]
        return self.plan.rng.sample(active, count)

    def attestation(self, subject: str, org: Org) -> Attestation:
        return next(a for a in self.plan.attestations if a.subject == subject and a.org == org.alias)
