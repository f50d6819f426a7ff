"""One user of the embedded estate over the wire: on the port for client certificates, which serves users held to them too."""

import base64
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Self
from xml.sax.saxutils import escape

import requests
from cryptography.x509 import load_pem_x509_certificate

from deployments.sandbox import launch

VERSION = "66.0"
_TIMEOUT = 60
_METADATA = "http://soap.sforce.com/2006/04/metadata"


class Refused(Exception):
    """What the org answered instead, by its error code."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class Wire:
    """Addresses of a running estate; asked for once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._env = launch.client_environment(folder)
        self._orgs: Mapping[str, Any] = {org["alias"]: org for org in self._env["orgs"]}

    def user(self, alias: str, username: str) -> "UserOnWire":
        token = launch.mint_token(self.folder, alias, username)
        return UserOnWire(self._orgs[alias]["mtls_url"], username, token, self._session(alias))

    def list_certificate(self, alias: str, administrator: str) -> None:
        """
        Puts the clients' certificate on the org's list anew, as its administrator would where the entries have lapsed.

        Without that nobody who is held to certificates gets in, and nobody could measure what such a user reaches.
        """
        with self._session(alias) as session:
            assert isinstance(session.cert, tuple)
            pem = Path(session.cert[0]).read_bytes()
        leaf = load_pem_x509_certificate(pem)
        issuer = ",".join(f"{each.rfc4514_attribute_name}={each.value!s}" for each in leaf.issuer)
        self.metadata(
            alias,
            administrator,
            '<upsertMetadata><metadata xsi:type="InboundCertificate"><fullName>Measured</fullName>'
            f"<content>{base64.b64encode(pem).decode()}</content><masterLabel>Measured</masterLabel>"
            f"<expirationDate>{leaf.not_valid_after_utc:%Y-%m-%d}</expirationDate>"
            f"<issuer>{escape(issuer)}</issuer><serialId>{leaf.serial_number}</serialId></metadata></upsertMetadata>",
        )

    def metadata(self, alias: str, administrator: str, operation: str) -> None:
        """One operation of the Metadata API on one component. Raises Refused."""
        token = launch.mint_token(self.folder, alias, administrator)
        body = (
            '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
            f' xmlns="{_METADATA}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Header>'
            f"<SessionHeader><sessionId>{escape(token)}</sessionId></SessionHeader></soapenv:Header>"
            f"<soapenv:Body>{operation}</soapenv:Body></soapenv:Envelope>"
        )
        with self._session(alias) as session:
            answer = session.post(
                f"{self._orgs[alias]['instance_url']}/services/Soap/m/{VERSION}",
                data=body.encode(),
                headers={"Content-Type": "text/xml", "SOAPAction": '""'},
                timeout=_TIMEOUT,
            )
        if "<success>true</success>" not in answer.text:
            raise Refused(f"the Metadata API of {alias} took no change")

    def _session(self, alias: str) -> requests.Session:
        session = requests.Session()
        session.trust_env = False
        session.proxies = {"https": self._env["proxy"]}
        session.verify = self._env["ca_bundle"]
        # All clients of an org's syncs present one certificate, as middleware does.
        app = next(each for each in self._orgs[alias]["apps"] if "client_certificate_file" in each)
        session.cert = (app["client_certificate_file"], app["client_key_file"])
        return session


class UserOnWire:
    def __init__(self, address: str, username: str, token: str, session: requests.Session) -> None:
        self._address = address
        self._username = username
        self._session = session
        self._session.headers["Authorization"] = f"Bearer {token}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._session.close()

    @cached_property
    def own_id(self) -> str:
        found = self.rows(f"SELECT Id FROM User WHERE Username = '{self._username}'")
        return str(next(found)["Id"])

    def get(self, path: str, **query: str) -> Any:
        """Raises Refused."""
        return self._send("GET", path, params=query)

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        return self._send("POST", path, json=body)

    def change(self, path: str, body: Mapping[str, Any]) -> None:
        self._send("PATCH", path, json=body)

    def remove(self, path: str) -> None:
        self._send("DELETE", path)

    def rows(self, soql: str) -> Iterator[Mapping[str, Any]]:
        answer = self.get("query", q=soql)
        yield from answer["records"]
        while not answer["done"]:
            answer = self.get(answer["nextRecordsUrl"].partition(f"v{VERSION}/")[2])
            yield from answer["records"]

    def count(self, soql: str) -> int:
        return int(self.get("query", q=soql)["totalSize"])

    def _send(self, method: str, path: str, **options: Any) -> Any:
        url = f"{self._address}/services/data/v{VERSION}/{path}"
        answer = self._session.request(method, url, timeout=_TIMEOUT, **options)
        if answer.status_code >= 400:
            raise Refused(str(answer.json()[0]["errorCode"]))
        return answer.json() if answer.content else None
