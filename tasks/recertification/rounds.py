"""What is asked, when, of whom, and whether an answer counts. Pure."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from fnmatch import fnmatchcase

from tasks.alerts.model import EVERY_ORG, Alert, Severity
from tasks.errors import ConfigurationError
from tasks.estate.model_recertification import RecertificationPolicy
from tasks.estate.policy import Policy
from tasks.inventory.model import TrustEdge
from tasks.recertification.model import Access, AccessKind, Round

UNANSWERED, UNAPPROVED = "recertification:", "recertification-plan:"
"""How keys of these alerts begin."""


def accesses(edges: Iterable[TrustEdge], policy: Policy) -> tuple[Access, ...]:
    """Each trust between orgs, and each window of just-in-time access, with who has to answer for it."""
    found: dict[str, Access] = {}
    for edge in edges:
        kind = AccessKind.ROUTE if edge.routes else AccessKind.TRUST
        name = ", ".join(edge.routes) or f"{edge.source or 'outside'}/{edge.credential}"
        names = (*edge.routes, f"{edge.source or 'outside'}/{edge.credential}")
        made = _access(kind, edge.target, name, edge_key(edge), _words(edge), names, policy.recertification)
        found[made.id] = made
    for window in policy.jit.windows:
        place = (
            f"the route {window.route}" if window.route else f"{window.permission_set} of {window.username}"
        )
        what = f"{place}, approved beforehand until {window.valid_until}"
        names = (window.name,)
        made = _access(
            AccessKind.WINDOW, window.org or "", window.name, window.name, what, names, policy.recertification
        )
        found[made.id] = made
    return tuple(found.values())


def edge_key(edge: TrustEdge) -> str:
    """Unlike the key of an edge with its source and credential: one secret may lie in two orgs, and each is asked about."""
    return f"{edge.source or 'outside'}/{edge.credential}->{edge.key}"


def is_due(rounds: Sequence[Round], policy: RecertificationPolicy, now: datetime) -> bool:
    """Whether a new round begins. None does while one is open."""
    if not rounds:
        return True
    return rounds[-1].closed is not None and now - rounds[-1].asked >= policy.every


def refusal(round_: Round, access: Access, person: str, now: datetime) -> str:
    """Why an answer does not count; empty when it does."""
    if round_.closed is not None:
        return "this round of questions is closed; what was not confirmed is in its plan"
    if now >= round_.due:
        return f"it was due on {round_.due:%Y-%m-%d %H:%M} UTC; the next run of recertify-access closes the round"
    if not access.owner:
        return (
            "policy.yaml names nobody who owns it (recertification.owners); until then nobody can confirm it"
        )
    if person.strip().lower() != access.owner.strip().lower():
        return "only its owner answers for it"
    return ""


def find(round_: Round, start: str) -> Access:
    """By its id or the beginning of it, or its name. Raises ConfigurationError for none or several."""
    wanted = start.strip()
    found = [each for each in round_.accesses if each.name == wanted or each.id.startswith(wanted.lower())]
    if len(found) != 1:
        what = "No access" if not found else "More than one access"
        raise ConfigurationError(f"{what} is named {wanted}. The artifact recertification lists their ids.")
    return found[0]


def unanswered(round_: Round, policy: RecertificationPolicy, now: datetime) -> Alert | None:
    """The reminder, from the first of its days on. None while it is early, and when all is answered or over."""
    left, open_ones = round_.due - now, round_.silent
    if not policy.remind_before or round_.closed is not None or not open_ones:
        return None
    if left > max(policy.remind_before):
        return None
    nobody = sum(not each.owner for each in open_ones)
    return Alert(
        key=f"{UNANSWERED}{round_.id}",
        org=EVERY_ORG,
        severity=Severity.ERROR if left <= min(policy.remind_before) else Severity.WARNING,
        title=f"{len(open_ones)} of {len(round_.accesses)} accesses wait for a yes or no",
        detail=(
            f"They are due on {round_.due:%Y-%m-%d %H:%M} UTC. What nobody confirms by then "
            f"{'is planned to be taken away' if policy.silence == 'plan' else 'is told'}."
            f"{f' {nobody} of them have no owner in policy.yaml.' if nobody else ''}"
        ),
        next_step="The artifact recertification lists them by owner. Answer with answer-recertification.",
    )


def unapproved(round_: Round) -> Alert:
    """After the due date, until the plan was applied or has expired; without a plan until the next round."""
    plan = (
        f"The plan {round_.plan[:12]} takes them and waits for approval."
        if round_.plan
        else "No plan takes them."
    )
    return Alert(
        key=f"{UNAPPROVED}{round_.id}",
        org=EVERY_ORG,
        severity=Severity.WARNING,
        title=f"{len(round_.to_revoke)} accesses were not confirmed",
        detail=f"{len(round_.silent)} of them nobody answered. {plan}",
        next_step=(
            f"Read the artifact plan-{round_.plan[:12]}, then approve-plan and apply-plan."
            if round_.plan
            else "Take each away by hand, or set recertification.silence to plan."
        ),
    )


def _access(
    kind: AccessKind,
    org: str,
    name: str,
    key: str,
    what: str,
    names: Sequence[str],
    policy: RecertificationPolicy,
) -> Access:
    owner = next(
        (rule.owner for rule in policy.owners if any(fnmatchcase(each, rule.access) for each in names)),
        policy.default_owner,
    )
    number = hashlib.sha256(f"{kind.value}\n{key}".encode()).hexdigest()[:12]
    return Access(id=number, kind=kind, org=org, name=name, key=key, what=what, owner=owner)


def _words(edge: TrustEdge) -> str:
    who = " or ".join(edge.run_as) or "nobody knows whom"
    used = f"used last on {edge.last_used:%Y-%m-%d}" if edge.last_used else "no use of it was seen"
    return f"{edge.credential} of {edge.source or 'outside'} acts in {edge.target} as {who}; {used}"
