"""Plans through the engine without Prefect: kept in a ledger, approved, judged by the gate, applied, taken back."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from deployments.bench.sessions import Sessions
from tasks.estate.model import Estate
from tasks.estate.policy import Policy
from tasks.ledger.store import Ledger
from tasks.plans.apply import apply
from tasks.plans.branch import hardens_in, protected, sawn_off
from tasks.plans.digest import policy_digest
from tasks.plans.gate import Circumstances, refusals, ring_order
from tasks.plans.gateway import OrgHands, around
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.model import Approval, Outcome, Plan
from tasks.plans.rollback import needed_by, rollback, unforced

APPROVERS = ("bob@meridian.example", "eve@meridian.example")


class Engine:
    """One estate's plans. The ledger is a file of its own, thrown away with the estate."""

    def __init__(self, estate: Estate, policy: Policy, sessions: Sessions, ledger: Ledger) -> None:
        self._estate = estate
        self._policy = policy
        self._sessions = sessions
        self._ledger = ledger

    def apply(self, plan: Plan) -> Outcome:
        """Two people say yes; what the gate has against it ends the outcome as it would end a flow."""
        book = self._book()
        name = book.keep(plan)
        for person in APPROVERS:
            book.approve(
                Approval(plan=name, approver=person, reason="measured", at=datetime.now(UTC), emergency=False)
            )
        return self._carry_out(plan, name)

    def take_back(self, plan: Plan, now: datetime) -> Outcome | None:
        """None when nothing was ever sent."""
        book = self._book()
        name = book.keep(plan)
        way_back = rollback(plan, book.journal(name).history(), plan.requester, now)
        return None if way_back is None else self._carry_out(way_back, book.keep(way_back))

    def _carry_out(self, plan: Plan, name: str) -> Outcome:
        book = self._book()
        order = ring_order(plan.orgs, self._estate, self._policy.changes)
        untouchable = {org: protected(self._estate, self._policy, org) for org in plan.orgs}
        seen = {
            org: around(
                self._sessions.enforcer,
                org,
                [*names],
                self._sessions.scanner if hardens_in(plan, org) else None,
            )
            for org, names in untouchable.items()
        }
        users = {org: each.users for org, each in seen.items()}
        ahead = max(each.now for each in seen.values()) - datetime.now(UTC)
        harm = [*(needed_by(plan, book.statuses()) if plan.undoes is not None else ())]
        for org, each in seen.items():
            harm += sawn_off(plan, org, untouchable[org], each.holdings, each.addresses, each.ranges)

        def gate() -> Sequence[str]:
            circumstances = Circumstances(now=datetime.now(UTC) + ahead, users=users, halted=book.halted())
            approvals = book.approvals(name, self._policy.changes.approvals.keys)
            standing = unforced(plan, harm, approvals, self._policy.changes)
            return (*standing, *refusals(plan, approvals, self._policy, circumstances))

        return apply(plan, OrgHands(self._sessions.enforcer), book.journal(name), gate, order)

    def _book(self) -> PlanBook:
        return PlanBook(self._ledger, "bench", policy_digest(self._policy))


@contextmanager
def engine_in(folder: Path, estate: Estate, policy: Policy, sessions: Sessions) -> Iterator[Engine]:
    ledger = Ledger(f"sqlite:///{folder / 'ledger.db'}", lambda: datetime.now(UTC))
    try:
        yield Engine(estate, policy, sessions, ledger)
    finally:
        ledger.close()
