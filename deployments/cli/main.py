"""Puts the commands together and turns errors into exit codes."""

import errno
import os
import sys
import traceback

import typer

from deployments.cli import (
    bench,
    calendar,
    check_access,
    containment,
    decrypt,
    demo,
    detect_files,
    detect_series,
    estate,
    fleet,
    flows,
    jit,
    ledger,
    metrics,
    plans,
    roi,
    running,
    sandbox,
    stores,
    threats,
)
from deployments.cli.output import Exit, complain
from tasks.errors import BulkheadError, OrgError

_ADVICE = "`bulkhead status` says what still runs; `bulkhead up` starts the rest again, `bulkhead up --no-sandbox` for an estate of your own."

app = typer.Typer(
    name="bulkhead",
    help="Finds every org-to-org trust between Salesforce orgs and shows how far one stolen credential reaches.",
    epilog="Exit codes: 0 fine · 1 findings at or over --fail-on · 2 usage or configuration · 3 an org could not be read",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for group in (
    running,
    fleet,
    metrics,
    estate,
    flows,
    plans,
    check_access,
    decrypt,
    ledger,
    calendar,
    detect_files,
    detect_series,
    roi,
    threats,
    stores,
    demo,
):
    group.add_to(app)
app.add_typer(sandbox.app, name="sandbox")
app.add_typer(plans.app, name="plan")
app.add_typer(jit.app, name="jit")
app.add_typer(containment.app, name="containment")
app.add_typer(ledger.app, name="ledger")
app.add_typer(bench.app, name="bench")


def main() -> None:
    """The console script."""
    try:
        app()
    except OrgError as error:
        complain(str(error), Exit.ORG_UNREADABLE)
    except BulkheadError as error:
        complain(str(error), Exit.CONFIGURATION)
    except BrokenPipeError:
        # Whoever read our output has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        complain(_of_system(error), Exit.CONFIGURATION)
    except Exception as error:
        # Not code 1, which says that an assessment has findings.
        if "httpx" in sys.modules and isinstance(error, sys.modules["httpx"].TransportError):
            complain(f"The Prefect server stopped answering. {_ADVICE}", Exit.CONFIGURATION)
        traceback.print_exception(error)
        complain(f"bulkhead itself failed ({type(error).__name__}). {_ADVICE}", Exit.CONFIGURATION)


def _of_system(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return "The disk is full. Free some space, or set BULKHEAD_HOME to another disk."
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}. Look at the path and who may write there."
