"""Which doors can be shut and which apps tightened, who would stand before them, and what has to be moved first."""

from collections.abc import Iterable
from datetime import datetime

from tasks.estate.model import Estate
from tasks.estate.policy import Policy
from tasks.oauth.apps import AppsOf
from tasks.oauth.codes import ask_for_codes
from tasks.oauth.forecast import told
from tasks.oauth.model import Doors, Flow, FlowUse, OrgApps
from tasks.oauth.use import Uses
from tasks.plans.branch import protected
from tasks.plans.draft import Draft
from tasks.plans.model import Change, ChangeClass, Plan, ResourceKind

JOB = "oauth"
CONTROL = "ZT-05"
KEYS = {Flow.PASSWORD: "OauthOidc.blockOAuthUnPwFlow", Flow.USER_AGENT: "OauthOidc.blockOAuthUsrAgtFlow"}
_NAMES = {
    Flow.PASSWORD: "the OAuth user-name-password flow",
    Flow.USER_AGENT: "the OAuth user-agent flow",
}
_WHY = {
    Flow.PASSWORD: "a password that travels is a password that leaks (RFC 9700 section 2.4)",
    Flow.USER_AGENT: "its tokens travel in the browser's address (RFC 9700 section 2.1.2)",
}


def oauth_plan(
    estate: Estate,
    policy: Policy,
    orgs: Iterable[tuple[Doors, OrgApps]],
    requester: str,
    now: datetime,
    *,
    although_used: bool = False,
    revoke_unused: bool = False,
) -> Plan:
    """
    Shuts what is open and that nobody went through; what somebody uses stays open, and is named with its users.

    With `although_used` it is shut all the same, who signs in by SOAP is asked for a code, and who will be refused is named. With `revoke_unused` tokens that nobody
    used are ended, after all else, for that has no way back.
    """
    draft = Draft(CONTROL, ChangeClass.IDENTITY)
    parts = []
    for doors, apps in orgs:
        spared = protected(estate, policy, doors.org)
        _shut_doors(draft, doors, although_used=although_used)
        ask_for_codes(draft, doors, apps.rights, spared, now, although_used=although_used)
        uses = Uses(apps, policy.apps.token_idle_days, now)
        part = AppsOf(apps, doors, uses, draft, spared, policy.apps)
        part.work(although_used=although_used)
        parts.append((part, apps, uses))
    for part, _, _ in parts:
        part.idle_tokens(revoke=revoke_unused)
    title = f"Sign-in flows and apps of {_listed(draft.changes)}"
    so_far = draft.plan(JOB, title, requester, now, policy)
    draft.risks += [line for _, apps, uses in parts for line in told(apps, uses, so_far)]
    return draft.plan(JOB, title, requester, now, policy)


def _shut_doors(draft: Draft, doors: Doors, *, although_used: bool) -> None:
    for flow, key in KEYS.items():
        users = [use for use in doors.used if use.flow is flow]
        if doors.shut.get(flow, False):
            draft.keeps.append(f"{doors.org}: {_NAMES[flow]} is shut already")
            continue
        draft.risks += [f"{doors.org}: {_told(use)}{_fate(although_used)}" for use in users]
        if users and not although_used:
            continue
        draft.change(
            *(doors.org, ResourceKind.ORG_SETTING, key),
            {"on": False},
            {"on": True},
            _WHY[flow],
            f"{_NAMES[flow]} is refused from then on; {_who(users)} in {doors.days} days",
            users=[use.username for use in users],
        )
    draft.keeps.append(f"{doors.org}: JWT bearer and client credentials flows are not touched")


def _who(users: list[FlowUse]) -> str:
    if not users:
        return "nobody was seen going through it"
    return f"whoever went through it ({len({use.username for use in users})}) is refused"


def _told(use: FlowUse) -> str:
    app = f" with the app {use.application}" if use.application else ""
    return f"{use.username} used {_NAMES[use.flow]}{app} {use.times} times, last on {use.last:%Y-%m-%d}"


def _fate(although_used: bool) -> str:
    return "; it will be refused" if although_used else "; it stays open until that is moved"


def _listed(changes: Iterable[Change]) -> str:
    orgs = list(dict.fromkeys(change.resource.org for change in changes))
    return ", ".join(orgs) or "no org"
