"""A plan for people: who loses what and why, what keeps working, what could break. Markdown and plain text."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from types import MappingProxyType

from pydantic import JsonValue

from tasks.estate.model_changes import WatchPolicy
from tasks.pages import Forms, cell, sentence, to_job, to_page
from tasks.plans.draft import left_out_line, left_out_of
from tasks.plans.gate import SHOWN, concerned
from tasks.plans.model import AppPolicy, Change, History, Plan, Planned, ResourceKind, State, Watch
from tasks.plans.next import steps_now
from tasks.plans.overview import PlanStatus, Stage
from tasks.plans.reliance import described
from tasks.plans.waiting import Wanted
from tasks.plans.watch import line

_SHOWN = 400
"""Rows of one org; an artifact of many thousand lines is read by nobody."""
_NUMBERS = 12
_FINGERPRINT, _WHOLE = 16, 64
"""Letters of a fingerprint that people compare, and all it has."""
_POLICIES = {
    AppPolicy.PERMITTED_USERS: "only users whom an administrator admitted",
    AppPolicy.PKCE: "proof key with every authorization code",
    AppPolicy.ADDRESSES: "address ranges of profiles",
    AppPolicy.REFRESH_TOKENS: "end of refresh tokens",
}


def markdown(
    plan: Plan,
    digest: str,
    needed: int,
    limits: Sequence[str] = (),
    forms: Forms = MappingProxyType({}),
    *,
    signed: bool = False,
) -> str:
    """For an artifact of a run. `needed` approvals, `signed` ones where only those count; `limits` speak against ever applying it."""
    lines = [
        f"# {plan.title}",
        "",
        f"**{counted(len(plan.changes), 'change')} in {counted(len(plan.orgs), 'org')}.** Nothing has been changed yet.",
        "",
        f"| Digest | `{digest}` |",
        "|---|---|",
        f"| Requested by | {cell(plan.requester)} |",
        f"| Approvals needed | {needed}{', each with a signature' if signed and needed else ''} |",
        f"| Valid until | {plan.expires_at:%Y-%m-%d %H:%M} UTC |",
        "",
    ]
    if not plan.changes:
        left = plan.risks or plan.afterwards
        rest = "What has to happen first is below." if left else "Everything is already as it should be."
        lines += [f"**There is nothing to change{' now' if left else ''}.** {rest}", ""]
    out = [left_out_line(name, why) for name, why in left_out_of(plan).items()]
    lines += _list("Left out", out)
    lines += [f"> **{cell(warning)}**" for warning in final(plan)]
    lines += [f"> {cell(reason)}" for reason in limits]
    lines += [""] if plan.final or limits else []
    for org in plan.orgs:
        changes = [change for change in plan.changes if change.resource.org == org]
        lines += [f"## {org}", ""]
        if people := concerned(changes):
            lines += [f"The access of **{counted(len(people), 'user')}** changes.", ""]
        for why, alike in groupby(changes[:_SHOWN], key=lambda change: (change.control, change.why)):
            lines += [
                f"**{sentence(cell(why[1]))}** ({why[0]})",
                "",
                "| # | Who or where | What changes | From → to |",
                "|--:|---|---|---|",
                *(_row(change) for change in alike),
                "",
            ]
        if len(changes) > _SHOWN:
            lines += [f"… {len(changes) - _SHOWN} more: `bulkhead plan show {digest[:12]}`", ""]
    lines += _list("What keeps working", plan.keeps)
    lines += _list("What could break", [risk for risk in plan.risks if risk not in out])
    lines += _list("What it relies on and leaves as it is", described(plan))
    lines += _list("What is left to do afterwards", plan.afterwards)
    lines += [
        "## Next",
        "",
        *steps_now(
            PlanStatus(digest=digest, plan=plan, stage=Stage.PLANNED, approvals=(), history=History()),
            Wanted(needed=needed, given=(), signed=signed),
            forms,
            limits,
            limits,
        ),
    ]
    return "\n".join(lines)


def outcome_markdown(
    status: PlanStatus,
    waits: str = "",
    refused: Sequence[str] = (),
    wanted: Wanted | None = None,
    forms: Forms = MappingProxyType({}),
    lasting: Sequence[str] = (),
) -> str:
    """
    What became of a plan, change by change. `waits` is what the rest of it has to wait for, `refused` why nothing was sent
    this time, `wanted` the approvals that it has and lacks: a yes that does not count is not shown as one. `lasting` is why it can
    never be applied.
    """
    plan, short = status.plan, status.digest[:SHOWN]
    done, all_of = len(status.history.verified), len(plan.changes)
    given = status.approvals if wanted is None else wanted.given
    nobody = "nobody yet" if wanted is not None and wanted.missing else "nobody; it needs no approval"
    lines = [
        f"# {plan.title}",
        "",
        f"{done} of {counted(all_of, 'change')} verified; the plan is **{status.stage.value}**.",
        "",
        f"| Plan | {_page(status.digest)} |",
        "|---|---|",
        f"| Digest | `{status.digest}` |",
        f"| Requested by | {cell(plan.requester)} |",
        f"| Approved by | {cell(', '.join(given) or nobody, 60)} |",
    ]
    lines += [f"| Takes back | {_page(plan.undoes)} |"] if plan.undoes is not None else []
    lines += [""]
    if refused:
        lines += [
            "**It may not be applied now, and nothing was sent:**",
            "",
            *(f"* {cell(each)}" for each in refused),
            "",
        ]
    lines += [f"It stopped: {cell(status.reason)}.", ""] if status.reason else []
    lines += [f"The rest waits: {cell(waits)}. Apply it again afterwards.", ""] if waits else []
    for org in plan.orgs:
        ours = [change for change in plan.changes if change.resource.org == org]
        lines += [f"## {org}", "", "| # | Who or where | What changed | Now |", "|--:|---|---|---|"]
        for change in ours[:_SHOWN]:
            who, what = _subject(change)
            now = "not sent"
            if change.number in status.history.verified:
                now = f"{_words(change.after)} (read back)"
            elif change.number in status.history.attempts:
                now = "sent, and not yet seen to be done"
            lines.append(
                f"| {change.number} | {cell(who, _WIDTHS[0])} | {cell(what, _WIDTHS[1])} | {cell(now, _WIDTHS[2])} |"
            )
        lines += [""]
        lines += (
            [f"… {len(ours) - _SHOWN} more: `bulkhead plan show {short}`", ""] if len(ours) > _SHOWN else []
        )
    wants = wanted or Wanted(needed=0, given=status.approvals, signed=False)
    lines += [
        "## Next",
        "",
        *steps_now(status, wants, forms, (*refused, *([waits] if waits else ())), lasting),
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
            lines.append(
                f"| {each.job} | **none**: {cell(each.failed, 45)} | | start {to_job(each.job)} again |"
            )
        elif each.against:
            why = cell(f"it would be refused: {'; '.join(each.against)}", 45)
            lines.append(f"| {each.job} | {_page(each.digest)} | {each.changes} | {why} |")
        elif each.changes:
            lines.append(
                f"| {each.job} | {_page(each.digest)} | {each.changes} | {to_job('approve-plan')}, then {to_job('apply-plan')} |"
            )
        else:
            lines.append(f"| {each.job} | {_page(each.digest)} | 0 | nothing to approve; its page says why |")
    return "\n".join(lines)


def _page(digest: str) -> str:
    """A link to the plan's own artifact, within the UI that shows this one."""
    return to_page(f"plan-{digest[:SHOWN]}", digest[:SHOWN])


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
                people = f" ({counted(len(change.users), 'user')})" if change.users else ""
                lines.append(f"    [{mark}] {change.number:>3} {who}: {what}: {words}{people}{no_way_back}")
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
        lines += [f"* **{cell(watch.title)}** `{watch.plan[:12]}`: {cell(line(watch, policy))}"]
    lines += [""] if watches else []
    lines += [f"> {org} could not be looked at: {cell(why)}" for org, why in unseen.items()]
    lines += _list("What followed", done)
    lines += [
        "What no log shows: refusals of single records inside collections, composites and SOAP answers.",
        "",
    ]
    return "\n".join(lines)


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


