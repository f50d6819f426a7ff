"""`bulkhead ledger …` and `bulkhead verify-evidence`."""

import getpass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deployments.cli.asking import JsonOption, connect, duration
from deployments.cli.output import Exit, complain, say, say_json, tell

if TYPE_CHECKING:
    from tasks.ledger.model import Checkpoint, Verdict
    from tasks.ledger.store import Signer
    from tasks.packs.model import PackVerdict

app = typer.Typer(help="The ledger: what was planned, approved, changed and found.", no_args_is_help=True)
REGISTERED = "registered"


def verify_evidence(
    path: Annotated[
        Path | None,
        typer.Argument(
            help="An evidence file, an audit pack, or its folder; the registered ledger where none is named."
        ),
    ] = None,
    key: Annotated[
        list[Path] | None,
        typer.Option(
            help="Public key in PEM that you trust, named as its id: <key id>.pem. May be repeated."
        ),
    ] = None,
    anchor: Annotated[
        str | None,
        typer.Option(
            help="Where checkpoints are locked: s3://bucket/prefix, or `registered`. Finds a cut tail."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """
    Check that evidence is as it was written: hashes, signatures, anchors. A file needs no server and no network.

    Of an audit pack, every file that was changed, added or is missing is named.

    Example: bulkhead verify-evidence evidence.jsonl --key ledger-1.pem
    """
    from tasks.evidence import gateway
    from tasks.ledger import evidence
    from tasks.ledger.signing import read_pin
    from tasks.packs import gateway as packs

    if path is not None and not path.exists():
        complain(f"There is no {path}.", Exit.CONFIGURATION)
    pins = [read_pin(file) for file in key or []]
    if path is None or anchor is not None:
        connect()
    marks = _anchors(anchor)
    if path is not None and packs.is_pack(path):
        pack = packs.check(path, pins, marks)
        _tell_pack(pack, as_json)
        raise typer.Exit(Exit.FINE if pack.sound else Exit.FINDINGS)
    if path is not None:
        verdict = evidence.check(path, pins, marks)
    else:
        from tasks.orgs import open_ledger

        with open_ledger() as ledger:
            verdict = gateway.check(ledger, pins, marks)
    _tell_verdict(verdict, as_json, anchored=anchor is not None)
    raise typer.Exit(Exit.FINE if verdict.sound else Exit.FINDINGS)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="File to write: one JSON document per line.")],
) -> None:
    """
    Seal the ledger and write all of it to a file for `verify-evidence`.

    Example: bulkhead ledger export evidence.jsonl
    """
    from tasks.evidence import gateway
    from tasks.orgs import load_ledger_settings, open_cloud, open_ledger, open_signer

    connect()
    with open_ledger() as ledger:
        signer = open_signer()
        if signer is not None:
            gateway.seal(ledger, signer, open_cloud(), load_ledger_settings().anchor)
        digest = gateway.export(ledger, file)
    tell(f"wrote {file}")
    say(f"sha256 {digest}")


@app.command()
def verifier(
    file: Annotated[Path, typer.Argument(help="File to write, such as verify.pyz.")],
) -> None:
    """
    Write the verifier as one file, for somebody who checks evidence where bulkhead is not installed.

    There it runs as `python verify.pyz PACK --key ledger-1.pem`, with nothing but cryptography, orjson and pydantic installed.

    Example: bulkhead ledger verifier verify.pyz
    """
    from deployments.verifier import NEEDS, write_verifier

    modules = write_verifier(file)
    say(f"{file}: {len(modules)} modules; it needs {', '.join(NEEDS)}")


@app.command()
def keys(
    folder: Annotated[Path, typer.Argument(help="Folder for one PEM file per public key.")],
) -> None:
    """
    Write the ledger's public keys, for checkers to keep somewhere else.

    Example: bulkhead ledger keys ./trusted
    """
    from tasks.ledger.chain import keys_of
    from tasks.ledger.model import EntryKind
    from tasks.ledger.signing import pem_of
    from tasks.orgs import open_ledger

    connect()
    with open_ledger() as ledger:
        found = keys_of(ledger.entries(EntryKind.KEY))
    if not found:
        complain("The ledger has no key yet. `bulkhead ledger seal` announces it.", Exit.CONFIGURATION)
    folder.mkdir(parents=True, exist_ok=True)
    for key_id, key in found.items():
        (folder / f"{key_id}.pem").write_text(pem_of(key))
        say(f"{folder / f'{key_id}.pem'}")


