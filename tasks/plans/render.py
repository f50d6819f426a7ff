"""A plan for people: who loses what and why, what keeps working, what could break. Markdown and plain text."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from pydantic import JsonValue

from tasks.estate.policy import WatchPolicy
from tasks.plans.model import AppPolicy, Change, Plan, Planned, ResourceKind, State, Watch
from tasks.plans.overview import PlanStatus
from tasks.plans.reliance import described
from tasks.plans.watch import line

_SHOWN = 400
"""Rows of one org; an artifact of many thousand lines is read by nobody."""
_NUMBERS = 12
_DIGEST = 12
"""Letters by which people tell digests apart."""
_FINGERPRINT, _WHOLE = 16, 64
"""Letters of a fingerprint that people compare, and all it has."""
_POLICIES = {
    AppPolicy.PERMITTED_USERS: "only users whom an administrator admitted",
    AppPolicy.PKCE: "proof key with every authorization code",
    AppPolicy.ADDRESSES: "address ranges of profiles",
    AppPolicy.REFRESH_TOKENS: "end of refresh tokens",
}


def markdown(plan: Plan, digest: str, needed: int, limits: Sequence[str] = ()) -> str:
    """For an artifact of a run. `needed` approvals; `limits` speak against applying it now."""
    lines = [
        f"# {plan.title}",
        "",
        f"**{counted(len(plan.changes), 'change')} in {counted(len(plan.orgs), 'org')}.** Nothing has been changed yet.",
        "",
        "| | |",
        "|---|---|",
        f"| Digest | `{digest}` |",
        f"| Requested by | {_cell(plan.requester)} |",
        f"| Approvals needed | {needed} |",
        f"| Valid until | {plan.expires_at:%Y-%m-%d %H:%M} UTC |",
        "",
    ]
    if not plan.changes:
        lines += ["**There is nothing to change.** Everything is already as it should be.", ""]
    lines += [f"> **{_cell(warning)}**" for warning in final(plan)]
    lines += [f"> {_cell(reason)}" for reason in limits]
    lines += [""] if plan.final or limits else []
    for org in plan.orgs:
        changes = [change for change in plan.changes if change.resource.org == org]
        lines += [f"## {org}", ""]
        for why, alike in groupby(changes[:_SHOWN], key=lambda change: (change.control, change.why)):
            lines += [
                f"**{_cell(why[1])}** ({why[0]})",
                "",
                "| # | Who | What | From → to |",
                "|--:|---|---|---|",
                *(_row(change) for change in alike),
                "",
            ]
        if len(changes) > _SHOWN:
            lines += [f"… {len(changes) - _SHOWN} more: `bulkhead plan show {digest[:12]}`", ""]
    lines += _list("What keeps working", plan.keeps)
    lines += _list("What could break", plan.risks)
    lines += _list("What it relies on and leaves as it is", described(plan))
    lines += _list("What is left to do afterwards", plan.afterwards)
    lines += [
        "## Next",
        "",
        f"Approve it with the flow **approve-plan**, or `bulkhead plan approve {digest[:12]} --reason …`.",
        f"Then apply it with the flow **apply-plan**, or `bulkhead plan apply {digest[:12]}`.",
    ]
    return "\n".join(lines)


def phase_markdown(phase: str, done: Sequence[Planned]) -> str:
    """All plans of a phase on one page, with what is next for each."""
    lines = [
        f"# Plans of {phase.replace('-', ' ')}",
        "",
        "Nothing has been changed yet. Each plan has a page of its own.",
        "",
        "| Job | Plan | Changes | Next |",
        "|---|---|--:|---|",
    ]
    for each in done:
        if each.failed:
            lines.append(f"| {each.job} | **none**: {_cell(each.failed)} | | start **{each.job}** again |")
        elif each.changes:
            lines.append(
                f"| {each.job} | {_page(each.digest)} | {each.changes} | **approve-plan**, then **apply-plan** |"
            )
        else:
            lines.append(f"| {each.job} | {_page(each.digest)} | 0 | nothing: all is as it should be |")
    return "\n".join(lines)


def _page(digest: str) -> str:
    """A link to the plan's own artifact, within the UI that shows this one."""
    return f"[{digest[:_DIGEST]}](/artifacts/key/plan-{digest[:_DIGEST]})"


