"""What nobody has confirmed about the platforms, from the embedded estate's own list of what it claims and why."""

from collections import Counter

from deployments.sandbox.fidelity import Fidelity, load_fidelity

_SOURCES = {
    "documentation": "stands in the vendor's documentation",
    "recording": "was recorded by somebody from a live org and published",
    "issue": "stands in a public issue of a client library or of the platform",
    "study": "was found by reading clients that work against live orgs",
    "guess": "is written down nowhere",
}


def page() -> str:
    fidelity = load_fidelity()
    sources = Counter(claim.source for claim in fidelity.claims)
    lines = [
        "# What was not verified against a live org",
        "",
        "Nothing of Bulkhead was run against a live org or a live AWS account yet. It is tested against an embedded estate that speaks",
        f"their protocols. The estate claims {len(fidelity.claims)} rules of the platforms; each one",
        "",
        *(f"* {_SOURCES[source]}: {sources[source]}" for source in _SOURCES if sources[source]),
        "",
        "Below are those that are written down nowhere, with what the estate does. It takes the harsher variant; where a switch is named,",
        "`bulkhead sandbox switch` turns the behaviour round, and the product has to bear both. `bulkhead sandbox fidelity` lists all",
        "rules with their sources. What the product itself relies on without confirmation stands in the [README](../../README.md).",
        "Generated from `deployments/sandbox/fidelity.yaml` by `python -m deployments.docs`.",
        "",
        *_guesses(fidelity),
        "## Switches",
        "",
        "| switch | as it comes | on, it means |",
        "|---|---|---|",
        *(
            f"| `{each.name}` | {str(each.default).lower()} | {each.does} |"
            for each in fidelity.switches.values()
        ),
    ]
    return "\n".join(lines) + "\n"


def _guesses(fidelity: Fidelity) -> list[str]:
    lines = []
    for room in dict.fromkeys(claim.room for claim in fidelity.claims if claim.guessed):
        lines += [f"## {room}", "", "| where | what the estate does | switch |", "|---|---|---|"]
        for claim in (each for each in fidelity.claims if each.guessed and each.room == room):
            switch = f"`{claim.switch}`" if claim.switch else ""
            cells = [claim.where, claim.rule, switch]
            lines.append("| " + " | ".join(" ".join(cell.replace("|", "/").split()) for cell in cells) + " |")
        lines.append("")
    return lines
