"""
The advanced controls of the demonstration: plans applied until nothing is left to plan, and what those plans leave to people.

People move callers that know only a password to keys, have requests signed, take away what keeps a field from being encrypted, and
decide who may be stopped; orgs go on with their syncs. All of it goes over the orgs' own protocols, with what such people have.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests

from deployments.bench.rehearsal.carried import root_of
from deployments.bench.rehearsal.ground import Ground
from deployments.bench.rehearsal.hardening import REQUESTER, Job, hand_in
from deployments.bench.rotation_held import asked
from deployments.bench.rotation_setup import Administrator
from deployments.sandbox import launch
from flows.encryption import plan_encryption
from flows.mutual_tls import mutual_tls
from tasks.aws.secrets import read_secret, write_secret
from tasks.certificates.gateway import read_callers, read_certificates
from tasks.certificates.naming import pair_prefix, waiting_name
from tasks.credentials.rotation_gateway import certificate_around, new_key
from tasks.errors import SecretUnavailable
from tasks.estate.model import Route
from tasks.estate.policy import Waiver
from tasks.orgs import load_estate, open_cloud, open_org
from tasks.plans.certificates_gateway import read_presented
from tasks.plans.model import Resource, ResourceKind
from tasks.rehearsal.model import Layer
from tasks.salesforce.handshakes import MUTUAL_PORT
from tasks.salesforce.metadata import flag, read_metadata

_PASSWORD = ("username", "password", "securityToken")
OWNER = "data-protection@meridian.example"
ACCEPTED_FOR = timedelta(days=90)
_STOPPED = frozenset({"list view", "report"})
"""What owners let encryption stop: whoever looks there finds the same records in another way."""
_CHANGED = "formula field"
"""What people change first, because the platform encrypts nothing that one is made of."""


def work(ground: Ground, planned: Mapping[str, str]) -> dict[Layer, dict[str, Job]]:
    """`planned` are the digests of the phase's own plans, by job. Each further plan goes on from where the one before it led."""
    return {
        Layer.DETECTION: {"event-logs": lambda: planned["event-logs"]},
        Layer.MUTUAL_TLS: {
            "mutual-tls, key pairs": lambda: planned["mutual-tls"],
            "mutual-tls, signed": lambda: _signed(ground.folder),
            "mutual-tls, listed": lambda: mutual_tls(requester=REQUESTER),
            "mutual-tls, presented": lambda: mutual_tls(requester=REQUESTER),
            "mutual-tls, enforced": _enforced,
        },
        Layer.ENCRYPTION: {
            "plan-encryption": lambda: planned["plan-encryption"],
            "plan-encryption, as owners decided": lambda: _decided(ground.folder),
        },
    }


def moved_to_keys(folder: Path) -> dict[str, str]:
    """
    What the plan of the password doors leaves to people: by route that signed in by user name and password, the app with a key of
    its own by which it signs in since. Raises RuntimeError and HTTP errors.
    """
    cloud, estate = open_cloud(), load_estate()
    held = read_callers(cloud, [route.credential for route in estate.routes])
    moved = {}
    for route in estate.routes:
        if route.credential in held and held[route.credential].by_password:
            key = new_key()
            consumer, moved[route.name] = _app(folder, route, certificate_around(key, datetime.now(UTC)))
            kept = {k: v for k, v in read_secret(cloud, route.credential).items() if k not in _PASSWORD}
            signs = {"username": route.sync_user, "consumerKey": consumer, "privateKey": key}
            write_secret(cloud, route.credential, {**kept, **signs})
    for org in estate.orgs:
        own = [route for route in estate.routes if route.source == org.alias and route.credential not in held]
        with open_org(org.alias) as session:
            named = read_metadata(session, "NamedCredential", sorted({route.credential for route in own}))
        for route in own:
            if named.get(route.credential, {}).get("protocol") == "Password":
                host = estate.org(route.target).my_domain
                moved[route.name] = _signs_itself(folder, route, host, named[route.credential])
    return moved


