"""The firewall before the company's own gateways: a plan by which it does what policy says. Nothing is changed here."""

from prefect import flow

from flows.plans import Person, kept
from flows.reading import chosen_orgs
from tasks.estate.steps import read_estate
from tasks.firewall.plan import firewall_plan
from tasks.firewall.steps import read_firewalls

DESCRIPTION = """
Makes a plan by which the **web ACLs in AWS** before the company's gateways do what policy says: who may come, how often, by
which rule groups of AWS, and where it is logged. It changes nothing.

* Rules of somebody else stay, behind ours; ours that policy no longer names go, which asks for more approvals.
* AWS WAF cannot stand before Salesforce itself; the plan says what it does not protect.
* Next: **approve-plan**, then **apply-plan**.
"""


@flow(name="web-firewall", flow_run_name="web-firewall-for-{requester}", description=DESCRIPTION.strip())
def web_firewall(
    requester: Person,
    orgs: list[str] = [],  # noqa: B006  # the form shows a list
) -> str:
    """
    Gives the digest of the plan. Raises ConfigurationError for an unknown org, and CloudError where AWS cannot be read.

    Args:
        requester: Who asks for the plan. **That person cannot approve it.**
        orgs: Aliases of the orgs whose gateways it is about, as in estate.yaml. **Leave empty for all.**
    """
    estate, policy = read_estate()
    entries = chosen_orgs(estate, orgs)
    state = read_firewalls()
    return kept(firewall_plan(policy, entries, state, requester, state.at), {})
