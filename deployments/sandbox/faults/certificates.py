"""TLS trouble: a handshake that is answered with an expired certificate."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from deployments.sandbox.faults.acting import name_of
from deployments.sandbox.orgs import Orgs
from deployments.sandbox.pki import Pki

AGO = timedelta(days=30)


class ExpiredCertificates:
    """Swaps the certificate of a handshake when a rule strikes; hooked into a listener's SSL context."""

    def __init__(self, pki: Pki, orgs: Orgs) -> None:
        self._pki, self._orgs = pki, orgs

    def watch(self, context: ssl.SSLContext) -> None:
        expired: list[ssl.SSLContext] = []

        def choose(handshake: ssl.SSLObject, server_name: str | None, _: ssl.SSLContext) -> None:
            name = name_of(self._orgs, (server_name or "").lower())
            if self._orgs.faults.take("tls", name, "CONNECT", "", self._orgs.clock.now()) is None:
                return
            if not expired:
                expired.append(self._expired(context))
            handshake.context = expired[0]

        context.sni_callback = choose

    def _expired(self, like: ssl.SSLContext) -> ssl.SSLContext:
        """The listener's own context, but for the certificate."""
        pair = self._pki.issue_server(now=datetime.now(UTC) - AGO - timedelta(days=1), life=timedelta(days=1))
        file: Path = self._pki.folder / "expired.pem"
        file.touch(mode=0o600)
        file.write_text(pair.private_key + pair.certificate)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        context.verify_mode = like.verify_mode
        if like.verify_mode != ssl.CERT_NONE:
            context.load_verify_locations(self._pki.client_ca_file)
        return context
