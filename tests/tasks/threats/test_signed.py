"""A pack counts while a key of the policy has signed it as it lies there, and while it lasts."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from tasks.errors import ConfigurationError
from tasks.estate.model_threats import ThreatsPolicy
from tasks.threats import gateway
from tasks.threats.model import PackState, RawPack
from tasks.threats.signed import signature_of, standings

KEY = Ed25519PrivateKey.generate()
PRIVATE = KEY.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
KEYS = {"us": KEY.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()}
TODAY = date(2026, 12, 1)
PACK = b"""
id: ours
version: 2
made: 2026-11-01
expires: 2026-12-31
campaigns:
  - id: seen-here
    title: Something that we saw
    what_to_do: Look at who it was and end the session.
    indicators: [{kind: address, value: 192.0.2.0/24, source: our own eyes}]
"""


def raw(content: bytes = PACK, name: str = "ours.yaml") -> RawPack:
    return RawPack(name=name, content=content, signature=signature_of(content, PRIVATE))


def test_a_signed_pack_counts_until_its_last_day() -> None:
    (found,) = standings([raw()], KEYS, TODAY)
    assert (found.state, found.publisher) == (PackState.GOOD, "us") and found.pack is not None
    assert standings([raw()], KEYS, date(2026, 12, 31))[0].state is PackState.GOOD
    (late,) = standings([raw()], KEYS, date(2027, 1, 1))
    assert late.state is PackState.EXPIRED and "2026-12-31" in late.why


@given(at=st.integers(0, len(PACK) - 1), by=st.integers(1, 255))
def test_any_changed_byte_takes_the_signature(at: int, by: int) -> None:
    changed = bytearray(PACK)
    changed[at] ^= by
    forged = RawPack(name="ours.yaml", content=bytes(changed), signature=raw().signature)
    (found,) = standings([forged], KEYS, TODAY)
    assert found.state is PackState.UNSIGNED and found.pack is None


def test_without_a_signature_or_by_another_key_nothing_counts() -> None:
    assert standings([raw().model_copy(update={"signature": ""})], KEYS, TODAY)[0].state is PackState.UNSIGNED
    other = Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    assert standings([raw()], {"them": other.decode()}, TODAY)[0].state is PackState.UNSIGNED
    assert standings([raw()], {}, TODAY)[0].state is PackState.UNSIGNED


def test_what_is_signed_and_cannot_be_read_is_broken() -> None:
    for content in (b"id: [", b"id: ours\nnews: 1\n", PACK.replace(b"192.0.2.0/24", b"everywhere")):
        assert standings([raw(content)], KEYS, TODAY)[0].state is PackState.BROKEN


def test_of_two_versions_the_newer_counts_once() -> None:
    older = raw(PACK.replace(b"version: 2", b"version: 1"), "a.yaml")
    found = standings([older, raw(name="b.yaml"), raw(name="c.yaml")], KEYS, TODAY)
    assert [each.state for each in found] == [PackState.OLD, PackState.GOOD, PackState.OLD]


def test_the_packs_that_come_along_are_signed_by_the_key_that_comes_along() -> None:
    found = standings(gateway.read_packs(""), ThreatsPolicy().publishers, date(2026, 12, 1))
    assert {each.name: each.state for each in found} == {
        "campaigns.yaml": PackState.GOOD,
        "platform.yaml": PackState.GOOD,
    }
    assert all(each.pack and each.pack.expires - each.pack.made < timedelta(days=370) for each in found)


def test_a_folder_of_ones_own_is_read_besides(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_bytes(PACK)
    gateway.write_signature(tmp_path / "ours.yaml", raw().signature)
    keys = {**ThreatsPolicy().publishers, **KEYS}
    found = standings(gateway.read_packs(str(tmp_path)), keys, TODAY)
    assert [each.name for each in found if each.state is PackState.GOOD] == [
        "campaigns.yaml",
        "ours.yaml",
        "platform.yaml",
    ]
    with pytest.raises(ConfigurationError, match="no folder"):
        gateway.read_packs(str(tmp_path / "elsewhere"))
