"""`python -m deployments.sandbox serve`: the embedded estate as one process (with AWS as its child)."""

import argparse
import asyncio
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from deployments.sandbox.state import StateFolder, StateInUse

if TYPE_CHECKING:
    from deployments.sandbox.preparing import Seeder


def main(arguments: list[str] | None = None, seeder: "Seeder | None" = None) -> int:
    """Exit code 2 when another estate serves the folder. `seeder` stands in for Meridian Wealth in tests."""
    parser = argparse.ArgumentParser(prog="python -m deployments.sandbox", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serving = commands.add_parser("serve", help="serve until SIGTERM")
    serving.add_argument("--state", type=Path, required=True, help="folder for everything the estate keeps")
    serving.add_argument("--seed", type=int, default=0)
    serving.add_argument("--users", type=int, default=8000, help="users over all orgs")
    serving.add_argument("--plants", choices=("all", "none"), default="all", help="planted misconfigurations")
    serving.add_argument("--light", type=int, default=0, help="further orgs of a few users each")
    serving.add_argument("--keep", action="store_true", help="go on with the estate of another day")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    os.umask(0o077)
    folder = StateFolder(options.state.resolve())
    folder.prepare()
    try:
        folder.hold()
    except StateInUse as error:
        print(error, file=sys.stderr)
        return 2
    # Late: the heavy imports would only slow down the refusal above.
    from deployments.sandbox.preparing import seed_meridian
    from deployments.sandbox.server import serve

    settings = {
        "seed": options.seed,
        "users": options.users,
        "plants": options.plants,
        "light": options.light,
    }
    asyncio.run(serve(folder, settings, seeder or seed_meridian, keep=options.keep))
    return 0


if __name__ == "__main__":
    sys.exit(main())
