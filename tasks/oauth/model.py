"""Nouns of sign-in flows: switches of an org, and who was seen going through which door."""

from datetime import datetime
from enum import StrEnum

from tasks.estate.model import Alias
from tasks.value import Value


class Flow(StrEnum):
    """Doors that take a password or hand out tokens in a browser's address. Values: LoginHistory.LoginSubType."""

    PASSWORD = "OauthUsernamePassword"
    USER_AGENT = "OauthUserAgent"


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
    """One org: whether each door is shut, who used which, and who signs in by SOAP. `days` is how far back was looked."""

    org: Alias
    days: int
    shut: dict[Flow, bool]
    used: tuple[FlowUse, ...]
    soap: tuple[PasswordUse, ...]
