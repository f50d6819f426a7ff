"""What orgs refuse by themselves, as a plan. Nothing is changed here."""

from datetime import UTC, datetime

from prefect import flow

from flows.changeable import changeable
from flows.plans import Person, kept
from flows.reading import chosen_orgs, reason
from tasks.errors import ConfigurationError
from tasks.estate.steps import read_estate
from tasks.plans.model import Resource, State
from tasks.response.prevention import prevention_plan
from tasks.response.prevention_steps import read_prevention

DESCRIPTION = """
Makes a plan of **transaction security policies**: an org with Event Monitoring then refuses large queries, exports and bulk results
while they happen. It changes no org.

* What is refused, and who is spared, stands under `response.transactions` in `policy.yaml`. Break-glass accounts and our own users
  always are.
* The plan names routes that would be refused, too. An org without the licence is left out and named.
* Next: **approve-plan**, then **apply-plan**.
"""


@flow(
    name="transaction-policies",
    flow_run_name="transaction-policies-for-{requester}",
    description=DESCRIPTION.strip(),
)
def transaction_policies(
    requester: Person,
    orgs: list[str] = [],  # noqa: B006  # the form shows a list
) -> str:
    """
    Gives the digest of the plan. Raises ConfigurationError for an unknown org, and where policy.yaml asks for none.

    Args:
        requester: Who asks for the plan. **That person cannot approve it.**
        orgs: Aliases of the orgs, as in estate.yaml. **Leave empty for all.**
    """
    estate, policy = read_estate()
    if not policy.response.transactions:
        raise ConfigurationError("policy.yaml asks for none: name them under response.transactions.")
    held: dict[str, dict[Resource, State]] = {}
    unlicensed: dict[str, tuple[str, ...]] = {}
    wanted, unread = changeable(entry.alias for entry in chosen_orgs(estate, orgs))
    for org in wanted:
        try:
            found, unlicensed[org] = read_prevention(org)
            held[org] = dict(found)
        except Exception as error:  # one org that does not answer must not hide the others
            unread[org] = reason(error)
    return kept(prevention_plan(estate, policy, held, unlicensed, requester, datetime.now(UTC)), unread)
