"""The linter: each defect breaks exactly its own rule, and what lies just within its limit breaks none."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from tasks.certificates.lint import RULES, Limits, in_order, lint
from tasks.certificates.model import Fault, Held, Place, Roots, Rule
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


GOOD: Mapping[str, Held] = {
    "leaf and intermediate": held(),
    "with the root": held(leaf(), ISSUING, ROOT),
    "two intermediates": held(under("Lower", elliptic("lower")), LOWER, MIDDLE),
    "RSA of 2048 bits": held(leaf(key=modular(2048)), ISSUING),
    "RSA of 3072 bits": held(leaf(key=modular(3072)), ISSUING),
    "P-384": held(leaf(key=elliptic("x", "P-384")), ISSUING),
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
    "P-521": (held(leaf(key=elliptic("x", "P-521")), ISSUING), [Rule.WEAK_KEY]),
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


def test_the_same_key_twice_in_one_org_or_at_its_holder_is_not_shared() -> None:
    renewed = held(leaf(starts=NOW - 5 * DAY), ISSUING, name="Two")
    at_home = held(org="c", place=Place.KEY_PAIR, exportable=False)
    in_a_secret = held(org="c", place=Place.SECRET)
    other = held(leaf("C_to_D"), ISSUING, org="c")
    empty = held(org="c", chain=None)
    assert rules(held(), renewed, at_home, in_a_secret, other, empty) == []


def test_faults_name_where_they_are_and_come_worst_first() -> None:
    weak = held(leaf(usages=(SERVER,)), name="Weak", org="c", used=False)
    faults = list(in_order(found(held(used=False), weak)))
    assert [f.severity for f in faults] == sorted(
        (f.severity for f in faults), key=["critical", "high", "medium", "low"].index
    )
    assert faults[0].about == "c/inbound/Weak" and faults[0].rule is Rule.NO_CLIENT_USAGE
    assert faults[-1].severity == "low"
    assert [f.about for f in faults if f.rule is Rule.UNUSED] == ["b/inbound/One", "c/inbound/Weak"]


@pytest.mark.parametrize(
    ("defect", "words"),
    [
        ("the leaf alone", "Acme Issuing CA"),
        ("leaf and root without what is between", "Acme Issuing CA"),
        ("another root, in the file", "Other Root"),
        ("another root, left out", "Other Root"),
        ("RSA of 1024 bits", "RSA of 1024 bits"),
        ("another curve of 256 bits", "EC of 256 bits on secp256k1"),
        ("DSA", "its key is other"),
        ("a day longer than policy allows", "398 days; policy wants 398"),
    ],
)
def test_a_fault_says_what_it_saw(defect: str, words: str) -> None:
    assert words in found(BAD[defect][0])[0].what


SEVERITIES: Mapping[str, str] = {
    "signed itself": "critical",
    "another root, left out": "critical",
    "no usage at all": "critical",
    "both usages": "high",
    "the leaf alone": "high",
    "intermediate first": "high",
    "RSA of 1024 bits": "high",
    "a day longer than policy allows": "medium",
    "its key may leave": "medium",
    "nobody presents it": "low",
}


@pytest.mark.parametrize("name", SEVERITIES)
def test_what_lets_nobody_in_weighs_most(name: str) -> None:
    assert [f.severity for f in found(BAD[name][0])] == [SEVERITIES[name]]


def test_the_issuing_key_is_not_the_leaf() -> None:
    """An authority on the list is judged as what it is: nobody's client certificate."""
    assert rules(held(ISSUING, ROOT)) == [Rule.NO_CLIENT_USAGE, Rule.LIVES_TOO_LONG]
    assert ISSUING.public_key() == ISSUING_KEY.public_key()
