"""Nouns of policy.yaml about how old credentials may become, and when their next ones follow."""

from datetime import timedelta
from typing import Literal

from pydantic import model_validator

from tasks.value import Value

LONGEST_OVERLAP = timedelta(days=28)
"""An org lets an app's replaced credentials live for 30 days; what was promoted late needs room in it."""


class RotationPolicy(Value):
    """Ages count from the moment at which a credential was made."""

    max_age: timedelta = timedelta(days=90)
    certificate_max_life: timedelta = timedelta(days=398)
    expiry_warning: timedelta = timedelta(days=30)
    create_after: timedelta = timedelta(days=83)
    """The age at which the next one is made and tried. Nobody uses it yet."""
    live_after: timedelta = timedelta(days=84)
    """The age at which the next one becomes the one that consumers read. Both are valid from here on."""
    revoke_after: timedelta = timedelta(days=90)
    """The age at which it is revoked."""
    quiet: timedelta = timedelta(days=2)
    """For how long no sign-in may have used it before it is revoked."""
    at_the_end: Literal["revoke", "wait"] = "revoke"
    """
    What follows when somebody still uses it at that age. `revoke`: the day wins, and only that consumer fails. `wait`: it
    lives on for as long as a waiver of ZT-10 for `credential:secret:<name>` says, under an alert; without a waiver the day wins.
    """
    scheduled: bool = True
    """
    Whether credentials that estate.yaml registers are rotated by their age alone. The files say which and when, so nobody
    has to approve each time; a rotation that a person starts is a plan and needs its approvals in any case.
    """

    @model_validator(mode="after")
    def _in_order(self) -> "RotationPolicy":
        if not timedelta(0) < self.create_after < self.live_after < self.revoke_after:
            raise ValueError("create_after, live_after and revoke_after follow one another, each later")
        if not timedelta(0) <= self.quiet <= self.revoke_after - self.live_after:
            raise ValueError("quiet must fit between live_after and revoke_after")
        if self.revoke_after - self.live_after > LONGEST_OVERLAP:
            raise ValueError(
                f"between live_after and revoke_after there may be {LONGEST_OVERLAP.days} days: after 30 an org ends the old "
                "credentials of an app by itself"
            )
        return self
