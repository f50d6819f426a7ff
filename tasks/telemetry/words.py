"""What a run says to people: what was read of each org and tier, what cannot be seen, what was set aside. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from tasks.telemetry.model import Collected, Taken, Tier

_SOON = {
    Tier.LIVE: "minutes after the event",
    Tier.HOURLY: "three to six hours after the event",
    Tier.DAILY: "a day and more after the event",
}


def collected(found: Sequence[Collected], failed: Mapping[str, str]) -> str:
    """Markdown."""
    lines = ["# Telemetry", "", "What detection can judge on, org by org.", ""]
    for org, why in failed.items():
        lines += [f"**{org} was not read:** {why}", ""]
    for each in found:
        lines += _org(each)
    return "\n".join(lines)


def _org(each: Collected) -> list[str]:
    lines = [
        f"## {each.org}",
        "",
        f"Looked at {_at(each.at)} by its own clock, with {each.calls} calls.",
        "",
    ]
    for tier in Tier:
        mine = [one for one in each.taken if one.tier is tier]
        if mine:
            lines += [
                f"**{tier.value.capitalize()}**, {_SOON[tier]}: {sum(one.added for one in mine):,} new of {sum(one.rows for one in mine):,} rows"
            ]
            lines += [
                "",
                "| event type | rows | new | files | known until |",
                "|---|---:|---:|---:|---|",
                *map(_row, mine),
                "",
            ]
    if each.lacking:
        lines += [
            f"{each.lacking:,} rows of hourly files are not in the daily file of the same day. They are kept.",
            "",
        ]
    if each.quarantined:
        lines += ["**Set aside, not judged on:**", ""]
        lines += [
            f"* {one.file.event_type}, {one.file.tier.value} of {_at(one.file.start)} ({one.file.id}): {one.reason}"
            for one in each.quarantined
        ]
        lines += ["", "Start collect-telemetry with `replay` to try them again.", ""]
    if each.hidden:
        lines += ["**Cannot be seen:**", ""]
        lines += [f"* {one.tier.value}: {one.what}: {one.why}" for one in each.hidden]
        lines += [""]
    if each.removed:
        lines += [f"{each.removed:,} files of the store went; their time was over.", ""]
    return lines


def _row(one: Taken) -> str:
    until = _at(one.until) if one.until else ""
    return f"| {one.event_type} | {one.rows:,} | {one.added:,} | {one.files or ''} | {until} |"


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
