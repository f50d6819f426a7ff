"""Mutual TLS for people: faults of certificates, how each route stands, requests to be signed, and proofs. Markdown."""

from collections.abc import Mapping, Sequence

from tasks.certificates.lint import in_order
from tasks.certificates.model import Fault, Held, Next, Proof, RouteState, Stage

_WORDS = {
    Stage.REQUEST: "gets a key pair",
    Stage.SIGN: "its request waits for its chain",
    Stage.LIST: "its certificate is to be listed",
    Stage.SWITCH: "its caller is to present it",
    Stage.ENFORCE: "its user is to be held to it",
    Stage.RETIRE: "the certificate before is to go",
    Stage.DONE: "held to its own certificate",
    Stage.HELD: "waits",
}


def faults_markdown(held: Sequence[Held], faults: Sequence[Fault], unseen: Mapping[str, str]) -> str:
    """`unseen` says by org why its certificates, or a part of what judges them, could not be read."""
    lines = [
        "# Certificates",
        "",
        f"{len(held)} client certificates were looked at; {len(faults)} faults were found.",
        "",
    ]
    if faults:
        lines += ["| | org | certificate | rule | what is wrong | what to do |", "|---|---|---|---|---|---|"]
        lines += [
            f"| {f.severity} | {f.org} | {_cell(f.name)} ({f.place.value}) | {f.rule.value} | {_cell(f.what)} "
            f"| {_cell(f.next_step)} |"
            for f in in_order(faults)
        ]
        lines.append("")
    lines += [f"> {org}: {_cell(why)}" for org, why in unseen.items()]
    return "\n".join(lines) + "\n"


def standing_markdown(
    states: Sequence[RouteState],
    stages: Mapping[str, Next],
    unknown: Mapping[str, str],
    manual: Sequence[str],
    requests: Mapping[str, str],
) -> str:
    """`requests` are certificate requests (PEM) by route; `manual` what only Setup or Support can do."""
    lines = ["# Mutual TLS by route", "", "| route | caller | presents | next |", "|---|---|---|---|"]
    for state in states:
        step, shown = stages[state.route], state.shown
        until = (
            f"{shown.chain.leaf.common_name} until {shown.chain.leaf.ends:%Y-%m-%d}"
            if shown is not None and shown.chain is not None
            else (state.presents or "nothing")
        )
        waits = f" for {_cell(step.waits)}" if step.stage is Stage.HELD else ""
        lines.append(
            f"| {_cell(state.route)} | {state.holder.value} | {_cell(until)} | {_WORDS[step.stage]}{waits} |"
        )
    lines.append("")
    lines += [f"> {_cell(route)} is not judged: {_cell(why)}" for route, why in unknown.items()]
    if manual:
        lines += [
            "## What only Salesforce Support or Setup can do",
            "",
            *(f"* {_cell(m)}" for m in manual),
            "",
        ]
    if requests:
        lines += ["## Requests that wait for the authority", ""]
        for route, request in requests.items():
            lines += [f"**{_cell(route)}**", "", "```", request.strip(), "```", ""]
    return "\n".join(lines) + "\n"


def proofs_markdown(proofs: Sequence[Proof]) -> str:
    lines = [
        "# Mutual TLS, tried",
        "",
        "Each route was tried with real handshakes. No log of an org shows a certificate, so what ties a sign-in to one is the",
        "route's own user: it holds *Enforce SSL/TLS Mutual Authentication* and gets in with a listed certificate only.",
        "",
    ]
    for proof in sorted(proofs, key=lambda each: (each.verdict != "broken", each.route)):
        mark = f" `{proof.fingerprint[:16]}`" if proof.fingerprint else ""
        lines += [
            f"## {_cell(proof.route)}: {proof.verdict}",
            "",
            f"{_cell(proof.username)} in {proof.org}{mark}",
            "",
        ]
        lines += [f"* {_cell(why)}" for why in proof.why]
        lines += ["", "| shown | answer |", "|---|---|"] if proof.knocks else []
        lines += [
            f"| {knock.way.value} | {knock.answer or 'not tried'}{f' ({_cell(knock.words)})' if knock.words else ''} |"
            for knock in proof.knocks
        ]
        lines.append("")
    return "\n".join(lines) + "\n"


def _cell(words: str) -> str:
    return " ".join(words.replace("|", "\\|").split())
