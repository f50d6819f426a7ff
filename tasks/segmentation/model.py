"""Nouns of segmentation: what joins production and non-production."""

from enum import StrEnum

from tasks.inventory.model import TrustEdge
from tasks.value import Value


class CrossingKind(StrEnum):
    UNDECLARED_EDGE = "edge"
    SHARED_CREDENTIAL = "credential"
    REMOTE_SITE = "remote-site"
    SHARED_PASSWORD = "user"
    SHARED_CERTIFICATE = "inbound-certificate"
    SHARED_APP = "app"
    SIGN_IN = "auth-provider"


class Crossing(Value):
    """
    One thing that joins the two kinds of orgs. `org` is where it is judged, `resource` what findings call it.

    `edges` are those that run through it, `holder` the org whose setting it is, and `name` that setting's name.
    """

    org: str
    kind: CrossingKind
    name: str
    resource: str
    summary: str
    holder: str | None
    others: tuple[str, ...]
    edges: tuple[TrustEdge, ...] = ()
