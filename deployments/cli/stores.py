"""`bulkhead backup-stores` and `bulkhead restore-stores`."""

from pathlib import Path
from typing import Annotated

import typer

from deployments.cli.output import Exit, say
from deployments.settings import home


def backup_stores(
    file: Annotated[Path, typer.Argument(help="Archive to write; it says who may be attacked how.")],
) -> None:
    """
    Write the ledger and Prefect's database to one file, while both are in use.

    They are the files below BULKHEAD_HOME, or what BULKHEAD_LEDGER_URL and PREFECT_SERVER_DATABASE_CONNECTION_URL name. The key
    that Prefect encrypts with is left out: keep it elsewhere.

    Example: bulkhead backup-stores /backups/2026-03-01.tar
    """
    from deployments import stores

    manifest = stores.back_up(home(), file)
    for part, kept in manifest["parts"].items():
        say(f"{part:<8} {kept['kind']:<10} sha256 {kept['sha256']}")


def restore_stores(file: Annotated[Path, typer.Argument(help="An archive of `backup-stores`.")]) -> None:
    """
    Put the ledger and Prefect's database back where there are none, and check the ledger's chain there.

    Example: BULKHEAD_HOME=/srv/bulkhead bulkhead restore-stores /backups/2026-03-01.tar
    """
    from deployments import stores

    verdict = stores.restore(home(), file)
    say(
        f"{verdict.entries} entries, {verdict.checkpoints} checkpoints: "
        f"{'as they were written' if verdict.sound else 'NOT as they were written'}"
    )
    for problem in verdict.problems:
        say(f"  {problem}")
    raise typer.Exit(Exit.FINE if verdict.sound else Exit.FINDINGS)


def add_to(app: typer.Typer) -> None:
    app.command("backup-stores")(backup_stores)
    app.command("restore-stores")(restore_stores)
