"""Somebody who calls one org over plain HTTP, with a stolen credential or as its administrator."""

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

import jwt
import requests
from lxml import etree

from tasks.rehearsal.model import Loot, Network, Refused
from tasks.salesforce.connection import Connection
from tasks.salesforce.transport import open_transport

VERSION = "62.0"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
POLLS, POLL_SECONDS = 600, 0.05
_JWT_SECONDS = 120
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_METADATA = "http://soap.sforce.com/2006/04/metadata"
_PARTNER = "urn:partner.soap.sforce.com"
# Older than the version from which login() is gone.
_LOGIN_VERSION = "60.0"


class HttpCaller:
    """
    Keeps one session over both networks. A refused sign-in leaves an earlier session in place: a thief keeps it.

    `proxies` gives for each network the proxy through which it is reached, None for a direct line.
    """

    def __init__(
        self, loot: Loot, proxies: Mapping[Network, str | None], ca_bundle: str | None, home: Network
    ) -> None:
        self.loot = loot
        self._home = home
        self._token: str | None = None
        self._transports = {
            network: open_transport(_connection(loot, proxy, ca_bundle)) for network, proxy in proxies.items()
        }

    def close(self) -> None:
        for transport in self._transports.values():
            transport.close()

    def sign_in(self) -> str:
        """By JWT where there is a key, else by SOAP login, which still takes a password and its security token."""
        token, user_id = self._jwt() if self.loot.private_key else self._password()
        self._token = token
        return user_id

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        network: Network | None = None,
        port: int = 443,
    ) -> Any:
        if self._token is None:
            raise Refused(None, "NO_SESSION")
        answer = self._send(
            method,
            f"{self._base(port)}/services/data/v{VERSION}/{path}",
            network=network,
            params=query,
            json=body,
            headers={"Authorization": f"Bearer {self._token}"},
        )
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
        # One row a line, and one line of column names: what was asked for holds no line breaks.
        return max(0, len(str(self.call("GET", f"jobs/query/{job}/results")).splitlines()) - 1)

    def write_metadata(self, kind: str, full_name: str, elements: str) -> None:
        body = (
            f'<updateMetadata xmlns="{_METADATA}"><metadata'
            f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="{kind}">'
            f"<fullName>{escape(full_name)}</fullName>{elements}</metadata></updateMetadata>"
        )
        header = f'<SessionHeader xmlns="{_METADATA}"><sessionId>{self._token}</sessionId></SessionHeader>'
        root = self._soap(f"{self._base(443)}/services/Soap/m/{VERSION}", header, body)
        if (root.findtext(f".//{{{_METADATA}}}success") or "") != "true":
            raise Refused(200, root.findtext(f".//{{{_METADATA}}}statusCode") or "UNKNOWN_EXCEPTION")

    def _jwt(self) -> tuple[str, str]:
        assert self.loot.private_key is not None and self.loot.consumer_key is not None
        claims = {
            "iss": self.loot.consumer_key.get_secret_value(),
            "sub": self.loot.username,
            "aud": self.loot.instance_url,
            "exp": int(time.time()) + _JWT_SECONDS,
        }
        form = {
            "grant_type": JWT_BEARER,
            "assertion": jwt.encode(claims, self.loot.private_key.get_secret_value(), "RS256"),
        }
        answer = self._send("POST", f"{self._base(443)}/services/oauth2/token", data=form).json()
        return str(answer["access_token"]), str(answer["id"]).rpartition("/")[2]

    def _password(self) -> tuple[str, str]:
        secrets = (self.loot.password, self.loot.security_token)
        password = "".join(each.get_secret_value() for each in secrets if each is not None)
        body = (
            f'<login xmlns="{_PARTNER}"><username>{escape(self.loot.username)}</username>'
            f"<password>{escape(password)}</password></login>"
        )
        root = self._soap(f"{self._base(443)}/services/Soap/u/{_LOGIN_VERSION}", "", body)
        return (
            root.findtext(f".//{{{_PARTNER}}}sessionId") or "",
            root.findtext(f".//{{{_PARTNER}}}userId") or "",
        )

    def _soap(self, url: str, header: str, body: str) -> etree._Element:
        envelope = (
            f'<e:Envelope xmlns:e="{_SOAP}"><e:Header>{header}</e:Header><e:Body>{body}</e:Body></e:Envelope>'
        )
        headers = {"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": '""'}
        answer = self._send("POST", url, data=envelope.encode(), headers=headers)
        return etree.fromstring(answer.content, etree.XMLParser(resolve_entities=False, no_network=True))

    def _base(self, port: int) -> str:
        return self.loot.instance_url if port == 443 else f"{self.loot.instance_url}:{port}"

    def _send(
        self, method: str, url: str, *, network: Network | None = None, **options: Any
    ) -> requests.Response:
        """Raises Refused for every answer that is no success, and for a connection that was not made."""
        try:
            answer = self._transports[network or self._home].request(method, url, **options)
        except requests.RequestException as error:
            raise Refused(None, type(error).__name__) from None
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
    )
