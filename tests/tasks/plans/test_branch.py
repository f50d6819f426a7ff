"""What would take rights from ourselves or from break-glass accounts is refused before anything is sent."""

import pytest

from tasks.estate.policy import Policy
from tasks.network.model import EVERY_REQUEST, AddressRange
from tasks.plans.branch import protected, sawn_off
from tasks.plans.model import FINAL, Change, ChangeClass, Resource, ResourceKind, State
from tests.tasks.plans.estates import estate_of
from tests.tasks.plans.worlds import plan_of

Kind = ResourceKind
UNTOUCHABLE = {"s@emea": "our scanner", "glass@emea": "a break-glass account"}
HELD = {"s@emea": {"Scanner", "group:Readers", "profile:Minimum"}, "glass@emea": {"Glass"}}
LESS: State = {"label": "x", "permissions": ["ViewSetup"]}
MORE: State = {"label": "y", "permissions": ["ApiEnabled", "ViewSetup"]}
ON, OFF = {"read": True, "edit": False}, {"read": False, "edit": False}


def change(kind: Kind, key: str, before: State | None, after: State | None, org: str = "emea") -> Change:
    return Change(
        number=1,
        resource=Resource(org=org, kind=kind, key=key),
        before=before,
        after=after,
        kind=ChangeClass.IRREVERSIBLE if kind in FINAL else ChangeClass.NARROWING,
        control="ZT-03",
        why="because",
        effect="less",
    )


@pytest.mark.parametrize(
    "harmful",
    [
        change(Kind.ASSIGNMENT, "S@emea/Anything", {"expires": None}, None),
        change(
            Kind.ASSIGNMENT, "s@emea/Scanner", {"expires": None}, {"expires": "2026-05-13T12:00:00.000+0000"}
        ),
        change(Kind.USER, "glass@emea", {"profile": "System Administrator"}, {"profile": "Minimum"}),
        change(Kind.PERMISSION_SET, "scanner", MORE, LESS),
        change(Kind.PERMISSION_SET, "Glass", LESS, None),
        change(Kind.PERMISSION_SET, "group:Readers", MORE, LESS),
        change(Kind.OBJECT_PERMISSION, "Scanner/Account", ON, None),
        change(Kind.FIELD_PERMISSION, "profile:Minimum/Account.Phone", ON, OFF),
        change(Kind.APP_ACCESS, "Glass/0H4App", {"type": "ConnectedApplication"}, None),
        change(Kind.PROFILE_PERMISSION, "profile:Minimum/ViewSetup", {"on": True}, {"on": False}),
        change(Kind.APP_TOKEN, "S@emea/2026-01-01T00:00:00.000+0000/A/B", {"last_used": None}, None),
    ],
    ids=lambda c: f"{c.resource.kind.value} {c.resource.key}",
)
def test_what_takes_from_them_is_named(harmful: Change) -> None:
    [reason] = sawn_off(plan_of([harmful]), "emea", UNTOUCHABLE, HELD)
    assert reason.startswith("change 1 ") and ("our scanner" in reason or "break-glass" in reason)


@pytest.mark.parametrize(
    "harmless",
    [
        change(Kind.ASSIGNMENT, "sync@emea/Scanner", {"expires": None}, None),
        change(Kind.ASSIGNMENT, "s@emea/More", None, {"expires": None}),
        change(Kind.PERMISSION_SET, "Scanner", LESS, MORE),
        change(Kind.PERMISSION_SET, "Other", MORE, None),
        change(Kind.FIELD_PERMISSION, "Scanner/Account.Phone", OFF, ON),
        change(Kind.PERMISSION_SET, "Scanner", MORE, LESS, org="hq"),
    ],
    ids=lambda c: f"{c.resource.kind.value} {c.resource.key}",
)
def test_what_takes_nothing_from_them_is_let_through(harmless: Change) -> None:
    assert sawn_off(plan_of([harmless]), "emea", UNTOUCHABLE, HELD) == ()


def test_who_is_protected_comes_from_estate_and_policy() -> None:
    policy = Policy.model_validate({"jit": {"break_glass": ["Glass@emea"]}})
    found = protected(estate_of(emea="production"), policy, "emea")
    assert found == {"s@emea": "our scanner", "glass@emea": "a break-glass account"}


INSIDE, WIDER = ["198.51.100.0-198.51.100.255 Office"], ["198.51.0.0-198.51.255.255"]
OURS = {"s@emea": {"198.51.100.7"}}


def narrowed(profile: str, before: list[str], after: list[str]) -> Change:
    return change(Kind.LOGIN_RANGES, f"profile:{profile}", {"ranges": [*before]}, {"ranges": [*after]})


@pytest.mark.parametrize(
    ("narrow", "addresses", "why"),
    [
        (narrowed("minimum", [], ["192.0.2.0-192.0.2.9"]), OURS, "shuts out our scanner (s@emea), who comes from 198.51.100.7"),
        (narrowed("Minimum", [], INSIDE), {"s@emea": {"198.51.100.7", "192.0.2.1"}}, "comes from 192.0.2.1"),
        (narrowed("Sealed", [], INSIDE), OURS, "narrows from where a break-glass account (glass@emea)"),
        (narrowed("Sealed", WIDER, INSIDE), OURS, "narrows from where a break-glass account"),
    ],
)  # fmt: skip
def test_ranges_that_would_shut_them_out_are_named(
    narrow: Change, addresses: dict[str, set[str]], why: str
) -> None:
    held = {**HELD, "glass@emea": {"profile:Sealed"}}
    [reason] = sawn_off(plan_of([narrow]), "emea", UNTOUCHABLE, held, addresses)
    assert why in reason


