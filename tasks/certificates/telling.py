"""Mutual TLS for people: faults of certificates, how each route stands, requests to be signed, and proofs. Markdown."""

from collections.abc import Mapping, Sequence

from tasks.certificates.lint import in_order
from tasks.certificates.model import Fault, Held, Holder, Next, Place, Proof, RouteState, Stage, Wellness
from tasks.pages import cell

_PLACES = {
    Place.INBOUND: "on the list of",
    Place.KEY_PAIR: "a key pair of",
    Place.SECRET: "in a secret that opens",
}
_CALLERS = {Holder.ORG: "an org", Holder.MIDDLEWARE: "middleware"}
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
        lines += ["| How bad | Certificate | What is wrong | What to do |", "|---|---|---|---|"]
        lines += [
            f"| {f.severity} | **{cell(f.name, 28)}**<br>{_PLACES[f.place]} {f.org} | {cell(f.what, 34)} | {cell(f.next_step, 34)} |"
            for f in in_order(faults)
        ]
        lines.append("")
    lines += [f"> {org}: {cell(why)}" for org, why in unseen.items()]
    return "\n".join(lines) + "\n"


def standing_markdown(
    states: Sequence[RouteState],
    stages: Mapping[str, Next],
    unknown: Mapping[str, str],
    manual: Sequence[str],
    requests: Mapping[str, str],
) -> str:
    """`requests` are certificate requests (PEM) by route; `manual` what only Setup or Support can do."""
    lines = ["# Mutual TLS by route", "", "| Route | Caller | It presents | Next |", "|---|---|---|---|"]
    for state in states:
        step, shown = stages[state.route], state.shown
        until = (
            f"{shown.chain.leaf.common_name} until {shown.chain.leaf.ends:%Y-%m-%d}"
            if shown is not None and shown.chain is not None
            else (state.presents or "nothing")
        )
        waits = f" for {step.waits}" if step.stage is Stage.HELD else ""
        lines.append(
            f"| {cell(state.route, 34)} | {_CALLERS[state.holder]} | {cell(until, 26)} "
            f"| {cell(f'{_WORDS[step.stage]}{waits}', 34)} |"
        )
    lines.append("")
    lines += [f"> {cell(route)} is not judged: {cell(why)}" for route, why in unknown.items()]
    if manual:
        lines += [
            "## What only Salesforce Support or Setup can do",
            "",
            *(f"* {cell(m)}" for m in manual),
            "",
        ]
    if requests:
        lines += ["## Requests that wait for the authority", ""]
        for route, request in requests.items():
            lines += [f"**{cell(route)}**", "", "```", request.strip(), "```", ""]
    return "\n".join(lines) + "\n"


def wellness_markdown(found: Sequence[Wellness], unknown: Mapping[str, str]) -> str:
    """The worst first; `unknown` says why routes could not be judged at all."""
    well = sum(each.verdict == "well" for each in found)
    lines = [
        "# Routes held to mutual TLS",
        "",
        f"**{well} of {len(found) + len(unknown)}** routes are held to it whole: the user is API-only and must present a "
        "certificate, the certificate is the route's own, listed and in order, and recent handshakes proved it.",
        "",
        "| Route | Stands | Why |",
        "|---|---|---|",
    ]
    ranks = {"not well": 0, "unknown": 1, "well": 2}
    for each in sorted(found, key=lambda one: (ranks[one.verdict], one.route)):
        why = "<br>".join(cell(words, 54) for words in each.why)
        lines.append(f"| {cell(each.route, 34)} | {each.verdict} | {why} |")
    lines += [f"| {cell(route, 34)} | unknown | {cell(why, 54)} |" for route, why in unknown.items()]
    return "\n".join(lines) + "\n"


def proofs_markdown(proofs: Sequence[Proof]) -> str:
    lines = [
        "# Mutual TLS, tried",
        "",
        "Each route was tried with real handshakes. No log of an org shows a certificate, so what ties a sign-in to one is the "
        "route's own user: it holds *Enforce SSL/TLS Mutual Authentication* and gets in with a listed certificate only.",
        "",
    ]
    for proof in sorted(proofs, key=lambda each: (each.verdict != "broken", each.route)):
        mark = f" `{proof.fingerprint[:16]}`" if proof.fingerprint else ""
        lines += [
            f"## {cell(proof.route)}: {proof.verdict}",
            "",
            f"{cell(proof.username)} in {proof.org}{mark}",
            "",
        ]
        lines += [f"* {cell(why)}" for why in proof.why]
        lines += ["", "| Shown at the door | Answer |", "|---|---|"] if proof.knocks else []
        lines += [
            f"| {knock.way.value} | {cell((knock.answer or 'not tried') + (f' ({knock.words})' if knock.words else ''), 60)} |"
            for knock in proof.knocks
        ]
        lines.append("")
    return "\n".join(lines) + "\n"
