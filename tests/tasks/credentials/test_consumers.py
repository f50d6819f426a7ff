"""Who still uses the old credential: read, signed in, or unknown."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tasks.credentials.consumers import SETTLED, UNKNOWN, is_principal, proof_of, recent
from tasks.credentials.model import Order, Proof, Rotation, SecretRead, SignIn
from tasks.estate.model import RotatedCredential

LIVE = datetime(2026, 3, 26, tzinfo=UTC)
ARN = "arn:aws:sts::123456789012:assumed-role/feed/session-1"
CREDENTIAL = RotatedCredential.model_validate(
    {
        "secret": "feed",
        "org": "hq",
        "kind": "client-secret",
        "apps": ["Feed"],
        "consumers": [
            {"name": "Feed", "principal": "role/feed", "addresses": ["192.0.2.0/28"]},
            {"name": "Batch", "principal": "user/batch", "addresses": ["198.51.100.1/32"]},
        ],
    }
)
ROTATION = Rotation(
    secret="feed",
    token="new",
    old="old",
    old_mark="m0",
    old_since=LIVE - timedelta(days=84),
    order=Order.SCHEDULED,
    begun=LIVE - timedelta(days=1),
    live=LIVE,
)


def read(principal: str, hours: float, **more: str) -> SecretRead:
    return SecretRead(principal=principal, at=LIVE + timedelta(hours=hours), **more)


def entered(address: str, hours: float, app: str = "Feed") -> SignIn:
    return SignIn(app=app, username="sync", address=address, at=LIVE + timedelta(hours=hours))


BOTH = (read(ARN, 1), read("arn:aws:iam::1:user/batch", 2))


def proof(reads: Any = (), sign_ins: Any = (), old_place: str = "") -> Proof:
    return proof_of(CREDENTIAL, ROTATION, reads, sign_ins, old_place)


def late(found: Proof) -> list[str]:
    return [each.consumer for each in found.laggards]


def test_nothing_is_proven_before_it_is_live() -> None:
    waiting = ROTATION.model_copy(update={"live": None})
    assert proof_of(CREDENTIAL, waiting, (), ()) == Proof()


def test_whoever_has_not_read_it_is_late_and_named_with_address_and_app() -> None:
    found = proof(BOTH[:1], (entered("198.51.100.1", 3),))
    assert late(found) == ["Batch"]
    (batch,) = found.laggards
    assert (batch.app, batch.addresses, batch.last) == ("Feed", ("198.51.100.1",), LIVE + timedelta(hours=3))
    assert found.last_use == LIVE + timedelta(hours=3)


def test_without_a_sign_in_the_declared_addresses_are_named() -> None:
    assert proof(BOTH[:1]).laggards[0].addresses == ("198.51.100.1/32",)


def test_all_have_read_it() -> None:
    assert proof(BOTH) == Proof()


@pytest.mark.parametrize(
    ("one", "counts"),
    [
        (read("user/batch", 1), True),
        (read("user/batch", -1), False),
        (read("user/batch", 0.01), False),
        (read("user/batch", 1, version="old"), False),
        (read("user/batch", 1, version="new"), True),
        (read("user/batch", 1, stage="AWSPREVIOUS"), False),
        (read("user/batch", 1, stage="AWSCURRENT"), True),
        (read("user/other", 1), False),
    ],
)
def test_what_counts_as_having_read_the_new_one(one: SecretRead, counts: bool) -> None:
    assert (late(proof((BOTH[0], one))) == []) is counts


def test_sign_ins_before_reading_are_of_the_old_one_and_later_ones_are_not() -> None:
    assert proof(BOTH, (entered("192.0.2.1", 0.5),)).last_use == LIVE + timedelta(hours=0.5)
    assert proof(BOTH, (entered("192.0.2.1", 1.5),)).last_use is None


def test_our_own_trial_just_before_is_nobodys_use() -> None:
    assert proof(BOTH, (entered("203.0.113.9", SETTLED / timedelta(hours=1) / 2),)) == Proof()


def test_from_an_unknown_address_it_is_somebody_whom_nobody_registered() -> None:
    found = proof(BOTH, (entered("203.0.113.9", 5),))
    assert late(found) == [UNKNOWN] and found.laggards[0].addresses == ("203.0.113.9",)
    now = LIVE + timedelta(days=1)
    assert late(recent(found, timedelta(days=2), now)) == [UNKNOWN]
    assert late(recent(found, timedelta(hours=18), now)) == []
    assert late(recent(proof(()), timedelta(0), now)) == ["Feed", "Batch"], (
        "those who are registered stay named"
    )


def test_where_two_apps_take_turns_use_of_the_old_one_is_seen() -> None:
    found = proof(BOTH, (entered("192.0.2.1", 5, "App_A"), entered("192.0.2.1", 6, "App_B")), "App_A")
    assert found.last_use == LIVE + timedelta(hours=5) and late(found) == []
    strange = proof(BOTH, (entered("203.0.113.9", 5, "App_B"),), "App_A")
    assert strange == Proof(), "whoever uses the new one may come from anywhere"


def test_logs_that_cannot_be_read_prove_nothing() -> None:
    assert len(proof(None, ()).blind) == 1 and len(proof((), None).blind) == 1
    assert late(proof(None, ())) == [], "nobody is called late whom nobody could see"
    assert proof(BOTH, ()).blind == ()


@pytest.mark.parametrize(
    ("declared", "seen", "same"),
    [
        ("role/feed", ARN, True),
        ("role/fee", ARN, False),
        ("arn:aws:iam::123456789012:role/feed", ARN, True),
        (ARN, ARN, True),
        ("user/batch", "arn:aws:iam::1:user/batch", True),
        ("batch", "arn:aws:iam::1:user/batch", False),
        ("role/service-role/feed", ARN, True),
        ("arn:aws:iam::123456789012:role/service-role/feed", ARN, True),
        ("arn:aws:iam::2:role/feed", ARN, False),
        ("role/session", "arn:aws:sts::1:assumed-role/feed/session", False),
        ("user/batch", "arn:aws:iam::1:user/teams/batch", True),
        ("", "arn:aws:iam::1:root", False),
        ("user/atch", "arn:aws:iam::1:user/batch", False),
        ("user/feed", ARN, False),
    ],
)
def test_principals(declared: str, seen: str, same: bool) -> None:
    assert is_principal(declared, seen) is same
