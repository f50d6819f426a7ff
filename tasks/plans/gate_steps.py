"""All that speaks against sending anything of a plan now, asked of the ledger, the registered rules and the orgs themselves."""

from datetime import UTC, datetime, timedelta

from tasks.errors import CloudError, ConfigurationError, OrgError, SecretUnavailable
from tasks.estate.model import Estate
from tasks.estate.policy import Policy
from tasks.ledger.registration import unregistered
from tasks.ledger.store import Ledger
from tasks.orgs import load_registered, open_cloud_for_writing, open_for_writing, open_org
from tasks.plans.branch import hardens_in, protected, sawn_off
from tasks.plans.digest import estate_digest, policy_digest
from tasks.plans.firewall_gateway import around_cloud
from tasks.plans.gate import Circumstances, lasting, refusals
from tasks.plans.gateway import around
from tasks.plans.ledger_gateway import PlanBook
from tasks.plans.model import Around, Plan
from tasks.plans.rollback import needed_by, unforced
from tasks.plans.watch import failed_watches


class Gate:
    """
    Asked before every write; users are counted and clocks compared once, which would cost calls each time. An org that cannot be
    reached speaks against a plan where it is `org`, to which something is to be sent, or where no other one can be reached.
    """

    def __init__(self, ledger: Ledger, book: PlanBook, digest: str, plan: Plan, org: str = "") -> None:
        self._ledger = ledger
        self._book = book
        self._digest = digest
        self._plan = plan
        self._org = org
        self._apart: dict[str, str] = {}
        self._users: dict[str, int] = {}
        self._ahead = timedelta(0)
        self._ahead_of: dict[str, timedelta] = {}
        self._harm: tuple[str, ...] = ()
        self.lasting: tuple[str, ...] = ()
        """Of what spoke against it when the gate was last asked, what nobody's yes and no other hour ends."""

    def __call__(self) -> tuple[str, ...]:
        estate, policy = load_registered()
        if why := unregistered(self._ledger, estate_digest(estate), policy_digest(policy)):
            return (why,)
        if not self._users:
            try:
                found = self._look(estate, policy)
            except (OrgError, CloudError, ConfigurationError) as error:
                return (str(error),)
            if why := self._apart.get(self._org):
                return (why,)
            if not found:
                return tuple(self._apart.values())
            here = datetime.now(UTC)
            self._ahead_of = {org: each.now - here for org, each in found.items()}
            self._ahead = max(self._ahead_of.values(), default=timedelta(0))
        circumstances = Circumstances(
            now=datetime.now(UTC) + self._ahead,
            users=self._users,
            halted=self._book.halted(),
            apart=frozenset(self._apart),
        )
        approvals = self._book.approvals(self._digest, policy.changes.approvals.keys)
        # A way back that does harm is let through by an emergency; any other plan has to be another plan.
        harm = self._harm if self._plan.undoes is None else ()
        self.lasting = (*harm, *lasting(self._plan, policy, circumstances))
        return (
            *unforced(self._plan, self._harm, approvals, policy.changes),
            *refusals(self._plan, approvals, policy, circumstances),
            *failed_watches(self._plan, self._book.watches(self._digest)),
        )

    def org_time(self, org: str) -> datetime:
        """The org's own time, as it was learnt when the gate was asked first."""
        return datetime.now(UTC) + self._ahead_of.get(org, self._ahead)

    def _look(self, estate: Estate, policy: Policy) -> dict[str, Around]:
        """Also notes what the plan would do to ourselves and, where it takes another back, to plans that came later."""
        untouchable = {org: protected(estate, policy, org) for org in self._plan.orgs}
        found: dict[str, Around] = {}
        self._apart = {}
        for org, names in untouchable.items():
            if not self._plan.changes_org(org):
                found[org] = around_cloud(open_cloud_for_writing(), org)
                continue
            reading = open_org if hardens_in(self._plan, org) else None
            try:
                found[org] = around(open_for_writing, org, [*names], reading)
            except OrgError as error:
                self._apart[org] = f"the enforcer cannot reach {error}"
            except (ConfigurationError, SecretUnavailable) as error:
                self._apart[org] = str(error)
        self._users = {org: each.users for org, each in found.items()}
        later = needed_by(self._plan, self._book.statuses()) if self._plan.undoes is not None else ()
        self._harm = (
            *(
                line
                for org, each in found.items()
                for line in sawn_off(
                    self._plan, org, untouchable[org], each.holdings, each.addresses, each.ranges
                )
            ),
            *later,
        )
        return found