def text(status: PlanStatus, needed: int, limits: Sequence[str], watched: Sequence[str] = ()) -> str:
    """For a terminal. `watched` says what became of the users of routes since it was applied."""
    plan = status.plan
    lines = [
        f"{plan.title}",
        f"digest    {status.digest}",
        f"stage     {status.stage.value}{f': {status.reason}' if status.reason else ''}",
        f"made      {plan.made_at:%Y-%m-%d %H:%M} UTC by {plan.requester}, valid until {plan.expires_at:%Y-%m-%d %H:%M}",
        f"approvals {', '.join(status.approvals) or 'none'} ({needed} needed)",
    ]
    lines += [f"  ! {reason}" for reason in (*final(plan), *limits)]
    lines += [f"watched   {each}" for each in watched]
    for org in plan.orgs:
        lines += ["", org]
        ours = (change for change in plan.changes if change.resource.org == org)
        for why, alike in groupby(ours, key=lambda change: (change.control, change.why)):
            lines.append(f"  {why[1]} ({why[0]})")
            for change in alike:
                mark = "x" if change.number in status.history.verified else " "
                who, what = _subject(change)
                words = f"{_words(change.before)} → {_words(change.after)}"
                no_way_back = " (no way back)" if change.final else ""
                lines.append(f"    [{mark}] {change.number:>3} {who}: {what}: {words}{no_way_back}")
    told = {
        "what keeps working": plan.keeps,
        "what could break": plan.risks,
        "what it relies on and leaves as it is": described(plan),
    }
    for heading, items in told.items():
        if items:
            lines += ["", heading, *(f"  - {item}" for item in items)]
    return "\n".join(lines)


def final(plan: Plan) -> list[str]:
    """What whoever approves has to know first; nothing where all of it can be taken back."""
    if not plan.final:
        return []
    numbers = ", ".join(str(change.number) for change in plan.final[:_NUMBERS])
    more = f" and {len(plan.final) - _NUMBERS} more" if len(plan.final) > _NUMBERS else ""
    has, they = ("has", "it ends") if len(plan.final) == 1 else ("have", "they end")
    return [
        f"{counted(len(plan.final), 'change')} {has} no way back (number {numbers}{more}): what {they}, "
        "only its owner can make anew."
    ]


def watches_markdown(
    watches: Sequence[Watch], unseen: Mapping[str, str], done: Sequence[str], policy: WatchPolicy
) -> str:
    """`unseen` says by org why nobody could look, `done` what was taken back or could not be."""
    lines = ["# Watched since a plan changed their rights", ""]
    if not watches:
        lines += ["Nobody is watched: no plan changed a route's user lately.", ""]
    for watch in watches:
        lines += [f"* **{_cell(watch.title)}** `{watch.plan[:12]}`: {_cell(line(watch, policy))}"]
    lines += [""] if watches else []
    lines += [f"> {org} could not be looked at: {_cell(why)}" for org, why in unseen.items()]
    lines += _list("What followed", done)
    lines += [
        "What no log shows: refusals of single records inside collections, composites and SOAP answers.",
        "",
    ]
    return "\n".join(lines)


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _row(change: Change) -> str:
    who, what = _subject(change)
    words = f"{_words(change.before)} → {_words(change.after)}"
    if change.final:
        words = f"{words} **(no way back)**"
    return f"| {change.number} | {_cell(who)} | {_cell(what)} | {_cell(words)} |"


def _subject(change: Change) -> tuple[str, str]:
    """Whose rights change, and which."""
    container, _, name = change.resource.key.rpartition("/")
    match change.resource.kind:
        case ResourceKind.PERMISSION_SET:
            return f"set {change.resource.key}", "its permissions"
        case ResourceKind.ORG_SETTING:
            return "the org", f"`{change.resource.key}`: {change.effect}"
        case ResourceKind.USER:
            return change.resource.key, "profile"
        case ResourceKind.NEW_USER:
            return change.resource.key, "the user itself"
        case ResourceKind.LICENCE:
            return container, f"licence {name}"
        case ResourceKind.ASSIGNMENT:
            return container, f"set {name}" if not name.startswith("group:") else name.replace(":", " ")
        case ResourceKind.APP_ACCESS:
            holder = container if container.startswith("profile:") else f"set {container}"
            return holder, f"app {name}"
        case ResourceKind.PROFILE_PERMISSION:
            return container, f"{name}: {change.effect}"
        case ResourceKind.APP_POLICY:
            return f"app {container.partition(':')[2]}", f"{_POLICIES[AppPolicy(name)]}: {change.effect}"
        case ResourceKind.LOGIN_RANGES:
            return f"profile {change.resource.key.partition(':')[2]}", f"login ranges: {change.effect}"
        case ResourceKind.TRUSTED_RANGES:
            return "the org", f"trusted ranges: {change.effect}"
        case ResourceKind.APP_TOKEN:
            username, _, token = change.resource.key.partition("/")
            created, _, app = token.partition("/")
            return username, f"refresh token of {app}, given on {created[:10]}"
        case ResourceKind.SETTING_SECRET:
            holder, _, row = container.partition("/")
            return f"setting {holder} {row}", f"{name}: {change.effect}"
        case ResourceKind.REMOTE_SITE:
            return f"remote site {change.resource.key}", change.effect
        case ResourceKind.CALLOUTS:
            return f"named credential {change.resource.key}", f"callouts: {change.effect}"
        case ResourceKind.SIGN_IN:
            return change.resource.key, f"signing in: {change.effect}"
        case ResourceKind.IP_SET:
            return f"address set {change.resource.key}", change.effect
        case ResourceKind.WEB_ACL:
            return f"web ACL {change.resource.key}", change.effect
        case ResourceKind.WEB_ACL_PLACE:
            return f"gateway {change.resource.key}", change.effect
        case ResourceKind.WEB_ACL_LOG:
            return f"web ACL {change.resource.key}", f"its log: {change.effect}"
        case ResourceKind.INBOUND_CERTIFICATE:
            return "the list of callers", f"certificate {change.resource.key}: {change.effect}"
        case ResourceKind.KEY_PAIR:
            return "the org", f"key pair {change.resource.key}: {change.effect}"
        case ResourceKind.CLIENT_CERTIFICATE:
            return f"named credential {change.resource.key}", change.effect
        case ResourceKind.CALLER_SECRET:
            return f"secret {change.resource.key}", change.effect
        case ResourceKind.CREDENTIAL:
            return f"secret {change.resource.key}", f"what consumers read: {change.effect}"
        case ResourceKind.OLD_KEY_PAIR:
            return "the org", f"old key pair {change.resource.key}: {change.effect}"
        case _:
            return container if container.startswith("profile:") else f"set {container}", name


