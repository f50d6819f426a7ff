"""
Classic encrypted text fields: who sees the value, and what everybody else sees in its place.

Sources: help articles Classic Encryption for Custom Fields and Custom Field Attributes; Metadata API Developer Guide,
EncryptedFieldMaskType and EncryptedFieldMaskChar. A page puts blanks or hyphens between groups of characters; that an
API leaves the value's own characters in place is a guess.
"""

from collections.abc import Callable

from deployments.sandbox.caller import Caller
from deployments.sandbox.schema import Field

VIEWING = "ViewEncryptedData"
"""Modify All Data does not stand in for it."""
CHARACTERS = {"asterisk": "*", "X": "X"}
SHOWN = {"all": 0, "creditCard": 4, "ssn": 4, "lastFour": 4, "sin": 4, "nino": 0}
"""How many of the last characters each type of mask leaves to be read."""


def mask_for(caller: Caller, field: Field | None) -> Callable[[object], object] | None:
    """What a value has to go through before this caller reads it; None when there is nothing to hide."""
    if field is not None and field.write_only:
        return _nothing
    if field is None or not field.encrypted or VIEWING in caller.permissions:
        return None
    character, shown = CHARACTERS.get(field.mask, "*"), SHOWN.get(field.mask_type, 0)

    def masked(value: object) -> object:
        if not isinstance(value, str):
            return value
        hidden = max(len(value) - shown, 0)
        return character * hidden + value[hidden:]

    return masked


def _nothing(value: object) -> None:
    return None
