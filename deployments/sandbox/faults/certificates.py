"""TLS trouble: a handshake that is answered with an expired certificate."""

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from deployments.sandbox.faults.acting import name_of
from deployments.sandbox.orgs import Orgs
from deployments.sandbox.pki import Pki

AGO = timedelta(days=30)
Choice = Callable[[str, ssl.SSLContext], ssl.SSLContext | int | None]
"""The context for a host, or the alert with which it refuses; None for the listener's own."""


class ExpiredCertificates:
    """Swaps the certificate of a handshake when a rule strikes; hooked into a listener's SSL context."""

    def __init__(self, pki: Pki, orgs: Orgs) -> None:
        self._pki, self._orgs = pki, orgs

    def watch(self, context: ssl.SSLContext, usual: Choice | None = None) -> None:
        """`usual` chooses a context by the host name where no rule strikes."""
        expired: list[ssl.SSLContext] = []

        def choose(handshake: ssl.SSLObject, server_name: str | None, _: ssl.SSLContext) -> int | None:
            name = name_of(self._orgs, (server_name or "").lower())
            if self._orgs.faults.take("tls", name, "CONNECT", "", self._orgs.clock.now()) is None:
                chosen = usual((server_name or "").lower(), context) if usual else None
                if isinstance(chosen, int):
                    return chosen
                if chosen is not None:
                    handshake.context = chosen
                return None
            if not expired:
                expired.append(self._expired(context))
            handshake.context = expired[0]
            return None

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
