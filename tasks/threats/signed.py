"""Whether a pack counts: whose key signed it, whether it is over, and which of two is the newer one. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date

import yaml
from pydantic import ValidationError

from tasks.plans.signature import holds_over, sign_message
from tasks.threats.model import PackStanding, PackState, RawPack, ThreatPack

_PACK = b"bulkhead threat pack 1\n"


def signature_of(content: bytes, key: bytes, passphrase: bytes | None = None) -> str:
    """By an OpenSSH Ed25519 key, in hexadecimal. Raises ConfigurationError."""
    return sign_message(_PACK + content, key, passphrase)


def standings(packs: Sequence[RawPack], keys: Mapping[str, str], today: date) -> tuple[PackStanding, ...]:
    """One for each file, in the order of their names. The signature is held against the bytes before anything in them is read."""
    found = [_standing(each, keys, today) for each in sorted(packs, key=lambda each: each.name)]
    newest: dict[str, int] = {}
    for each in found:
        if each.pack is not None:
            newest[each.pack.id] = max(newest.get(each.pack.id, 0), each.pack.version)
    seen: set[str] = set()
    return tuple(_unless_old(each, newest, seen) for each in found)


def _standing(raw: RawPack, keys: Mapping[str, str], today: date) -> PackStanding:
    message, signature = _PACK + raw.content, raw.signature.strip()
    publisher = next(
        (name for name, key in keys.items() if signature and holds_over(message, signature, key)), ""
    )
    if not publisher:
        why = "no key of policy.yaml (threats.publishers) has signed it as it lies there"
        return PackStanding(name=raw.name, state=PackState.UNSIGNED, why=why)
    try:
        pack = ThreatPack.model_validate(yaml.safe_load(raw.content))
    except (yaml.YAMLError, ValidationError, UnicodeDecodeError):
        why = "this version cannot read it"
        return PackStanding(name=raw.name, state=PackState.BROKEN, publisher=publisher, why=why)
    if today > pack.expires:
        why = f"it expired on {pack.expires}; get a newer one"
        return PackStanding(name=raw.name, state=PackState.EXPIRED, publisher=publisher, pack=pack, why=why)
    return PackStanding(name=raw.name, state=PackState.GOOD, publisher=publisher, pack=pack)


def _unless_old(each: PackStanding, newest: Mapping[str, int], seen: set[str]) -> PackStanding:
    """The newest version of an id counts, once."""
    if each.pack is None:
        return each
    if each.pack.version == newest[each.pack.id] and each.pack.id not in seen:
        seen.add(each.pack.id)
        return each
    why = f"another file has {each.pack.id} in version {newest[each.pack.id]}"
    return each.model_copy(update={"state": PackState.OLD, "pack": None, "why": why})
