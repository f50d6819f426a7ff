"""Nouns of policy.yaml about rights for hours: how long, when approved beforehand, and who keeps standing ones."""

import datetime as dt
from datetime import date, timedelta

from pydantic import Field, model_validator

from tasks.estate.model import Alias
from tasks.estate.model_changes import ChangeWindow
from tasks.value import Value


class PreApproval(ChangeWindow):
    """
    Access that needs no person while the window is open: `approver` stands for it. The same time twice is a whole day.

    It is about one route (the grants that are asked for by its name) or about one set of one user. A grant counts as inside
    when all of it is, and when it is no longer than `max_grant`.
    """

    name: str = Field(pattern=r"^[A-Za-z0-9][\w .-]{0,79}$")
    route: str | None = None
    org: Alias | None = None
    username: str | None = Field(default=None, min_length=3)
    permission_set: str | None = Field(default=None, pattern=r"^[A-Za-z]\w{0,79}$")
    approver: str = Field(min_length=2)
    max_grant: timedelta = Field(gt=timedelta(0), le=timedelta(hours=24))
    valid_until: dt.date = Field(lt=dt.date(3000, 1, 1))
    """The last day in the window's time zone; nothing is pre-approved after its midnight."""

    @model_validator(mode="after")
    def _is_clear(self) -> "PreApproval":
        place = (self.org, self.username, self.permission_set)
        if (None in place) if self.route is None else any(place):
            raise ValueError("name either a route, or org, username and permission_set")
        if not self.days:
            raise ValueError("name at least one day")
        if self.start.tzinfo is not None or self.end.tzinfo is not None:
            raise ValueError("write start and end without an offset; time_zone says it")
        if self.route is None and self.approver.strip().lower() == str(self.username).strip().lower():
            raise ValueError("who gets the rights does not stand for them; name another approver")
        return self


class JitPolicy(Value):
    max_grant: timedelta = timedelta(hours=4)
    break_glass: tuple[str, ...] = ()
    """Usernames that keep standing rights on purpose."""
    break_glass_reviewed: dict[str, date] = Field(default_factory=dict)
    """Username to the day on which somebody last looked whether it is still needed, sealed, and works."""
    break_glass_review_interval: timedelta = timedelta(days=92)
    managed_sets: dict[Alias, tuple[str, ...]] = Field(default_factory=dict)
    """Org alias to permission sets that are granted for a time only; somebody who holds one without a grant is a finding."""
    windows: tuple[PreApproval, ...] = ()
    """When which access is approved beforehand; what is asked for outside of them waits for a person."""

    @model_validator(mode="after")
    def _one_name_each(self) -> "JitPolicy":
        names = [window.name for window in self.windows]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two windows are named {twice[0]}; the ledger could not tell them apart")
        return self
