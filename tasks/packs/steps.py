"""Prefect tasks of audit packs."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from prefect import task
from prefect.artifacts import create_markdown_artifact
from pydantic import JsonValue

from tasks.audit.model import Assessment
from tasks.errors import ConfigurationError, LedgerUnavailable
from tasks.ledger import evidence
from tasks.ledger.model import Entry, EntryKind, Head, Note, Verdict
from tasks.ledger.store import Ledger, Signer
from tasks.orgs import home, open_ledger, open_signer
from tasks.packs import gateway, pages
from tasks.packs.extracts import extracts
from tasks.packs.model import Narrative, Pack, Quarter
from tasks.packs.narrate import narrate
from tasks.policies import PUBLISH
from tasks.reports.document import render_csv
from tasks.reports.history import posture
from tasks.reports.html import render_html

FOLDER = "audits"


@task(
    name="make-audit-pack",
    description="Gathers findings and the whole ledger, tells the quarter control by control, and signs all of it.",
    **PUBLISH,
)
def make_pack(estate: str, quarter: Quarter, assessments: Sequence[Assessment], now: datetime) -> Pack:
    """
    Entries that nobody sealed yet are of the next pack. The ledger notes the digest of the file.

    Raises ConfigurationError where nothing signs the ledger, LedgerUnavailable, SecretUnavailable, CloudError and OSError.
    """
    signer = _signer()
    with open_ledger() as ledger:
        content, verdict, entries = _sealed(ledger)
        start = Head(sequence=verdict.head.sequence - len(entries))
        story = narrate(estate, quarter, assessments, entries, start, now)
        contents = {**_told(story, signer), **_found(assessments), **extracts(entries, quarter)}
        contents[gateway.LEDGER] = content
        packed = gateway.sealed(contents, estate, quarter, verdict.head, now, signer)
        path = gateway.write(home() / FOLDER / f"audit-{quarter.name}-{now:%Y%m%dT%H%M%SZ}.zip", packed)
        pack = Pack(
            path=path, sha256=hashlib.sha256(packed).hexdigest(), files=len(contents) + 2, narrative=story
        )
        ledger.append(_note(pack))
    return pack


@task(name="publish-audit-pack", description="Where the pack is, and how anybody checks it.", **PUBLISH)
def publish_pack(pack: Pack) -> None:
    create_markdown_artifact(
        pages.artifact(pack), key="quarterly-audit", description="The evidence pack of a quarter."
    )


def _signer() -> Signer:
    signer = open_signer()
    if signer is None:
        raise ConfigurationError(
            "estate.yaml names no `ledger.signing_secret` and no `ledger.signing_kms_key`, so nobody could sign the pack. "
            "Name one, and make a key with `bulkhead ledger rotate-key`."
        )
    return signer


def _sealed(ledger: Ledger) -> tuple[bytes, Verdict, list[Entry]]:
    with ledger.read() as book:
        content = evidence.content_of(book, book.sealed())
    verdict, entries = evidence.check_content(content, "the ledger")
    if not verdict.sound:
        raise LedgerUnavailable(
            f"The ledger was touched: {'; '.join(map(str, verdict.problems[:3]))}. Nothing is signed on top of it."
        )
    return content, verdict, entries


def _told(story: Narrative, signer: Signer) -> dict[str, bytes]:
    return {
        "readme.txt": pages.readme(story, signer.key_id).encode(),
        "narrative.json": pages.as_json(story).encode(),
        "narrative.html": pages.as_html(story).encode(),
    }


def _found(assessments: Sequence[Assessment]) -> dict[str, bytes]:
    if not assessments:
        return {}
    closing = assessments[-1]
    opening = assessments[0] if len(assessments) > 1 else None
    found = {
        "findings/closing.json": closing.model_dump_json(),
        "findings/closing.csv": render_csv(closing),
        "findings/report.html": render_html(posture(closing, opening)),
    }
    if opening is not None:
        found["findings/opening.json"] = opening.model_dump_json()
    return {path: text.encode() for path, text in found.items()}


def _note(pack: Pack) -> Note:
    body: dict[str, JsonValue] = {
        "step": "packed",
        "file": pack.path.name,
        "sha256": pack.sha256,
        "files": pack.files,
        "gaps": len(pack.narrative.gaps),
    }
    return Note(
        kind=EntryKind.EVIDENCE, subject=f"audit:{pack.narrative.quarter}", actor="quarterly-audit", body=body
    )
