"""Accepted findings: what a waiver covers, what an expired one leaves failing, and which ones nothing needs any more."""

from collections.abc import Iterable, Mapping
from datetime import date
from fnmatch import fnmatchcase

from tasks.audit.model import Finding, OrgVerdict, Verdict, WaiverState, WaiverUse
from tasks.estate.policy import Waiver

_OPEN = (Verdict.FAIL, Verdict.WAIVED)


def accepted(finding: Finding, waivers: Iterable[Waiver], today: date) -> Finding:
    """
    The finding as the waivers leave it. Only failures can be accepted: what is unknown has to be found out.

    One that expired accepts nothing: the finding fails, and says whose waiver ended when.
    """
    if finding.verdict is not Verdict.FAIL:
        return finding
    covering = [waiver for waiver in waivers if in_scope(waiver, finding)]
    live = next((waiver for waiver in covering if holds(waiver, today)), None)
    if live is not None:
        note = f"accepted by {live.owner} until {live.expires}: {live.reason}"
        return finding.model_copy(update={"verdict": Verdict.WAIVED, "evidence": (*finding.evidence, note)})
    if not covering:
        return finding
    last = max(covering, key=lambda waiver: waiver.expires)
    note = f"the waiver of {last.owner} expired on {last.expires}: mend it, or have the risk accepted again"
    return finding.model_copy(update={"evidence": (*finding.evidence, note)})


def waiver_uses(
    waivers: Iterable[Waiver], verdicts: Iterable[OrgVerdict], today: date, *, whole: bool
) -> tuple[WaiverUse, ...]:
    """
    One for each waiver, in their order. `verdicts` are those that `accepted` has been through.

    `whole` says whether every org was read. Where one was not, no waiver is called unused: what fails in one org may show
    in another only.
    """
    judged = {(verdict.control, verdict.org): verdict for verdict in verdicts}
    return tuple(_use(waiver, judged, today, whole) for waiver in waivers)


def _use(waiver: Waiver, judged: Mapping[tuple[str, str], OrgVerdict], today: date, whole: bool) -> WaiverUse:
    verdict = judged.get((waiver.control, waiver.org))
    found = [] if verdict is None else [f for f in verdict.findings if in_scope(waiver, f)]
    covered = [f.resource for f in found if f.verdict in _OPEN]
    failing = [f.resource for f in found if f.verdict is Verdict.FAIL]
    if covered and holds(waiver, today):
        return WaiverUse(waiver=waiver, state=WaiverState.USED, resources=tuple(covered))
    if failing:
        return WaiverUse(waiver=waiver, state=WaiverState.EXPIRED, resources=tuple(failing))
    unclear = verdict is None or any(f.verdict is Verdict.UNKNOWN for f in found) or _in_the_dark(verdict)
    if unclear or not whole:
        return WaiverUse(waiver=waiver, state=WaiverState.UNJUDGED)
    return WaiverUse(waiver=waiver, state=WaiverState.UNUSED)


def _in_the_dark(verdict: OrgVerdict) -> bool:
    """Nothing was looked at, rather than one resource among others."""
    return verdict.verdict is Verdict.UNKNOWN and not verdict.findings


def in_scope(waiver: Waiver, finding: Finding) -> bool:
    """`resource` is a shell pattern, matched with case."""
    return (waiver.control, waiver.org) == (finding.control, finding.org) and fnmatchcase(
        finding.resource, waiver.resource
    )


def holds(waiver: Waiver, today: date) -> bool:
    """Through its last day."""
    return waiver.expires >= today


def told(use: WaiverUse) -> str | None:
    """What a person has to hear of it; None where it does what it is for."""
    which = f"The waiver for {use.waiver.resource} ({use.waiver.control} in {use.waiver.org})"
    match use.state:
        case WaiverState.EXPIRED:
            return (
                f"{which} of {use.waiver.owner} expired on {use.waiver.expires}: {_count(use)} again. "
                "Mend that, or have the risk accepted again"
            )
        case WaiverState.UNUSED:
            return f"{which} covers nothing that fails; take it out of policy.yaml"
        case _:
            return None


def _count(use: WaiverUse) -> str:
    many = len(use.resources)
    return "1 finding fails" if many == 1 else f"{many} findings fail"
