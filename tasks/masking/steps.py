"""Prefect tasks of masking."""

from collections.abc import Sequence
from datetime import datetime

from prefect import task
from prefect.artifacts import create_markdown_artifact

from tasks.errors import ConfigurationError
from tasks.estate.model import OrgKind
from tasks.ledger.model import EntryKind
from tasks.masking import gateway
from tasks.masking.fakes import Masker
from tasks.masking.model import CleanProof, MaskedObject, Origin, SandboxReading, SandboxSeen, ScanReport
from tasks.masking.report import markdown
from tasks.masking.residual import Scanner
from tasks.masking.rules import digest
from tasks.orgs import load_estate, load_masking_key, open_ledger, open_org
from tasks.policies import PUBLISH, READ
from tasks.salesforce.rows import only_in_a_sandbox

_ORIGIN, _AT, _SEEN = "origin", "proven-at", "seen"


@task(
    name="survey-sandbox",
    task_run_name="survey-{org}",
    description="Which objects have records, what runs when they are written, and what was copied with the sandbox.",
    **READ,
)
def survey_sandbox(org: str, objects: Sequence[str] = ()) -> SandboxReading:
    """Raises ConfigurationError for an unknown org, OrgRefused for production by its own word, and OrgError."""
    _known(org)
    with open_org(org) as session:
        return gateway.survey(session, objects)


@task(
    name="inspect-object",
    task_run_name="inspect-{org}-{sobject}",
    description="Which fields hold data of people, and in how many records it is no fake. Counts only; changes nothing.",
    **READ,
)
def inspect_object(org: str, sobject: str) -> tuple[MaskedObject, str] | None:
    """With the digest of its rules and the key. Raises SecretUnavailable without a masking key, OrgRefused and OrgError."""
    masker = Masker(load_masking_key())
    with open_org(org) as session:
        found = gateway.inspect(session, masker, Scanner(masker), sobject)
    return None if found is None else (found, digest(sobject, found.rules, masker.fingerprint))


@task(
    name="hash-production",
    task_run_name="hash-{org}",
    description="Keyed hashes of what the newest records of production hold. The values stay in the process that reads them.",
    **READ,
)
def hash_production(org: str, objects: Sequence[str] = ()) -> frozenset[bytes]:
    """Raises ConfigurationError for an org that is not production, SecretUnavailable and OrgError."""
    if _known(org) is not OrgKind.PRODUCTION:
        raise ConfigurationError(
            f"{org} is no production org in estate.yaml, so nothing can be compared with it."
        )
    masker = Masker(load_masking_key())
    with open_org(org) as session:
        return gateway.hashes(session, masker, objects)


@task(
    name="scan-object",
    task_run_name="scan-{org}-{sobject}",
    description="Looks at every text of every record for what is no fake, and counts it.",
    **READ,
)
def scan_object(org: str, sobject: str, hashes: frozenset[bytes] = frozenset()) -> ScanReport:
    """Raises as `inspect_object` does."""
    masker = Masker(load_masking_key())
    with open_org(org) as session:
        return gateway.scan(session, Scanner(masker, hashes), len(hashes), (sobject,))


@task(
    name="proven-clean",
    description="Which org a sandbox was when it was last proven clean: a refresh shows in it.",
    **READ,
)
def proven_clean(org: str) -> Origin | None:
    with open_ledger() as ledger, ledger.read() as pages:
        found = pages.kept(_place(org)).get(_ORIGIN)
    return None if found is None else Origin.model_validate(found)


@task(
    name="note-clean",
    description="Notes that a sandbox, as the org that it is now, was proven clean.",
    **PUBLISH,
)
def note_clean(org: str, origin: Origin, now: datetime) -> None:
    kept = {_ORIGIN: origin.model_dump(mode="json"), _AT: now.isoformat()}
    with open_ledger() as ledger, ledger.exclusive() as pages:
        pages.keep(_place(org), kept)


@task(
    name="look-at-sandbox",
    task_run_name="look-at-{org}",
    description="Which org a sandbox is now, and which it was when it was proven clean. A refresh makes a new org.",
    **READ,
)
def look_at_sandbox(org: str) -> SandboxSeen:
    """Raises ConfigurationError for an unknown org, OrgRefused for production by its own word, and OrgError."""
    _known(org)
    with open_org(org) as session:
        now = gateway.origin_of(only_in_a_sandbox(session))
    with open_ledger() as ledger, ledger.read() as pages:
        kept = pages.kept(_place(org))
    proven, seen = (
        None if kept.get(name) is None else Origin.model_validate(kept[name]) for name in (_ORIGIN, _SEEN)
    )
    return SandboxSeen(org=org, now=now, proven=proven, seen=seen)


@task(
    name="note-drafted",
    description="Notes for which org, of those that a sandbox has been, plans were drafted.",
    **PUBLISH,
)
def note_drafted(org: str, origin: Origin) -> None:
    with open_ledger() as ledger, ledger.exclusive() as pages:
        pages.keep(_place(org), {_SEEN: origin.model_dump(mode="json")})


@task(
    name="read-clean-proofs",
    description="When each sandbox was proven clean, and as which org, from the ledger.",
    **READ,
)
def read_clean_proofs(orgs: Sequence[str]) -> dict[str, CleanProof]:
    """Those that were proven, and where nothing real was brought since."""
    found = {}
    with open_ledger() as ledger, ledger.read() as pages:
        for org in orgs:
            kept = pages.kept(_place(org))
            if kept.get(_ORIGIN) is not None:
                found[org] = CleanProof.model_validate({"origin": kept[_ORIGIN], "at": kept.get(_AT)})
    return found


@task(name="publish-scan", description="Shows by field how many records hold what looks real.", **PUBLISH)
def publish_scan(report: ScanReport) -> None:
    with open_ledger() as ledger:
        notes = ledger.entries(EntryKind.MASKING, subject=report.org)
    refused: dict[str, dict[str, str]] = {}
    for note in notes:
        # The latest of each object tells what stands.
        listed = note.body["refused"]
        refused[str(note.body["sobject"])] = (
            {k: str(v) for k, v in listed.items()} if isinstance(listed, dict) else {}
        )
    create_markdown_artifact(
        markdown(report, {name: each for name, each in refused.items() if each}),
        key=f"scan-{report.org}",
        description=f"Personal data left in {report.org}: {'none' if report.clean else 'see the fields'}.",
    )


def _known(org: str) -> OrgKind:
    try:
        return load_estate().org(org).kind
    except KeyError:
        raise ConfigurationError(
            f"There is no org {org} in estate.yaml. Use an alias that stands there."
        ) from None


def _place(org: str) -> str:
    return f"sandbox {org}"
