"""
What AWS holds: secrets with their dates, web ACLs, keys and buckets.

The document has the calls that `deployments.sandbox.aws` replays (see `apply_seed` there) and, because the
server stamps its own dates, `dates`: secret name to the ISO 8601 moments it must be given afterwards.
"""

import base64
import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from deployments.sandbox.gateways import arn_of
from deployments.sandbox.seed.blueprint import Blueprint, Bucket, Connection, WebAcl
from deployments.sandbox.seed.keys import KeyRing

REGION = "eu-central-1"
ACCOUNT = "123456789012"
LEDGER_KEY = "bulkhead/ledger-signing"
MASKING_KEY = "bulkhead/masking-key"
LEDGER_BUCKET = "meridian-bulkhead-evidence"
ENFORCER_ROLE = f"arn:aws:iam::{ACCOUNT}:role/bulkhead-enforcer"
WAF_LOG = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:aws-waf-logs-meridian"
READER = "AKIAMIDDLEWARE000001"
"""The access key of the middleware that reads its secrets."""
_EVERYTHING = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
Call = dict[str, Any]


def cloud_document(plan: Blueprint, ring: KeyRing) -> dict[str, Any]:
    calls: list[Call] = []
    dates: dict[str, dict[str, str | None]] = {}
    for org in plan.orgs.values():
        for role in ("scanner", "enforcer"):
            name, app = f"bulkhead/{org.alias}/{role}", org.apps[f"Bulkhead_{role.capitalize()}"]
            value = {"consumerKey": app.consumer_key, "privateKey": ring.signing_of(app).private_key}
            calls.append(_secret(name, value, {"org": org.alias, "owner": "bulkhead"}))
            dates[name] = _dates(plan, 60, 30, 30)
    for connection in plan.connections:
        if connection.holder == "secrets-manager":
            calls.append(_secret(connection.name, _value(plan, connection, ring), _tags(plan, connection)))
            dates[connection.name] = _dates(
                plan, connection.created_days, connection.changed_days, connection.rotated_days
            )
    for alias in sorted({c.target for c in (*rotated(plan), *taking_turns(plan))}):
        client = ring.client(alias)
        value = {"certificate": client.certificate, "privateKey": client.private_key}
        calls.append(_secret(client_secret(alias), value, {"org": alias, "owner": "bulkhead"}))
        dates[client_secret(alias)] = _dates(plan, 60, 30, 30)
    for channel in plan.channels:
        if channel.secret_exists:
            calls.append(_secret(channel.secret, _channel_value(channel.kind, plan), {"owner": "soc"}))
            dates[channel.secret] = _dates(plan, 100, 50, None)
    calls.append(_secret(LEDGER_KEY, _ledger_key(plan), {"owner": "bulkhead"}))
    dates[LEDGER_KEY] = _dates(plan, 60, 30, 30)
    calls.append(_secret(MASKING_KEY, {"key": _masking_key(plan)}, {"owner": "bulkhead"}))
    dates[MASKING_KEY] = _dates(plan, 60, 30, 30)
    calls += _ledger_bucket()
    for alias, acl in plan.web_acls.items():
        calls += _web_acl(alias, acl)
    for alias, bucket in plan.buckets.items():
        calls += _bucket(alias, bucket)
    return {"region": REGION, "calls": calls, "dates": dates}


def rotated(plan: Blueprint) -> list[Connection]:
    """Credentials whose org can have two at once: secrets of External Client Apps that are kept in Secrets Manager."""
    return [
        each
        for each in plan.connections
        if each.holder == "secrets-manager"
        and each.flow == "client-credentials"
        and plan.orgs[each.target].apps[str(each.app)].kind == "external-client-app"
    ]


def taking_turns(plan: Blueprint) -> list[Connection]:
    """Passwords that rotate between two users."""
    return [each for each in plan.connections if each.twin is not None]


def client_secret(alias: str) -> str:
    """Where the certificate lies with which Bulkhead tries a new credential at the mutual-TLS port."""
    return f"bulkhead/{alias}/client-certificate"


def _dates(plan: Blueprint, created: int, changed: int, rotated: int | None) -> dict[str, str | None]:
    return {
        "created": plan.ago(created).isoformat(),
        "last_changed": plan.ago(changed).isoformat(),
        "last_rotated": None if rotated is None else plan.ago(rotated).isoformat(),
    }


def _secret(name: str, value: dict[str, Any], tags: dict[str, str]) -> Call:
    parameters = {
        "Name": name,
        "SecretString": json.dumps(value),
        "Tags": [{"Key": key, "Value": tag} for key, tag in tags.items()],
    }
    return {"service": "secretsmanager", "operation": "create_secret", "parameters": parameters}


def _tags(plan: Blueprint, connection: Connection) -> dict[str, str]:
    routes = [route.name for route in plan.routes if route.credential == connection.name]
    tags = {"source": connection.source, "org": connection.target, "owner": "integration"}
    return tags | ({"route": routes[0]} if routes else {})


def _value(plan: Blueprint, connection: Connection, ring: KeyRing) -> dict[str, Any]:
    """The secret as middleware keeps it: where to, as whom, and with what."""
    target = plan.orgs[connection.target]
    port = "" if connection.port == 443 else f":{connection.port}"
    value: dict[str, Any] = {"instanceUrl": f"https://{target.host}{port}"}
    if connection.flow == "password":
        secret = {"password": connection.password, "securityToken": connection.security_token}
        return value | {"username": connection.user, **secret}
    app = target.apps[str(connection.app)]
    value["consumerKey"] = app.consumer_key
    if connection.flow == "client-credentials":
        return value | {"consumerSecret": app.consumer_secret}
    return value | {"username": connection.user, "privateKey": ring.signing_of(app).private_key}


