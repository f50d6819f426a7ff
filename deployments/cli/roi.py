"""`bulkhead roi`: what zero trust costs and saves, from inputs that are shown."""

from pathlib import Path
from typing import Annotated

import typer

from deployments.cli.asking import JsonOption
from deployments.cli.output import say, say_json
from deployments.settings import home


def roi(
    inputs: Annotated[
        Path | None,
        typer.Option(
            help="YAML file of inputs; roi.yaml of BULKHEAD_HOME, or the article's example, where none is named."
        ),
    ] = None,
    example: Annotated[bool, typer.Option("--example", help="Print a file of inputs to begin with.")] = False,
    as_json: JsonOption = False,
) -> None:
    """
    Reckon cost, benefit and return, and from which probability of a breach on it pays.

    Example: bulkhead roi --inputs roi.yaml
    """
    from tasks.reports import gateway
    from tasks.reports.roi import ARTICLE, corrections, lines, reckon

    if example:
        say(gateway.roi_text(ARTICLE))
        return
    found = gateway.read_roi(inputs) if inputs else gateway.roi_of(home().root) or ARTICLE
    made = reckon(found)
    if as_json:
        say_json(made.model_dump(mode="json") | {"corrections": corrections(made)})
        return
    say(f"{found.name}: {found.years} years, {found.currency}, nothing discounted")
    wide = max(len(name) for name, _, _ in lines(made))
    for name, amount, how in lines(made):
        say(f"  {name:<{wide}}  {amount:>12,}  {how}")
    say("Return: none, for nothing is spent" if made.percent is None else f"Return: {made.percent} %")
    for line in corrections(made):
        say(f"  {line}")
    if made.break_even is None:
        say("No probability of a breach makes it pay.")
    elif made.break_even == 0:
        say("It pays without any breach.")
    else:
        say(f"It pays once such a breach is more likely than {made.break_even:.1%}.")


def add_to(app: typer.Typer) -> None:
    app.command()(roi)
