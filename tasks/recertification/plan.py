"""What takes access that nobody confirmed: callouts that end, users that may not sign in. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from tasks.estate.model import Estate
from tasks.estate.policy import Policy
from tasks.inventory.model import SecretHolder, TrustEdge
from tasks.plans.branch import protected
from tasks.plans.draft import Draft
from tasks.plans.model import Plan, ResourceKind
from tasks.recertification.model import Access, AccessKind, Round
from tasks.recertification.rounds import edge_key

JOB = "recertify-access"
CONTROL = "ZT-03"
_ON, _OFF = {"on": True}, {"on": False}


def revocation_plan(
    round_: Round,
    edges: Sequence[TrustEdge],
    unread: Mapping[str, str],
    estate: Estate,
    policy: Policy,
    now: datetime,
) -> Plan:
    """
    `edges` are those of now: what is gone since needs no change. What is confirmed stays, also where it shares a user with
    something that is not.

    Secrets outside of all orgs can be taken from nobody, so whom they open an org as is frozen; windows stand in policy.yaml,
    which people edit. Both are said.
    """
    draft = Draft(CONTROL)
    by_key = {edge_key(edge): edge for edge in edges}
    for access in round_.to_revoke:
        why = _why(round_, access)
        edge = by_key.get(access.key)
        if access.kind is AccessKind.WINDOW:
            draft.afterwards.append(
                f"take the window {access.name} out of jit.windows in policy.yaml ({why})"
            )
        elif edge is None:
            dark = edge_is_dark(access, unread)
            draft.risks.append(
                f"{access.name}: {f'it could not be seen: {dark}' if dark else 'it is there no longer'}"
            )
        elif edge.holder is SecretHolder.NAMED_CREDENTIAL and edge.source is not None:
            draft.change(
                edge.source,
                ResourceKind.CALLOUTS,
                edge.credential,
                dict(_ON),
                dict(_OFF),
                why,
                f"every callout of {edge.source} through it to {edge.target} fails{_routes(edge)}",
            )
        else:
            _freeze(draft, edge, round_, edges, estate, policy, why)
    draft.keeps += [
        f"{access.name} stays: its owner confirmed it"
        for access in round_.accesses
        if access not in round_.to_revoke
    ]
    title = f"Access that was not confirmed by {round_.due:%Y-%m-%d}"
    return draft.plan(JOB, title, JOB, now, policy)


def edge_is_dark(access: Access, unread: Mapping[str, str]) -> str:
    """Why an access may be there although nobody sees it now; empty when it is gone."""
    source = access.key.partition("/")[0]
    return next((why for org, why in unread.items() if org.split(" ")[0] in (access.org, source)), "")


def _freeze(
    draft: Draft,
    edge: TrustEdge,
    round_: Round,
    edges: Sequence[TrustEdge],
    estate: Estate,
    policy: Policy,
    why: str,
) -> None:
    draft.afterwards.append(
        f"{edge.credential} in Secrets Manager opens {edge.target}: revoke its app or key there, and remove the secret ({why})"
    )
    gone = {access.key for access in round_.to_revoke}
    others = sorted(
        each.credential
        for each in edges
        if each.target == edge.target and edge_key(each) not in gone and set(each.run_as) & set(edge.run_as)
    )
    if edge.ambiguous or others:
        reason = f"also used through {', '.join(others)}, which stays" if others else "not proven"
        draft.risks.append(f"{edge.target}: as whom {edge.credential} acts is {reason}; nobody is frozen")
        return
    name = edge.run_as[0]
    if whose := protected(estate, policy, edge.target).get(name.lower()):
        draft.refused.append(f"{edge.target}: {name} is {whose} and is left alone")
        return
    effect = f"{edge.credential} is refused, and so is whoever else signs in as {name}{_routes(edge)}"
    draft.change(edge.target, ResourceKind.SIGN_IN, name, dict(_ON), dict(_OFF), why, effect)


def _why(round_: Round, access: Access) -> str:
    answer = round_.answer_to(access.id)
    if answer is None:
        return f"nobody confirmed it by {round_.due:%Y-%m-%d}"
    return f"its owner dropped it on {answer.at:%Y-%m-%d}"


def _routes(edge: TrustEdge) -> str:
    return f"; the route {', '.join(edge.routes)} stops" if edge.routes else ""