def _signs_itself(folder: Path, route: Route, host: str, former: Mapping[str, Any]) -> str:
    """A named credential that kept a password signs with a key that never leaves its org; gives its app."""
    administrator = Administrator(folder, route.source)
    try:
        name = f"{route.credential}_Key"
        pair = {"caSigned": "false", "keySize": "2048", "masterLabel": name, "privateKeyExportable": "false"}
        administrator.write("createMetadata", "Certificate", name, **pair)
        chain = launch.ask(folder, "GET", f"/key-pair?org={route.source}&name={quote(name)}")["chain"]
        consumer, app = _app(folder, route, chain)
        kept = {k: v for k, v in former.items() if k not in ("fullName", *_PASSWORD)}
        signs = {
            "protocol": "JwtExchange",
            "jwtIssuer": consumer,
            "jwtTextSubject": route.sync_user,
            "jwtSigningCertificate": name,
            "jwtAudience": host,
            "authTokenEndpointUrl": f"{host}/services/oauth2/token",
        }
        administrator.write("updateMetadata", "NamedCredential", route.credential, **{**kept, **signs})
    finally:
        administrator.close()
    return app


def _app(folder: Path, route: Route, certificate: str) -> tuple[str, str]:
    """Consumer key and name of a new app of the route's target, for its sync user alone."""
    name = f"{route.name.removesuffix('_Sync')}_Key"
    with _registering(folder, route.target) as administrator:
        held_by = _set_of(administrator, route.sync_user)
        return administrator.make_app(name, certificate=certificate, held_by=held_by), name


def synced(ground: Ground) -> int:
    """
    What orgs do by their schedules: each signs in for its routes once, with the certificate that its credential presents. How many
    did. Raises RuntimeError where one gets no session.
    """
    estate, called = load_estate(), 0
    wire = _wire(ground.folder)
    for org in estate.orgs:
        own = [
            Resource(org=org.alias, kind=ResourceKind.CLIENT_CERTIFICATE, key=route.credential)
            for route in estate.routes
            if route.source == org.alias
        ]
        with open_org(org.alias) as session:
            presented = {
                each.key: found["certificate"] for each, found in read_presented(session, own).items()
            }
        for route in estate.routes:
            # Bulkhead carries the others itself, as users who rest between its runs.
            if route.source != org.alias or route.credential not in presented or route.sync is not None:
                continue
            url = f"{estate.org(route.target).my_domain}:{MUTUAL_PORT}/services/oauth2/token"
            with _shown(ground.folder, org.alias, str(presented[route.credential])) as files:
                answer = wire.post(url, data=_asks(ground.folder, route), cert=files, timeout=60)
            if answer.status_code != 200:
                raise RuntimeError(f"{route.name} is refused by {route.target}: {answer.text[:200]}")
            called += 1
    return called


def _wire(folder: Path) -> requests.Session:
    environment = launch.client_environment(folder)
    wire = requests.Session()
    wire.trust_env = False
    wire.proxies = {"https": environment["proxy"]}
    wire.verify = environment["ca_bundle"]
    return wire


def _asks(folder: Path, route: Route) -> Mapping[str, str]:
    """The form of an org's own request for a token; who was let in at a browser once goes on with its refresh token."""
    try:
        return asked(folder, route.source, route.credential)[1]
    except LookupError:
        apps = json.loads((folder / "clients.json").read_text())["apps"]
        app = next(each for each in apps if (each["org"], each["name"]) == (route.target, route.app))
        return {
            "grant_type": "refresh_token",
            "refresh_token": app["refresh_token"],
            "client_id": app["consumer_key"],
            "client_secret": app["consumer_secret"],
        }


def decided(folder: Path, today: datetime) -> tuple[Waiver, ...]:
    """What no scheme of platform encryption takes, whatever people change: its owner answers for it, until a day."""
    return tuple(
        Waiver(
            control="ZT-06",
            org=each["org"],
            resource=f"field:{each['field']}",
            reason="no scheme of platform encryption takes a field like it; it is to be replaced by one that can be encrypted",
            owner=OWNER,
            expires=(today + ACCEPTED_FOR).date(),
        )
        for each in _blockers(folder)
        if not each["scheme"] and each["kind"] not in (*_STOPPED, _CHANGED)
    )