def _words(state: State | None) -> str:
    if state is None:
        return "none"
    if "on" in state:
        return "on" if state["on"] else "off"
    if state.keys() == {"held"}:
        return "a secret" if state["held"] else "nothing"
    if "last_used" in state:
        return f"last used on {str(state['last_used'])[:10]}" if state["last_used"] else "never used"
    if "rules" in state:
        rules = state["rules"] if isinstance(state["rules"], list) else []
        told = "; ".join(rule_words(rule) for rule in rules if isinstance(rule, dict))
        return f"{told or 'no rules'}; else {state['default']}"
    if "LogDestinationConfigs" in state:
        places = state["LogDestinationConfigs"]
        return ", ".join(map(str, places)) if isinstance(places, list) else str(places)
    if "chain" in state:
        # A certificate's text is for machines; its serial number and its end are what can be compared.
        if "serial" in state:
            return f"serial {state['serial']}, until {state['expires']}"
        return f"{state['key_bits']} bits, {'signed' if state['chain'] else 'waits to be signed'}"
    if "address" in state:
        shown = str(state["certificate"] or "no certificate")
        return f"{shown[:_FINGERPRINT] if len(shown) == _WHOLE else shown} to {state['address']}"
    if "how" in state:
        return f"version {str(state['version'])[:8]} ({state['how']})"
    if "email" in state:
        return f"active, profile {state['profile']}, mail to {state['email']}"
    held = []
    for name, value in state.items():
        if name == "expires":
            held.append("assigned" if value is None else f"assigned until {value}")
        elif isinstance(value, bool):
            if value:
                held.append(name.replace("_", " "))
        elif isinstance(value, list):
            held.append(", ".join(map(str, value)) or f"no {name}")
        elif name in ("label", "type"):
            # Of the words of a set and the kind of an app nobody has to approve anything.
            continue
        elif value is not None:
            held.append(str(value))
    return ", ".join(held) or ("allowed" if "type" in state else "no rights")


def rule_words(rule: Mapping[str, JsonValue]) -> str:
    """One rule of a web ACL: what it does, by what name, and how much of it AWS decides."""
    action = next(iter(_inner(rule, "Action") or _inner(rule, "OverrideAction")), "none").lower()
    statement = _inner(rule, "Statement")
    if group := _inner(statement, "ManagedRuleGroupStatement"):
        does = "counts" if action == "count" else "judges by itself"
        return f"{group.get('Name')} {does}"
    if rate := _inner(statement, "RateBasedStatement"):
        seconds = rate.get("EvaluationWindowSec") or 300
        return f"{rule.get('Name')}: {action} over {rate.get('Limit')} requests in {seconds} s"
    return f"{rule.get('Name')}: {action}"


def _inner(value: Mapping[str, JsonValue], name: str) -> Mapping[str, JsonValue]:
    inner = value.get(name)
    return inner if isinstance(inner, dict) else {}


def _cell(words: str) -> str:
    return words.replace("|", "\\|").replace("\n", " ")


def _list(heading: str, items: Sequence[str]) -> list[str]:
    return [f"## {heading}", "", *(f"* {_cell(item)}" for item in items), ""] if items else []
