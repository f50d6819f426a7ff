"""Nouns of policy.yaml about emerging threats: whose packs of data count, and from where they come."""

from datetime import timedelta

from pydantic import Field

from tasks.value import Value

_SHIPPED = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPH5GSCnT/b0gK8e2qYTZsyviGi2F2dDBwtob325CcBk"


class ThreatsPolicy(Value):
    """A pack counts only while one of `publishers` has signed it."""

    publishers: dict[str, str] = Field(default_factory=lambda: {"bulkhead-2026-11": _SHIPPED})
    """Publisher to public key, one line of OpenSSH each: `ssh-ed25519 AAAA…`. The default is that of the packs that come along."""
    folder: str = ""
    """A folder with packs of your own or newer ones: `NAME.yaml` beside `NAME.yaml.sig`. Of two with one id the newer version counts."""
    ahead: timedelta = Field(default=timedelta(days=365), gt=timedelta(0))
    """How long before a change of the platform takes effect somebody is told."""
    urgent: timedelta = Field(default=timedelta(days=60), ge=timedelta(0))
    """From how long before on it is told as an error and not as a warning."""
