"""The state machine of renewal: what comes next from wherever things stand, and that nobody is locked out on the way."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from tasks.certificates.authority import presentable
from tasks.certificates.chains import chain_of
from tasks.certificates.model import Chain, Holder, Next, Roots, RouteState, Shown, Stage
from tasks.certificates.renewal import against_enforcing, next_of, old_pairs
from tasks.errors import ConfigurationError
from tests.tasks.certificates.minted import (
    DAY,
    ISSUING,
    ISSUING_KEY,
    NOW,
    ROOT,
    ROOT_KEY,
    ROOTS,
    SERVER,
    certificate,
    elliptic,
    leaf,
    modular,
    pem,
)
from tests.tasks.certificates.routes import NEW, OLD, ROUTE, listed, state

BEFORE = timedelta(days=30)
HOUR = timedelta(hours=1)
PLAIN = "https://b.my.salesforce.com"
BOTH: dict[str, Any] = {
    "pairs": (Shown(name="Old", chain=OLD), Shown(name="New", chain=NEW)),
    "listed": (listed(OLD, "Old"), listed(NEW, "New")),
}


def after(given: RouteState, *, private: bool = False, settle: timedelta = timedelta()) -> Next:
    return next_of(given, BEFORE, NOW, private=private, settle=settle)


@pytest.mark.parametrize(
    ("given", "stage", "pair"),
    [
        (state(), Stage.DONE, "New"),
        (state(pairs=(), presents=None, listed=()), Stage.REQUEST, None),
        (state(pairs=(Shown(name="Old", chain=OLD),), presents="Old"), Stage.REQUEST, None),
        (state(pairs=(Shown(name="W", request="csr"),), presents=None, listed=()), Stage.SIGN, "W"),
        (state(pairs=(Shown(name="Old", chain=OLD), Shown(name="W", request="csr"))), Stage.SIGN, "W"),
        (state(presents=None, listed=()), Stage.LIST, "New"),
        (state(**{**BOTH, "presents": "Old", "listed": (listed(OLD, "Old"),)}), Stage.LIST, "New"),
        (state(**{**BOTH, "presents": "Old"}), Stage.SWITCH, "New"),
        (state(presents=None), Stage.SWITCH, "New"),
        (state(address=PLAIN), Stage.SWITCH, "New"),
        (state(address=f"{PLAIN}:443"), Stage.SWITCH, "New"),
        (state(address=f"{PLAIN}:8443/services"), Stage.DONE, "New"),
        (state(enforced=False), Stage.ENFORCE, "New"),
        (state(api_only=False), Stage.ENFORCE, "New"),
        (state(enforced=False, others=("B_Other calls port 443",)), Stage.HELD, "New"),
        (state(**BOTH, presents="New", since=NOW - HOUR, last_in=NOW), Stage.RETIRE, "New"),
        (state(**BOTH, presents="New", since=NOW - HOUR), Stage.HELD, "New"),
        (state(**BOTH, presents="New", last_in=NOW), Stage.HELD, "New"),
        (state(**BOTH, presents="New", since=NOW, last_in=NOW), Stage.HELD, "New"),
        (state(**BOTH, presents="New", since=NOW - HOUR, last_in=NOW, vouched=False), Stage.HELD, "New"),
    ],
)  # fmt: skip
def test_what_comes_next(given: RouteState, stage: Stage, pair: str | None) -> None:
    step = after(given)
    assert (step.stage, step.pair) == (stage, pair)
    assert bool(step.waits) == (stage in (Stage.HELD, Stage.SIGN))


def test_only_what_is_not_presented_is_retired() -> None:
    assert after(state(**BOTH, presents="New", since=NOW - HOUR, last_in=NOW)).old == ("Old",)


def test_a_key_pair_is_old_only_when_nothing_has_it_any_more() -> None:
    former, own = f"MTLS_{ROUTE}_20250101", f"MTLS_{ROUTE}_20260101"
    pairs = (Shown(name=former, chain=OLD), Shown(name=own, chain=NEW), Shown(name="Theirs", chain=OLD))
    given = state(pairs=pairs, presents=own)
    assert [each.name for each in old_pairs(given, ())] == [former]
    assert not old_pairs(given, (former,)), "another credential has it"
    assert not old_pairs(given.model_copy(update={"listed": (listed(OLD, "Old"),)}), ()), "it is listed"
    assert not old_pairs(given.model_copy(update={"holder": Holder.MIDDLEWARE}), ())
    assert not old_pairs(given.model_copy(update={"presents": former}), ()), "the other one is the next"
    waiting = (*pairs[1:2], Shown(name=former, request="REQUEST"))
    assert not old_pairs(given.model_copy(update={"pairs": waiting}), ())


def test_the_one_before_stays_listed_for_as_long_as_policy_says() -> None:
    given = state(**BOTH, presents="New", since=NOW - 2 * HOUR, last_in=NOW)
    assert after(given, settle=HOUR).stage is Stage.RETIRE
    assert after(given, settle=2 * HOUR).stage is Stage.HELD


def test_what_another_caller_presents_is_not_retired() -> None:
    given = state(**BOTH, presents="New", since=NOW - HOUR, last_in=NOW)
    held = after(given.model_copy(update={"borrowed": {OLD.leaf.fingerprint: "B_Other"}}))
    assert held.stage is Stage.HELD and "B_Other" in held.waits
    new = after(given.model_copy(update={"borrowed": {NEW.leaf.fingerprint: "B_Other"}}))
    assert new.stage is Stage.RETIRE, "that one stays"


def test_a_pair_is_renewed_the_moment_it_lasts_no_longer_than_wanted() -> None:
    last = NEW.leaf.ends - BEFORE
    assert next_of(state(), BEFORE, last - timedelta(seconds=1), private=False).stage is Stage.DONE
    assert next_of(state(), BEFORE, last, private=False).stage is Stage.REQUEST


def test_of_two_good_pairs_the_presented_one_stays() -> None:
    longer = Shown(name="Longer", chain=NEW)
    assert after(state(pairs=(longer, Shown(name="New", chain=NEW)))).pair == "New"


@pytest.mark.parametrize(("seen", "stage"), [(True, Stage.SWITCH), (None, Stage.HELD), (False, Stage.HELD)])
def test_a_private_authority_is_used_only_where_the_org_was_seen_to_take_it(
    seen: bool | None, stage: Stage
) -> None:
    given = state(**{**BOTH, "presents": "Old"}, accepted=seen)
    assert after(given, private=True).stage is stage
    assert after(given, private=False).stage is (Stage.HELD if seen is False else Stage.SWITCH)


LONG: Any = {"ends": NOW + 85 * DAY}


def middle(**changed: Any) -> Any:
    """The issuing authority's certificate, with something wrong with it."""
    given = {"authority": True, "starts": NOW - 100 * DAY, "ends": NOW + 900 * DAY, **changed}
    return certificate("Acme Issuing CA", ISSUING_KEY, "Acme Root CA", ROOT_KEY, **given)


