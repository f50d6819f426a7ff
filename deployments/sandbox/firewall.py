"""The web ACLs of AWS acting where this estate has a gateway: on connections through its proxies."""

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

WINDOW_SECONDS = 300
MOST_BYTES = 300_000


@dataclass(frozen=True)
class Visit:
    """A connection that asks to be let through: from where, to which org (alias, or a host's name)."""

    source_ip: str
    host: str
    org: str


@dataclass
class Firewall:
    """
    Judges connections by the file that the AWS process writes.

    Rate-based rules count connections, because that is all a proxy sees of TLS. Statements that look into
    requests (headers other than the host, bodies, cookies) never match here.
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
            action = next(iter(rule.get("Action") or {}), "Count")
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
            return _host_matches(value, visit.host)
        return False

    def _too_often(self, value: dict[str, Any], visit: Visit, rule: str) -> bool:
        scope = value.get("ScopeDownStatement")
        if scope and not self._matches(scope, visit, rule):
            return False
        now, window = self.seconds(), float(value.get("EvaluationWindowSec", WINDOW_SECONDS))
        visits = self._visits.setdefault((rule, visit.source_ip, visit.org), deque())
        visits.append(now)
        while visits and now - visits[0] > window:
            visits.popleft()
        return len(visits) > int(value["Limit"])


def _host_matches(value: dict[str, Any], host: str) -> bool:
    """Only the Host header can be known from a CONNECT."""
    if value.get("FieldToMatch", {}).get("SingleHeader", {}).get("Name", "").lower() != "host":
        return False
    wanted = base64.b64decode(value.get("SearchString", "")).decode("latin-1").lower()
    tests = {
        "EXACTLY": host == wanted,
        "STARTS_WITH": host.startswith(wanted),
        "ENDS_WITH": host.endswith(wanted),
        "CONTAINS": wanted in host,
    }
    return tests.get(str(value.get("PositionalConstraint")), False)
