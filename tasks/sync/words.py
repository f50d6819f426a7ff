"""What a run is told with: counts, never values. Pure."""

from collections.abc import Mapping

from tasks.sync.model import Held, Lineage


def progress(done: int, changed: int) -> float:
    """Percent; a window may hold more than was counted, or less."""
    return 100.0 if changed <= 0 else min(99.0, 100.0 * done / changed)


def markdown(lineage: Lineage, waiting: Mapping[str, Held]) -> str:
    counts = lineage.counts
    how = "Bulk API 2.0" if lineage.path == "bulk" else "sObject collections"
    lines = [
        f"# {lineage.route}",
        f"{lineage.sobject} from **{lineage.source}** to **{lineage.target}**, up to {lineage.until:%Y-%m-%d %H:%M:%S} UTC of the "
        f"source's clock, by {how}, in {lineage.batches} batches.",
        "",
        "| records | |",
        "|---|--:|",
        f"| read | {counts.read:,} |",
        f"| known from the last window, left alone | {counts.known:,} |",
        f"| found right in the target after an interrupted run | {counts.right:,} |",
        f"| sent | {counts.sent:,} |",
        f"| removed with their originals | {counts.removed:,} |",
        f"| read back, count and checksum right | {counts.verified:,} |",
        f"| put in quarantine | {counts.held:,} |",
        f"| out of quarantine | {counts.healed:,} |",
        "",
        "| org | API calls |",
        "|---|--:|",
        *(f"| {org} | {calls:,} |" for org, calls in sorted(lineage.calls.items())),
    ]
    if waiting:
        by_code: dict[str, int] = {}
        for each in waiting.values():
            by_code[each.code] = by_code.get(each.code, 0) + 1
        lines += [
            "",
            f"**{len(waiting):,} records wait in quarantine.** Correct them in the source, or run with `replay`.",
            "",
        ]
        lines += ["| reason | records |", "|---|--:|"]
        lines += [f"| `{code}` | {count:,} |" for code, count in sorted(by_code.items())]
    return "\n".join(lines) + "\n"
