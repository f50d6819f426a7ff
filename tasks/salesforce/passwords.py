"""
Signing in with user name and password, and setting a user's password.

SOAP login() exists up to API version 64 and ends in 2027; the OAuth user-name-password flow can be blocked by an org. The
security token changes with every password and is only mailed, so none is sent: an address within the org's trusted ranges, or
within the login ranges of the user's profile, needs none.
"""

from collections.abc import Callable
from contextlib import suppress
from xml.sax.saxutils import escape

import requests
from lxml import etree

from tasks.errors import LoginRefused, OrgError, OrgUnavailable
from tasks.salesforce.classify import classify_exception
from tasks.salesforce.connection import Connection
from tasks.salesforce.tokens import login_error
from tasks.salesforce.transport import open_transport
from tasks.salesforce.writing import WritingSession

LAST_LOGIN_VERSION = "64.0"
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_PARTNER = "urn:partner.soap.sforce.com"
_NEXT_STEP = "Check the user's login history: its password, that it is active, and that it comes from an address without token."


def sign_in(connection: Connection, username: str, password: str) -> None:
    """
    Signs in as consumers do, makes one harmless call, and ends the session.

    By OAuth where the connection has a consumer key and secret, else by SOAP. Its role has to be the enforcer's: what only reads
    sends no SOAP. Raises LoginRefused when it is not let in, also with a password that has expired, OrgUnavailable and TlsFailure.
    """
    with open_transport(connection) as transport:
        if connection.consumer_key and connection.consumer_secret:
            token = _by_oauth(connection, transport, username, password)
        else:
            token = _by_soap(connection, transport, username, password)
        try:
            answer = _sent(
                connection,
                lambda: transport.get(
                    f"{connection.base_url}/services/data/v{LAST_LOGIN_VERSION}/",
                    headers={"Authorization": f"Bearer {token}"},
                    allow_redirects=False,
                ),
            )
            if answer.status_code != 200:
                raise OrgUnavailable(
                    connection.alias, f"its first call was answered {answer.status_code}", "Try again."
                )
        finally:
            # The session ends by itself; that somebody got in is what was asked.
            with suppress(OrgError):
                _sent(
                    connection,
                    lambda: transport.post(
                        f"{connection.base_url}/services/oauth2/revoke",
                        data={"token": token},
                        allow_redirects=False,
                    ),
                )


def _by_oauth(connection: Connection, transport: requests.Session, username: str, password: str) -> str:
    form = {
        "grant_type": "password",
        "client_id": connection.consumer_key,
        "client_secret": connection.consumer_secret or "",
        "username": username,
        "password": password,
    }
    answer = _sent(
        connection,
        lambda: transport.post(
            f"{connection.base_url}/services/oauth2/token", data=form, allow_redirects=False
        ),
    )
    if answer.status_code != 200:
        raise login_error(connection.alias, answer)
    try:
        token = answer.json()["access_token"]
    except (ValueError, KeyError, TypeError):
        token = None
    return _known(connection, token)


def _by_soap(connection: Connection, transport: requests.Session, username: str, password: str) -> str:
    body = (
        f'<e:Envelope xmlns:e="{_SOAP}"><e:Body><login xmlns="{_PARTNER}"><username>{escape(username)}</username>'
        f"<password>{escape(password)}</password></login></e:Body></e:Envelope>"
    )
    answer = _sent(
        connection,
        lambda: transport.post(
            f"{connection.base_url}/services/Soap/u/{LAST_LOGIN_VERSION}",
            data=body.encode(),
            headers={"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": '""'},
            allow_redirects=False,
        ),
    )
    try:
        root = etree.fromstring(
            answer.content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        )
    except etree.XMLSyntaxError:
        raise OrgUnavailable(
            connection.alias, "the answer to a sign-in was cut short", "Run again."
        ) from None
    if root.find(f".//{{{_SOAP}}}Fault") is not None:
        code = (root.findtext(".//faultcode") or "").rpartition(":")[2]
        if code == "SERVER_UNAVAILABLE":
            raise OrgUnavailable(connection.alias, f"sign-in was answered {code}", "Try again later.")
        raise LoginRefused(connection.alias, f"sign-in was refused ({code})", _NEXT_STEP, code)
    if root.findtext(f".//{{{_PARTNER}}}passwordExpired") == "true":
        code = "INVALID_OPERATION_WITH_EXPIRED_PASSWORD"
        raise LoginRefused(
            connection.alias, f"sign-in was refused ({code})", "Have the password never expire.", code
        )
    return _known(connection, root.findtext(f".//{{{_PARTNER}}}sessionId"))


def _known(connection: Connection, token: object) -> str:
    if not isinstance(token, str) or not token:
        raise OrgUnavailable(
            connection.alias,
            "a sign-in was answered without a session",
            "A proxy or a sign-in page may stand between.",
        )
    return token


def _sent(connection: Connection, send: Callable[[], requests.Response]) -> requests.Response:
    try:
        return send()
    except requests.RequestException as error:
        raise classify_exception(connection.alias, error) from None


def set_password(session: WritingSession, user_id: str, password: str) -> None:
    """Sets a colleague's password, which takes Reset User Passwords or Manage Users. Sent once. Raises OrgError."""
    session.change("POST", f"sobjects/User/{user_id}/password", {"NewPassword": password})
