"""How the plan about address ranges says things."""

from collections.abc import Iterable, Sequence

from tasks.network.addresses import ordered, spelt
from tasks.network.listing import ProfileListing
from tasks.network.members import Members
from tasks.network.model import AddressRange, ProfileAccess, Refused
from tasks.oauth.forecast import named
from tasks.plans.model import State
from tasks.plans.render import counted

_SHOWN = 5


def shared_with(who: Members) -> str:
    """Why ranges of a profile would reach further than they should; ranges bind everybody who has it."""
    machines = (*who.integrations, *who.ours)
    if who.break_glass:
        return f"break-glass accounts have it ({named(who.break_glass)}), which no plan touches; give them a profile of their own"
    if machines and (who.administrators or who.others):
        people = counted(len(who.administrators) + len(who.others), "other user")
        return (
            f"integrations ({named(machines)}) share it with {people}, and what is right for a program is not for people; give "
            "integrations a profile of their own"
        )
    if who.others:
        return (
            f"administrators ({named(who.administrators)}) share it with {counted(len(who.others), 'user')} without such "
            "rights; give administrators a profile of their own"
        )
    return ""


def who_has(who: Members) -> str:
    kinds = (
        (who.integrations, "integration"),
        (who.administrators, "administrator"),
        (who.ours, "user of our own"),
    )
    words = [
        f"{len(users)} users of our own"
        if users is who.ours and len(users) > 1
        else counted(len(users), noun)
        for users, noun in kinds
        if users
    ]
    return " and ".join(words)


def listed(lost: Sequence[Refused]) -> str:
    more = f" and {len(lost) - _SHOWN} more" if len(lost) > _SHOWN else ""
    return "; ".join(told(each) for each in lost[:_SHOWN]) + more + " would be refused"


def told(each: Refused) -> str:
    used = "opened pages in a session" if each.pages else "called the API"
    what = f"signed in with {each.application}" if each.application else used
    return f"{each.username} {what} from {each.address} {each.times} times, last on {each.last:%Y-%m-%d}"


def state_of(ranges: Iterable[AddressRange]) -> State:
    return {"ranges": [spelt(each) for each in ordered(ranges)]}


def line_of(
    who: Members,
    profile: ProfileAccess | None,
    *,
    after: Sequence[AddressRange] | None = None,
    left_out: str = "",
    seen: Sequence[str] = (),
    unused: Sequence[AddressRange] = (),
) -> ProfileListing:
    return ProfileListing(
        profile=who.profile,
        who=who_has(who),
        before=tuple(map(spelt, ordered(profile.login_ranges))) if profile is not None else None,
        after=None if after is None else tuple(map(spelt, after)),
        left_out=left_out,
        seen=tuple(seen),
        unused=tuple(map(spelt, unused)),
    )