def _signed(folder: Path) -> str:
    """The authority is outside, as most are: it answers every request that waits, of orgs and of middleware."""
    cloud, estate = open_cloud(), load_estate()
    for org in estate.orgs:
        routes = [route for route in estate.routes if route.source == org.alias]
        with open_org(org.alias) as session:
            held = read_certificates(session).values["held"]
        for pair in (each for each in held if each.request is not None):
            for route in (each for each in routes if pair.name.startswith(pair_prefix(each.name))):
                hand_in(folder, cloud, route, pair.request)
    for route in estate.routes:
        try:
            waiting = read_secret(cloud, waiting_name(route.credential))
        except SecretUnavailable:
            continue
        if request := waiting.get("nextRequest"):
            hand_in(folder, cloud, route, request)
    return mutual_tls(requester=REQUESTER)


def _enforced() -> str:
    """The owners' word: a sync user is for its route, whoever else signs in as it gets a user of their own."""
    return mutual_tls(requester=REQUESTER, although_used=[route.name for route in load_estate().routes])


def _decided(folder: Path) -> str:
    """People have read what the first plan says: they change what the platform insists on, and accept what stops."""
    blockers = [each for each in _blockers(folder) if not each["scheme"]]
    for each in (one for one in blockers if one["kind"] == _CHANGED):
        administrator = Administrator(folder, each["org"], root_of(each["org"]))
        try:
            administrator.write(
                "updateMetadata",
                "CustomField",
                each["name"],
                label=_label(each["name"]),
                type="Text",
                formula='""',
            )
        finally:
            administrator.close()
    return plan_encryption(
        requester=REQUESTER,
        orgs=sorted({each["org"] for each in blockers}),
        although_used=[each["field"] for each in blockers if each["kind"] in _STOPPED],
    )


def _blockers(folder: Path) -> list[dict[str, str]]:
    """What the estate's maker put in the way of encryption: people know their orgs, and the product never reads this."""
    found: list[dict[str, str]] = json.loads((folder / "answer-key.json").read_text())["blockers"]
    return found


def _label(name: str) -> str:
    return name.partition(".")[2].removesuffix("__c").replace("_", " ")


@contextmanager
def _registering(folder: Path, org: str) -> Iterator[Administrator]:
    """An administrator, who may read the keys of new apps meanwhile. The org lets consumer keys be read as before afterwards."""
    kind, name = "ExternalClientAppSettings", "ExternalClientApp"
    with open_org(org) as session:
        before = read_metadata(session, kind, [name]).get(name, {})
    administrator = Administrator(folder, org)
    try:
        administrator.consent()
        yield administrator
    finally:
        let = "enableConsumerSecretApiAccess"
        administrator.write("upsertMetadata", kind, name, **{let: str(flag(before, let)).lower()})
        administrator.close()


def _set_of(administrator: Administrator, username: str) -> str:
    """A permission set that a sync user holds by itself."""
    rows = administrator.rows(
        "SELECT PermissionSet.Name FROM PermissionSetAssignment "
        f"WHERE Assignee.Username = '{username}' AND PermissionSet.IsOwnedByProfile = false AND PermissionSetGroupId = null "
        "ORDER BY PermissionSet.Name"
    )
    return str(rows[0]["PermissionSet"]["Name"])


@contextmanager
def _shown(folder: Path, org: str, name: str) -> Iterator[tuple[str, str]]:
    """What an org presents as files, which are gone with the block: the key is the org's own, and only the estate has it."""
    held = launch.ask(folder, "GET", f"/key-pair?org={org}&name={quote(name)}")
    with tempfile.TemporaryDirectory(prefix="bulkhead-") as place:
        files = Path(place) / "chain.pem", Path(place) / "key.pem"
        for file, part in zip(files, ("chain", "key"), strict=True):
            file.touch(mode=0o600)
            file.write_text(held[part])
        yield str(files[0]), str(files[1])
