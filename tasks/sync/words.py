"""What a run is told with: counts, never values. Pure."""

from collections.abc import Mapping

from tasks.sync.model import Held, KeyRotation, Lineage


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


def keys_markdown(done: KeyRotation) -> str:
    lines = [
        f"# Data keys of {done.route}",
        f"{done.seen:,} records of {done.sobject} in **{done.target}** were looked at, {done.renewed:,} of them sealed anew.",
        "",
        "| epoch | key | made | state | values in records | in the recycle bin |",
        "|--:|---|---|---|--:|--:|",
        *(
            f"| {each.epoch} | `{each.key_id}` | {each.made:%Y-%m-%d} | {each.state} | {each.live:,} | {each.binned:,} |"
            for each in done.epochs
        ),
        "",
    ]
    if done.left:
        lines.append(
            f"**{done.left:,} records stay as they were**: the ledger names them with the reason. What does not open comes back "
            "with *sync-route* once the record changes in the source."
        )
    if done.foreign:
        lines.append(
            f"**{done.foreign:,} values name a key that is none of this route's.** Somebody else wrote them."
        )
    if done.needless:
        names = ", ".join(str(each.epoch) for each in done.needless)
        lines.append(
            f"No value needs the keys of epoch {names} any more: *retire-data-keys* plans to destroy them. Backups of the target "
            "that are older hold values which open with them alone."
        )
    return "\n".join(lines) + "\n"
