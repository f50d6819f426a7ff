"""Credentials that an org holds itself: what a person sets up so that they are rotated, and the orgs as those who use them."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from deployments.bench.rotation_setup import Administrator
from deployments.bench.sessions import Sessions
from deployments.sandbox import launch
from tasks.aws.cloud import Cloud
from tasks.aws.secrets import write_secret
from tasks.credentials.deliveries_gateway import OrgRounds
from tasks.credentials.delivering import SIGNS
from tasks.credentials.roads import Road, way_of
from tasks.credentials.rotation_gateway import certificate_around, new_key
from tasks.estate.model import RotatedCredential, Route
from tasks.inventory.credentials_gateway import outbound_credential
from tasks.inventory.model import OutboundCredential, OutboundKind
from tasks.salesforce.metadata import many, read_metadata
from tasks.salesforce.session import Session

WEEKLY = timedelta(days=7)
CALLS_FROM = "203.0.113.10/32"
_GLOBAL = "ExtlClntAppGlobalOauthSettings"


@dataclass(frozen=True)
class Prepared:
    """`credential` is None where a person has to renew it, and `why` says so."""

    credential: RotatedCredential | None
    pause: timedelta = timedelta(days=1)
    why: str = ""


def prepare(
    route: Route, folder: Path, sessions: Sessions, cloud: Cloud, administered: Callable[[str], Any]
) -> Prepared:
    """What a careful company sets up for a route whose credential lies in its source org."""
    with sessions.scanner(route.source) as reader:
        outbound = _outbound(reader, route.credential)
    with sessions.scanner(route.target) as reader:
        settings = read_metadata(reader, _GLOBAL, [f"{route.app}_glbloauth"])
        classic = read_metadata(reader, "ConnectedApp", [route.app])
    way = way_of(outbound.kind, external_client=bool(settings), registered=False)
    if way.road is Road.PERSON:
        return Prepared(None, why=way.why)
    pause = WEEKLY if route.schedule.endswith(" 0") else timedelta(days=1)
    delivery: dict[str, Any] = {
        "org": route.source,
        "named_credential": route.credential,
        "external_credential": outbound.external_credential,
        "addresses": [CALLS_FROM],
        "pause": pause,
    }
    secret = f"salesforce/{route.target}/{route.source}-{route.credential.lower().replace('_', '-')}"
    with administered(route.target) as administrator:
        administrator.without_certificates(route.app)
        administrator.consent()
        if outbound.kind is OutboundKind.JWT:
            kind, apps = "key-pair", [f"{route.app}_A", f"{route.app}_B"]
            value = _two_apps(administrator, route, outbound, apps, _certificate(settings, classic))
        else:
            kind, apps = "client-secret", [route.app if settings else f"{route.app}_ECA"]
            delivery["principal"] = "Sync"
            value = _one_app(administrator, route, apps[0], made=bool(settings))
    write_secret(cloud, secret, value)
    credential = RotatedCredential.model_validate(
        {"secret": secret, "org": route.target, "kind": kind, "apps": apps, "deliveries": [delivery]}
    )
    # A person enters it in Setup; the same calls do.
    with sessions.enforcer(route.source) as writer, sessions.scanner(route.target) as reader:
        OrgRounds(credential, reader, lambda org: writer).bring(credential.deliveries[0], value)
    return Prepared(credential, pause)


def _outbound(reader: Session, name: str) -> OutboundCredential:
    named = read_metadata(reader, "NamedCredential", [name])[name]
    holders = [
        str(each["externalCredential"])
        for each in many(named, "namedCredentialParameters")
        if each.get("externalCredential")
    ]
    return outbound_credential(named, read_metadata(reader, "ExternalCredential", holders))


def _certificate(settings: dict[str, Any], classic: dict[str, Any]) -> str:
    """The certificate of the app that is there, in PEM: the new app takes the same key, so nothing else changes."""
    holders = [*settings.values(), *(each["oauthConfig"] for each in classic.values())]
    return base64.b64decode(next(each["certificate"] for each in holders)).decode()


def _two_apps(
    administrator: Administrator, route: Route, outbound: OutboundCredential, apps: list[str], held: str
) -> dict[str, Any]:
    now = datetime.now(UTC)
    key = administrator.make_app(apps[0], certificate=held, held_by=route.app)
    administrator.make_app(apps[1], certificate=certificate_around(new_key(), now), held_by=route.app)
    return {
        "instanceUrl": administrator.base,
        "username": route.sync_user,
        "consumerKey": key,
        SIGNS: outbound.signing_certificate,
        "certificate": held,
    }


def _one_app(administrator: Administrator, route: Route, app: str, *, made: bool) -> dict[str, Any]:
    if not made:
        administrator.make_app(app, run_as=route.sync_user, held_by=route.app)
    pair = administrator.pair(app)
    return {
        "instanceUrl": administrator.base,
        "consumerKey": pair["key"],
        "consumerSecret": pair["secret"],
    }


def asked(folder: Path, org: str, named_credential: str) -> tuple[str, dict[str, str]]:
    """Address and form with which an org asks for a token now."""
    found = launch.ask(folder, "GET", f"/call-out?org={org}&name={quote(named_credential)}")
    return found["url"], found["form"]


def private_key(folder: Path, org: str, name: str) -> str | None:
    """Of an org's own key pair; None where it is gone, and with it all that was signed with it."""
    try:
        found = launch.ask(folder, "GET", f"/key-pair?org={org}&name={quote(name)}")
    except LookupError:
        return None
    return str(found["key"])
