"""When a route is held to mutual TLS whole: everything at once, and what nobody knows is no yes."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest

from tasks.certificates.lint import Limits, lint
from tasks.certificates.model import Held, Place, Proven, Revocations, Roots, RouteState, Shown, Wellness
from tasks.certificates.telling import wellness_markdown
from tasks.certificates.well import wellness
from tests.tasks.certificates.minted import DAY, NOW, ROOTS
from tests.tasks.certificates.routes import NEW, OLD, ROUTE, listed, state

WHOLE = state()
LIMITS = Limits(longest=timedelta(days=400), warn_days=(30, 14, 7))
LONGEST = timedelta(days=35)
MARK = NEW.leaf.fingerprint
FRESH = Revocations(ends=NOW + 5 * DAY, serials=frozenset({"7"}), authentic=True)


def proven(**changed: Any) -> Proven:
    return Proven(**{"route": ROUTE, "verdict": "proven", "fingerprint": MARK, "at": NOW - DAY, **changed})


def judged(
    given: RouteState = WHOLE,
    *,
    more: Sequence[RouteState] = (),
    proofs: Mapping[str, Proven] | None = {ROUTE: proven()},
    revoked: Revocations | None = FRESH,
    disabled: Sequence[str] = (),
    roots: Roots = ROOTS,
    own: bool = True,
) -> Wellness:
    pair = given.shown
    held: list[Held] = [*given.listed]
    if pair is not None:
        held.append(Held(org="a", place=Place.KEY_PAIR, name=pair.name, chain=pair.chain, used=True))
    clocks = {"a": NOW, "b": NOW}
    faults = lint(held, {"a": roots, "b": roots}, LIMITS, clocks)
    found = wellness(
        [given, *more], held, faults, proofs, revoked, disabled, clocks, LONGEST, own_authority=own
    )
    return found[0]


def test_all_of_it_is_well() -> None:
    assert judged() == Wellness(route=ROUTE, verdict="well")
    assert judged(revoked=None, own=False).verdict == "well", "of others' lists the org itself asks"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"given": state(enforced=False)}, "does not hold Enforce"),
        ({"given": state(api_only=False)}, "not API-only"),
        ({"given": state(address="https://b.my.salesforce.com")}, "port 443"),
        ({"given": state(presents=None)}, "presents no certificate"),
        ({"given": state(presents="Gone")}, "presents no certificate"),
        ({"given": state(listed=())}, "does not list"),
        ({"given": state(listed=(listed(OLD, "Old"),))}, "does not list"),
        ({"more": [state(route="A_to_C")]}, "A_to_C presents it, too"),
        ({"given": state(pairs=(Shown(name="New", chain=OLD),), listed=(listed(OLD, "Old"),)),
          "proofs": {ROUTE: proven(fingerprint=OLD.leaf.fingerprint)}}, "it ends in 20 days"),
        ({"roots": Roots(fingerprints=frozenset())}, "which the org does not trust"),
        ({"disabled": ["b"]}, "Salesforce Support"),
        ({"revoked": FRESH.model_copy(update={"ends": NOW})}, "list of revoked certificates ended"),
        ({"revoked": FRESH.model_copy(update={"authentic": False})}, "not signed by the authority"),
        ({"revoked": FRESH.model_copy(update={"serials": frozenset({NEW.leaf.serial})})}, "is revoked"),
        ({"proofs": {ROUTE: proven(verdict="broken", why=("sync@b gets in with port 443",))}}, "gets in with port 443"),
    ],
)  # fmt: skip
def test_one_thing_alone_makes_it_not_well(changed: dict[str, Any], says: str) -> None:
    found = judged(**changed)
    assert found.verdict == "not well"
    assert any(says in why for why in found.why), found.why


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"proofs": None}, "ledger could not be read"),
        ({"proofs": {}}, "no handshake was ever tried"),
        ({"proofs": {ROUTE: proven(at=NOW - LONGEST - timedelta(seconds=1))}}, "35 days old"),
        ({"proofs": {ROUTE: proven(fingerprint=OLD.leaf.fingerprint)}}, "another certificate"),
        ({"proofs": {ROUTE: proven(verdict="unknown", why=("not tried: port 443",))}}, "proved nothing"),
        ({"revoked": None}, "list of revoked certificates could not be read"),
    ],
)  # fmt: skip
def test_what_nobody_knows_makes_it_unknown(changed: dict[str, Any], says: str) -> None:
    found = judged(**changed)
    assert found.verdict == "unknown" and any(says in why for why in found.why), found.why


def test_a_proof_counts_until_the_day_that_policy_says() -> None:
    assert judged(proofs={ROUTE: proven(at=NOW - LONGEST)}).verdict == "well"


def test_the_page_counts_what_was_not_judged_and_shows_the_worst_first() -> None:
    found = [judged(), judged(state(enforced=False)).model_copy(update={"route": "A_to_D"})]
    shown = wellness_markdown(found, {"A_to_E": "b could not be read"})
    assert "**1 of 3**" in shown
    assert shown.index("A_to_D") < shown.index(ROUTE) < shown.index("A_to_E")
