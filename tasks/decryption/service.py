"""
One question from end to end: who asks, what the org shows them, what policy shows them, noted, and only then opened.

The note comes before the key: a value that nobody noted was shown to nobody.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from tasks.access.model import Grant
from tasks.decryption.judge import judged, machines, sealings
from tasks.decryption.model import MASK, Asked, Clear, Judged, Person, Sealing
from tasks.encryption.sealed import Place, SealKey, is_sealed, key_of, open_sealed
from tasks.errors import DecryptionRefused, SealBroken, SecretUnavailable
from tasks.estate.model import Estate
from tasks.estate.model_data import DecryptionPolicy


class Org(Protocol):
    """
    `who` and `record` are asked with the person's own token, `person` with that of the scanner. `record` gives texts by field,
    and None where the org shows the person none. All raise OrgError; `record` raises DecryptionRefused for fields they do not see.
    """

    def who(self) -> str: ...

    def person(self, user_id: str) -> tuple[Person, datetime]: ...

    def record(self, sobject: str, record: str, fields: Sequence[str]) -> Mapping[str, str | None] | None: ...


class Book(Protocol):
    """The ledger. `note` raises DecryptionRefused where the person has read enough for today; then nothing may be shown."""

    def grants(self) -> Sequence[Grant]: ...

    def note(self, asked: Asked, person: Person, fields: Sequence[Judged], most: int) -> None: ...

    def refused(self, asked: Asked, person: Person, why: str) -> None: ...


class Keys(Protocol):
    """The key that a value names, if the route has it. Raises SecretUnavailable and CloudError."""

    def key(self, sealing: Sealing, key_id: str) -> SealKey: ...


class Hands(NamedTuple):
    org: Org
    book: Book
    keys: Keys


def decrypt(hands: Hands, estate: Estate, policy: DecryptionPolicy, asked: Asked) -> Clear:
    """
    Values where policy lets the person read them, MASK elsewhere, None where the field is empty.

    Raises ConfigurationError for what is not there, DecryptionRefused for a record that the org does not show the person and
    for one value too many, SealBroken for a value that was changed or moved, SecretUnavailable for a key that is disabled or
    destroyed, OrgError, CloudError and LedgerUnavailable. Whatever it raises, nothing was shown.
    """
    routes = sealings(estate, asked)
    person, now = hands.org.person(hands.org.who())
    fields = judged(policy, asked, person, hands.book.grants(), now, machines(estate, asked.org))
    names = sorted({each.external_id for ways in routes.values() for each in ways} | set(asked.fields))
    there = _as_the_person_sees_it(hands, asked, person, names)
    hands.book.note(asked, person, fields, policy.max_values)
    by = {each.field: each.by for each in fields if each.by}
    try:
        values = {
            name: _opened(hands.keys, routes[name], there, name, asked)
            if name in by
            else _hidden(there[name])
            for name in asked.fields
        }
    except (SealBroken, SecretUnavailable) as error:
        hands.book.refused(asked, person, type(error).__name__)
        raise
    return Clear(
        org=asked.org,
        sobject=asked.sobject,
        record=asked.record,
        username=person.username,
        values=values,
        by=by,
        masked=tuple(name for name in asked.fields if name not in by and values[name] is not None),
    )


def _as_the_person_sees_it(
    hands: Hands, asked: Asked, person: Person, names: Sequence[str]
) -> Mapping[str, str | None]:
    try:
        there = hands.org.record(asked.sobject, asked.record, names)
        if there is None:
            raise DecryptionRefused(
                f"{asked.org} shows {person.username} no such record of {asked.sobject}. Look at the id, and at who may see the record."
            )
    except DecryptionRefused as refused:
        hands.book.refused(asked, person, str(refused))
        raise
    return there


def _hidden(held: str | None) -> str | None:
    """That a field is empty is no secret: so sealed values say it, too."""
    return None if held is None else MASK


def _opened(
    keys: Keys, ways: Sequence[Sealing], there: Mapping[str, str | None], field: str, asked: Asked
) -> str | None:
    text = there[field]
    if text is None:
        return None
    where = f"{asked.org} {asked.sobject}.{field} of {asked.record}"
    if not is_sealed(text):
        raise SealBroken(f"{where} holds no sealed value. Somebody wrote over it: sync the record again.")
    try:
        key_id = key_of(text)
    except ValueError:
        raise SealBroken(f"{where} is no sealed value of ours. Sync the record again.") from None
    missing: SecretUnavailable | None = None
    for way in ways:
        name = there[way.external_id]
        try:
            key = keys.key(way, key_id)
        except SecretUnavailable as error:
            missing = error
            continue
        if name is None:
            raise SealBroken(f"{where}: the record has no {way.external_id}, so its value belongs nowhere.")
        place = Place(way.source, way.sobject, way.source_field)
        (value,) = open_sealed({key_id: key}, place, [text], [name])
        return None if value is None else str(value)
    if missing is None:
        raise SealBroken(f"{where}: no route seals it.")
    raise missing
