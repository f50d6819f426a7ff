"""Nouns of policy.yaml about client certificates: who signs them, how long they last, who vouches for callers."""

import datetime as dt
from datetime import timedelta
from typing import Literal

from pydantic import Field, model_validator

from tasks.estate.model import Alias, SecretName
from tasks.value import Value


class OwnAuthority(Value):
    """
    A private authority: its root is kept offline, its issuing key in KMS or in the secrets manager.

    `chain_secret` holds `chain`, the certificates of the issuing authority and the root in PEM, and `privateKey` where the
    key is not in KMS. Its list of revoked certificates is kept as `list_key` in `list_bucket`; `list_address` is where the
    orgs fetch it, which certificates name: a policy of the bucket or what stands before it has to let everybody read that.
    """

    chain_secret: SecretName
    kms_key: str | None = None
    list_bucket: str = Field(min_length=3, max_length=63)
    list_key: str = "clients.crl"
    list_address: str = Field(pattern=r"^http://[A-Za-z0-9.-]+/\S+$")
    """Plain http, as RFC 5280 section 8 advises: the list is signed itself."""


class Caller(Value):
    """Somebody's word that a route's caller reads its certificate and address from the secret, and until when."""

    route: str
    owner: str = Field(min_length=2)
    expires: dt.date


class HeldElsewhere(Value):
    """An inbound certificate whose holder no reading shows. `name` is its API name, or a shell pattern."""

    org: Alias
    name: str = Field(min_length=1)
    owner: str = Field(min_length=2)


class CertificatesPolicy(Value):
    """
    Who signs the client certificates of routes, how long they last, and who vouches for callers that nobody can look into.

    With an `external` authority the product makes requests and waits for their chains under `exchange` in the secrets
    manager: `<exchange>/<route>` with `chain`. Inbound chains have to reach a root that Salesforce trusts, so a private
    authority (`own`, `aws-private-ca`) is used only where the org was seen to accept it.
    """

    authority: Literal["external", "own", "aws-private-ca"] = "external"
    exchange: SecretName = "bulkhead/signed"
    own: OwnAuthority | None = None
    private_ca_arn: str | None = Field(default=None, pattern=r"^arn:aws[a-z-]*:acm-pca:\S+$")
    key_bits: Literal[2048, 4096] = 2048
    life: timedelta = timedelta(days=90)
    """Of what our own authority issues."""
    renew_before: timedelta = timedelta(days=30)
    settle: timedelta = timedelta(hours=24)
    """How long after a caller was first seen with a new certificate the one before stays listed."""
    warn_days: tuple[int, ...] = (30, 14, 7)
    proof_max_age: timedelta = timedelta(days=35)
    """How old the last handshakes of a route may be that prove it (`prove-mutual-tls`)."""
    callers: tuple[Caller, ...] = ()
    held_elsewhere: tuple[HeldElsewhere, ...] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> "CertificatesPolicy":
        if self.authority == "own" and self.own is None:
            raise ValueError("authority is own, so `own` has to say where its chain and its list are")
        if self.authority == "aws-private-ca" and self.private_ca_arn is None:
            raise ValueError("authority is aws-private-ca, so private_ca_arn has to name it")
        if self.renew_before >= self.life:
            raise ValueError("renew_before has to be shorter than life; nothing would ever be new enough")
        if (
            list(self.warn_days) != sorted(set(self.warn_days), reverse=True)
            or min(self.warn_days, default=1) < 1
        ):
            raise ValueError("warn_days are days before the end, each once, the longest first")
        return self