_SCHEMES = {
    "None": "in clear",
    "ProbabilisticEncryption": "probabilistic",
    "CaseSensitiveDeterministicEncryption": "deterministic, case-sensitive",
    "CaseInsensitiveDeterministicEncryption": "deterministic, any case",
}
_WIDTHS = (26, 36, 32)
"""Letters of who, what, and from what to what."""


def _row(change: Change) -> str:
    who, what = _subject(change)
    before, after = (cell(_words(state), _WIDTHS[2]) for state in (change.before, change.after))
    one_line = len(before) + len(after) + 3 <= _WIDTHS[2]
    words = f"{before} → {after}" if one_line else f"{before}<br>→ {after}"
    if change.final:
        words = f"{words} **(no way back)**"
    if change.users:
        words = f"{words}<br>({counted(len(change.users), 'user')})"
    return f"| {change.number} | {cell(who, _WIDTHS[0])} | {cell(what, _WIDTHS[1])} | {words} |"


def _subject(change: Change) -> tuple[str, str]:
    """Whose rights change, and which."""
    container, _, name = change.resource.key.rpartition("/")
    match change.resource.kind:
        case ResourceKind.PERMISSION_SET:
            return f"set {change.resource.key}", "its permissions"
        case ResourceKind.ORG_SETTING:
            return "the org", f"{change.resource.key}: {change.effect}"
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
        case ResourceKind.TRANSACTION_POLICY:
            return f"transaction security policy {change.resource.key}", change.effect
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
        case ResourceKind.REAL_DATA:
            return f"object {change.resource.key.partition('/')[0]}", change.effect
        case ResourceKind.FIELD_ENCRYPTION:
            return f"field {change.resource.key}", change.effect
        case ResourceKind.TENANT_SECRET:
            return "the org", f"tenant secret of type {change.resource.key}: {change.effect}"
        case ResourceKind.OLD_TENANT_SECRET | ResourceKind.SPENT_TENANT_SECRET:
            return "the org", f"tenant secret {name} of type {container}: {change.effect}"
        case ResourceKind.DRILL:
            return f"a backup of {change.resource.key}", change.effect
        case ResourceKind.DATA_KEY:
            return f"the key ring of {change.resource.key.partition('/')[0]}", change.effect
        case _:
            return container if container.startswith("profile:") else f"set {container}", name


