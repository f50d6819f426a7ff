"""
Values that can be compared without being read: a blind index beside a sealed value, or a sealed value that is always the same.

Both leak which records hold equal values, and so how often each value occurs: whoever knows how common a name is learns whose
it is. A field of few possible values (a country, a score) gives itself away to whoever counts. Use them for what is different
for nearly every record, and where something has to be found or matched.
"""

import hmac
from binascii import a2b_base64, b2a_base64
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from tasks.errors import ConfigurationError, SealBroken

MARK = "AES256SIV:"
INDEX_KEY_BYTES, SIV_KEY_BYTES = 32, 64
INDEX_BYTES = 16
"""Of the 32 that HMAC gives: two of a billion values share an index with a chance of one in 10^21."""
INDEX_LETTERS = 22
_URL = bytes.maketrans(b"+/", b"-_")
_PLAIN = bytes.maketrans(b"-_", b"+/")


def blind_index(key: bytes, sobject: str, field: str, value: str) -> str:
    """
    22 letters that are the same for equal values of one field, in every org that has the key: HMAC-SHA-256 (RFC 2104), cut.

    Case, accents and blanks count: bring values into one form first. Raises ConfigurationError for a key of another length.
    """
    _has(key, INDEX_KEY_BYTES)
    digest = hmac.digest(key, _bound(sobject, field) + value.encode(), sha256)
    return b2a_base64(digest[:INDEX_BYTES], newline=False).translate(_URL).rstrip(b"=").decode("ascii")


def seal_to_match(key: bytes, sobject: str, field: str, value: str) -> str:
    """
    AES-SIV (RFC 5297): the same text for equal values of one field, which opens again. It may be moved to another record.

    Raises ConfigurationError for a key of another length.
    """
    _has(key, SIV_KEY_BYTES)
    raw = AESSIV(key).encrypt(b"\x01" + value.encode(), [_bound(sobject, field)])
    return MARK + b2a_base64(raw, newline=False).translate(_URL).rstrip(b"=").decode("ascii")


def open_matching(key: bytes, sobject: str, field: str, text: str) -> str:
    """Raises SealBroken for what was changed, cut, or moved to another field."""
    _has(key, SIV_KEY_BYTES)
    try:
        if not text.startswith(MARK):
            raise ValueError("no such value")
        letters = text[len(MARK) :]
        raw = a2b_base64(
            letters.encode("ascii").translate(_PLAIN) + b"=" * (-len(letters) % 4), strict_mode=True
        )
        held = AESSIV(key).decrypt(raw, [_bound(sobject, field)])
        if seal_to_match(key, sobject, field, held[1:].decode()) != text:
            raise ValueError("another spelling of the same bytes")
        return held[1:].decode()
    except (InvalidTag, ValueError):
        raise SealBroken(
            f"A value of {sobject}.{field} is not what was sealed for this field: it was changed, cut, or moved here."
        ) from None


def _has(key: bytes, size: int) -> None:
    if len(key) != size:
        raise ConfigurationError(
            f"The key for matching has {len(key)} bytes and {size} are needed; make a new one."
        )


def _bound(sobject: str, field: str) -> bytes:
    return f"{sobject}\x1f{field}\x1f".encode()
