"""What was asked for and what was shown, in the ledger: who, where and why, and never a value."""

from collections.abc import Sequence
from datetime import timedelta
from typing import cast

from pydantic import JsonValue

from tasks.access.ledger_gateway import GrantBook
from tasks.access.model import Grant
from tasks.decryption.model import Asked, Judged, Person
from tasks.errors import DecryptionRefused
from tasks.ledger.model import EntryKind, Note
from tasks.ledger.store import Ledger, Pages

DAY = timedelta(days=1)


class DecryptionBook:
    """The pages of the ledger that are about reading sealed values."""

    def __init__(self, ledger: Ledger, policy: str = "") -> None:
        self._ledger, self._policy = ledger, policy

    def grants(self) -> list[Grant]:
        return GrantBook(self._ledger).all()

    def note(self, asked: Asked, person: Person, fields: Sequence[Judged], most: int) -> None:
        """
        Before anything is shown. Raises LedgerUnavailable, and DecryptionRefused, which is noted too, where the person would
        read more than `most` values within a day.
        """
        shown = [each.field for each in fields if each.by]
        body: dict[str, JsonValue] = {
            "shown": [*shown],
            "masked": [each.field for each in fields if not each.by],
            "by": {each.field: each.by for each in fields if each.by},
        }
        with self._ledger.exclusive() as pages:
            before = self._read(pages, asked.org, person.user_id)
            full = bool(shown) and before + len(shown) > most
            if full:
                body = {"refused": f"more than {most} values within a day"}
            pages.append(self._note(asked, person, body))
        if full:
            raise DecryptionRefused(
                f"{person.username} has read {before} sealed values of {asked.org} within a day, and policy lets a person read {most}. "
                "Wait, or raise decryption.max_values in policy.yaml and register again."
            )

    def refused(self, asked: Asked, person: Person, why: str) -> None:
        self._ledger.append(self._note(asked, person, {"refused": why}))

    def _read(self, pages: Pages, org: str, user_id: str) -> int:
        since = self._ledger.now() - DAY
        return sum(
            len(cast(list[str], entry.body.get("shown", [])))
            for entry in pages.entries((EntryKind.DECRYPTION,))
            if entry.at > since and (entry.body["org"], entry.body["user_id"]) == (org, user_id)
        )

    def _note(self, asked: Asked, person: Person, body: dict[str, JsonValue]) -> Note:
        about: dict[str, JsonValue] = {
            "org": asked.org,
            "sobject": asked.sobject,
            "fields": [*asked.fields],
            "user_id": person.user_id,
            "username": person.username,
            "reason": asked.reason,
            "ticket": asked.ticket,
        }
        return Note(
            kind=EntryKind.DECRYPTION,
            subject=asked.record,
            actor=person.username,
            body=about | body,
            policy=self._policy,
        )
