"""
Checks an audit pack or exported evidence on a machine where nothing of ours is installed: `python -m tasks.packs.verifier_gateway`, or the one file that
`bulkhead ledger verifier` writes. It wants cryptography, orjson and pydantic, and nothing else.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tasks.errors import ConfigurationError
from tasks.ledger import evidence
from tasks.ledger.model import Verdict
from tasks.ledger.signing import read_pin
from tasks.packs import gateway
from tasks.packs.model import PackVerdict

SOUND, TOUCHED, USAGE = 0, 1, 2
"""Exit codes, those of `bulkhead verify-evidence`."""


def pack_lines(pack: PackVerdict) -> Iterator[str]:
    """What became of checking a pack, for people."""
    about = f"{pack.estate}, {pack.quarter}, made {pack.made_at}: " if pack.estate else ""
    entries = "no ledger" if pack.ledger is None else f"{pack.ledger.entries} entries of the ledger"
    yield f"{_shown(about)}{pack.files} files, {entries}: {_outcome(pack.sound)}"
    for fault in pack.faults:
        yield f"  {_shown(str(fault))}"
    if not pack.pinned:
        yield "  no key of yours was named: the pack alone vouches for its keys (--key)"


def verdict_lines(verdict: Verdict, *, anchored: bool) -> Iterator[str]:
    """The same for a ledger."""
    yield (
        f"{verdict.entries} entries, {verdict.checkpoints} checkpoints, {verdict.anchors} anchors: {_outcome(verdict.sound)}"
    )
    for problem in verdict.problems:
        yield f"  {_shown(str(problem))}"
    loose = verdict.head.sequence - verdict.sealed
    if loose:
        yield f"  {loose} entries at the end are under no signature yet: `bulkhead ledger seal`"
    if not verdict.pinned:
        yield "  no key of yours was named: the evidence alone vouches for its keys (--key)"
    if not anchored:
        yield "  no anchor was asked: a cut tail would not show (--anchor)"


def main(words: Sequence[str] | None = None) -> int:
    """One of the exit codes."""
    parser = argparse.ArgumentParser(
        prog="verify", description="Checks that evidence is as it was written; names what is not."
    )
    parser.add_argument("path", type=Path, help="an audit pack, its folder, or an exported ledger")
    parser.add_argument(
        "--key",
        type=Path,
        action="append",
        default=[],
        help="public key in PEM that you trust, named as its id: <key id>.pem; may be repeated",
    )
    asked = parser.parse_args(words)
    try:
        pins = [read_pin(file) for file in asked.key]
        if gateway.is_pack(asked.path):
            pack = gateway.check(asked.path, pins)
            sound, told = pack.sound, pack_lines(pack)
        else:
            verdict = evidence.check(asked.path, pins)
            sound, told = verdict.sound, verdict_lines(verdict, anchored=False)
    except (OSError, ConfigurationError) as error:
        print(error, file=sys.stderr)
        return USAGE
    print("\n".join(told))
    return SOUND if sound else TOUCHED


def _shown(words: str) -> str:
    """What stands in a pack may be anybody's: signs by which a terminal would wipe or turn what it shows are spelled out."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in words)


def _outcome(sound: bool) -> str:
    return "as they were written" if sound else "NOT as they were written"


if __name__ == "__main__":
    sys.exit(main())
