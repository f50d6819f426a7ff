"""What was seen of one org's users, what of it a change would end, and what policy says to that."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from tasks.estate.model import Estate
from tasks.estate.model_network import ExplainedLockOut
from tasks.estate.policy import Policy
from tasks.network.addresses import ordered, parsed, too_wide, within
from tasks.network.cover import smallest_cover
from tasks.network.forecast import World, explained, refused, world_of
from tasks.network.listing import ProfileListing
from tasks.network.members import Members, members
from tasks.network.model import AddressRange, OrgNetwork, Refused
from tasks.network.words import listed, told
from tasks.plans.branch import protected
from tasks.plans.draft import Draft


class Evidence:
    """One org as it is and as the plan makes it so far, with the draft that is told of both."""

    def __init__(self, org: OrgNetwork, estate: Estate, policy: Policy, draft: Draft, now: datetime) -> None:
        self._org = org
        self._estate = estate
        self._policy = policy.network
        self._draft = draft
        self._today = now.date()
        self._spared = protected(estate, policy, org.org)
        self._members = members(org.rights, org.logins, estate, policy, now)
        self._profiles = {each.profile_id: each for each in org.profiles}
        self._now = self._then = world_of(org)
        self._lines: list[ProfileListing] = []
        self._accepted: dict[Refused, ExplainedLockOut] = {}
        self._numbers: list[int] = []

    def _unexplained(self, lost: Sequence[Refused]) -> str:
        """Why what is lost stands against a change; empty where nothing does. What policy explains is noted."""
        spared = [each for each in lost if each.username.lower() in self._spared]
        if spared:
            return f"{listed(spared)}, and that is {self._spared[spared[0].username.lower()]}"
        accepted = explained(self._org.org, lost, self._policy, self._today)
        open_ones = [each for each in lost if each not in accepted]
        if open_ones:
            return f"{listed(open_ones)}{self._proposal(open_ones)}"
        self._accepted |= accepted
        for each, reason in accepted.items():
            self._tell(
                f"{told(each)} and will be refused; {reason.owner} stands for it until {reason.expires} ({reason.reason})"
            )
        return ""

    def _proposal(self, lost: Sequence[Refused]) -> str:
        found = {here for each in lost if (here := parsed(each.address)) is not None}
        cover = smallest_cover(found, self._policy.max_ranges)
        if not cover:
            return ""
        wide = [block for block in cover if too_wide(block, self._policy)]
        words = (
            f". To let them in, name {', '.join(map(str, cover))} in policy.network.networks; to let them end, explain it in "
            "policy.network.explained"
        )
        return words + (
            f" ({', '.join(map(str, wide))} is too wide for an allow-list: reserve egress addresses)"
            if wide
            else ""
        )

    def _seen(self, who: Members) -> list[Refused]:
        """All that members of a profile did, as it would be lost by a range that admits nobody."""
        nowhere = AddressRange(first="255.255.255.255", last="255.255.255.255")
        closed = World(ranges={who.profile_id: (nowhere,)}, every_request=True, relaxed=frozenset())
        return list(refused(self._org, World(ranges={}, every_request=False, relaxed=frozenset()), closed))

    def _addresses(self, who: Members) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.address for each in self._seen(who)))

    def _unused(self, who: Members, ranges: Iterable[AddressRange]) -> tuple[AddressRange, ...]:
        seen = self._addresses(who)
        return tuple(item for item in ordered(ranges) if not any(within(each, [item]) for each in seen))

    def _tell(self, line: str) -> None:
        self._draft.risks.append(f"{self._org.org}: {line}")
