"""Values that are found without being read."""

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from tasks.encryption.matching import MARK, blind_index, open_matching, seal_to_match
from tasks.errors import ConfigurationError, SealBroken

KEY, SIV = bytes(range(32)), bytes(range(64))


def test_equal_values_of_one_field_have_one_index() -> None:
    one = blind_index(KEY, "Account", "TaxID__c", "12-3456789")
    assert one == blind_index(KEY, "Account", "TaxID__c", "12-3456789")
    assert len(one) == 22 and "3456789" not in one
    others = {
        blind_index(KEY, "Account", "TaxID__c", "12-3456780"),
        blind_index(KEY, "Account", "SSN__c", "12-3456789"),
        blind_index(KEY, "Contact", "TaxID__c", "12-3456789"),
        blind_index(bytes(32), "Account", "TaxID__c", "12-3456789"),
    }
    assert len(others) == 4 and one not in others


def test_what_matches_opens_again_and_only_in_its_field() -> None:
    text = seal_to_match(SIV, "Account", "TaxID__c", "12-3456789 Zoë")
    assert text == seal_to_match(SIV, "Account", "TaxID__c", "12-3456789 Zoë")
    assert text.startswith(MARK)
    assert open_matching(SIV, "Account", "TaxID__c", text) == "12-3456789 Zoë"
    for sobject, field in (("Account", "SSN__c"), ("Contact", "TaxID__c")):
        with pytest.raises(SealBroken):
            open_matching(SIV, sobject, field, text)
    assert open_matching(SIV, "Account", "TaxID__c", seal_to_match(SIV, "Account", "TaxID__c", "")) == ""


def test_nothing_that_was_changed_opens() -> None:
    text = seal_to_match(SIV, "Account", "TaxID__c", "12-3456789")
    for at in range(len(text)):
        for bit in range(7):
            changed = text[:at] + chr(ord(text[at]) ^ 1 << bit) + text[at + 1 :]
            with pytest.raises(SealBroken):
                open_matching(SIV, "Account", "TaxID__c", changed)
        with pytest.raises(SealBroken):
            open_matching(SIV, "Account", "TaxID__c", text[:at])
    with pytest.raises(SealBroken):
        open_matching(bytes(64), "Account", "TaxID__c", text)


def test_keys_of_another_length_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="16 bytes and 32"):
        blind_index(bytes(16), "Account", "TaxID__c", "x")
    with pytest.raises(ConfigurationError, match="32 bytes and 64"):
        seal_to_match(KEY, "Account", "TaxID__c", "x")
    with pytest.raises(ConfigurationError, match="32 bytes and 64"):
        open_matching(KEY, "Account", "TaxID__c", "x")


# RFC 5297, appendix A.1 and A.2.
@pytest.mark.parametrize(
    ("key", "bound", "plain", "cipher"),
    [
        (
            "fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
            ["101112131415161718191a1b1c1d1e1f2021222324252627"],
            "112233445566778899aabbccddee",
            "85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c",
        ),
        (
            "7f7e7d7c7b7a79787776757473727170404142434445464748494a4b4c4d4e4f",
            [
                "00112233445566778899aabbccddeeffdeaddadadeaddadaffeeddccbbaa99887766554433221100",
                "102030405060708090a0",
                "09f911029d74e35bd84156c5635688c0",
            ],
            "7468697320697320736f6d6520706c61696e7465787420746f20656e6372797074207573696e67205349562d414553",
            "7bdb6e3b432667eb06f4d14bff2fbd0fcb900f2fddbe404326601965c889bf17dba77ceb094fa663b7a3f748ba8af829ea64ad544a272e9c485b62a3fd5c0d",
        ),
    ],
)
def test_the_cipher_is_the_published_one(key: str, bound: list[str], plain: str, cipher: str) -> None:
    made = AESSIV(bytes.fromhex(key)).encrypt(bytes.fromhex(plain), [bytes.fromhex(each) for each in bound])
    assert made.hex() == cipher
