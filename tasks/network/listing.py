"""What became of each profile, for a person to read before the plan is approved."""

from collections.abc import Sequence
from datetime import date

from tasks.network.model import Refused
from tasks.pages import cell, to_page
from tasks.value import Value

_SHOWN = 6
_PROFILE, _RANGE = 30, 32
"""Letters of a line in a cell."""


class ProfileListing(Value):
    """`before` is None where nobody knows it, `after` where nothing changes; `left_out` says why, where it should have."""

    profile: str
    who: str
    before: tuple[str, ...] | None
    after: tuple[str, ...] | None
    left_out: str
    seen: tuple[str, ...]
    unused: tuple[str, ...]


class OrgListing(Value):
    """`explained` are sign-ins that end with policy's word: the reason, who stands for it, and until when."""

    org: str
    profiles: tuple[ProfileListing, ...]
    explained: tuple[tuple[Refused, str, str, date], ...]
    days: int
    log_days: int


def page(listings: Sequence[OrgListing], digest: str) -> str:
    """Markdown for an artifact."""
    lines = [
        "# From where each profile may come",
        "",
        f"Nothing has been changed yet; the plan is {to_page(f'plan-{digest[:12]}', digest[:12])}. Login ranges of a profile block. Trusted ranges of an org "
        "only spare a confirmation, and are in the plan apart from these.",
        "",
    ]
    for org in listings:
        logs = f"logs of calls of {org.log_days} days" if org.log_days else "no log of calls"
        lines += [
            f"## {org.org}",
            "",
            f"Judged from the sign-ins of {org.days} days and {logs}. What no log shows may exist all the same.",
            "",
            "| Profile and who has it | Ranges now → then | Seen from | Ranges nobody uses |",
            "|---|---|---|---|",
            *(_row(each) for each in org.profiles),
            "",
        ]
        if left := [each for each in org.profiles if each.left_out]:
            lines += ["**Left as they are**", ""]
            lines += [f"* **{cell(each.profile)}**: {cell(each.left_out)}" for each in left]
            lines += [""]
        if org.explained:
            lines += [
                "**Will be refused, as policy explains**",
                "",
                "| Who | From | With | Times | Why | Until |",
            ]
            lines += ["|---|---|---|--:|---|---|"]
            lines += [
                f"| {cell(each.username)} | {each.address} | {cell(each.application or 'API calls', 14)} | {each.times} "
                f"| {cell(f'{reason} ({owner})', 24)} | {until} |"
                for each, reason, owner, until in org.explained
            ]
            lines += [""]
    return "\n".join(lines)


def _row(each: ProfileListing) -> str:
    before = "not known" if each.before is None else _few(each.before) or "anywhere"
    then = ", stays so" if each.after is None else f"<br>→ **{_few(each.after)}**"
    return (
        f"| **{cell(each.profile, _PROFILE)}**<br>{cell(each.who, _PROFILE)} | {before}{then} "
        f"| {_few(each.seen) or 'nobody was seen'} | {_few(each.unused)} |"
    )


def _few(texts: Sequence[str]) -> str:
    more = f"<br>and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""
    return "<br>".join(cell(each, _RANGE) for each in texts[:_SHOWN]) + more
