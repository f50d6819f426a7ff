"""All of a running estate as the flows see it, read without Prefect."""

from collections.abc import Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field
from datetime import datetime

from flows.mutual_tls import enforcing
from flows.routes_seen import Picture, take
from tasks.audit.evidence import assemble_cloud
from tasks.aws.cloud import AwsConnection, Cloud
from tasks.certificates import gateway
from tasks.certificates.lint import Limits, lint
from tasks.certificates.model import Chain, Fault, Next, RouteState
from tasks.certificates.plan import mutual_tls_plan
from tasks.certificates.standing import states, to_lint, with_use
from tasks.credentials.gateway import read_stored
from tasks.errors import OrgError
from tasks.estate.model import Estate, Route
from tasks.estate.policy import Policy
from tasks.estate.read import read_estate, read_policy
from tasks.inventory.edges import find_edges
from tasks.inventory.gateway import read_inventory
from tasks.permissions.gateway import read_permissions
from tasks.plans.apply import apply
from tasks.plans.gateway import OrgHands
from tasks.plans.model import Plan
from tasks.plans.rollback import rollback
from tasks.salesforce.writing import WritingSession
from tests.running import RunningEstate
from tests.tasks.plans.worlds import World
from tests.tasks.salesforce.scanner import enforcer_connection, enforcer_session, scanner_session


def seen(estate: RunningEstate, orgs: Sequence[str] = (), policy: Policy | None = None) -> Picture:
    """Some orgs, or all."""
    declared = read_estate((estate.folder / "estate.yaml").read_text())
    policy = policy or read_policy((estate.folder / "policy.yaml").read_text())
    cloud = Cloud(AwsConnection(**declared.cloud.model_dump()))
    picture = Picture(declared, policy, {}, {}, {}, {}, {}, {})
    for org in orgs or [entry.alias for entry in declared.orgs]:
        with scanner_session(estate, org) as session:
            readings = (
                read_inventory(session),
                read_permissions(session, fields=[]),
                gateway.read_certificates(session),
            )
        take(picture, org, *readings)
    assert not picture.unread
    picture.callers = gateway.read_callers(cloud, [route.credential for route in declared.routes])
    picture.edges = find_edges(declared, picture.evidence, assemble_cloud([read_stored(cloud)]))
    return picture


def faults(picture: Picture) -> tuple[Fault, ...]:
    policy = picture.policy
    limits = Limits(longest=policy.rotation.certificate_max_life, warn_days=policy.certificates.warn_days)
    judged = to_lint(with_use(picture.held, picture.sides, picture.callers, policy), picture.sides)
    return lint(judged, picture.roots, limits, picture.clocks)


@dataclass
class Story:
    """Plans of mutual TLS applied as the enforcer, one after the other, and taken back."""

    estate: RunningEstate
    done: list[tuple[Plan, World]] = field(default_factory=list)
    since: dict[tuple[str, str], datetime] = field(default_factory=dict)

    @property
    def declared(self) -> Estate:
        return read_estate((self.estate.folder / "estate.yaml").read_text())

    @property
    def cloud(self) -> Cloud:
        return Cloud(AwsConnection(**self.declared.cloud.model_dump()))

    def stand(self, picture: Picture, routes: Sequence[Route]) -> tuple[RouteState, ...]:
        now = max(picture.clocks.values())
        found, unknown = states(
            *(picture.estate, picture.policy, picture.sides, picture.edges, picture.callers),
            *(self.since, {}, routes, now),
        )
        assert not unknown, unknown
        for each in found:
            if each.shown is not None and each.shown.chain is not None:
                self.since.setdefault(
                    (each.route, each.shown.chain.leaf.fingerprint), picture.clocks[each.target]
                )
        return found

    def plan(
        self, picture: Picture, found: Sequence[RouteState], signed: dict[tuple[str, str], Chain]
    ) -> tuple[Plan, dict[str, Next]]:
        now = max(picture.clocks.values())
        return mutual_tls_plan(
            picture.estate, picture.policy, found, enforcing(picture), signed, picture.clocks, "ada", now
        )

    def apply(self, plan: Plan) -> None:
        journal = World(states={})
        self.done.append((plan, journal))
        self._run(plan, journal)

    def take_back(self) -> None:
        for plan, journal in reversed(self.done):
            way_back = rollback(plan, journal.history(), "ada", plan.made_at)
            assert way_back is not None
            self._run(way_back, World(states={}))

    def _run(self, plan: Plan, journal: World) -> None:
        with ExitStack() as stack:
            sessions = {org: stack.enter_context(self._enforcer(org)) for org in plan.orgs}
            hands = OrgHands(
                lambda alias: nullcontext(sessions[alias]),
                plan.changes,
                lambda: self.cloud,
                lambda: self.cloud,
                lambda alias: scanner_session(self.estate, alias),
                lambda _: nullcontext(True),
            )
            outcome = apply(plan, hands, journal, lambda: (), plan.orgs)
            assert outcome.finished, outcome.stopped

    def _enforcer(self, org: str) -> WritingSession:
        """Where plants have spoilt our own enforcer, the administrator of the laboratory stands in for it."""
        session = enforcer_session(self.estate, org)
        try:
            session.rouse()
        except OrgError:
            session.close()
            app = next(
                a
                for a in self.estate.org(org)["apps"]
                if a["name"] == "Client_Laboratory" and a.get("private_key")
            )
            return WritingSession(
                enforcer_connection(
                    self.estate,
                    org,
                    session_sets=(),
                    username=app["username"],
                    consumer_key=app["consumer_key"],
                    private_key=app["private_key"],
                )
            )
        return session
