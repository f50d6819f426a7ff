"""The linter: each defect breaks exactly its own rule, and what lies just within its limit breaks none."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ObjectIdentifier, load_der_x509_certificate

from tasks.certificates.chains import chain_of
from tasks.certificates.lint import RULES, Limits, against_presenting, in_order, lint
from tasks.certificates.model import Fault, Held, Place, Roots, Rule
from tasks.salesforce.handshakes import comparable
from tests.tasks.certificates.minted import (
    CLIENT,
    DAY,
    ISSUING,
    ISSUING_KEY,
    NOW,
    ROOT,
    ROOT_KEY,
    ROOTS,
    SERVER,
    certificate,
    digital,
    elliptic,
    held,
    leaf,
    modular,
    pem,
)

LIMITS = Limits(longest=timedelta(days=398), warn_days=(30, 14, 7))
SECOND = timedelta(seconds=1)
OTHER = certificate("Other Root", elliptic("other"), "Other Root", elliptic("other"), authority=True)
OTHER_ISSUING = certificate("Other Issuing", elliptic("oi"), "Other Root", elliptic("other"), authority=True)
MIDDLE = certificate("Middle", elliptic("middle"), "Acme Root CA", ROOT_KEY, authority=True)
LOWER = certificate("Lower", elliptic("lower"), "Middle", elliptic("middle"), authority=True)


def under(issuer: str, key: Any, **changed: Any) -> Any:
    return certificate("A_to_B", elliptic("A_to_B"), issuer, key, **{"usages": (CLIENT,), **changed})


def found(
    *given: Held, roots: Mapping[str, Roots] | None = None, now: datetime = NOW, limits: Limits = LIMITS
) -> list[Fault]:
    return list(
        lint(given, {"b": ROOTS, "c": ROOTS} if roots is None else roots, limits, {"b": now, "c": now})
    )


def rules(*given: Held, **how: Any) -> list[Rule]:
    return [fault.rule for fault in found(*given, **how)]


def issuer(name: str, **changed: Any) -> Any:
    """An authority below the trusted root."""
    return certificate(
        name, elliptic(name.lower()), "Acme Root CA", ROOT_KEY, **{"authority": True, **changed}
    )


def below(root: str) -> Any:
    return certificate("Other Issuing", elliptic("oi"), root, elliptic("other"), authority=True)


def crossed(name: str, by: str) -> Any:
    """An authority that another one has signed, whoever signed that one."""
    return certificate(name, elliptic(name.lower()), by, elliptic(by.lower()), authority=True)


def with_sha_1(signed: Any) -> Any:
    """Says so of its RSA signature; no library of ours makes or verifies one any more."""
    sha_256, sha_1 = bytes.fromhex("2a864886f70d01010b"), bytes.fromhex("2a864886f70d010105")
    return load_der_x509_certificate(signed.public_bytes(Encoding.DER).replace(sha_256, sha_1))


ANY = ObjectIdentifier("2.5.29.37.0")
WEAK = certificate("Weak", modular(1024), "Acme Root CA", ROOT_KEY, authority=True)
NAMELESS = certificate("", elliptic("nameless"), "", elliptic("nameless"), authority=True)
BELOW_NAMELESS = certificate("Other Issuing", elliptic("oi"), "", elliptic("nameless"), authority=True)
NEW_KEY = certificate("Rolling", elliptic("new rolling"), "Rolling", elliptic("rolling"), authority=True)
OLDER = certificate("Acme Root CA", ROOT_KEY, "Older Root", elliptic("older"), authority=True)


GOOD: Mapping[str, Held] = {
    "leaf and intermediate": held(),
    "with the root": held(leaf(), ISSUING, ROOT),
    "two intermediates": held(under("Lower", elliptic("lower")), LOWER, MIDDLE),
    "RSA of 2048 bits": held(leaf(key=modular(2048)), ISSUING),
    "RSA of 3072 bits": held(leaf(key=modular(3072)), ISSUING),
    "P-384": held(leaf(key=elliptic("x", "P-384")), ISSUING),
    "P-521": held(leaf(key=elliptic("x", "P-521")), ISSUING),
    "a key for signatures and other things": held(
        leaf(key_uses=("digital_signature", "key_agreement")), ISSUING
    ),
    "valid from this second on": held(
        under("Fresh", elliptic("fresh"), starts=NOW), issuer("Fresh", starts=NOW)
    ),
    "an authority for clients": held(
        under("Clients", elliptic("clients")), issuer("Clients", usages=(CLIENT, SERVER))
    ),
    "an authority with nothing but a leaf below it": held(
        under("Last", elliptic("last")), issuer("Last", depth=0, key_uses=("key_cert_sign",))
    ),
    "one authority below another that may have one": held(
        under("Lower", elliptic("lower")), LOWER, issuer("Middle", depth=1), ROOT
    ),
    "an authority that went over to a new key": held(
        under("Rolling", elliptic("new rolling")), NEW_KEY, issuer("Rolling", depth=0)
    ),
    "a trusted root that an older one signed": held(leaf(), ISSUING, OLDER),
    "signed by a trusted root itself": held(under("Acme Root CA", ROOT_KEY)),
    "a root without a common name, left out": held(under("Other Issuing", elliptic("oi")), BELOW_NAMELESS),
    "a private key that stays": held(place=Place.KEY_PAIR, exportable=False),
    "a second and a half over the ladder": held(leaf(ends=NOW + 30 * DAY + SECOND), ISSUING),
    "a day over the ladder, as stated": held(ends=(NOW + 30 * DAY).date()),
    "as long as policy allows": held(leaf(starts=NOW - 300 * DAY, ends=NOW + 98 * DAY), ISSUING),
    "an intermediate that ends with the leaf": held(
        under("Even", elliptic("even")), issuer("Even", ends=NOW + 80 * DAY)
    ),
    "an intermediate that ends before it, in a month and a second": held(
        under("Later", elliptic("later")), issuer("Later", ends=NOW + 30 * DAY + SECOND)
    ),
    "nobody knows who uses it": held(used=None),
    "a request": held(chain=None, place=Place.KEY_PAIR, exportable=False),
}
BAD: Mapping[str, tuple[Held, Sequence[Rule]]] = {
    "signed itself": (
        held(certificate("A_to_B", elliptic("s"), "A_to_B", elliptic("s"), usages=(CLIENT,))),
        [Rule.SELF_SIGNED],
    ),
    "another root, in the file": (
        held(under("Other Issuing", elliptic("oi")), OTHER_ISSUING, OTHER),
        [Rule.UNTRUSTED_ROOT],
    ),
    "another root, left out": (
        held(under("Other Issuing", elliptic("oi")), OTHER_ISSUING),
        [Rule.UNTRUSTED_ROOT],
    ),
    "a root that only has the name": (
        held(
            under("Fake Issuing", elliptic("fi")),
            certificate("Fake Issuing", elliptic("fi"), "Acme Root CA", elliptic("fake"), authority=True),
            certificate("Acme Root CA", elliptic("fake"), "Acme Root CA", elliptic("fake"), authority=True),
        ),
        [Rule.UNTRUSTED_ROOT],
    ),
    "no usage at all": (held(leaf(usages=None), ISSUING), [Rule.NO_CLIENT_USAGE]),
    "an empty set of usages but one of its own": (
        held(leaf(usages=(SERVER,)), ISSUING),
        [Rule.NO_CLIENT_USAGE, Rule.SERVER_USAGE],
    ),
    "any usage is not the one that Salesforce asks for": (
        held(leaf(usages=(ANY,)), ISSUING),
        [Rule.NO_CLIENT_USAGE],
    ),
    "a key that may not sign": (
        held(leaf(key_uses=("key_encipherment", "key_cert_sign")), ISSUING),
        [Rule.NO_CLIENT_USAGE],
    ),
    "an authority for servers": (
        held(under("Servers", elliptic("servers")), issuer("Servers", usages=(SERVER,))),
        [Rule.NO_CLIENT_USAGE],
    ),
    "an authority for any usage": (
        held(under("Anything", elliptic("anything")), issuer("Anything", usages=(ANY,))),
        [Rule.NO_CLIENT_USAGE],
    ),
    "an authority whose key may not sign certificates": (
        held(under("Lists", elliptic("lists")), issuer("Lists", key_uses=("digital_signature", "crl_sign"))),
        [Rule.NO_AUTHORITY],
    ),
    "an authority below one that may have none": (
        held(under("Lower", elliptic("lower")), LOWER, issuer("Middle", depth=0)),
        [Rule.NO_AUTHORITY],
    ),
    "an authority below a root that may have none": (
        held(
            under("Own Issuing", elliptic("own issuing")),
            crossed("Own Issuing", "Own Root"),
            certificate("Own Root", elliptic("own root"), "Own Root", elliptic("own root"), authority=True, depth=0),
        ),
        [Rule.UNTRUSTED_ROOT, Rule.NO_AUTHORITY],
    ),
    "a root without a common name, in the file": (
        held(under("Other Issuing", elliptic("oi")), BELOW_NAMELESS, NAMELESS),
        [Rule.UNTRUSTED_ROOT],
    ),
    "authorities that signed each other": (
        held(under("East", elliptic("east")), crossed("East", "West"), crossed("West", "East")),
        [Rule.UNTRUSTED_ROOT],
    ),
    "authorities that signed each other, alone": (
        held(crossed("East", "West"), crossed("West", "East")),
        [Rule.UNTRUSTED_ROOT, Rule.NO_CLIENT_USAGE],
    ),
    "a lower intermediate, and the root without what is between": (
        held(under("Lower", elliptic("lower")), LOWER, ROOT),
        [Rule.NO_INTERMEDIATE],
    ),
    "the leaf alone, its issuer without a common name": (
        held(under("", elliptic("nameless"))),
        [Rule.NO_INTERMEDIATE],
    ),
    "the same intermediate twice": (held(leaf(), ISSUING, ISSUING), [Rule.CHAIN_ORDER]),
    "one that does not belong, below a root that is left out": (
        held(leaf(), ISSUING, OTHER),
        [Rule.CHAIN_ORDER],
    ),
    "one that does not belong, first": (held(OTHER, leaf(), ISSUING), [Rule.CHAIN_ORDER]),
    "an intermediate first that is no authority": (
        held(issuer("Plain", authority=False), under("Plain", elliptic("plain"))),
        [Rule.CHAIN_ORDER, Rule.NO_AUTHORITY],
    ),
    "both usages": (held(leaf(usages=(SERVER, CLIENT)), ISSUING), [Rule.SERVER_USAGE]),
    "the leaf alone": (held(leaf()), [Rule.NO_INTERMEDIATE]),
    "leaf and root without what is between": (held(leaf(), ROOT), [Rule.NO_INTERMEDIATE]),
    "an intermediate of the same name and another key": (
        held(leaf(), certificate("Acme Issuing CA", elliptic("z"), "Acme Root CA", ROOT_KEY, authority=True)),
        [Rule.NO_INTERMEDIATE],
    ),
    "intermediate first": (held(ISSUING, leaf()), [Rule.CHAIN_ORDER]),
    "root before the intermediate": (held(leaf(), ROOT, ISSUING), [Rule.CHAIN_ORDER]),
    "two intermediates the wrong way": (
        held(under("Lower", elliptic("lower")), MIDDLE, LOWER),
        [Rule.CHAIN_ORDER],
    ),
    "one that does not belong": (held(leaf(), ISSUING, ROOT, OTHER), [Rule.CHAIN_ORDER]),
    "RSA of 1024 bits": (held(leaf(key=modular(1024)), ISSUING), [Rule.WEAK_KEY]),
    "an authority with RSA of 1024 bits": (held(under("Weak", modular(1024)), WEAK), [Rule.WEAK_KEY]),
    "another curve of 256 bits": (held(leaf(key=elliptic("x", "K")), ISSUING), [Rule.WEAK_KEY]),
    "not valid before tomorrow": (held(leaf(starts=NOW + DAY), ISSUING), [Rule.NOT_YET_VALID]),
    "an intermediate that is not valid yet": (
        held(under("Coming", elliptic("coming")), issuer("Coming", starts=NOW + SECOND)),
        [Rule.NOT_YET_VALID],
    ),
    "an intermediate that has ended": (
        held(under("Gone", elliptic("gone")), issuer("Gone", starts=NOW - 99 * DAY, ends=NOW), ROOT),
        [Rule.ISSUER_ENDS],
    ),
    "leaf and intermediate end together, soon": (
        held(under("Both", elliptic("both"), ends=NOW + 20 * DAY), issuer("Both", ends=NOW + 20 * DAY)),
        [Rule.ENDS_SOON],
    ),
    "a leaf that has ended below an intermediate that ends this second": (
        held(under("Late", elliptic("late"), ends=NOW - SECOND), issuer("Late", ends=NOW)),
        [Rule.ENDS_SOON, Rule.ISSUER_ENDS],
    ),
    "an intermediate that ends before the leaf, and soon": (
        held(under("Going", elliptic("going")), issuer("Going", ends=NOW + 30 * DAY)),
        [Rule.ISSUER_ENDS],
    ),
    "an intermediate that is no authority": (
        held(under("Plain", elliptic("plain")), issuer("Plain", authority=False), ROOT),
        [Rule.NO_AUTHORITY],
    ),
    "a root whose name is the end of a trusted one's": (
        held(under("Other Issuing", elliptic("oi")), below("Root CA")),
        [Rule.UNTRUSTED_ROOT],
    ),
    "a root whose name is the beginning of a trusted one's": (
        held(under("Other Issuing", elliptic("oi")), below("Acme")),
        [Rule.UNTRUSTED_ROOT],
    ),
    "DSA": (held(leaf(key=digital()), ISSUING), [Rule.WEAK_KEY]),
    "it has ended": (held(leaf(ends=NOW - SECOND), ISSUING), [Rule.ENDS_SOON]),
    "it ends this second": (held(leaf(ends=NOW), ISSUING), [Rule.ENDS_SOON]),
    "thirty days to the second": (held(leaf(ends=NOW + 30 * DAY), ISSUING), [Rule.ENDS_SOON]),
    "the org says it ended": (held(ends=(NOW - DAY).date()), [Rule.ENDS_SOON]),
    "the org says it ends sooner": (held(ends=(NOW + 29 * DAY).date()), [Rule.ENDS_SOON]),
    "a day longer than policy allows": (
        held(leaf(starts=NOW - 300 * DAY, ends=NOW + 98 * DAY + SECOND), ISSUING),
        [Rule.LIVES_TOO_LONG],
    ),
    "its key may leave": (held(place=Place.KEY_PAIR, exportable=True), [Rule.EXPORTABLE]),
    "nobody presents it": (held(used=False), [Rule.UNUSED]),
}  # fmt: skip


def test_every_rule_has_a_source_and_a_defect_that_breaks_it() -> None:
    assert set(RULES) == set(Rule)
    assert all(rule.__doc__ for rule in RULES.values())
    assert {rule for _, broken in BAD.values() for rule in broken} | {Rule.SHARED} == set(Rule)


@pytest.mark.parametrize("name", GOOD)
def test_what_is_right_is_left_alone(name: str) -> None:
    assert rules(GOOD[name]) == []


@pytest.mark.parametrize("name", BAD)
def test_each_defect_breaks_its_own_rule_and_no_other(name: str) -> None:
    defective, broken = BAD[name]
    assert rules(defective) == broken
    assert all(fault.what and fault.next_step for fault in found(defective))


@pytest.mark.parametrize(
    ("left", "severity", "words"),
    [
        (30 * DAY, "medium", "ends in 30 days"),
        (14 * DAY + SECOND, "medium", "ends in 14 days"),
        (14 * DAY, "high", "ends in 14 days"),
        (7 * DAY + SECOND, "high", "ends in 7 days"),
        (7 * DAY, "critical", "ends in 7 days"),
        (SECOND, "critical", "ends in 0 days"),
        (timedelta(), "critical", "has ended"),
        (-SECOND, "critical", "has ended"),
    ],
)
def test_the_ladder_grows_steeper_towards_the_end(left: timedelta, severity: str, words: str) -> None:
    (fault,) = found(held(leaf(ends=NOW + left), ISSUING))
    assert fault.severity == severity and words in fault.what


def test_a_ladder_of_its_own_counts_from_its_own_rungs() -> None:
    one = Limits(longest=LIMITS.longest, warn_days=(60,))
    two = Limits(longest=LIMITS.longest, warn_days=(60, 20))
    ending = held(leaf(ends=NOW + 20 * DAY), ISSUING)
    assert [f.severity for f in found(ending, limits=one)] == ["medium"]
    assert [f.severity for f in found(ending, limits=two)] == ["high"]
    assert found(ending, limits=Limits(longest=LIMITS.longest, warn_days=())) == []
    four = Limits(longest=LIMITS.longest, warn_days=(80, 60, 40, 20))
    lefts = [80, 60, 40, 20]
    steep = [
        f.severity for left in lefts for f in found(held(leaf(ends=NOW + left * DAY), ISSUING), limits=four)
    ]
    assert steep == ["medium", "high", "critical", "critical"]


def test_the_org_counts_its_last_day_whole() -> None:
    assert rules(held(ends=NOW.date())) == [Rule.ENDS_SOON]
    (fault,) = found(held(ends=NOW.date()))
    assert "ends in 0 days" in fault.what, "until midnight it is good"


def test_each_org_is_judged_by_its_own_time() -> None:
    old = held(leaf(ends=NOW + 40 * DAY), ISSUING)
    assert rules(old) == []
    assert rules(old, now=NOW + 20 * DAY) == [Rule.ENDS_SOON]
    assert lint([old], {"b": ROOTS}, LIMITS, {}) == (), "an org without a time is not judged"


def test_without_a_trust_store_no_root_is_judged() -> None:
    foreign = held(under("Other Issuing", elliptic("oi")), OTHER_ISSUING, OTHER)
    assert rules(foreign, roots={}) == []
    assert rules(held(), roots={}) == []


def test_a_root_in_the_file_is_known_by_its_fingerprint_and_one_left_out_by_its_name() -> None:
    nameless = Roots(fingerprints=ROOTS.fingerprints)
    assert rules(held(leaf(), ISSUING, ROOT), roots={"b": nameless}) == []
    assert rules(held(), roots={"b": nameless}) == [Rule.UNTRUSTED_ROOT]
    unprinted = Roots(fingerprints=frozenset(), lines=ROOTS.lines)
    assert rules(held(), roots={"b": unprinted}) == []
    assert rules(held(leaf(), ISSUING, ROOT), roots={"b": unprinted}) == [Rule.UNTRUSTED_ROOT]


@pytest.mark.parametrize(
    "line",
    [
        "Acme Root CA, Jan 1, 2026, trustedCertEntry,",
        "acmerootca, 01.01.2026, trustedCertEntry,",
        "cn=acmerootca,o=acme,c=ch, Jan 01, 2026, trustedCertEntry,",
        "Owner: C=CH, O=Acme, CN=Acme Root CA",
        "Owner: CN=Acme Root CA+SERIALNUMBER=7, O=Acme",
        "Alias name: acme-root-ca",
        "<tr><td>Acme Root CA</td><td>2036</td></tr>",
    ],
)
def test_a_root_is_found_in_whatever_form_the_page_lists_it(line: str) -> None:
    listed = Roots(fingerprints=frozenset(), lines=("Your keystore contains 1 entry", comparable(line)))
    assert rules(held(), roots={"b": listed}) == []


@pytest.mark.parametrize(
    "line",
    [
        "Acme Root CA Old, Jan 1, 2026, trustedCertEntry,",
        "cn=acmerootcacompliance,o=acme,c=ch, Jan 01, 2026, trustedCertEntry,",
        "Owner: CN=New Acme Root CA, O=Acme",
        "Owner: CN=Acme Root CA\\, Oslo, O=Acme",
        'Owner: CN="Acme Root CA, Oslo", O=Acme',
        "Owner: CN=Acme, OU=Acme Root CA",
    ],
)
def test_a_root_is_not_taken_for_another_one_that_has_its_name_within_its_own(line: str) -> None:
    listed = Roots(fingerprints=frozenset(), lines=(comparable(line),))
    assert rules(held(), roots={"b": listed}) == [Rule.UNTRUSTED_ROOT]


def test_a_name_with_a_comma_is_one_name() -> None:
    chain = held(under("Other Issuing", elliptic("oi")), below("Acme, Inc. Root"))
    for line in ("Owner: CN=Acme\\, Inc. Root, O=Acme", 'Owner: CN="Acme, Inc. Root", O=Acme'):
        assert rules(chain, roots={"b": Roots(fingerprints=frozenset(), lines=(comparable(line),))}) == []


def test_a_trusted_root_is_not_asked_for_its_key() -> None:
    """It is trusted for what it is, and not for what it once was signed with."""
    old = certificate("Old Root", modular(1024), "Old Root", modular(1024), authority=True)
    listed = Roots(fingerprints=frozenset({old.fingerprint(SHA256()).hex()}))
    assert rules(held(under("Old Root", modular(1024)), old), roots={"b": listed}) == []


def test_whom_a_caller_trusts_is_not_asked_of_its_own_key_pairs() -> None:
    foreign = (under("Other Issuing", elliptic("oi")), OTHER_ISSUING, OTHER)
    assert rules(held(*foreign, place=Place.KEY_PAIR, exportable=False)) == []
    assert rules(held(*foreign, place=Place.SECRET)) == [Rule.UNTRUSTED_ROOT]


def test_one_key_in_two_orgs_is_told_in_both() -> None:
    again = leaf(starts=NOW - 5 * DAY)
    here, there = held(), held(again, ISSUING, org="c", name="Two")
    faults = found(here, there)
    assert [(f.rule, f.org) for f in faults] == [(Rule.SHARED, "b"), (Rule.SHARED, "c")]
    assert "opens c too" in faults[0].what and "opens b too" in faults[1].what


def test_one_key_in_more_orgs_names_them_all_wherever_in_its_file_it_stands() -> None:
    """A file that begins with the intermediate is about the leaf all the same, and a shared intermediate is no shared key."""
    upside_down = held(ISSUING, leaf(), org="c", name="Two")
    once_more = held(org="d", name="Three")
    another = held(ISSUING, leaf("C_to_D"), org="d", name="Four")
    clocks = {"b": NOW, "c": NOW, "d": NOW}
    faults = lint([held(), upside_down, once_more, another], {}, LIMITS, clocks)
    assert {f.about: f.what for f in faults if f.rule is Rule.SHARED} == {
        "b/inbound/One": "the same key opens c, d too",
        "c/inbound/Two": "the same key opens b, d too",
        "d/inbound/Three": "the same key opens b, c too",
    }


def test_the_same_key_twice_in_one_org_or_at_its_holder_is_not_shared() -> None:
    renewed = held(leaf(starts=NOW - 5 * DAY), ISSUING, name="Two")
    at_home = held(org="c", place=Place.KEY_PAIR, exportable=False)
    in_a_secret = held(org="c", place=Place.SECRET)
    other = held(leaf("C_to_D"), ISSUING, org="c")
    empty = held(org="c", chain=None)
    assert rules(held(), renewed, at_home, in_a_secret, other, empty) == []


def test_faults_name_where_they_are_and_come_worst_first() -> None:
    """Then by where they lie, whatever order the orgs were read in."""
    late = held(leaf("Late", ends=NOW), ISSUING, name="Late", org="c")
    loose = held(leaf("Loose"), ISSUING, name="Loose", org="c", place=Place.KEY_PAIR, exportable=True)
    mixed = held(ISSUING, leaf("Mixed"), name="Mixed", used=False)
    weak = held(leaf(usages=(SERVER,)), name="Weak", used=False)
    faults = found(mixed, loose, weak, late)
    assert [(f.severity, f.about, f.rule) for f in in_order(faults)] == [
        ("critical", "b/inbound/Weak", Rule.NO_CLIENT_USAGE),
        ("critical", "c/inbound/Late", Rule.ENDS_SOON),
        ("high", "b/inbound/Mixed", Rule.CHAIN_ORDER),
        ("high", "b/inbound/Weak", Rule.NO_INTERMEDIATE),
        ("high", "b/inbound/Weak", Rule.SERVER_USAGE),
        ("medium", "c/key-pair/Loose", Rule.EXPORTABLE),
        ("low", "b/inbound/Mixed", Rule.UNUSED),
        ("low", "b/inbound/Weak", Rule.UNUSED),
    ]


SAID: Mapping[str, tuple[str, str, str]] = {
    "signed itself": (
        "critical",
        "it signed itself, which no org accepts from a caller",
        "Have its request signed.",
    ),
    "another root, in the file": (
        "critical",
        "its chain ends at Other Root, which the org does not trust",
        "Have it signed by an authority below a root that /cacerts.jsp of the org lists.",
    ),
    "another root, left out": (
        "critical",
        "its chain ends at Other Root, which the org does not trust",
        "Have it signed by an authority below a root that /cacerts.jsp of the org lists.",
    ),
    "a root without a common name, in the file": (
        "critical",
        "its chain ends at C=CH,O=Acme, which the org does not trust",
        "Have it signed by an authority below a root that /cacerts.jsp of the org lists.",
    ),
    "authorities that signed each other": (
        "critical",
        "its chain ends at East, which the org does not trust",
        "Have it signed by an authority below a root that /cacerts.jsp of the org lists.",
    ),
    "no usage at all": (
        "critical",
        "it is not for client authentication",
        "Have it issued with the usage clientAuth.",
    ),
    "a key that may not sign": (
        "critical",
        "its key usage lacks digitalSignature, so its holder cannot prove that it is theirs",
        "Have it issued with the key usage digitalSignature.",
    ),
    "an authority for servers": (
        "critical",
        "Servers above it may not issue for client authentication",
        "Order it from a hierarchy for client certificates.",
    ),
    "both usages": (
        "high",
        "it is for servers; its renewal will not carry clientAuth any more",
        "Order it from a hierarchy for client certificates.",
    ),
    "the leaf alone": (
        "high",
        "the certificate of Acme Issuing CA is missing from its file",
        "Put every intermediate below the leaf.",
    ),
    "the leaf alone, its issuer without a common name": (
        "high",
        "the certificate of C=CH,O=Acme is missing from its file",
        "Put every intermediate below the leaf.",
    ),
    "leaf and root without what is between": (
        "high",
        "the certificate of Acme Issuing CA is missing from its file",
        "Put every intermediate below the leaf.",
    ),
    "a lower intermediate, and the root without what is between": (
        "high",
        "the certificate of Middle is missing from its file",
        "Put every intermediate below the leaf.",
    ),
    "an intermediate of the same name and another key": (
        "high",
        "the certificate of Acme Issuing CA in its file does not fit the signature below it: another key signed, or "
        "SHA-1 was used, which nobody accepts any more",
        "Put in the certificate of the key that signed, or have its request signed anew with SHA-256.",
    ),
    "intermediate first": (
        "high",
        "its file is not in order: leaf first, then each one's issuer",
        "Sort the file, and leave out what signed none of it.",
    ),
    "RSA of 1024 bits": (
        "high",
        "its key is RSA of 1024 bits",
        "Make a new key pair: RSA from 2,048 bits, P-256, P-384 or P-521.",
    ),
    "another curve of 256 bits": (
        "high",
        "its key is EC of 256 bits on secp256k1",
        "Make a new key pair: RSA from 2,048 bits, P-256, P-384 or P-521.",
    ),
    "DSA": (
        "high",
        "its key is neither RSA nor EC",
        "Make a new key pair: RSA from 2,048 bits, P-256, P-384 or P-521.",
    ),
    "an authority with RSA of 1024 bits": (
        "high",
        "the key of Weak above it is RSA of 1024 bits",
        "Have its request signed by an authority with a stronger key.",
    ),
    "it ends this second": ("critical", "it has ended", "Renew it, and switch its caller over."),
    "thirty days to the second": (
        "medium",
        "it ends in 30 days",
        "Renew it: the plan lists the new one beside it first.",
    ),
    "a day longer than policy allows": (
        "medium",
        "it lives 399 days; policy wants 398 at most",
        "Order a shorter one.",
    ),
    "its key may leave": (
        "medium",
        "its private key may be exported",
        "Make a new key pair that may not be.",
    ),
    "nobody presents it": (
        "low",
        "nobody presents it",
        "Take it away, or name its holder in policy.yaml.",
    ),
    "not valid before tomorrow": (
        "critical",
        "A_to_B is not valid before 2026-11-29 12:00 UTC",
        "Wait until then, or have its request signed anew.",
    ),
    "an intermediate that is not valid yet": (
        "critical",
        "Coming is not valid before 2026-11-28 12:00 UTC",
        "Wait until then, or have its request signed anew.",
    ),
    "an intermediate that has ended": (
        "critical",
        "the certificate of Gone above it has ended",
        "Renew the authority first, then have this signed by the new one.",
    ),
    "an intermediate that ends before the leaf, and soon": (
        "medium",
        "Going above it ends in 30 days",
        "Renew the authority first, then have this signed by the new one.",
    ),
    "an intermediate that is no authority": (
        "critical",
        "Plain signed below it and is not marked as an authority",
        "Have its request signed by an authority that may do so.",
    ),
    "an authority below one that may have none": (
        "critical",
        "Middle above it may have 0 authorities below itself, and has 1",
        "Have its request signed by an authority that may do so.",
    ),
}


@pytest.mark.parametrize("name", SAID)
def test_a_fault_says_how_bad_it_is_what_it_saw_and_what_to_do(name: str) -> None:
    """What lets nobody in weighs most."""
    (fault,) = found(BAD[name][0])
    assert (fault.severity, fault.what, fault.next_step) == SAID[name]


def test_a_signature_with_sha_1_is_told_as_such_and_not_as_a_missing_file() -> None:
    above = certificate("Old Issuing", modular(2048), "Acme Root CA", ROOT_KEY, authority=True)
    (fault,) = found(held(with_sha_1(under("Old Issuing", modular(2048))), above))
    assert fault.rule is Rule.NO_INTERMEDIATE
    assert "Old Issuing in its file does not fit" in fault.what and "SHA-1" in fault.what


def test_what_signed_itself_with_sha_1_signed_itself() -> None:
    """Many roots did; how they signed themselves is of no interest to anybody."""
    key = modular(1024)
    root = with_sha_1(certificate("Old Root", key, "Old Root", key))
    listed = Roots(fingerprints=frozenset({root.fingerprint(SHA256()).hex()}))
    middle = certificate("Old Middle", elliptic("om"), "Old Root", key, authority=True)
    assert rules(held(under("Old Middle", elliptic("om")), middle, root), roots={"b": listed}) == []
    alone = with_sha_1(certificate("A_to_B", modular(2048), "A_to_B", modular(2048), usages=(CLIENT,)))
    assert rules(held(alone)) == [Rule.SELF_SIGNED]


def test_what_is_for_servers_alone_has_no_usage_to_lose() -> None:
    usage, servers = found(BAD["an empty set of usages but one of its own"][0])
    assert (usage.what, servers.what) == ("it is not for client authentication", "it is for servers")


def test_a_shared_key_says_what_to_do() -> None:
    fault = found(held(), held(org="c", name="Two"))[0]
    assert (fault.severity, fault.next_step) == (
        "high",
        "Issue one for each route; one stolen key then opens one org.",
    )


def test_an_authority_without_a_name_is_known_by_what_else_it_has() -> None:
    """By its distinguished name, and without any by its serial number."""
    late = chain_of(pem(leaf(starts=NOW + DAY), ISSUING))
    first, *rest = late.certificates
    for update, name in (
        ({"common_name": ""}, "C=CH,O=Acme,CN=A_to_B"),
        ({"common_name": "", "subject": "", "serial": "77"}, "the one with the serial number 77"),
    ):
        anonymous = late.model_copy(update={"certificates": (first.model_copy(update=update), *rest)})
        (fault,) = found(held(chain=anonymous))
        assert fault.what == f"{name} is not valid before 2026-11-29 12:00 UTC"


def test_without_a_trust_store_what_hangs_on_nothing_means_that_something_is_missing() -> None:
    """Whether the last issuer is a root, so that nothing is missing, only the trust store tells."""
    (fault,) = found(BAD["one that does not belong, below a root that is left out"][0], roots={})
    assert fault.rule is Rule.NO_INTERMEDIATE and "Acme Root CA" in fault.what


def test_a_door_is_asked_for_what_it_refuses_and_for_nothing_else() -> None:
    """How long a certificate lives and how soon it ends are no door's business, and the root only where it is known."""
    fine = chain_of(pem(leaf(starts=NOW - 900 * DAY, ends=NOW + SECOND), ISSUING))
    assert against_presenting(fine, NOW, ROOTS) == against_presenting(fine, NOW) == ()
    foreign = chain_of(pem(under("Other Issuing", elliptic("oi")), OTHER_ISSUING))
    assert against_presenting(foreign, NOW) == ()
    (fault,) = against_presenting(foreign, NOW, ROOTS)
    assert (fault.rule, fault.name) == (Rule.UNTRUSTED_ROOT, "A_to_B")


def test_the_issuing_key_is_not_the_leaf() -> None:
    """An authority on the list is judged as what it is: nobody's client certificate."""
    assert rules(held(ISSUING, ROOT)) == [Rule.NO_CLIENT_USAGE, Rule.LIVES_TOO_LONG]
    assert ISSUING.public_key() == ISSUING_KEY.public_key()
    assert rules(held(ROOT, ISSUING)) == [Rule.NO_CLIENT_USAGE, Rule.CHAIN_ORDER, Rule.LIVES_TOO_LONG]
