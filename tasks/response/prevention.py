"""What orgs themselves refuse while it happens: transaction security policies, planned where they are licensed."""

from collections.abc import Mapping
from datetime import datetime

from tasks.estate.model import Estate
from tasks.estate.model_response import TransactionRule
from tasks.estate.policy import Policy
from tasks.plans.branch import protected
from tasks.plans.draft import Draft
from tasks.plans.model import Plan, Resource, ResourceKind, State

JOB = "transaction-policies"
CONTROL = "ZT-22"
_NAMES = {
    "ApiEvent": "Bulkhead_Api_Queries",
    "ReportEvent": "Bulkhead_Report_Exports",
    "BulkApiResultEventStore": "Bulkhead_Bulk_Results",
}
_WHY = "a thief who waits for no alert is stopped by the org itself (SP 800-53 r5 IR-4(1), AC-4)"


def resources(org: str, policy: Policy) -> tuple[Resource, ...]:
    """The policies that Bulkhead keeps in an org, as far as policy.yaml asks for them."""
    return tuple(
        Resource(org=org, kind=ResourceKind.TRANSACTION_POLICY, key=_NAMES[rule.event])
        for rule in policy.response.transactions
    )


def prevention_plan(
    estate: Estate,
    policy: Policy,
    held: Mapping[str, Mapping[Resource, State]],
    unlicensed: Mapping[str, tuple[str, ...]],
    requester: str,
    now: datetime,
) -> Plan:
    """
    `held` maps each org that was read to what it has; `unlicensed` to events that it does not know, for which nothing can be kept.

    Who is spared goes on as before; sync users of routes that are not are named, since a run that reads more is refused.
    """
    draft = Draft(CONTROL)
    for org, found in held.items():
        for rule in policy.response.transactions:
            if rule.event in unlicensed.get(org, ()):
                draft.risks.append(
                    f"{org} has no {rule.event} (Event Monitoring), so it refuses nothing of that kind"
                )
                continue
            _keep(draft, estate, policy, org, rule, found)
    draft.afterwards.append(
        "Look at TransactionSecurityPolicy in the event logs for a week: who was refused, and should have been?"
    )
    return draft.plan(JOB, "Transactions that orgs refuse by themselves", requester, now, policy)


def _keep(
    draft: Draft,
    estate: Estate,
    policy: Policy,
    org: str,
    rule: TransactionRule,
    found: Mapping[Resource, State],
) -> None:
    resource = Resource(org=org, kind=ResourceKind.TRANSACTION_POLICY, key=_NAMES[rule.event])
    spared = sorted({name.lower() for name in rule.spared} | {*protected(estate, policy, org)})
    after: State = {
        "event": rule.event,
        "on": True,
        "block": True,
        "message": rule.message,
        "over": rule.over,
        "spared": [*spared],
    }
    routes = [r for r in estate.routes if r.target == org and r.sync_user.lower() not in spared]
    beyond = "anything" if rule.over is None else f"more than {rule.over:,} rows"
    what = {"ApiEvent": "by one API query", "ReportEvent": "by one report"}.get(rule.event, "as bulk results")
    number = draft.change(
        org,
        ResourceKind.TRANSACTION_POLICY,
        resource.key,
        found.get(resource),
        after,
        _WHY,
        f"who takes {beyond} {what} is refused, {len(spared)} users excepted",
        users=[route.sync_user for route in routes],
    )
    if number and routes:
        names = ", ".join(sorted(route.name for route in routes))
        draft.risks.append(f"{org}: {names} would be refused, too, where a run takes {beyond} {what}")
