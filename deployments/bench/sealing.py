"""`bulkhead bench sealing`: what sealing short fields costs, against the bare cipher in the same run."""

import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median
from struct import iter_unpack
from time import process_time
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tasks.encryption.sealed import NONCE_BYTES, Place, open_sealed, seal, seal_key

WANTED = 0.5
BATCH = 2_000
"""Values at once, as many as a page of records has."""
ROUNDS = 60
_PLACE = Place("hq", "Account", "SSN__c")
_LETTERS = 255


@dataclass(frozen=True)
class SealingFigures:
    """
    Values per second of processor time. `bare` is a loop over AESGCM.encrypt alone: texts to bytes, nonces from one pool, nothing bound, no
    text made of it. `ratio` is the median of the rounds, each of which measures both, one after the other.
    """

    values: int
    bare: float
    sealed: float
    opened: float
    ratio: float

    @property
    def good(self) -> bool:
        return self.ratio >= WANTED

    def document(self) -> dict[str, Any]:
        return {**asdict(self), "good": self.good}


def measure_sealing(batch: int = BATCH, rounds: int = ROUNDS) -> SealingFigures:
    """Every value is opened again and compared, so that nothing is measured that does not work."""
    key = seal_key("00112233445566ff", raw := os.urandom(32))
    cipher = AESGCM(raw)
    values = [f"{number % 900 + 100}-{number % 90 + 10}-{number:04d}" for number in range(batch)]
    records = [f"001{number:012d}AAA" for number in range(batch)]

    def bare() -> list[bytes]:
        nonces = iter_unpack(f"{NONCE_BYTES}s", os.urandom(NONCE_BYTES * batch))
        encrypt = cipher.encrypt
        return [encrypt(nonce, value.encode(), None) for (nonce,), value in zip(nonces, values, strict=True)]

    def sealed() -> list[str | None]:
        return seal(key, _PLACE, values, records, letters=_LETTERS, randoms=os.urandom)

    texts = sealed()

    def opened() -> list[Any]:
        return open_sealed({key.key_id: key}, _PLACE, texts, records)

    if opened() != values:
        raise AssertionError("what was sealed did not come back")
    took = [(_seconds(bare), _seconds(sealed), _seconds(opened)) for _ in range(rounds)]
    of_bare, of_sealed, of_opened = (median(each) for each in zip(*took, strict=True))
    return SealingFigures(
        values=batch,
        bare=batch / of_bare,
        sealed=batch / of_sealed,
        opened=batch / of_opened,
        ratio=median(first / second for first, second, _ in took),
    )


def _seconds(work: Callable[[], object]) -> float:
    began = process_time()
    work()
    return process_time() - began


def as_text(figures: SealingFigures) -> str:
    verdict = "good" if figures.good else f"NOT GOOD, {WANTED:.0%} is asked for"
    return (
        f"{figures.sealed:,.0f} values sealed per second of processor time, key, place, record and text included; the bare cipher "
        f"{figures.bare:,.0f}: {figures.ratio:.0%} of it, {verdict}; {figures.opened:,.0f} opened"
    )
