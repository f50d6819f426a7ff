"""Light orgs come on top: the estate beside them is the one it would be without them."""

from dataclasses import asdict
from datetime import UTC, datetime

from deployments.sandbox.seed.answer_key import AnswerKey
from deployments.sandbox.seed.baseline import lay_out
from deployments.sandbox.seed.blueprint import Blueprint
from deployments.sandbox.seed.light import LOGINS, PEOPLE, ROWS, add_light_orgs, aliases
from deployments.sandbox.seed.plants import plant_all

MAIN = {"hq", "emea", "apac", "compliance", "hq-uat"}


def planted(light: int, seed: int = 3) -> Blueprint:
    plan = lay_out(seed, 60, datetime(2026, 5, 6, 7, 8, tzinfo=UTC))
    plant_all(plan, AnswerKey(plan, "all"))
    add_light_orgs(plan, light, seed)
    return plan


def test_the_rest_of_the_estate_is_the_same() -> None:
    with_them, without = planted(7), planted(0)
    assert with_them.orgs.keys() == MAIN | set(aliases(7))
    for alias in MAIN:
        mine, theirs = asdict(with_them.orgs[alias]), asdict(without.orgs[alias])
        assert mine.pop("rng").getstate() == theirs.pop("rng").getstate()
        assert mine == theirs
    for name in ("connections", "routes", "attestations", "web_acls"):
        kept = getattr(without, name)
        found = getattr(with_them, name)
        assert (list(found)[: len(kept)] if isinstance(found, list) else found) == kept


def test_each_is_small_and_every_second_one_syncs_to_the_next() -> None:
    plan = planted(5)
    for alias in aliases(5):
        org = plan.orgs[alias]
        assert len(org.users) < PEOPLE + 6 and set(org.rows.values()) == {ROWS}
        assert all(series.count <= LOGINS for series in org.logins)
    pairs = {(c.source, c.target) for c in plan.connections if c.source.startswith("unit-")}
    assert pairs == {("unit-001", "unit-002"), ("unit-003", "unit-004")}
    assert {(r.source, r.target) for r in plan.routes if r.source.startswith("unit-")} == pairs


def test_their_own_identities_share_a_key_pair() -> None:
    plan = planted(4)
    keys = {
        app.certificate for alias in aliases(4) for app in plan.orgs[alias].apps.values() if app.certificate
    }
    assert keys == {("bulkhead", "light-Bulkhead_Scanner"), ("bulkhead", "light-Bulkhead_Enforcer")}
