"""The narrative as a page, as JSON, and as words for who opens a pack or looks at the run."""

from collections import Counter
from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tasks.audit.model import Verdict
from tasks.packs.model import Narrative, Pack
from tasks.reports.order import SYMBOLS

_README = """\
Evidence of {estate}, {quarter}

Read narrative.html first: the quarter, control by control. narrative.json says the same to programs.

findings/    the assessments at the beginning and the end of the quarter, and the report of the last one
ledger/      what the ledger says of the quarter, sorted: plans, approvals, changes, verifications, tests, rehearsals, ...
ledger.jsonl the ledger itself, hash-chained and sealed; everything under ledger/ is copied from it
manifest.json, signature.json   the SHA-256 of every file, and the signature over that list, by the key {key}

To check that nothing was changed, on any machine, without a network:

    bulkhead verify-evidence PACK --key {key}.pem
    python verify.pyz PACK --key {key}.pem          (where bulkhead is not installed: `bulkhead ledger verifier` writes that file)

PACK is the archive, or the folder that it was unpacked into. The public key does not lie here, for a pack cannot vouch for
itself: ask for it by another way (`bulkhead ledger keys FOLDER` writes it on the machine that made this).
"""


def readme(story: Narrative, key_id: str) -> str:
    return _README.format(estate=story.estate, quarter=story.quarter, key=key_id)


def as_json(story: Narrative) -> str:
    return story.model_dump_json(indent=2) + "\n"


def as_html(story: Narrative) -> str:
    """One page that asks for nothing from any network and runs no script; equal input gives equal text."""
    environment = _environment()
    style = Markup(environment.get_template("report.css").render())  # noqa: S704  # a constant file of ours
    closing = Counter(each.closing for control in story.controls for each in control.standing)
    return environment.get_template("narrative.html.j2").render(
        n=story,
        style=style,
        symbols=SYMBOLS,
        counts=[(verdict, closing[verdict]) for verdict in Verdict],
        changes=[change for control in story.controls for change in control.changes],
    )


def artifact(pack: Pack) -> str:
    """Counts alone: whose yes it was stands in the pack."""
    story = pack.narrative
    changes = [change for control in story.controls for change in control.changes]
    gaps = [f"* {gap}" for gap in story.gaps] or ["* none"]
    return "\n".join(
        [
            f"## {story.quarter}",
            "",
            f"`{pack.path}`",
            "",
            f"SHA-256 `{pack.sha256}`, {pack.files} files, {story.entries} entries of the ledger within the quarter.",
            "",
            f"* **{len(changes)}** changes, {sum(each.verified is not None for each in changes)} of them read back as planned",
            f"* **{len(story.tests)}** tests and **{len(story.rehearsals)}** rehearsals",
            "",
            "### What it cannot tell",
            "",
            *gaps,
            "",
            "### Next",
            "",
            f"Hand the file to the auditor, and the public key by another way. `bulkhead verify-evidence {pack.path.name} "
            "--key KEY.pem` checks it on any machine.",
            "",
        ]
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=ChoiceLoader(
            [PackageLoader("tasks.packs", "templates"), PackageLoader("tasks.reports", "templates")]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
