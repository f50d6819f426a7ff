"""Key pairs of the seed, made beside the main thread because RSA takes its time."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

from deployments.sandbox.pki import KeyPair, Pki, signing_pair
from deployments.sandbox.seed.blueprint import App, Blueprint, InboundCertificate, Org
from deployments.sandbox.seed.defects import defective
from deployments.sandbox.state import write_whole


class KeyRing:
    """Signing pairs by (holder, name), and one mutual-TLS client pair per org. Files are named after them."""

    def __init__(self, plan: Blueprint, pki: Pki, folder: Path, real_now: datetime) -> None:
        self._folder = folder
        self._pool = ThreadPoolExecutor(2)
        self._signing: dict[tuple[str, str], Future[KeyPair]] = {}
        self._clients: dict[str, KeyPair] = {}
        for org in plan.orgs.values():
            for app in org.apps.values():
                if app.certificate and app.certificate not in self._signing:
                    self._signing[app.certificate] = self._start(plan, app.certificate, real_now)
            # TLS goes by real time, so the file is good even where the org's copy is out of date.
            self._clients[org.alias] = pki.issue_client(f"middleware {org.alias}", now=real_now)
        self._pki, self._now = pki, real_now
        self._defective: dict[str, str] = {}

    def _start(self, plan: Blueprint, key: tuple[str, str], real_now: datetime) -> Future[KeyPair]:
        holder, name = key
        known = plan.orgs[holder].certificates.get(name) if holder in plan.orgs else None
        made, life = (known.created, known.life) if known else (real_now, timedelta(days=365))
        return self._pool.submit(signing_pair, name, now=made, life=life)

    def signing(self, key: tuple[str, str]) -> KeyPair:
        return self._signing[key].result()

    def held(self, org: str, name: str) -> KeyPair | None:
        """Of an org's own key pair, where something signs with it."""
        found = self._signing.get((org, name))
        return None if found is None else found.result()

    def signing_of(self, app: App) -> KeyPair:
        """Raises ValueError for an app that proves itself otherwise."""
        if app.certificate is None:
            raise ValueError(f"{app.name} signs nothing: it has no certificate")
        return self.signing(app.certificate)

    def client(self, org: str) -> KeyPair:
        return self._clients[org]

    def listed(self, org: str, inbound: InboundCertificate, number: int) -> str:
        """The chain of an org's inbound certificate; but for the first, and another org's, nobody has the key of them."""
        if inbound.of:
            return self._clients[inbound.of].certificate
        if inbound.defect:
            if inbound.defect not in self._defective:
                self._defective[inbound.defect] = defective(self._pki, inbound.defect, self._now)
            return self._defective[inbound.defect]
        if number:
            return self._pki.issue_client(f"middleware {org} until last year", now=self._now).certificate
        return self._clients[org].certificate

    def signing_file(self, key: tuple[str, str]) -> Path:
        return self._folder / f"{key[0]}-{key[1]}.key".replace("/", "-")

    def client_files(self, org: str) -> tuple[Path, Path]:
        """Certificate and key with which to come to an org's mutual-TLS port."""
        return self._folder / f"client-{org}.pem", self._folder / f"client-{org}.key"

    def save(self) -> None:
        """Write everything below the state folder's keys, private to the user."""
        for key, pair in self._signing.items():
            write_whole(self.signing_file(key), pair.result().private_key)
        for alias, client in self._clients.items():
            certificate, private = self.client_files(alias)
            write_whole(certificate, client.certificate)
            write_whole(private, client.private_key)
        self._pool.shutdown()


def certificate_of(ring: KeyRing, org: Org, app: str) -> str | None:
    key = org.apps[app].certificate
    return ring.signing(key).certificate if key else None
