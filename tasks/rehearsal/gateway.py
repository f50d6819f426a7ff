"""Somebody who calls one org over plain HTTP, with a stolen credential or as its administrator."""

import time
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

import jwt
import requests
from lxml import etree

from tasks.rehearsal.model import Loot, Network, Refused
from tasks.rehearsal.moves import MUTUAL_TLS_PORT
from tasks.salesforce.connection import Connection
from tasks.salesforce.transport import open_transport

VERSION = "62.0"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
POLLS, POLL_SECONDS = 600, 0.05
_JWT_SECONDS = 120
_THE_END = "null"
"""What Sforce-Locator says with the last part of a bulk query's results."""
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_METADATA = "http://soap.sforce.com/2006/04/metadata"
_PARTNER = "urn:partner.soap.sforce.com"
# Older than the version from which login() is gone.
_LOGIN_VERSION = "60.0"


class HttpCaller:
    """
    Keeps one session over both networks. A refused sign-in leaves an earlier session in place: a thief keeps it.

    `proxies` gives for each network the proxy through which it is reached, None for a direct line. With `canary` only records
    whose name begins so are asked for.
    """

    def __init__(
        self, loot: Loot, proxies: Mapping[Network, str | None], ca_bundle: str | None, canary: str = ""
    ) -> None:
        self.loot = loot
        self.now: datetime | None = None
        self._home = loot.home
        self._canary = canary
        self._token: str | None = None
        self._transports = {
            network: open_transport(_connection(loot, proxy, ca_bundle)) for network, proxy in proxies.items()
        }

    def close(self) -> None:
        for transport in self._transports.values():
            transport.close()

    def sign_in(self, network: Network | None = None) -> str:
        """By what the app is known by where there is one, else by SOAP login, which still takes a password and its token."""
        if self.loot.consumer_key is not None:
            token, user_id = self._token_for(self._grant(self.loot.consumer_key.get_secret_value()), network)
        else:
            secrets = (self.loot.password, self.loot.security_token)
            password = "".join(each.get_secret_value() for each in secrets if each is not None)
            token, user_id = self._login(self.loot.username, password, network)
        self._token = token
        return user_id

    def guess(self, username: str, password: str) -> str:
        self._token, user_id = self._login(username, password, None)
        return user_id

    def only(self, sobject: str) -> str:
        if not self._canary:
            return ""
        quoted = self._canary.replace("\\", "\\\\").replace("'", "\\'")
        return f" WHERE Name LIKE '{quoted}%'"

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        network: Network | None = None,
        port: int | None = None,
    ) -> Any:
        answer = self._called(method, path, network=network, port=port, params=query, json=body)
        return answer.json() if "json" in answer.headers.get("Content-Type", "") else answer.text

    def export(self, soql: str) -> int:
        job = self.call("POST", "jobs/query", body={"operation": "query", "query": soql})["id"]
        for _ in range(POLLS):
            state = self.call("GET", f"jobs/query/{job}")["state"]
            if state in ("JobComplete", "Failed", "Aborted"):
                break
            time.sleep(POLL_SECONDS)
        if state != "JobComplete":
            raise Refused(200, f"JOB_{state.upper()}")
        rows, place = 0, ""
        while place != _THE_END:
            part = self._called(
                "GET", f"jobs/query/{job}/results", params={"locator": place} if place else None
            )
            # One row a line, and one line of column names: what was asked for holds no line breaks.
            rows += max(0, len(part.text.splitlines()) - 1)
            place = part.headers.get("Sforce-Locator", _THE_END)
        return rows

    def write_metadata(self, kind: str, full_name: str, elements: str) -> None:
        body = (
            f'<updateMetadata xmlns="{_METADATA}"><metadata'
            f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="{kind}">'
            f"<fullName>{escape(full_name)}</fullName>{elements}</metadata></updateMetadata>"
        )
        header = f'<SessionHeader xmlns="{_METADATA}"><sessionId>{self._token}</sessionId></SessionHeader>'
        root = self._soap(f"{self._base()}/services/Soap/m/{VERSION}", header, body)
        if (root.findtext(f".//{{{_METADATA}}}success") or "") != "true":
            raise Refused(200, root.findtext(f".//{{{_METADATA}}}statusCode") or "UNKNOWN_EXCEPTION")

    def _called(
        self,
        method: str,
        path: str,
        *,
        network: Network | None = None,
        port: int | None = None,
        **options: Any,
    ) -> requests.Response:
        if self._token is None:
            raise Refused(None, "NO_SESSION")
        url = f"{self._base(port)}/services/data/v{VERSION}/{path}"
        headers = {"Authorization": f"Bearer {self._token}"}
        return self._send(method, url, network=network, headers=headers, **options)

    def _grant(self, consumer_key: str) -> dict[str, str]:
        """The form of the token request: by refresh token, by key pair, or by the app's own secret."""
        loot = self.loot
        secret = (
            {} if loot.consumer_secret is None else {"client_secret": loot.consumer_secret.get_secret_value()}
        )
        if loot.refresh_token is not None:
            token = {"refresh_token": loot.refresh_token.get_secret_value()}
            return {"grant_type": "refresh_token", "client_id": consumer_key, **token, **secret}
        if loot.private_key is None:
            return {"grant_type": "client_credentials", "client_id": consumer_key, **secret}
        claims = {
            "iss": consumer_key,
            "sub": loot.username,
            "aud": loot.instance_url,
            "exp": int(time.time()) + _JWT_SECONDS,
        }
        assertion = jwt.encode(claims, loot.private_key.get_secret_value(), "RS256")
        return {"grant_type": JWT_BEARER, "assertion": assertion}

    def _token_for(self, form: Mapping[str, str], network: Network | None) -> tuple[str, str]:
        url = f"{self._base()}/services/oauth2/token"
        answer = self._send("POST", url, data=form, network=network).json()
        return str(answer["access_token"]), str(answer["id"]).rpartition("/")[2]

    def _login(self, username: str, password: str, network: Network | None) -> tuple[str, str]:
        body = (
            f'<login xmlns="{_PARTNER}"><username>{escape(username)}</username>'
            f"<password>{escape(password)}</password></login>"
        )
        root = self._soap(f"{self._base()}/services/Soap/u/{_LOGIN_VERSION}", "", body, network)
        return (
            root.findtext(f".//{{{_PARTNER}}}sessionId") or "",
            root.findtext(f".//{{{_PARTNER}}}userId") or "",
        )

    def _soap(self, url: str, header: str, body: str, network: Network | None = None) -> etree._Element:
        envelope = (
            f'<e:Envelope xmlns:e="{_SOAP}"><e:Header>{header}</e:Header><e:Body>{body}</e:Body></e:Envelope>'
        )
        headers = {"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": '""'}
        answer = self._send("POST", url, network=network, data=envelope.encode(), headers=headers)
        return etree.fromstring(answer.content, etree.XMLParser(resolve_entities=False, no_network=True))

    def _base(self, port: int | None = None) -> str:
        """Who holds a certificate calls the port that asks for one."""
        chosen = port or (MUTUAL_TLS_PORT if self.loot.certificate_files else 443)
        return self.loot.instance_url if chosen == 443 else f"{self.loot.instance_url}:{chosen}"

    def _send(
        self, method: str, url: str, *, network: Network | None = None, **options: Any
    ) -> requests.Response:
        """Raises Refused for every answer that is no success, and for a connection that was not made."""
        try:
            answer = self._transports[network or self._home].request(method, url, **options)
        except requests.RequestException as error:
            raise Refused(None, type(error).__name__) from None
        if (stamp := answer.headers.get("Date")) is not None:
            self.now = parsedate_to_datetime(stamp)
        if not answer.ok:
            raise Refused(answer.status_code, _code(answer))
        return answer


def _code(answer: requests.Response) -> str:
    """The error code of a refusal, in whichever of its three shapes the platform answers."""
    if "xml" in answer.headers.get("Content-Type", ""):
        root = etree.fromstring(answer.content, etree.XMLParser(resolve_entities=False, no_network=True))
        return (root.findtext(".//faultcode") or "").rpartition(":")[2]
    try:
        document = answer.json()
    except ValueError:
        return ""
    first = document[0] if isinstance(document, list) and document else document
    if not isinstance(first, dict):
        return ""
    return str(first.get("errorCode") or first.get("error_description") or first.get("error") or "")


def _connection(loot: Loot, proxy: str | None, ca_bundle: str | None) -> Connection:
    return Connection(
        alias=loot.org,
        base_url=f"https://{urlsplit(loot.instance_url).hostname}",
        flow="jwt-bearer",
        username=loot.username,
        consumer_key="",
        role="enforcer",
        proxy=proxy,
        ca_bundle=ca_bundle,
        client_certificate=loot.certificate_files,
    )
