"""Nouns of estate.yaml: where alerts go, and where records of what happened go."""

from enum import StrEnum

from pydantic import Field, model_validator

from tasks.estate.model_names import HOST_AND_PORT, Alias, SecretName
from tasks.value import Value


class ChannelKind(StrEnum):
    SLACK = "slack"
    PAGERDUTY = "pagerduty"
    EMAIL = "email"
    WEBHOOK = "webhook"

    @property
    def folds(self) -> bool:
        """Whether the same message sent twice is one there: PagerDuty has `dedup_key`, our webhooks `webhook-id`."""
        return self in (ChannelKind.PAGERDUTY, ChannelKind.WEBHOOK)


class AlertChannel(Value):
    """
    Where alerts of some orgs go. `secret` names the webhook address, routing key or SMTP login; `relay` (host:port) takes
    mail instead of the server that the secret names.

    Secrets, as JSON: `url` (slack); `routingKey` (pagerduty); `from`, `to`, `host`, and `port`, `username`, `password` where
    wanted (email); `url` and `key`, at least 24 random bytes in base64 (webhook).
    """

    name: Alias
    kind: ChannelKind
    orgs: tuple[Alias, ...]
    secret: SecretName
    proxy: str | None = None
    ca_bundle: str | None = None
    relay: str | None = Field(default=None, pattern=HOST_AND_PORT)


class StreamKind(StrEnum):
    SYSLOG = "syslog"
    SPLUNK = "splunk"
    S3 = "s3"


class Stream(Value):
    """
    Where alerts, findings and ledger entries go as OCSF events, each once or, after a lost reply, twice with the same `uid`.

    `syslog` is RFC 5424 over TLS (RFC 5425) to `address` (host:port, 6514 by custom). `splunk` is an HTTP Event Collector at
    `address` (https://host:port); its `secret` holds `token`. `s3` writes objects of JSON lines below `prefix` in `bucket`.
    """

    name: Alias
    kind: StreamKind
    address: str | None = Field(default=None, pattern=r"^(https://)?[^:/\s]+(:\d{1,5})?$")
    secret: SecretName | None = None
    bucket: str | None = Field(default=None, min_length=3, max_length=63)
    prefix: str = "bulkhead/"
    proxy: str | None = None
    ca_bundle: str | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> "Stream":
        if self.kind is StreamKind.S3 and self.bucket is None:
            raise ValueError("a stream to s3 needs a bucket")
        if self.kind is StreamKind.SYSLOG and (not self.address or "://" in self.address):
            raise ValueError("a stream to syslog needs an address such as siem.example:6514")
        if self.kind is StreamKind.SPLUNK and not (
            self.secret and (self.address or "").startswith("https://")
        ):
            raise ValueError("a stream to splunk needs an address with https:// and a secret with its token")
        return self