def _ledger_key(plan: Blueprint) -> dict[str, Any]:
    """The same key for the same seed, as all that is seeded."""
    key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(plan.canary("led").encode()).digest())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return {"keyId": "meridian-ledger-1", "privateKey": pem}


def _masking_key(plan: Blueprint) -> str:
    """Draws no number, so that the rest of the estate is the same with and without it."""
    key = base64.b64encode(hashlib.sha256(f"masking {plan.canaries[0]}".encode()).digest()).decode()
    plan.canaries.append(key)
    return key


def _ledger_bucket() -> list[Call]:
    """Object Lock has to be asked for when a bucket is made."""
    where = {"Bucket": LEDGER_BUCKET}
    made = {
        **where,
        "CreateBucketConfiguration": {"LocationConstraint": REGION},
        "ObjectLockEnabledForBucket": True,
    }
    closed = {**where, "PublicAccessBlockConfiguration": _EVERYTHING}
    return [
        {"service": "s3", "operation": "create_bucket", "parameters": made},
        {"service": "s3", "operation": "put_public_access_block", "parameters": closed},
    ]


def _channel_value(kind: str, plan: Blueprint) -> dict[str, Any]:
    if kind == "slack":
        return {"url": f"https://hooks.slack.com/services/T0MERIDIAN/B0ALERTS/{plan.canary('slk')}"}
    if kind == "pagerduty":
        return {"routingKey": plan.canary("pd")}
    sender = {
        "host": "smtp.meridian.example",
        "port": 25,
        "username": "alerts",
        "password": plan.canary("smtp"),
    }
    return {**sender, "from": "bulkhead@meridian.example", "to": "soc@meridian.example"}


def _web_acl(alias: str, acl: WebAcl) -> list[Call]:
    """Its address set, itself, its log, and the gateway that it stands before."""
    if not acl.exists:
        return []

    def waf(operation: str, parameters: dict[str, Any]) -> Call:
        return {"service": "wafv2", "operation": operation, "parameters": parameters}

    known = {"Name": f"meridian-{alias}-known", "Scope": "REGIONAL", "IPAddressVersion": "IPV4"}
    made = waf("create_ip_set", {**known, "Addresses": acl.networks})
    made["save"] = {f"set-{alias}": "Summary.ARN"}
    whole = {
        "Name": acl.name,
        "Scope": "REGIONAL",
        "DefaultAction": {"Allow": {}},
        "Rules": _rules(alias, acl),
    }
    create = waf("create_web_acl", {**whole, "VisibilityConfig": _seen(alias)})
    create["save"] = {f"acl-{alias}": "Summary.ARN"}
    calls = [made, create] if acl.networks else [create]
    arn = f"${{acl-{alias}}}"
    if acl.logged:
        log = {"ResourceArn": arn, "LogDestinationConfigs": [WAF_LOG]}
        calls.append(waf("put_logging_configuration", {"LoggingConfiguration": log}))
    if acl.associated:
        calls.append(waf("associate_web_acl", {"WebACLArn": arn, "ResourceArn": arn_of(alias)}))
    return calls


def _rules(alias: str, acl: WebAcl) -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = []
    if acl.networks:
        known = {"IPSetReferenceStatement": {"ARN": f"${{set-{alias}}}"}}
        outside = {"NotStatement": {"Statement": known}}
        rules.append({"Name": "strangers", "Statement": outside, "Action": {"Block": {}}})
    rules += [
        {
            "Name": f"rate-{number}",
            "Statement": {"RateBasedStatement": {"Limit": limit, "AggregateKeyType": "IP"}},
            "Action": {action: {}},
        }
        for number, (action, limit) in enumerate(acl.rules)
    ]
    rules += [
        {
            "Name": group,
            "Statement": {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": group}},
            "OverrideAction": {"None": {}},
        }
        for group in acl.groups
    ]
    return [{**rule, "Priority": place, "VisibilityConfig": _seen(alias)} for place, rule in enumerate(rules)]


def _seen(name: str) -> dict[str, Any]:
    return {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": name}


def _bucket(alias: str, bucket: Bucket) -> list[Call]:
    def s3(operation: str, **parameters: Any) -> Call:
        return {"service": "s3", "operation": operation, "parameters": {"Bucket": bucket.name, **parameters}}

    def kms(operation: str, **parameters: Any) -> Call:
        return {"service": "kms", "operation": operation, "parameters": parameters}

    where = {"LocationConstraint": REGION}
    # Object Lock brings versions along, so a bucket without versions has none.
    calls = [
        s3("create_bucket", CreateBucketConfiguration=where, ObjectLockEnabledForBucket=bucket.versioned)
    ]
    if bucket.kms == "none":
        encryption: dict[str, Any] = {"SSEAlgorithm": "AES256"}
    else:
        made = kms("create_key", Description=f"backups of {alias}")
        calls.append({**made, "save": {f"key-{alias}": "KeyMetadata.KeyId"}})
        key = f"${{key-{alias}}}"
        if bucket.kms == "alias":
            calls.append(kms("create_alias", AliasName=f"alias/backup-{alias}", TargetKeyId=key))
        if not bucket.key_enabled:
            calls.append(kms("disable_key", KeyId=key))
        named = f"alias/backup-{alias}" if bucket.kms == "alias" else key
        encryption = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": named}
    rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": encryption}]}
    calls.append(s3("put_bucket_encryption", ServerSideEncryptionConfiguration=rules))
    if bucket.versioned:
        calls.append(s3("put_bucket_versioning", VersioningConfiguration={"Status": "Enabled"}))
    if bucket.public_blocked:
        calls.append(s3("put_public_access_block", PublicAccessBlockConfiguration=_EVERYTHING))
    return calls
