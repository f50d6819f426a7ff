"""Plants over many seeds: every variant of every control, never in the clean org, never a decoy that is a fault."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from deployments.sandbox.seed.answer_key import AnswerKey
from deployments.sandbox.seed.baseline import lay_out
from deployments.sandbox.seed.names import PRODUCTION, SANDBOX, TIER_0
from deployments.sandbox.seed.plants import plant_all
from deployments.sandbox.seed.population import ADMIN_PROFILE
from deployments.sandbox.seed.rights import standing_permissions

SEEDS = range(25)


def planted(seed: int) -> AnswerKey:
    plan = lay_out(seed, 100, datetime(2026, 5, 6, 7, 8, tzinfo=UTC))
    key = AnswerKey(plan, "all")
    plant_all(plan, key)
    return key


@pytest.fixture(scope="module")
def keys() -> list[AnswerKey]:
    return [planted(seed) for seed in SEEDS]


def test_every_variant_of_every_control_is_planted(keys: list[AnswerKey]) -> None:
    wanted = {(f"ZT-{number:02d}", variant) for number in range(1, 23) for variant in "abc"}
    wanted |= {
        ("ZT-22", "d"),
        ("ZT-05", "d"),
        ("ZT-15", "d"),
        *(("ZT-17", variant) for variant in "def"),
        ("ZT-11", "d"),
        ("ZT-11", "e"),
        ("ZT-06", "d"),
    }
    for key in keys:
        assert {(f.control, f.variant) for f in key.findings if not f.implied} == wanted


def test_the_clean_org_stays_clean_and_differs_between_seeds(keys: list[AnswerKey]) -> None:
    for key in keys:
        assert not [f for f in key.findings if f.org == key.clean_org]
    assert {key.clean_org for key in keys} == {"emea", "apac", "compliance"}


def test_findings_are_unique_and_no_decoy_is_one(keys: list[AnswerKey]) -> None:
    for key in keys:
        places = [(f.control, f.org, f.resource) for f in key.findings]
        assert max(Counter(places).values()) == 1
        assert not set(places) & set(key.decoys)


def test_every_control_has_a_decoy(keys: list[AnswerKey]) -> None:
    for key in keys:
        assert len({control for control, _, _ in key.decoys}) == 22


def test_sandbox_controls_are_planted_in_the_sandbox(keys: list[AnswerKey]) -> None:
    for key in keys:
        assert {f.org for f in key.findings if f.control in ("ZT-08", "ZT-09", "ZT-17")} == {SANDBOX}
        assert {f.org for f in key.findings if f.control == "ZT-07"} <= set(PRODUCTION)


def test_names_of_users_and_credentials_do_not_collide(keys: list[AnswerKey]) -> None:
    for key in keys:
        held = Counter(
            (c.source if c.holder != "secrets-manager" else "", c.name) for c in key.plan.connections
        )
        routes = Counter(route.name for route in key.plan.routes)
        assert max(held.values()) == 1, held.most_common(1)
        assert max(routes.values()) == 1, routes.most_common(1)


def test_standing_administrators_are_planted_or_break_glass(keys: list[AnswerKey]) -> None:
    """Every other holder of a tier-0 right would be a fault that the key does not know."""
    for key in keys:
        known = {f.resource.removeprefix("user:") for f in key.findings if f.control == "ZT-13"}
        known |= set(key.plan.break_glass)
        for org in key.plan.orgs.values():
            special = {a.username for a in org.assignments}
            special |= {u.username for u in org.users.values() if u.profile == ADMIN_PROFILE}
            for username in special:
                user = org.users[username]
                if username.startswith("bulkhead.") or user.frozen or not user.active:
                    continue
                if standing_permissions(org, username) & set(TIER_0):
                    assert username in known


def test_the_two_year_old_key_of_hq_is_a_password(keys: list[AnswerKey]) -> None:
    for key in keys:
        old = next(c for c in key.plan.connections if c.name == "salesforce/hq/api-key")
        assert (old.flow, old.changed_days, old.app) == ("password", 730, None)
        assert old.password in key.plan.canaries
