"""`bulkhead sandbox clock|snapshot|switch|fidelity`: the running estate, steered from outside."""

from datetime import timedelta
from typing import Annotated, Any

import typer

from deployments.cli.asking import JsonOption, ask, duration
from deployments.cli.output import Exit, complain, say, say_json
from deployments.cli.sandbox_faults import faults

clock = typer.Typer(
    help="The estate's time: ahead of real time, standing still, or faster.", no_args_is_help=True
)
snapshot = typer.Typer(help="The whole estate, put aside and brought back.", no_args_is_help=True)
switch = typer.Typer(help="Behaviours nobody knows for certain, turned round.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    for name, group in (("clock", clock), ("faults", faults), ("snapshot", snapshot), ("switch", switch)):
        app.add_typer(group, name=name)
    app.command()(fidelity)


# Clock -------------------------------------------------------------------------------------------------


def _show_clock(document: dict[str, Any], as_json: bool) -> None:
    if as_json:
        say_json(document)
        return
    pace = {0.0: "standing still", 1.0: "real time"}.get(
        document["rate"], f"{document['rate']:g} times real time"
    )
    say(f"now     {document['now']}")
    say(f"pace    {pace}")
    say(f"ahead   {timedelta(seconds=round(document['offset_seconds']))}")


@clock.command("show")
def show(as_json: JsonOption = False) -> None:
    """
    Tell the estate's time and its pace.

    Example: bulkhead sandbox clock show --json
    """
    _show_clock(ask("GET", "/clock"), as_json)


@clock.command("advance")
def advance(
    by: Annotated[str, typer.Argument(help="How far: 3d, 2h30m, 90s, 1w.")], as_json: JsonOption = False
) -> None:
    """
    Move the estate's time forward; only `reset` or a snapshot goes back.

    Example: bulkhead sandbox clock advance 3d
    """
    try:
        step = duration(by)
    except ValueError as error:
        complain(str(error), Exit.CONFIGURATION)
    _show_clock(ask("POST", "/clock", {"advance_seconds": step.total_seconds()}), as_json)


@clock.command("freeze")
def freeze(as_json: JsonOption = False) -> None:
    """
    Let the estate's time stand still.

    Example: bulkhead sandbox clock freeze
    """
    _show_clock(ask("POST", "/clock", {"rate": 0}), as_json)


@clock.command("thaw")
def thaw(as_json: JsonOption = False) -> None:
    """
    Let the estate's time go on at the pace of real time, from where it stands.

    Example: bulkhead sandbox clock thaw
    """
    _show_clock(ask("POST", "/clock", {"rate": 1}), as_json)


@clock.command("rate")
def rate(
    pace: Annotated[float, typer.Argument(help="Estate seconds in a real second.")],
    as_json: JsonOption = False,
) -> None:
    """
    Let the estate's time run faster or slower.

    Example: bulkhead sandbox clock rate 3600
    """
    _show_clock(ask("POST", "/clock", {"rate": pace}), as_json)


# Snapshots ---------------------------------------------------------------------------------------------


@snapshot.command("save")
def save(name: Annotated[str, typer.Argument(help="Letters, digits, dots, - and _.")]) -> None:
    """
    Put the estate aside as it is now: orgs, AWS and its time.

    Example: bulkhead sandbox snapshot save before-hardening
    """
    made = ask("POST", "/snapshots", {"name": name})
    say(f"{made['name']}: {made['bytes'] / 2**20:.0f} MiB in {made['seconds']:.1f} s")


@snapshot.command("restore")
def restore(name: Annotated[str, typer.Argument(help="What `snapshot list` shows.")]) -> None:
    """
    Bring a snapshot back; what came after it is gone.

    Example: bulkhead sandbox snapshot restore before-hardening
    """
    back = ask("POST", f"/snapshots/{name}/restore")
    say(f"{back['name']} is back, its time is {back['at']}")


@snapshot.command("list")
def list_snapshots(as_json: JsonOption = False) -> None:
    """
    List the snapshots, oldest first.

    Example: bulkhead sandbox snapshot list
    """
    found = ask("GET", "/snapshots")
    if as_json:
        say_json(found)
        return
    for each in found:
        say(
            f"{each['name']:<24} {each['at'][:19]}  {each['bytes'] / 2**20:>6.0f} MiB"
            + ("" if each["fits"] else "  of another estate")
        )
    if not found:
        say("none")


@snapshot.command("delete")
def delete(name: Annotated[str, typer.Argument(help="What `snapshot list` shows.")]) -> None:
    """
    Throw a snapshot away.

    Example: bulkhead sandbox snapshot delete before-hardening
    """
    ask("DELETE", f"/snapshots/{name}")
    say(f"{name} is gone")


# Switches and claims -----------------------------------------------------------------------------------


@switch.command("list")
def list_switches(as_json: JsonOption = False) -> None:
    """
    List the switches and where they stand in each org.

    Example: bulkhead sandbox switch list
    """
    from deployments.sandbox.fidelity import load_fidelity

    stand = ask("GET", "/switches")
    if as_json:
        say_json(stand)
        return
    for name, declared in load_fidelity().switches.items():
        values = {org: values[name] for org, values in stand.items()}
        shown = ", ".join(f"{org} {value:g}" for org, value in values.items() if value != declared.default)
        say(f"{name}: {float(declared.default):g} unless said otherwise{f' ({shown})' if shown else ''}")
        say(f"    {declared.does}")


@switch.command("set")
def set_switch(
    name: Annotated[str, typer.Argument(help="What `switch list` shows.")],
    value: Annotated[str, typer.Argument(help="on, off, a number, or default.")],
    org: Annotated[str | None, typer.Option(help="One org's alias; otherwise all.")] = None,
) -> None:
    """
    Turn a switch, in one org or in all.

    Example: bulkhead sandbox switch set freeze_ends_sessions on --org hq
    """
    words: dict[str, float | None] = {"on": 1.0, "off": 0.0, "default": None}
    try:
        wanted = words[value] if value in words else float(value)
    except ValueError:
        complain(f"{value!r} is neither on, off, a number nor default.", Exit.CONFIGURATION)
    stand = ask("POST", "/switches", {"name": name, "value": wanted, "org": org})
    for alias, values in stand.items():
        say(f"{alias:<12} {values[name]:g}")


def fidelity(
    guesses: Annotated[bool, typer.Option("--guesses", help="Only what is not confirmed.")] = False,
    as_json: JsonOption = False,
) -> None:
    """
    List what the estate claims about Salesforce and AWS, and where each claim comes from.

    Example: bulkhead sandbox fidelity --guesses
    """
    from dataclasses import asdict

    from deployments.sandbox.fidelity import load_fidelity

    claims = [claim for claim in load_fidelity().claims if claim.guessed or not guesses]
    if as_json:
        say_json([asdict(claim) for claim in claims])
        return
    for claim in claims:
        turned = f"; switch {claim.switch}" if claim.switch else ""
        reference = f": {claim.reference}" if claim.reference else ""
        say(f"{claim.room}: {claim.rule}")
        say(f"    {claim.where} ({claim.source}{reference}{turned})")
