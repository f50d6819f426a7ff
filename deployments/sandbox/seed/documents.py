"""The files beside the orgs: estate.yaml and policy.yaml for the product, clients.json for other clients."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

from deployments.sandbox.gateways import arn_of
from deployments.sandbox.seed.blueprint import Attestation, Blueprint, Connection, Org
from deployments.sandbox.seed.cloud import (
    ENFORCER_ROLE,
    LEDGER_BUCKET,
    LEDGER_KEY,
    READER,
    REGION,
    WAF_LOG,
    client_secret,
    rotated,
    taking_turns,
)
from deployments.sandbox.seed.keys import KeyRing
from deployments.sandbox.seed.laboratory import LOCAL_PART, NAME
from deployments.sandbox.seed.names import (
    ALLOWED_NETWORK,
    ESTATE,
    MIDDLEWARE_ADDRESS,
    NAMED_NETWORKS,
    RULE_GROUPS,
    VPN_NETWORK,
)
from deployments.sandbox.seed.rights import ENFORCER_SETS, MASKING_SET
from deployments.sandbox.seed.routes import BROUGHT
from deployments.sandbox.state import write_whole

DRAFT = "estate-draft.json"
_MIDDLEWARE = {
    "name": "Middleware",
    "principal": f"user/{READER}",
    "addresses": [MIDDLEWARE_ADDRESS],
    "cache": "PT1H",
}
_EVIDENCE_HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def estate_draft(plan: Blueprint) -> dict[str, Any]:
    """All of estate.yaml but addresses that are known only while the estate runs."""
    return {
        "name": ESTATE,
        "orgs": [
            {
                "alias": org.alias,
                "my_domain": f"https://{org.host}",
                "kind": org.kind,
                "region": org.region,
                "time_zone": org.time_zone,
                **{
                    role: {
                        "flow": "jwt-bearer",
                        "username": f"bulkhead.{role}@{org.domain}",
                        "secret": f"bulkhead/{org.alias}/{role}",
                        **({"session_sets": _sleeping(org)} if role == "enforcer" else {}),
                    }
                    for role in ("scanner", "enforcer")
                },
            }
            for org in plan.orgs.values()
        ],
        "routes": [
            {
                "name": route.name,
                "source": route.source,
                "target": route.target,
                "sobject": route.sobject,
                "fields": list(route.fields),
                "sync_user": route.sync_user,
                "app": route.app,
                "credential": route.credential,
                "schedule": route.schedule,
                "masked_fields": list(route.masked),
                "read_only_fields": list(route.read_only),
            }
            for route in plan.routes
        ],
        "channels": [
            {"name": each.name, "kind": each.kind, "orgs": each.orgs, "secret": each.secret}
            for each in plan.channels
        ],
        "credentials": [
            *(_registered(plan, each) for each in (*rotated(plan), *taking_turns(plan))),
            *(_presented(plan, each) for each in rotated(plan) if each.name not in BROUGHT.values()),
        ],
        "attestations": [_attestation(each) for each in plan.attestations],
        "ledger": {
            "signing_secret": LEDGER_KEY,
            "anchor": {"bucket": LEDGER_BUCKET, "prefix": "ledger/", "retention": "P2555D"},
        },
    }


def _sleeping(org: Org) -> list[str]:
    return [ENFORCER_SETS[1], *([MASKING_SET] if org.kind == "sandbox" else [])]


def _users(plan: Blueprint, stored: Connection) -> dict[str, Any]:
    """Who reads a secret, or the place that it is brought to."""
    held = [each for each in plan.connections if BROUGHT.get(each.name) == stored.name]
    if held:
        return {
            "deliveries": [
                {
                    "org": each.source,
                    "named_credential": each.name,
                    "external_credential": f"{each.name}_Auth",
                    "principal": "Sync",
                    "addresses": [MIDDLEWARE_ADDRESS],
                }
                for each in held
            ]
        }
    return {"consumers": [_MIDDLEWARE]}


def _presented(plan: Blueprint, each: Connection) -> dict[str, Any]:
    """The certificate that the middleware shows for a route of this credential."""
    route = next(route.name for route in plan.routes if route.credential == each.name)
    return {
        "secret": client_secret(each.target),
        "org": each.target,
        "kind": "client-certificate",
        "apps": [each.app],
        "route": route,
        "consumers": [_MIDDLEWARE],
    }


def _registered(plan: Blueprint, each: Connection) -> dict[str, Any]:
    turns = {"kind": "password", "users": [each.user, each.twin]}
    return {
        "secret": each.name,
        "org": each.target,
        **(turns if each.twin else {"kind": "client-secret", "apps": [each.app]}),
        "client_certificate": client_secret(each.target),
        **_users(plan, each),
    }


def _attestation(each: Attestation) -> dict[str, Any]:
    row: dict[str, Any] = {
        "subject": each.subject,
        "orgs": [each.org],
        "owner": "ciso@meridian.example",
        "date": each.made.isoformat(),
        "expires": each.expires.isoformat(),
    }
    if each.evidence:
        row["evidence_url"] = f"https://evidence.meridian.example/{each.subject}/{each.org}"
        row["evidence_sha256"] = _EVIDENCE_HASH
    return row


def policy_document(plan: Blueprint) -> dict[str, Any]:
    return {
        "network": {
            "allowed": [ALLOWED_NETWORK],
            "vpn": [VPN_NETWORK],
            "networks": [
                {"name": name, "use": use, "ranges": [block]} for name, use, block in NAMED_NETWORKS
            ],
            "broadest_prefix": 16,
        },
        "rotation": {"max_age": "P90D", "certificate_max_life": "P398D", "expiry_warning": "P30D"},
        "jit": {"max_grant": "PT4H", "break_glass": plan.break_glass},
        "waf": {
            "web_acls": {alias: acl.name for alias, acl in plan.web_acls.items()},
            "gateways": {alias: arn_of(alias) for alias in plan.web_acls},
            "max_rate": 2000,
            "allowed_networks_only": True,
            "managed_groups": [*RULE_GROUPS],
            "log_destination": WAF_LOG,
        },
        "backups": {
            "buckets": {alias: bucket.name for alias, bucket in plan.buckets.items()},
            "drills": [org.alias for org in plan.orgs.values() if org.kind == "sandbox"],
        },
        "response": {
            "auto_disable": plan.auto_disable,
            "rules": [
                {"severity": "critical", "rung": "access"},
                {"severity": "error", "rung": "freeze", "undo_after": "PT4H"},
                {"severity": "warning", "rung": "sessions"},
            ],
        },
        "audit": {
            "audit_interval": "P92D",
            "penetration_test_interval": "P366D",
            "playbook_review_interval": "P366D",
        },
        "required_channels": ["slack", "pagerduty", "email"],
        "certificates": _certificates(plan),
        "waivers": [],
    }


def _certificates(plan: Blueprint) -> dict[str, Any]:
    """An authority outside; who runs the middleware vouches for it, and for the certificate that all its routes share."""
    owner, until = "integration@meridian.example", (plan.day + timedelta(days=360)).date().isoformat()
    run = {connection.name for connection in plan.connections if connection.holder == "secrets-manager"}
    return {
        "authority": "external",
        "exchange": "certificates/signed",
        "callers": [
            {"route": route.name, "owner": owner, "expires": until}
            for route in plan.routes
            if route.credential in run
        ],
        "held_elsewhere": [
            {"org": alias, "name": name, "owner": owner}
            for alias in plan.orgs
            for name in ("Middleware_Client", "Partner_*")
        ],
    }


def write_drafts(state_dir: Path, plan: Blueprint) -> None:
    """policy.yaml whole, estate.yaml as a draft that `write_estate_files` completes at each start."""
    write_whole(state_dir / DRAFT, json.dumps(estate_draft(plan)))
    write_whole(state_dir / "policy.yaml", yaml.safe_dump(policy_document(plan), sort_keys=False))


def write_estate_files(state_dir: Path, *, proxy: str, ca_bundle: str, aws_endpoint: str, smtp: str) -> None:
    """Write estate.yaml with the addresses of this start; the AWS profile is `bulkhead-sandbox`."""
    estate = json.loads((state_dir / DRAFT).read_text())
    for org in estate["orgs"]:
        org |= {"proxy": proxy, "ca_bundle": ca_bundle}
    for channel in estate["channels"]:
        channel |= {"relay": smtp} if channel["kind"] == "email" else {"proxy": proxy, "ca_bundle": ca_bundle}
    estate["cloud"] = {
        "region": REGION,
        "endpoint_url": aws_endpoint,
        "profile": "bulkhead-sandbox",
        "shared_credentials_file": str(state_dir / "aws-credentials"),
        "enforcer_role": ENFORCER_ROLE,
    }
    write_whole(state_dir / "estate.yaml", yaml.safe_dump(estate, sort_keys=False))


def write_clients(state_dir: Path, plan: Blueprint, ring: KeyRing) -> None:
    """Every app that can log in, with what its client has: for third-party clients and for tests."""
    apps = []
    for org in plan.orgs.values():
        certificate, key = ring.client_files(org.alias)
        users = {c.app: c.user for c in plan.into(org.alias) if c.app}
        for app in org.apps.values():
            own = _own_username(org, app.name)
            if app.name not in users and own is None:
                continue
            entry: dict[str, Any] = {
                "org": org.alias,
                "name": app.name,
                "flows": sorted(app.flows),
                "consumer_key": app.consumer_key,
                "username": users.get(app.name, own),
            }
            if app.certificate:
                entry["private_key_file"] = str(ring.signing_file(app.certificate))
            if app.consumer_secret:
                entry["consumer_secret"] = app.consumer_secret
            if app.refresh_tokens:
                entry["refresh_token"] = app.refresh_tokens[str(entry["username"])]
            if app.name in users:
                entry |= {"client_certificate_file": str(certificate), "client_key_file": str(key)}
            apps.append(entry)
    write_whole(state_dir / "clients.json", json.dumps({"apps": apps}, indent=2))


def _own_username(org: Org, app: str) -> str | None:
    """Whose app it is, where no sync uses it: the laboratory's, the scanner's or the enforcer's."""
    if app == NAME:
        return f"{LOCAL_PART}@{org.domain}"
    role = app.removeprefix("Bulkhead_")
    return f"bulkhead.{role.lower()}@{org.domain}" if role != app else None
