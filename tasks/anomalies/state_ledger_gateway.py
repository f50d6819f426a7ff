"""What detection told, whom it wants contained, and what people said of alerts: kept beside the ledger, people's word noted in it."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from pydantic import JsonValue

from tasks.anomalies.model_live import Feedback, Told, Wanted
from tasks.ledger.model import EntryKind, Note
from tasks.ledger.store import Ledger

_FEEDBACK = "anomalies feedback"


class AnomalyBook:
    """Of one org and tier. `org` may be `*` for what is judged across all of them."""

    def __init__(self, ledger: Ledger, org: str, tiers: str) -> None:
        self._ledger, self.org = ledger, org
        self._place = f"anomalies {org} {tiers}"

    def told(self) -> dict[str, Told]:
        """By key."""
        return {name: Told.model_validate(body) for name, body in self._kept(f"{self._place} told").items()}

    def last(self) -> dict[str, datetime]:
        """By org up to when it was judged, by its own clock."""
        return {org: datetime.fromisoformat(at) for org, at in self._kept(f"{self._place} until").items()}

    def opened(self, keys: Collection[str]) -> None:
        """Their alerts are in the ledger."""
        with self._ledger.exclusive() as pages:
            kept = pages.kept(f"{self._place} told")
            new = [key for key in keys if key in kept and not kept[key].get("opened")]
            if new:
                pages.keep(f"{self._place} told", {key: {**kept[key], "opened": True} for key in new})

    def remember(
        self,
        told: Mapping[str, Told],
        forgotten: Collection[str],
        until: Mapping[str, datetime] | None = None,
    ) -> None:
        """`until` is up to when each org was judged."""
        with self._ledger.exclusive() as pages:
            pages.keep(f"{self._place} until", {org: at.isoformat() for org, at in (until or {}).items()})
            pages.keep(
                f"{self._place} told", {key: each.model_dump(mode="json") for key, each in told.items()}
            )
            pages.drop(f"{self._place} told", forgotten)

    def wanted(self) -> dict[str, tuple[Wanted, str | None]]:
        """By actor whom to contain, and what came of it; None where that is not known yet."""
        found = self._kept(f"anomalies {self.org} wanted").items()
        return {actor: (Wanted.model_validate(body["wanted"]), body["outcome"]) for actor, body in found}

    def want(self, wanted: Wanted) -> None:
        """Before it is begun, so that who is killed in between goes on with the same facts."""
        self._want(wanted, None)

    def settle(self, wanted: Wanted, outcome: str) -> None:
        self._want(wanted, outcome)

    def _want(self, wanted: Wanted, outcome: str | None) -> None:
        with self._ledger.exclusive() as pages:
            body = {"wanted": wanted.model_dump(mode="json"), "outcome": outcome}
            pages.keep(f"anomalies {self.org} wanted", {wanted.actor: body})

    def _kept(self, place: str) -> dict[str, Any]:
        with self._ledger.read() as pages:
            return pages.kept(place)


class LookBook:
    """When each org was last judged, by our own clock."""

    def __init__(self, ledger: Ledger, tiers: str) -> None:
        self._ledger, self._place = ledger, f"anomalies looks {tiers}"

    def last(self) -> dict[str, datetime]:
        with self._ledger.read() as pages:
            return {org: datetime.fromisoformat(at) for org, at in pages.kept(self._place).items()}

    def looked(self, orgs: Collection[str], now: datetime) -> None:
        with self._ledger.exclusive() as pages:
            pages.keep(self._place, dict.fromkeys(orgs, now.isoformat()))


class FeedbackBook:
    def __init__(self, ledger: Ledger, person: str = "", policy: str = "") -> None:
        self._ledger, self._person, self._policy = ledger, person, policy

    def all(self, now: datetime) -> list[Feedback]:
        """What counts still."""
        with self._ledger.read() as pages:
            found = [Feedback.model_validate(body) for body in pages.kept(_FEEDBACK).values()]
        return [each for each in found if each.until > now]

    def note(self, said: Feedback, key: str, reason: str) -> None:
        body: dict[str, JsonValue] = {**said.model_dump(mode="json"), "reason": reason}
        with self._ledger.exclusive() as pages:
            (entry,) = pages.append(
                Note(kind=EntryKind.FEEDBACK, subject=key, actor=self._person, body=body, policy=self._policy)
            )
            pages.keep(_FEEDBACK, {str(entry.sequence): said.model_dump(mode="json")})
