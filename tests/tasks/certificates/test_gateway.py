"""What orgs hold and trust, read on the wire; and doors that are knocked at."""

from tasks.certificates.gateway import read_certificates
from tasks.certificates.model import Place
from tests.tasks.conftest import Open


def test_listed_certificates_key_pairs_and_roots_come(org: Open) -> None:
    found = read_certificates(org("hq"))
    assert not found.gaps
    held = {(each.place, each.name): each for each in found.values["held"]}
    listed = held[Place.INBOUND, "Middleware_Client"]
    assert listed.chain is not None and len(listed.chain.certificates) == 2
    assert listed.chain.leaf.signed_by == listed.chain.certificates[1].fingerprint
    assert held[Place.KEY_PAIR, "HQ_Mutual_TLS"].key_bits == 2048
    assert found.values["enabled"] is True
    assert found.values["roots"].fingerprints
