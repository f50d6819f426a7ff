"""`bulkhead sandbox faults`: trouble on order."""

from typing import Annotated, Any

import typer

from deployments.cli.asking import JsonOption, ask
from deployments.cli.output import Exit, complain, say, say_json

faults = typer.Typer(help="Trouble on order: chosen requests that go wrong.", no_args_is_help=True)


@faults.command("add")
def add(
    kind: Annotated[str, typer.Argument(help="What goes wrong; `faults kinds` lists them.")],
    org: Annotated[str | None, typer.Option(help="Alias, slack, pagerduty, smtp, login or test.")] = None,
    path: Annotated[str | None, typer.Option(help="Regular expression, searched in the path.")] = None,
    method: Annotated[str | None, typer.Option(help="HTTP method.")] = None,
    times: Annotated[int | None, typer.Option(help="How often; otherwise until removed.")] = None,
    skip: Annotated[int, typer.Option(help="Matches that pass before it strikes.")] = 0,
    probability: Annotated[float, typer.Option(help="Chance of each match, 0 to 1.")] = 1.0,
    seed: Annotated[int, typer.Option(help="Repeats the same chances.")] = 0,
    after_commit: Annotated[bool | None, typer.Option(help="Do the request's work, then go wrong.")] = None,
    option: Annotated[list[str] | None, typer.Option(help="name=value of this kind; repeatable.")] = None,
    as_json: JsonOption = False,
) -> None:
    """
    Order trouble.

    Example: bulkhead sandbox faults add 503 --org hq --path /query --times 2
    """
    rule: dict[str, Any] = {"kind": kind, "skip": skip, "probability": probability, "seed": seed}
    chosen = {"org": org, "path": path, "method": method, "times": times, "after_commit": after_commit}
    rule |= {name: value for name, value in chosen.items() if value is not None}
    rule["options"] = dict(each.partition("=")[::2] for each in option or [])
    made = ask("POST", "/faults", rule)
    if as_json:
        say_json(made)
    else:
        say(f"fault {made['id']}: {_line(made)}")


@faults.command("list")
def listing(as_json: JsonOption = False) -> None:
    """
    List the rules and how often each struck.

    Example: bulkhead sandbox faults list --json
    """
    rules = ask("GET", "/faults")
    if as_json:
        say_json(rules)
        return
    for rule in rules:
        say(f"{rule['id']:>3}  {rule['hits']:>5} hits  {_line(rule)}")
    if not rules:
        say("none")


@faults.command("remove")
def remove(
    number: Annotated[int | None, typer.Argument(help="Its number; all of them without one.")] = None,
) -> None:
    """
    Take one rule away, or all.

    Example: bulkhead sandbox faults remove
    """
    gone = ask("DELETE", "/faults" if number is None else f"/faults/{number}")["removed"]
    if number is not None and not gone:
        complain(f"There is no fault {number}.", Exit.CONFIGURATION)
    say(f"{gone} removed")


@faults.command("kinds")
def kinds(as_json: JsonOption = False) -> None:
    """
    List what can go wrong, with the options of each kind.

    Example: bulkhead sandbox faults kinds
    """
    from deployments.sandbox.faults import KINDS

    if as_json:
        say_json({name: {"does": kind.does, "options": kind.options} for name, kind in KINDS.items()})
        return
    for name, kind in KINDS.items():
        options = ", ".join(f"{option}={value}" for option, value in kind.options.items())
        say(f"{name:<18} {kind.does}" + (f"  ({options})" if options else ""))


def _line(rule: dict[str, Any]) -> str:
    where = f"{rule['org'] or 'everywhere'} {rule['method'] or 'any method'} {rule['path'] or 'any path'}"
    often = "until removed" if rule["times"] is None else f"{rule['times']} times"
    return f"{rule['kind']} at {where}, {often}"
