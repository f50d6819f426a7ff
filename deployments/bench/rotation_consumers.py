"""Consumers of the rotation bench over the wire: they sign in with whatever kind of credential they have read."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import boto3
import jwt
import orjson
import requests
from botocore.config import Config
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tasks.aws.cloud import Cloud
from tasks.aws.secrets import read_secret
from tasks.estate.model import CloudEntry

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LOGIN = (
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><login xmlns="urn:partner.soap.sforce.com">'
    "<username>{username}</username><password>{password}</password></login></e:Body></e:Envelope>"
)


@dataclass
class Program:
    """
    A consumer over the wire. `held` is what it read last, `since` when. One that calls out is an org with its named credential:
    it reads nothing, and signs in every `cache`.
    """

    name: str
    key: str
    secret: str
    url: str
    cache: timedelta
    cooperates: bool
    held: dict[str, Any] | None = None
    since: datetime | None = None
    calls_out: tuple[str, str] | None = None


@dataclass(frozen=True)
class Beside:
    """One credential and the certificate that its user has to show: whoever has one of them needs the other, too."""

    credential: str
    certificate: str


class Doors:
    """`beside` is about the one route whose user is held to certificates; what is not tried there is the current one."""

    def __init__(self, proxy: str, ca_bundle: str, cloud: Cloud, where: CloudEntry) -> None:
        self._proxy, self._ca_bundle = proxy, ca_bundle
        self._cloud, self._where = cloud, where
        self._wire = self._session()
        self._readers: dict[str, Any] = {}
        self.beside: Beside | None = None

    def close(self) -> None:
        self._wire.close()

    def read(self, program: Program, now: datetime) -> None:
        """As the program's own AWS identity; it is on record."""
        if program.key not in self._readers:
            session = boto3.Session(
                aws_access_key_id=program.key,
                aws_secret_access_key="bench",
                region_name=self._where.region,
            )
            self._readers[program.key] = session.client(
                "secretsmanager", endpoint_url=self._where.endpoint_url, config=Config(proxies={})
            )
        answer = self._readers[program.key].get_secret_value(SecretId=program.secret)
        program.held, program.since = orjson.loads(answer["SecretString"]), now

    def admit(self, secret: str, url: str, value: dict[str, Any]) -> bool:
        """Whether the org lets in with it. Raises RuntimeError when it says neither yes nor no."""
        beside = self.beside
        if beside is None or secret not in (beside.credential, beside.certificate):
            return self._admitted(self._wire, url, value)
        if secret == beside.certificate:
            shown, value = value, read_secret(self._cloud, beside.credential)
        else:
            shown = read_secret(self._cloud, beside.certificate)
        with _files(shown) as pair, self._session() as wire:
            # A connection that is kept would go on with the certificate that opened it.
            wire.cert = pair
            return self._admitted(wire, f"{url}:8443", value)

    def _session(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = False
        session.proxies = {"https": self._proxy}
        session.verify = self._ca_bundle
        return session

    def _admitted(self, wire: requests.Session, url: str, value: dict[str, Any]) -> bool:
        if "password" in value:
            return self._by_password(wire, url, value)
        if "privateKey" in value:
            claims = {
                "iss": value["consumerKey"],
                "sub": value["username"],
                "aud": url,
                "exp": int(datetime.now(UTC).timestamp()) + 120,
            }
            assertion = jwt.encode(claims, _key(value["privateKey"]), algorithm="RS256")
            form = {"grant_type": JWT_BEARER, "assertion": assertion}
        else:
            form = {
                "grant_type": "client_credentials",
                "client_id": value["consumerKey"],
                "client_secret": value["consumerSecret"],
            }
        return self.let_in(f"{url}/services/oauth2/token", form, wire)

    def let_in(self, url: str, form: dict[str, str], wire: requests.Session | None = None) -> bool:
        """Whether a token is given. Raises RuntimeError when the org says neither yes nor no."""
        answer = (wire or self._wire).post(url, data=form, timeout=60)
        if answer.status_code == 200:
            return True
        if answer.status_code >= 500:
            raise RuntimeError(f"the estate answered {answer.status_code}")
        return False

    def _by_password(self, wire: requests.Session, url: str, value: dict[str, Any]) -> bool:
        """By SOAP, as old programs do, with the password alone."""
        body = LOGIN.format(username=escape(value["username"]), password=escape(value["password"]))
        answer = wire.post(
            f"{url}/services/Soap/u/64.0",
            data=body.encode(),
            headers={"Content-Type": "text/xml", "SOAPAction": '""'},
            timeout=60,
        )
        if b"<sessionId>" in answer.content:
            return True
        if b"INVALID_LOGIN" not in answer.content:
            raise RuntimeError(f"the estate answered {answer.status_code} to a sign-in")
        return False


@lru_cache(64)
def _key(pem: str) -> Any:
    """Reading a key takes longer than signing with it."""
    return load_pem_private_key(pem.encode(), None)


@contextmanager
def _files(value: dict[str, Any]) -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory(prefix="bulkhead-bench-") as folder:
        paths = Path(folder) / "chain.pem", Path(folder) / "key.pem"
        for path, part in zip(paths, ("certificate", "privateKey"), strict=True):
            path.touch(0o600)
            path.write_text(value[part])
        yield str(paths[0]), str(paths[1])
