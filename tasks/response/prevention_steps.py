"""Prefect tasks of prevention."""

from prefect import task

from tasks.errors import BadRequest, OrgError, OrgRefused
from tasks.orgs import load_policy, open_org
from tasks.plans.model import Resource, State
from tasks.plans.transactions_gateway import read_transaction_policies
from tasks.policies import READ
from tasks.response.prevention import resources


@task(
    name="read-transaction-policies",
    task_run_name="read-transaction-policies-{org}",
    description="Transaction security policies that Bulkhead keeps in one org, and which events it knows. Reads only.",
    **READ,
)
def read_prevention(org: str) -> tuple[list[tuple[Resource, State]], tuple[str, ...]]:
    """What is there, and events of the policy that the org does not know. Raises OrgError."""
    policy = load_policy()
    with open_org(org) as session:
        events = sorted({rule.event for rule in policy.response.transactions})
        described = session.describe(events)
        missing = []
        for event, answer in described.items():
            if isinstance(answer, BadRequest | OrgRefused):
                missing.append(event)
            elif isinstance(answer, OrgError):
                raise answer
        held = read_transaction_policies(session, resources(org, policy))
    return [*held.items()], tuple(missing)
