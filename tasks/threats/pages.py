"""The outlook as a page of the UI."""

from tasks.pages import cell
from tasks.threats.model import Hit, Outlook

_ROWS = 200


def markdown(outlook: Outlook) -> str:
    """By threat, what is due first comes first; traces of campaigns before all."""
    lines = ["| pack | state | version | expires | signed by |", "|---|---|---|---|---|"]
    for each in outlook.packs:
        version, expires = (each.pack.version, each.pack.expires) if each.pack else ("–", "–")
        lines.append(
            f"| {cell(each.name)} | {each.state.value} | {version} | {expires} | {cell(each.publisher) or 'nobody'} |"
        )
    lines += [f"\n**{cell(each.name)}**: {each.why}." for each in outlook.packs if each.why]
    grouped: dict[str, list[Hit]] = {}
    for hit in outlook.hits:
        grouped.setdefault(hit.threat, []).append(hit)
    for hits in sorted(grouped.values(), key=lambda found: (found[0].due is not None, str(found[0].due))):
        first = hits[0]
        due = f"takes effect on {first.due}" if first.due else "a trace of a known campaign"
        lines += [
            f"\n## {first.title}",
            f"\n{due}. {first.what_to_do}\n",
            "| org | route | who or what | why |",
            "|---|---|---|---|",
        ]
        lines += [
            f"| {hit.org} | {cell(hit.route, 30) or '–'} | {cell(hit.subject, 34)} | {cell(hit.evidence, 50)} |"
            for hit in hits[:_ROWS]
        ]
        if len(hits) > _ROWS:
            lines.append(f"\nand {len(hits) - _ROWS} more.")
    if not outlook.hits:
        lines.append("\nNothing of ours is hit, as far as could be seen.")
    if outlook.unjudged:
        lines.append("\n## What could not be judged\n")
        lines += [f"* **{each.threat}**, {each.org}: {each.why}" for each in outlook.unjudged]
    return "\n".join(lines) + "\n"