@app.command()
def seal() -> None:
    """
    Sign what is new and anchor it. The continuous phase does it every hour.

    Example: bulkhead ledger seal
    """
    from tasks.evidence import gateway
    from tasks.orgs import load_ledger_settings, open_cloud, open_ledger

    connect()
    signer = _signer()
    with open_ledger() as ledger:
        mark = gateway.seal(ledger, signer, open_cloud(), load_ledger_settings().anchor)
    say("nothing new to seal" if mark is None else f"sealed through entry {mark.head.sequence}")


@app.command("rotate-key")
def rotate_key() -> None:
    """
    Make a new key the one that seals; the old one vouches for it.

    Example: bulkhead ledger rotate-key
    """
    from tasks.errors import SecretUnavailable
    from tasks.evidence import gateway
    from tasks.orgs import load_ledger_settings, open_cloud, open_ledger, open_signer

    connect()
    secret = load_ledger_settings().signing_secret
    if secret is None:
        complain(
            "estate.yaml names no `ledger.signing_secret`; keys in KMS are rotated there.", Exit.CONFIGURATION
        )
    try:
        old = open_signer()
    except SecretUnavailable:
        tell(f"There is no key in {secret} yet; this one is the first.")
        old = None
    with open_ledger() as ledger:
        say(gateway.rotate_key(ledger, open_cloud(), secret, old, getpass.getuser()))


@app.command()
def archive(
    file: Annotated[Path, typer.Argument(help="File that takes the entries.")],
    older_than: Annotated[str, typer.Option(help="Age of what leaves, such as 365d.")] = "365d",
) -> None:
    """
    Move old entries into a file; the ledger keeps its hash and goes on from there.

    Example: bulkhead ledger archive 2026.jsonl --older-than 365d
    """
    from tasks.evidence import gateway
    from tasks.orgs import open_ledger

    keep = _duration(older_than)
    connect()
    signer = _signer()
    with open_ledger() as ledger:
        through = gateway.archive(ledger, signer, file, keep, getpass.getuser())
    say(f"entries up to {through.sequence} are in {file}")


def add_to(main: typer.Typer) -> None:
    main.command("verify-evidence")(verify_evidence)


def _signer() -> "Signer":
    from tasks.orgs import open_signer

    signer = open_signer()
    if signer is None:
        complain(
            "estate.yaml names no `ledger.signing_secret` and no `ledger.signing_kms_key`.",
            Exit.CONFIGURATION,
        )
    return signer


def _duration(text: str) -> timedelta:
    try:
        return duration(text)
    except ValueError as error:
        complain(f"--older-than: {error}.", Exit.CONFIGURATION)


def _anchors(where: str | None) -> "list[Checkpoint]":
    if where is None:
        return []
    from tasks.evidence import gateway
    from tasks.orgs import load_ledger_settings, open_cloud

    if where == REGISTERED:
        anchor = load_ledger_settings().anchor
        if anchor is None:
            complain("estate.yaml names no `ledger.anchor`.", Exit.CONFIGURATION)
        return gateway.read_anchors(open_cloud(), anchor.bucket, anchor.prefix)
    bucket, _, prefix = where.removeprefix("s3://").partition("/")
    if not where.startswith("s3://") or not bucket:
        complain(f"--anchor takes s3://bucket/prefix or `registered`, not {where}.", Exit.CONFIGURATION)
    return gateway.read_anchors(open_cloud(), bucket, prefix)


def _tell_verdict(verdict: "Verdict", as_json: bool, anchored: bool) -> None:
    from tasks.packs.verifier_gateway import verdict_lines

    if as_json:
        say_json({**verdict.model_dump(mode="json"), "sound": verdict.sound})
        return
    for line in verdict_lines(verdict, anchored=anchored):
        say(line)


def _tell_pack(pack: "PackVerdict", as_json: bool) -> None:
    from tasks.packs.verifier_gateway import pack_lines

    if as_json:
        say_json({**pack.model_dump(mode="json"), "sound": pack.sound})
        return
    for line in pack_lines(pack):
        say(line)