def _words(state: State | None) -> str:
    if state is None:
        return "none"
    if "on" in state:
        return "on" if state["on"] else "off"
    if state.keys() == {"held"}:
        return "a secret" if state["held"] else "nothing"
    if "scheme" in state:
        return _SCHEMES.get(str(state["scheme"]), str(state["scheme"]))
    if "exported" in state:
        return f"{state['status']}, exported ({str(state['exported'])[:_FINGERPRINT]})"
    if "last_used" in state:
        return f"last used on {str(state['last_used'])[:10]}" if state["last_used"] else "never used"
    if "manifest" in state:
        return f"{state['backup']}, {state['rows']} records"
    if "needed" in state:
        return f"epoch {state['epoch']}, {'needed' if state['needed'] else 'needed by no value'}"
    if "rows" in state:
        return f"real values among {state['rows']} records"
    if "rules" in state:
        rules = state["rules"] if isinstance(state["rules"], list) else []
        told = "; ".join(rule_words(rule) for rule in rules if isinstance(rule, dict))
        settings = state.get("default_with")
        also = f" with {', '.join(settings)}" if isinstance(settings, dict) and settings else ""
        return f"{told or 'no rules'}; else {state['default']}{also}"
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
        how = "" if state["how"] == "unknown" else f" ({state['how']})"
        return f"version {str(state['version'])[:8]}{how}"
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


def _list(heading: str, items: Sequence[str]) -> list[str]:
    return [f"## {heading}", "", *(f"* {cell(item)}" for item in items), ""] if items else []
