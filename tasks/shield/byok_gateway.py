"""Hands on key material: the certificate it is wrapped with, and files that only their owner may read."""

import os
from pathlib import Path

from tasks.errors import ConfigurationError
from tasks.salesforce.packages import retrieve
from tasks.salesforce.session import Session

_NOBODY_ELSE = 0o600


def read_certificate(session: Session, name: str) -> str:
    """PEM. Raises ConfigurationError where the org has no such certificate, and OrgError."""
    content = retrieve(session, {"Certificate": [name]}).get(f"certs/{name}.crt")
    if content is None:
        raise ConfigurationError(
            f"{session.alias} has no certificate {name}. Make a BYOK-compatible one in Setup, Key Management."
        )
    return content.decode("ascii", "replace")


def write_private(path: Path, content: bytes) -> None:
    """
    A new file that only its owner may read and write from its first byte on. Raises ConfigurationError where one is there:
    what it holds may be the only copy.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, _NOBODY_ELSE)
    except FileExistsError:
        raise ConfigurationError(f"There is a file {path} already. Move it away first.") from None
    with os.fdopen(opened, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
