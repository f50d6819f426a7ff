"""Nouns of firewalls: a gateway's web ACL as AWS has it."""

from datetime import datetime

from pydantic import JsonValue

from tasks.network.model import WebAcl
from tasks.value import Value

Rule = dict[str, JsonValue]
"""As AWS says it, but for address sets, which are named `ip-set:Name`."""


class FirewallState(Value):
    """
    All that a plan about web ACLs starts from, at AWS's own time `at`. `logs` are as AWS says them, by web ACL; `before` maps
    ARNs of gateways to the web ACL that stands there.
    """

    at: datetime
    acls: dict[str, WebAcl]
    logs: dict[str, dict[str, JsonValue]]
    ip_sets: dict[str, dict[str, JsonValue]]
    before: dict[str, str | None]
