"""What people do next with a plan: who approves, how, and where it is applied. For pages of the UI."""

from collections.abc import Sequence
from textwrap import shorten

from tasks.pages import Forms, cell, to_form, to_page
from tasks.plans.gate import SHOWN, command
from tasks.plans.model import Plan
from tasks.plans.overview import PlanStatus, Stage
from tasks.plans.waiting import Wanted
from tasks.value import Value

PAGE = "waiting-plans"
"""The artifact that lists what waits for whom."""
_PERSON, _WISH, _TITLE = 26, 26, 46
"""Letters in a line of a cell."""


class Open(Value):
    """One plan with what it wants of people; `against` is why it would be refused whatever they do."""

    status: PlanStatus
    wanted: Wanted
    against: tuple[str, ...] = ()


def next_steps(plan: Plan, digest: str, wanted: Wanted, forms: Forms, *, held: bool = False) -> list[str]:
    """A numbered list, each step with its form filled in and with what is typed instead. `held` where no yes alone helps."""
    short = digest[:SHOWN]
    if not plan.changes:
        return ["There is nothing to approve. When what is left is done, make this plan again."]
    steps = [
        f"{'Once nothing above speaks against it, apply' if held else 'Apply'} it: {to_form('apply-plan', forms, digest=short)} with the digest `{short}`, or `bulkhead plan apply {short}`."
    ]
    if wanted.missing:
        steps.insert(0, _approval(plan, digest, wanted, forms))
    # To have again what a way back took wants a plan of its own.
    if plan.undoes is None and len(plan.final) < len(plan.changes):
        steps.append(
            f"If need be, take it back, whole or in part: {to_form('rollback-plan', forms, digest=short)}."
        )
    return [f"{number}. {step}" for number, step in enumerate(steps, start=1)]


def steps_now(
    status: PlanStatus,
    wanted: Wanted,
    forms: Forms,
    against: Sequence[str] = (),
    lasting: Sequence[str] = (),
) -> list[str]:
    """
    What people do next with a plan, whatever its stage. `against` is why it may not be applied now, `lasting` why it never may:
    then nobody is asked for a yes.
    """
    plan, short = status.plan, status.digest[:SHOWN]
    back = to_form("rollback-plan", forms, digest=short)
    typed = f"with the digest `{short}`, or `bulkhead plan rollback {short}`"
    others = f"* The other plans: {to_page(PAGE, 'what waits for whom')}."
    can_go_back = plan.undoes is None and any(
        not plan.change(number).final for number in status.history.attempts
    )
    match status.stage:
        case Stage.TAKEN_BACK:
            return ["* Nothing of it stands any more. To have its changes again, make a new plan.", others]
        case Stage.PARTLY_TAKEN_BACK:
            return [f"* If need be, take back the rest: {back} {typed}.", others]
        case Stage.APPLIED if can_go_back:
            return [others, f"* If need be, take it back, whole or in part: {back} {typed}."]
        case Stage.APPLIED:
            return [others]
    if not (lasting or status.stage is Stage.EXPIRED):
        return next_steps(plan, status.digest, wanted, forms, held=bool(against))
    if plan.undoes is None:
        anew = "Make it anew, by the job or the phase that made it: this one can never be applied."
    else:
        first = plan.undoes[:SHOWN]
        form = to_form("rollback-plan", forms, digest=first)
        anew = f"Take the plan `{first}` back anew: {form}. This way back can never be applied."
    return [f"* {anew}", *([f"* What it has sent can be taken back: {back} {typed}."] if can_go_back else [])]


def _approval(plan: Plan, digest: str, wanted: Wanted, forms: Forms) -> str:
    typed = f"`{command(digest, signed=wanted.signed)}`"
    who = f"Let {people(wanted)} approve it, not {cell(plan.requester)}"
    if wanted.signed:
        return (
            f"{who}, **each with a signature**, which no form can give. At a terminal, with a name and a key that policy.yaml "
            f"knows: {typed}"
        )
    form = to_form("approve-plan", forms, digest=digest[:SHOWN])
    return f"{who}: {form} with the digest `{digest[:SHOWN]}`, or {typed}."


def people(wanted: Wanted) -> str:
    """How many have still to say yes."""
    more = " more" if wanted.given else ""
    return f"one{more} person" if wanted.missing == 1 else f"{wanted.missing}{more} people"