REFUSED: dict[str, Chain] = {
    name: chain_of(pem(*certificates))
    for name, certificates in {
        "for servers": (leaf(ROUTE, usages=(SERVER,), **LONG), ISSUING),
        "for anything": (leaf(ROUTE, **{**LONG, "usages": None}), ISSUING),
        "alone": (leaf(ROUTE, **LONG),),
        "signed by itself": (certificate(ROUTE, elliptic("self"), ROUTE, elliptic("self"), **LONG),),
        "not valid yet": (leaf(ROUTE, starts=NOW + 40 * DAY, ends=NOW + 120 * DAY), ISSUING),
        "of a short key": (leaf(ROUTE, modular(1024), **LONG), ISSUING),
        "below one that has ended": (leaf(ROUTE, **LONG), middle(ends=NOW - DAY), ROOT),
        "below one that ends too soon": (leaf(ROUTE, **LONG), middle(ends=NOW + 30 * DAY), ROOT),
        "below no authority": (leaf(ROUTE, **LONG), middle(authority=False), ROOT),
    }.items()
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_door_may_refuse_is_neither_listed_nor_presented_nor_enforced(name: str) -> None:
    bad = Shown(name="Bad", chain=REFUSED[name])
    old = {"pairs": (Shown(name="Old", chain=OLD), bad), "presents": "Old"}
    assert after(state(**old, listed=(listed(OLD, "Old"),))).stage is Stage.REQUEST
    assert after(state(**old, listed=(listed(OLD, "Old"), listed(REFUSED[name], "B")))).stage is Stage.REQUEST
    shown = {"pairs": (bad,), "presents": "Bad", "listed": (listed(REFUSED[name], "B"),)}
    assert after(state(**shown, enforced=False)).stage is Stage.REQUEST
    good = state(**{**old, "pairs": (*old["pairs"], Shown(name="New", chain=NEW))}, listed=())
    assert after(good).pair == "New", "the good one beside it is taken"


@pytest.mark.parametrize("name", REFUSED)
def test_such_a_chain_is_not_taken_from_the_authority(name: str) -> None:
    with pytest.raises(ConfigurationError, match=ROUTE):
        presentable(REFUSED[name], NOW, BEFORE)
    assert presentable(NEW, NOW, BEFORE) is NEW


def test_below_a_root_that_the_org_does_not_trust_nothing_is_committed() -> None:
    strange = Roots(fingerprints=frozenset({"0" * 64}), lines=("otherca,jan1,2026,trustedcertentry,",))
    steps = {
        Stage.LIST: state(presents=None, listed=()),
        Stage.SWITCH: state(presents=None),
        Stage.ENFORCE: state(enforced=False),
    }
    for stage, given in steps.items():
        assert after(given.model_copy(update={"roots": ROOTS})).stage is stage
        held = after(given.model_copy(update={"roots": strange}))
        assert held.stage is Stage.HELD and "does not trust" in held.waits
    assert after(state(roots=strange)).stage is Stage.DONE


def test_what_the_door_was_seen_to_refuse_is_not_presented() -> None:
    for given in (state(presents=None, listed=()), state(presents=None)):
        held = after(given.model_copy(update={"accepted": False}))
        assert held.stage is Stage.HELD and "seen to refuse" in held.waits


def test_everybody_who_would_be_locked_out_is_named() -> None:
    given = state(
        enforced=False,
        others=("B_Other calls port 443",),
        strangers=("Data Loader",),
        person=True,
        vouched=False,
    )
    words = "; ".join(against_enforcing(given))
    assert len(against_enforcing(given)) == 4
    assert all(part in words for part in ("B_Other", "Data Loader", "browser", "policy.yaml"))
    assert after(given).waits == words
    assert against_enforcing(state(enforced=False)) == ()


def test_who_belongs_to_no_route_may_be_stopped_by_word_and_a_known_credential_never() -> None:
    outside: dict[str, Any] = {"enforced": False, "strangers": ("Data Loader",), "person": True}
    assert next_of(state(**outside), BEFORE, NOW, private=False, although_used=True).stage is Stage.ENFORCE
    for known in ({"others": ("B_Other calls port 443",)}, {"vouched": False}):
        given = state(**outside, **known)
        step = next_of(given, BEFORE, NOW, private=False, although_used=True)
        assert step.stage is Stage.HELD and "browser" not in step.waits and "Data Loader" not in step.waits


def test_from_anywhere_it_ends_in_order_and_never_locks_out() -> None:
    """Each step is done or lost, and sometimes undone; what an enforced caller presents is listed at every moment."""
    chance = Random("renewal")
    for _ in range(200):
        now = state(
            pairs=chance.choice([(), (Shown(name="Old", chain=OLD),)]),
            presents=None,
            listed=(),
            enforced=False,
            api_only=False,
            address=chance.choice([PLAIN, f"{PLAIN}:8443"]),
        )
        if now.pairs:
            now = now.model_copy(
                update={"presents": "Old", "listed": (listed(OLD, "Old"),), "enforced": chance.random() < 0.5}
            )
        for _turn in range(60):
            step = after(now)
            if step.stage is Stage.DONE:
                break
            if chance.random() < 0.3:
                continue
            now = done(now, step)
            safe(now)
        else:
            pytest.fail(f"it never ends: {after(now)}")
        assert [each.name for each in now.listed] == ["New"] and now.enforced and now.presents == "New"


def done(given: RouteState, step: Next) -> RouteState:
    """What the world looks like after a step."""
    pairs = {pair.name: pair for pair in given.pairs}
    match step.stage:
        case Stage.REQUEST:
            pairs["New"] = Shown(name="New", request="csr")
            change: dict[str, Any] = {"pairs": tuple(pairs.values())}
        case Stage.SIGN:
            pairs["New"] = Shown(name="New", chain=NEW)
            change = {"pairs": tuple(pairs.values())}
        case Stage.LIST:
            change = {"listed": (*given.listed, listed(NEW, "New"))}
        case Stage.SWITCH:
            change = {"presents": step.pair, "address": f"{PLAIN}:8443", "since": NOW - DAY}
        case Stage.ENFORCE:
            change = {"enforced": True, "api_only": True}
        case Stage.HELD:
            change = {"last_in": NOW}
        case Stage.RETIRE:
            change = {"listed": tuple(each for each in given.listed if each.name not in step.old)}
        case _:
            raise AssertionError(step)
    return given.model_copy(update=change)


def safe(given: RouteState) -> None:
    shown = given.shown
    if given.enforced:
        assert shown is not None and shown.chain is not None
        assert shown.chain.leaf.fingerprint in {
            each.chain.leaf.fingerprint for each in given.listed if each.chain
        }
