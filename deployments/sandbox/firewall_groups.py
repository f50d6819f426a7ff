"""
What the estate knows of AWS's managed rule groups: a part of two of them, by the descriptions in AWS's own list.

AWS keeps the patterns to itself; these are the ones that its descriptions name. A group or rule that is not here is stored
and matches nothing.
"""

import re
from collections.abc import Callable
from urllib.parse import unquote

from deployments.sandbox.wire import Request

Test = Callable[[Request], bool]


def _anywhere(pattern: str) -> Callable[[str], Callable[[Request], bool]]:
    compiled = re.compile(pattern, re.IGNORECASE)
    parts: dict[str, Callable[[Request], str]] = {
        "URIPATH": lambda request: request.path,
        "QUERY": lambda request: unquote(request.query_string),
        "HEADER": lambda request: "\n".join(request.headers.values()),
        "BODY": lambda request: request.body[:8192].decode("latin-1"),
    }
    return lambda part: lambda request: compiled.search(parts[part](request)) is not None


_LFI, _SCRIPT = _anywhere(r"(\.\./){2}"), _anywhere(r"<script[\s>]")
_METADATA, _JNDI = _anywhere(r"169\.254\.169\.254"), _anywhere(r"\$\{jndi:(ldap|rmi|dns)")
GROUPS: dict[str, dict[str, Test]] = {
    "AWSManagedRulesCommonRuleSet": {
        "NoUserAgent_HEADER": lambda request: not request.headers.get("user-agent"),
        "SizeRestrictions_QUERYSTRING": lambda request: len(request.query_string) > 2048,
        "SizeRestrictions_URIPATH": lambda request: len(request.path) > 1024,
        "SizeRestrictions_BODY": lambda request: len(request.body) > 8192,
        "EC2MetaDataSSRF_BODY": _METADATA("BODY"),
        "EC2MetaDataSSRF_QUERYARGUMENTS": _METADATA("QUERY"),
        "GenericLFI_QUERYARGUMENTS": _LFI("QUERY"),
        "GenericLFI_URIPATH": _LFI("URIPATH"),
        "GenericLFI_BODY": _LFI("BODY"),
        "RestrictedExtensions_URIPATH": lambda request: request.path.endswith((".log", ".ini")),
        "CrossSiteScripting_QUERYARGUMENTS": _SCRIPT("QUERY"),
        "CrossSiteScripting_BODY": _SCRIPT("BODY"),
    },
    "AWSManagedRulesKnownBadInputsRuleSet": {
        "Host_localhost_HEADER": lambda request: "localhost" in request.headers.get("host", ""),
        "PROPFIND_METHOD": lambda request: request.method == "PROPFIND",
        "ExploitablePaths_URIPATH": lambda request: "web-inf" in request.path.lower(),
        "Log4JRCE_HEADER": _JNDI("HEADER"),
        "Log4JRCE_QUERYSTRING": _JNDI("QUERY"),
        "Log4JRCE_URIPATH": _JNDI("URIPATH"),
        "Log4JRCE_BODY": _JNDI("BODY"),
    },
}


def matching(group: str, request: Request, counted: frozenset[str]) -> str | None:
    """The first rule of a group that blocks this request; those that are `counted` block nothing."""
    for name, test in GROUPS.get(group, {}).items():
        if name not in counted and test(request):
            return name
    return None