@pytest.mark.parametrize(
    ("harmless", "addresses"),
    [
        (narrowed("Minimum", [], INSIDE), OURS),
        (narrowed("Minimum", [], ["192.0.2.0-192.0.2.9"]), {}),
        (narrowed("Minimum", ["192.0.2.0-192.0.2.9"], []), {}),
        (narrowed("Sealed", INSIDE, WIDER), OURS),
        (narrowed("Sealed", INSIDE, []), OURS),
        (narrowed("Other", [], ["192.0.2.0-192.0.2.9"]), OURS),
    ],
)
def test_ranges_that_leave_them_in_are_let_through(harmless: Change, addresses: dict[str, set[str]]) -> None:
    held = {**HELD, "glass@emea": {"profile:Sealed"}}
    assert sawn_off(plan_of([harmless]), "emea", UNTOUCHABLE, held, addresses) == ()


EACH = change(Kind.ORG_SETTING, EVERY_REQUEST, {"on": False}, {"on": True})
APP = change(
    Kind.APP_POLICY, "connected-app:Ours/addresses", {"value": "BYPASS"}, {"value": "ENFORCE_RELAXREFRESH"}
)
ENFORCER = {"e@emea": "our enforcer", "s@emea": "our scanner", "glass@emea": "a break-glass account"}
THEIRS = {"e@emea": {"profile:Ours"}, "s@emea": {"profile:Minimum"}, "glass@emea": {"profile:Sealed"}}
OFFICE, NOBODY = [AddressRange(first="198.51.100.0", last="198.51.100.255")], list[AddressRange]()
ALL_OFFICE = {"Ours": OFFICE, "Minimum": OFFICE, "Sealed": OFFICE}
INSIDE_OURS = {"e@emea": {"198.51.100.7"}}


@pytest.mark.parametrize("hard", [EACH, APP], ids=["every request", "app"])
@pytest.mark.parametrize(
    ("addresses", "ranges", "why"),
    [
        ({"e@emea": {"192.0.2.77"}}, ALL_OFFICE, "our enforcer (e@emea) comes from 192.0.2.77"),
        ({}, ALL_OFFICE, "nobody knows from where our enforcer (e@emea) comes"),
        (INSIDE_OURS, {"Minimum": OFFICE, "Sealed": OFFICE}, "nobody knows the ranges of our enforcer"),
        (
            {**INSIDE_OURS, "s@emea": {"192.0.2.77"}},
            ALL_OFFICE,
            "our scanner (s@emea) comes from 192.0.2.77",
        ),
        (
            {**INSIDE_OURS, "glass@emea": {"192.0.2.77"}},
            ALL_OFFICE,
            "a break-glass account (glass@emea) comes from 192.0.2.77",
        ),
    ],
)
def test_ranges_that_would_count_from_now_on_have_to_let_ours_in(
    hard: Change,
    addresses: dict[str, set[str]],
    ranges: dict[str, list[AddressRange]],
    why: str,
) -> None:
    [reason] = sawn_off(plan_of([hard]), "emea", ENFORCER, THEIRS, addresses, ranges)
    assert why in reason


@pytest.mark.parametrize(
    ("harmless", "addresses", "ranges"),
    [
        (EACH, INSIDE_OURS, ALL_OFFICE),
        (EACH, {"e@emea": {"192.0.2.77"}}, {"Ours": NOBODY, "Minimum": NOBODY, "Sealed": NOBODY}),
        (change(Kind.ORG_SETTING, EVERY_REQUEST, {"on": True}, {"on": False}), {}, {}),
        (change(Kind.ORG_SETTING, "Security.sessionSettings.lockSessionsToIp", None, {"on": True}), {}, {}),
        (change(Kind.APP_POLICY, "connected-app:Ours/addresses", None, {"value": "BYPASS"}), {}, {}),
        (change(Kind.APP_POLICY, "connected-app:Ours/pkce", {"on": False}, {"on": True}), {}, {}),
    ],
)
def test_ranges_that_let_ours_in_may_count(
    harmless: Change, addresses: dict[str, set[str]], ranges: dict[str, list[AddressRange]]
) -> None:
    assert sawn_off(plan_of([harmless]), "emea", ENFORCER, THEIRS, addresses, ranges) == ()
    elsewhere = {name: each for name, each in THEIRS.items() if name != "e@emea"}
    assert sawn_off(plan_of([harmless]), "emea", ENFORCER, elsewhere, {}, ALL_OFFICE) == (), (
        "who is not in the org is not shut out of it"
    )


def test_ranges_are_judged_as_the_plan_leaves_them() -> None:
    last = EACH.model_copy(update={"number": 2, "needs": (1,)})
    opened = plan_of([narrowed("OURS", ["192.0.2.0-192.0.2.9"], INSIDE), last])
    before = ALL_OFFICE | {"Ours": [AddressRange(first="192.0.2.0", last="192.0.2.9")]}
    assert sawn_off(opened, "emea", ENFORCER, THEIRS, INSIDE_OURS, before) == ()
    closed = plan_of([narrowed("Ours", INSIDE, ["192.0.2.0-192.0.2.9"]), last])
    assert len(sawn_off(closed, "emea", ENFORCER, THEIRS, INSIDE_OURS, ALL_OFFICE)) == 2


def test_an_enforcer_of_whom_nobody_knows_where_it_comes_from_is_not_held_to_ranges() -> None:
    [reason] = sawn_off(
        plan_of([narrowed("Minimum", [], INSIDE)]),
        "emea",
        {"e@emea": "our enforcer"},
        {"e@emea": {"profile:Minimum"}},
        {},
    )
    assert "nobody knows from where our enforcer (e@emea) comes" in reason
