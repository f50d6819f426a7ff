"""What commands print: results on stdout, progress and errors on stderr, JSON where a machine reads."""

import sys
from enum import IntEnum
from typing import Any, NoReturn

import orjson
import typer


class Exit(IntEnum):
    """What a command's exit code means."""

    FINE = 0
    FINDINGS = 1
    CONFIGURATION = 2
    ORG_UNREADABLE = 3


def say(line: str = "") -> None:
    typer.echo(line)


def tell(line: str) -> None:
    """Progress: not part of the result."""
    typer.echo(line, err=True)


def say_json(value: Any) -> None:
    typer.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2, default=str).decode())


def complain(message: str, code: Exit) -> NoReturn:
    typer.echo(message, err=True)
    sys.exit(code)


def on_terminal() -> bool:
    return sys.stdout.isatty()
