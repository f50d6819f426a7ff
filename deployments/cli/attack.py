"""`bulkhead sandbox attack`: what an intruder reaches before and after hardening, read from HTTP answers only."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Network
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import SecretStr

from deployments.cli.output import Exit, complain, say, say_json, tell
from deployments.settings import home
from tasks.rehearsal.attacks import attacks
from tasks.rehearsal.gateway import HttpCaller
from tasks.rehearsal.measures import measures
from tasks.rehearsal.model import Attack, Loot, Network, Outcome, Refused
from tasks.rehearsal.play import as_table, play

BY_HAND = ("phished-admin", "stolen-key")
"""Attacks that measures taken by hand close; the others are rehearsed against plans, see `bulkhead bench rehearsal`."""
NAMES = tuple(attack.name for attack in attacks() if attack.name in BY_HAND)
# Where the people and machines of the embedded estate sign in from.
COMPANY = IPv4Network("203.0.113.0/24")
SNAPSHOT = "before-attack"


def attack(
    name: Annotated[str, typer.Argument(help=f"One of {', '.join(NAMES)}; all without one.")] = "",
    keep: Annotated[bool, typer.Option(help="Leave the estate hardened instead of putting it back.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a machine to read.")] = False,
) -> None:
    """
    Replay attacks on the embedded estate, harden it over its public API, replay them, and set both side by side.

    Example: bulkhead sandbox attack stolen-key
    """
    chosen = [each for each in attacks() if each.name in NAMES and name in ("", each.name)]
    if not chosen:
        complain(f"There is no attack {name}; there are {', '.join(NAMES)}.", Exit.CONFIGURATION)
    results = []
    for each in chosen:
        # What hardens an org for one attack would meet the next one.
        with _estate(keep) as estate:
            results.append(_rehearse(each, estate))
    if as_json:
        say_json({each.name: _document(*result) for each, result in zip(chosen, results, strict=True)})
        return
    for each, (before, taken, after) in zip(chosen, results, strict=True):
        _print(each, before, taken, after)


Result = tuple[tuple[Outcome, ...], list[str], tuple[Outcome, ...]]


@contextmanager
def _estate(keep: bool) -> Iterator[dict[str, Any]]:
    """The addresses of the running estate; what attack and hardening changed is put back at the end."""
    from deployments.sandbox import launch

    folder = home().estate
    try:
        estate = launch.client_environment(folder)
    except launch.EstateNotRunning:
        complain("The estate is not running. Start it with `bulkhead sandbox up`.", Exit.CONFIGURATION)
    estate["attacker_proxy"] = (launch.status(folder) or {})["attacker_proxy"]
    try:
        estate["loot"] = json.loads((folder / "loot.json").read_text())
    except FileNotFoundError:
        complain(
            "This estate has nothing to steal. Make it anew: `bulkhead sandbox reset --purge`.",
            Exit.CONFIGURATION,
        )
    if not keep:
        launch.save_snapshot(folder, SNAPSHOT)
    try:
        yield estate
    finally:
        if not keep:
            launch.restore_snapshot(folder, SNAPSHOT)
            launch.delete_snapshot(folder, SNAPSHOT)


def _rehearse(attack: Attack, estate: dict[str, Any]) -> Result:
    loot = _loot(estate["loot"][attack.name])
    proxies: dict[Network, str | None] = {"office": estate["proxy"], "abroad": estate["attacker_proxy"]}
    intruder = HttpCaller(loot, proxies, estate["ca_bundle"])
    administrator = HttpCaller(_administrator(estate, loot.org), proxies, estate["ca_bundle"])
    try:
        tell(f"{attack.title}: before")
        before = play(attack, intruder)
        tell(f"{attack.title}: hardening")
        administrator.sign_in()
        taken = []
        for measure in measures(COMPANY):
            measure.take(administrator, loot)
            taken.append(f"{measure.title} ({', '.join(measure.controls)})")
        tell(f"{attack.title}: after")
        return before, taken, play(attack, intruder)
    except Refused as refused:
        complain(
            f"The hardening of {loot.org} was refused: {refused}. Start a fresh estate.", Exit.ORG_UNREADABLE
        )
    finally:
        intruder.close()
        administrator.close()


def _loot(document: dict[str, Any]) -> Loot:
    if (file := document.pop("private_key_file", None)) is not None:
        document["private_key"] = Path(file).read_text()
    return Loot(**document)


def _administrator(estate: dict[str, Any], alias: str) -> Loot:
    """The first app of the org, which may do what an administrator may."""
    org = next(each for each in estate["orgs"] if each["alias"] == alias)
    app = next(each for each in org["apps"] if each["flow"] == "jwt-bearer")
    return Loot(
        org=alias,
        instance_url=org["instance_url"],
        username=app["username"],
        consumer_key=SecretStr(app["consumer_key"]),
        private_key=SecretStr(app["private_key"]),
        home="office",
    )


def _document(before: tuple[Outcome, ...], taken: list[str], after: tuple[Outcome, ...]) -> dict[str, Any]:
    return {
        "before": [outcome.model_dump(mode="json") for outcome in before],
        "measures": taken,
        "after": [outcome.model_dump(mode="json") for outcome in after],
    }


def _print(attack: Attack, before: tuple[Outcome, ...], taken: list[str], after: tuple[Outcome, ...]) -> None:
    rows = [("step", "before", "after"), *as_table(before, after)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    say(f"\n{attack.title}")
    for number, row in enumerate(rows):
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        if number == 0:
            say("  ".join("-" * width for width in widths))
    reached = [sum(outcome.reached for outcome in play) for play in (before, after)]
    say(f"reached: {reached[0]} of {len(before)} before, {reached[1]} of {len(after)} after")
    say("hardening in between:")
    for line in taken:
        say(f"  {line}")
