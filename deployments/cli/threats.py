"""`bulkhead sign-threats`."""

from pathlib import Path
from typing import Annotated

import typer

from deployments.cli.asking import passphrase
from deployments.cli.output import Exit, complain, say


def sign_threats(
    pack: Annotated[Path, typer.Argument(help="The pack, NAME.yaml; its signature is written beside it.")],
    key: Annotated[Path, typer.Option(help="Your OpenSSH Ed25519 private key.")],
) -> None:
    """
    Sign a pack of threats that you have read. It counts where `threats.publishers` of policy.yaml names your public key.

    Example: bulkhead sign-threats ours.yaml --key ~/.ssh/id_ed25519
    """
    import yaml
    from pydantic import ValidationError

    from tasks.threats.gateway import write_signature
    from tasks.threats.model import ThreatPack
    from tasks.threats.signed import signature_of

    content = pack.read_bytes()
    try:
        read = ThreatPack.model_validate(yaml.safe_load(content))
    except (yaml.YAMLError, UnicodeDecodeError):
        complain(f"{pack} is no YAML.", Exit.CONFIGURATION)
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'the pack'}: {e['msg']}" for e in error.errors())
        complain(f"{pack}: {told}.", Exit.CONFIGURATION)
    beside = write_signature(pack, signature_of(content, key.read_bytes(), passphrase(key)))
    say(f"{beside}: {read.id} version {read.version}, until {read.expires}")


def add_to(main: typer.Typer) -> None:
    main.command("sign-threats")(sign_threats)
