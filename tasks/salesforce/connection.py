"""How to reach one org as one identity."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit


@dataclass(frozen=True, kw_only=True)
class Connection:
    """
    One identity in one org. `base_url` is the My Domain address, with `:8443` where a client certificate is
    presented. Secrets stay out of the representation, so that none reaches a log or a traceback.
    """

    alias: str
    base_url: str
    flow: Literal["jwt-bearer", "client-credentials"]
    username: str
    consumer_key: str = field(repr=False)
    private_key: str | None = field(default=None, repr=False)
    consumer_secret: str | None = field(default=None, repr=False)
    role: Literal["scanner", "enforcer", "courier"] = "scanner"
    proxy: str | None = None
    ca_bundle: str | None = None
    session_sets: tuple[str, ...] = ()
    """Session-activated permission sets that hold the write rights."""
    carries: str = ""
    """The one object whose records a courier writes."""
    client_certificate: tuple[str, str] | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    """With the security token behind it, of a caller that knows nothing better; only handshakes sign in by it."""

    @classmethod
    def with_secret(cls, secret: Mapping[str, Any], **how: Any) -> "Connection":
        """From a secret as it is kept: `consumerKey`, and `privateKey` or `consumerSecret`. Raises KeyError without the first."""
        return cls(
            consumer_key=secret["consumerKey"],
            private_key=secret.get("privateKey"),
            consumer_secret=secret.get("consumerSecret"),
            **how,
        )

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or ""

    @property
    def audience(self) -> str:
        """What the JWT names: the My Domain without a port, whichever port carries it."""
        return f"https://{self.host}"