def approval_markdown(
    status: PlanStatus,
    approver: str,
    wanted: Wanted,
    against: Sequence[str],
    forms: Forms,
    lasting: Sequence[str] = (),
) -> str:
    """What one yes has brought. `against` is why the plan may still not be applied, `lasting` why it never may."""
    plan, short = status.plan, status.digest[:SHOWN]
    counts = approver in wanted.given
    lines = [
        f"# {plan.title}",
        "",
        f"The yes of {cell(approver)} is noted" + ("." if counts else ", **and does not count**."),
        "",
        f"| Plan | {to_page(f'plan-{short}', short)} |",
        "|---|---|",
        f"| Digest | `{status.digest}` |",
        f"| Requested by | {cell(plan.requester)} |",
        f"| Approvals that count | {cell(', '.join(wanted.given) or 'none', 60)} |",
        f"| Needed | {wanted.needed}{', each with a signature' if wanted.signed else ''} |",
        "",
    ]
    lines += (
        [
            f"**It may {'never' if lasting else 'not'} be applied{'' if lasting else ' yet'}:**",
            "",
            *(f"* {cell(each)}" for each in against),
        ]
        if against
        else ["**It may be applied now.**"]
    )
    lines += ["", "## Next", "", *steps_now(status, wanted, forms, against, lasting), ""]
    return "\n".join([*lines, f"All that waits: {to_page(PAGE, 'what waits for whom')}."])


def waiting_markdown(waiting: Sequence[Open], forms: Forms, anew: Sequence[PlanStatus] = ()) -> str:
    """
    Every plan that waits, oldest first, with whom it waits for and the form that is next. `anew` are those that another plan
    has overtaken.
    """
    lines = ["# What waits for whom", ""]
    lines += _listed(waiting, forms) if waiting else ["No plan waits for anybody."]
    if anew:
        lines += ["", "## To be made anew", ""]
        lines += [
            "Another plan has meanwhile changed what these rely on. Start the phase that made them again: it makes only what is missing.",
            "",
        ]
        lines += [f"* {_linked(each)} `{each.digest[:SHOWN]}`" for each in anew]
    return "\n".join(lines)


def _listed(waiting: Sequence[Open], forms: Forms) -> list[str]:
    lines = [
        f"{len(waiting)} plan{'' if len(waiting) == 1 else 's'}, in the order in which they were made. Forms are filled in with "
        "the digest; the name of a plan leads to what it changes.",
        "",
        "| Plan | Changes | Waits for | Next |",
        "|---|--:|---|---|",
        *(_row(each, forms) for each in waiting),
    ]
    if signed := [
        each for each in waiting if each.wanted.signed and each.wanted.missing and not each.against
    ]:
        lines += [
            "",
            "## Signatures",
            "",
            "No form can sign. At a terminal, each with a key of their own:",
            "",
        ]
        lines += ["```", *(command(each.status.digest, signed=True) for each in signed), "```"]
    return lines


def _linked(status: PlanStatus) -> str:
    """The title of a plan as a link to its page."""
    title = cell(shorten(status.plan.title, _TITLE, placeholder=" …")).replace("[", "(").replace("]", ")")
    return to_page(f"plan-{status.digest[:SHOWN]}", title)


def _row(each: Open, forms: Forms) -> str:
    plan, short = each.status.plan, each.status.digest[:SHOWN]
    if each.against:
        back = f"<br>or {to_form('rollback-plan', forms, digest=short)}" if each.status.history.begun else ""
        form, wish = f"make it anew{back}", f"nobody, it would be refused: {'; '.join(each.against)}"
    elif each.wanted.missing:
        form = "sign, below" if each.wanted.signed else to_form("approve-plan", forms, digest=short)
        wish = f"{people(each.wanted)} other than {plan.requester}"
    else:
        form, wish = to_form("apply-plan", forms, digest=short), _to_apply(each.status)
    given = f"<br>{cell('yes: ' + ', '.join(each.wanted.given), _PERSON)}" if each.wanted.given else ""
    return (
        f"| {_linked(each.status)}<br>`{short}` | {len(plan.changes)} | {cell(wish, _WISH)}{given} | {form} |"
    )


def _to_apply(status: PlanStatus) -> str:
    if status.stage is Stage.STOPPED:
        return f"somebody who looks: it stopped, {status.reason}"
    if status.stage is Stage.APPLYING:
        return "who goes on with it: it is begun and not finished"
    return "who applies it"
