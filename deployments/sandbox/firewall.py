"""The web ACLs of AWS acting where this estate has a gateway: on its middleware's, and on connections through its proxies."""

import base64
import ipaddress
import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from deployments.sandbox.firewall_groups import matching
from deployments.sandbox.wire import Request

WINDOW_SECONDS = 300
MOST_BYTES = 300_000


@dataclass(frozen=True)
class Visit:
    """
    A connection that asks to be let through: from where, to which org (alias, or a host's name).

    `request` is what a gateway sees, which ends TLS; a proxy sees none.
    """

    source_ip: str
    host: str
    org: str
    request: Request | None = None


@dataclass
class Firewall:
    """
    Judges connections and requests by the file that the AWS process writes.

    At a proxy, rate-based rules count connections, because that is all it sees of TLS, and statements that look into requests
    never match. At a gateway both are about requests. Statements about labels, countries, regular expressions, SQL and scripts
    match nothing anywhere.
    """

    file: Path
    samples: Path
    """Where it writes down what it judged: the newest thousand or two."""
    now: Callable[[], datetime]
    """The estate's time, for the samples."""
    seconds: Callable[[], float] = time.monotonic
    _seen: int = 0
    _acls: list[dict[str, Any]] = field(default_factory=list)
    _visits: dict[tuple[str, str, str], deque[float]] = field(default_factory=dict)

    def blocks(self, visit: Visit) -> str | None:
        """The web ACL and the rule that turn this connection away, `name/rule`; None when it may pass."""
        self._read()
        for acl in self._acls:
            if "all" in acl["orgs"] or visit.org in acl["orgs"]:
                rule, action = self._judge(acl, visit)
                self._write(acl["name"], rule, action, visit)
                if action == "BLOCK":
                    return f"{acl['name']}/{rule}"
        return None

    def refuses(self, gateway: str, visit: Visit) -> str | None:
        """The same for a request to a gateway, by the web ACL that stands before its ARN."""
        self._read()
        for acl in self._acls:
            if gateway in acl["before"]:
                rule, action = self._judge(acl, visit)
                self._write(acl["name"], rule, action, visit)
                return f"{acl['name']}/{rule}" if action == "BLOCK" else None
        return None

    def _write(self, acl: str, rule: str, action: str, visit: Visit) -> None:
        line = {
            "at": self.now().timestamp(),
            "acl": acl,
            "rule": rule,
            "action": action,
            "source_ip": visit.source_ip,
            "host": visit.host,
        }
        if self.samples.exists() and self.samples.stat().st_size > MOST_BYTES:
            lines = self.samples.read_text().splitlines(keepends=True)
            self.samples.write_text("".join(lines[len(lines) // 2 :]))
        with self.samples.open("a") as file:
            file.write(json.dumps(line) + "\n")

    def _read(self) -> None:
        try:
            changed = self.file.stat().st_mtime_ns
        except FileNotFoundError:
            return
        if changed != self._seen:
            self._seen = changed
            self._acls = json.loads(self.file.read_text())["acls"]
            self._visits.clear()

    def _judge(self, acl: dict[str, Any], visit: Visit) -> tuple[str, str]:
        """
        The rule that decides, and ALLOW or BLOCK.

        By priority; Allow and Block end it, Count and the like let the next rule judge.
        """
        for rule in sorted(acl["rules"], key=lambda each: int(each["Priority"])):
            if not self._matches(rule["Statement"], visit, f"{acl['name']}/{rule['Name']}"):
                continue
            group = "ManagedRuleGroupStatement" in rule["Statement"]
            # A group acts by itself: what its rules say counts unless all of it is made to count.
            override = "Count" if "Count" in (rule.get("OverrideAction") or {}) else "Block"
            action = override if group else next(iter(rule.get("Action") or {}), "Count")
            if action in ("Allow", "Block"):
                return str(rule["Name"]), action.upper()
        return "default", str(acl["default"]).upper()

    def _matches(self, statement: dict[str, Any], visit: Visit, rule: str) -> bool:
        if not statement:
            return False
        kind, value = next(iter(statement.items()))
        if kind == "Addresses":
            address = ipaddress.ip_address(visit.source_ip)
            return any(address in ipaddress.ip_network(each, strict=False) for each in value)
        if kind == "NotStatement":
            return not self._matches(value["Statement"], visit, rule)
        if kind == "AndStatement":
            return all(self._matches(inner, visit, rule) for inner in value["Statements"])
        if kind == "OrStatement":
            return any(self._matches(inner, visit, rule) for inner in value["Statements"])
        if kind == "RateBasedStatement":
            return self._too_often(value, visit, rule)
        if kind == "ByteMatchStatement":
            return _bytes_match(value, visit)
        if kind == "SizeConstraintStatement":
            return _size_matches(value, visit)
        if kind == "ManagedRuleGroupStatement":
            return visit.request is not None and _in_group(value, visit.request)
        return False

    def _too_often(self, value: dict[str, Any], visit: Visit, rule: str) -> bool:
        scope = value.get("ScopeDownStatement")
        if scope and not self._matches(scope, visit, rule):
            return False
        now, window = self.seconds(), float(value.get("EvaluationWindowSec", WINDOW_SECONDS))
        counted = {"CONSTANT": "", "FORWARDED_IP": _forwarded(value, visit)}
        who = counted.get(str(value.get("AggregateKeyType", "IP")), visit.source_ip)
        visits = self._visits.setdefault((rule, who, visit.org), deque())
        visits.append(now)
        while visits and now - visits[0] > window:
            visits.popleft()
        return len(visits) > int(value["Limit"])


def _bytes_match(value: dict[str, Any], visit: Visit) -> bool:
    found = _part(value, visit)
    if found is None:
        return False
    wanted = base64.b64decode(value.get("SearchString", "")).decode("latin-1")
    if visit.request is None:
        # Host names have no case.
        found, wanted = found.lower(), wanted.lower()
    tests = {
        "EXACTLY": found == wanted,
        "STARTS_WITH": found.startswith(wanted),
        "ENDS_WITH": found.endswith(wanted),
        "CONTAINS": wanted in found,
    }
    return tests.get(str(value.get("PositionalConstraint")), False)


def _size_matches(value: dict[str, Any], visit: Visit) -> bool:
    found = _part(value, visit)
    if found is None or visit.request is None:
        return False
    size, limit = len(found), int(value["Size"])
    tests = {
        "EQ": size == limit,
        "NE": size != limit,
        "LE": size <= limit,
        "LT": size < limit,
        "GE": size >= limit,
        "GT": size > limit,
    }
    return tests.get(str(value.get("ComparisonOperator")), False)


def _part(value: dict[str, Any], visit: Visit) -> str | None:
    """The part of a request that a statement looks at, transformed; only the Host header can be known from a CONNECT."""
    field_, request = value.get("FieldToMatch", {}), visit.request
    header = str(field_.get("SingleHeader", {}).get("Name", "")).lower()
    if request is None:
        return visit.host if header == "host" else None
    parts = {
        "UriPath": request.path,
        "QueryString": request.query_string,
        "Method": request.method,
        "Body": request.body[:8192].decode("latin-1"),
        "SingleHeader": request.headers.get(header),
    }
    found = parts.get(next(iter(field_), ""))
    for step in sorted(value.get("TextTransformations", ()), key=lambda each: int(each["Priority"])):
        if found is not None and step["Type"] == "LOWERCASE":
            found = found.lower()
        elif found is not None and step["Type"] == "URL_DECODE":
            found = unquote(found)
    return found


def _in_group(value: dict[str, Any], request: Request) -> bool:
    counted = {str(each["Name"]) for each in value.get("ExcludedRules") or ()}
    counted |= {
        str(each["Name"])
        for each in value.get("RuleActionOverrides") or ()
        if "Block" not in each.get("ActionToUse", {})
    }
    return matching(str(value.get("Name")), request, frozenset(counted)) is not None


def _forwarded(value: dict[str, Any], visit: Visit) -> str:
    header = str(value.get("ForwardedIPConfig", {}).get("HeaderName", "")).lower()
    named = visit.request.headers.get(header, "") if visit.request is not None else ""
    return named.split(",")[0].strip()
