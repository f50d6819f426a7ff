"""Nouns of sign-in flows: switches of an org, and who was seen going through which door."""

from datetime import datetime
from enum import StrEnum

from tasks.estate.model import Alias
from tasks.inventory.model import App, Login, OauthGrant
from tasks.network.model import OrgSettings, ProfileAccess
from tasks.permissions.model import OrgRights
from tasks.value import Value


class Flow(StrEnum):
    """Ways from a browser or a password to a token. Values: LoginHistory.LoginSubType."""

    PASSWORD = "OauthUsernamePassword"
    USER_AGENT = "OauthUserAgent"
    WEB_SERVER = "OauthWebServer"


DOORS = (Flow.PASSWORD, Flow.USER_AGENT)
"""Those that take a password or hand out tokens in a browser's address."""


class FlowUse(Value):
    """Sign-ins of one user through one door and one app, over the days that were looked at."""

    username: str
    application: str
    flow: Flow
    times: int
    last: datetime


class PasswordUse(Value):
    """SOAP login() of one user."""

    username: str
    times: int
    last: datetime


class Doors(Value):
    """
    One org: whether each door is shut, who used which flow, and who signs in by SOAP. `days` is how far back was looked.

    With `proof_keys` the org asks every app for a proof key (PKCE).
    """

    org: Alias
    days: int
    shut: dict[Flow, bool]
    used: tuple[FlowUse, ...]
    soap: tuple[PasswordUse, ...]
    proof_keys: bool = False


class OrgApps(Value):
    """One org's apps, and all that tells who uses them: tokens, sign-ins, and who is admitted to which."""

    rights: OrgRights
    apps: tuple[App, ...]
    grants: tuple[OauthGrant, ...]
    logins: tuple[Login, ...]
    profiles: tuple[ProfileAccess, ...]
    settings: OrgSettings

    @property
    def org(self) -> str:
        return self.rights.org
