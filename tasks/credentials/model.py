"""Nouns of credentials: stored secrets, secrets found where none should be, and their ages."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from tasks.value import Value


class StoredSecret(Value):
    """
    A secret in AWS Secrets Manager, without its value.

    `target_host`, `consumer_key` and `username` are the parts of its JSON that identify and do not open;
    None when the secret has no such part. `holds_password` says that the JSON carries a password.
    """

    name: str
    type: str | None
    created: datetime
    last_changed: datetime
    last_rotated: datetime | None
    rotation_enabled: bool
    tags: dict[str, str]
    target_host: str | None = None
    consumer_key: str | None = None
    username: str | None = None
    holds_password: bool = False


class ExposedKind(StrEnum):
    APEX = "apex"
    CUSTOM_SETTING = "custom-setting"
    CUSTOM_METADATA = "custom-metadata"
    NAMED_CREDENTIAL = "named-credential"
    REMOTE_SITE = "remote-site"
    CUSTOM_LABEL = "custom-label"
    OUTBOUND_MESSAGE = "outbound-message"
    STATIC_RESOURCE = "static-resource"


class ExposedSecret(Value):
    """A secret found outside the secrets manager. The value is not kept: only where, and what kind it looks like."""

    kind: ExposedKind
    place: str
    looks_like: str
    line: int | None = None


class CredentialKind(StrEnum):
    SECRET = "secret"
    KEY_PAIR = "key-pair"
    CERTIFICATE = "certificate"
    PASSWORD = "password"
    REFRESH_TOKEN = "refresh-token"


class CredentialAge(Value):
    """
    One line of the credential calendar.

    `due` is the day by which policy wants it new, `why` what makes it that day; both None where nothing dates it, or where
    nobody uses it.
    """

    org: str
    kind: CredentialKind
    name: str
    since: datetime | None
    expires: date | None
    age: timedelta | None
    used_by: tuple[str, ...]
    due: date | None = None
    why: str | None = None
