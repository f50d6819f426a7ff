"""The strongest scheme that stops nobody; and where there is none, the field stays in clear unless somebody accepts it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.shield.choose import REFUSED, blockers, choose, hinders
from tasks.shield.model import Caller, CallerKind, FieldFacts, Scheme, Use

FIELD = "Account.SSN__c"
USES = [use for use in Use if use not in (Use.TYPE, Use.STANDARD)]


def facts(data_type: str = "Text(40)", **more: object) -> FieldFacts:
    return FieldFacts.model_validate({"name": FIELD, "data_type": data_type, "scheme": Scheme.NONE, **more})


def caller(use: Use, field: str = FIELD) -> Caller:
    return Caller(field=field, kind=CallerKind.APEX_CLASS, name=use.name.title(), use=use, line=1)


@pytest.mark.parametrize(
    ("uses", "scheme"),
    [
        ((), Scheme.PROBABILISTIC),
        ((Use.HISTORY, Use.TEXT), Scheme.PROBABILISTIC),
        ((Use.EQUALITY,), Scheme.CASE_INSENSITIVE),
        ((Use.UNIQUE, Use.EXTERNAL_ID), Scheme.CASE_INSENSITIVE),
        ((Use.COMPARISON,), None),
        ((Use.SORT,), None),
        ((Use.GROUP,), None),
        ((Use.AGGREGATE,), None),
        ((Use.EQUALITY, Use.SORT), None),
        ((Use.SHARING,), None),
        ((Use.FORMULA,), None),
    ],
)
def test_the_strongest_that_stops_nobody(uses: tuple[Use, ...], scheme: Scheme | None) -> None:
    choice = choose(facts(), [*map(caller, uses), caller(Use.SORT, "Account.Other__c")])
    assert choice.scheme is scheme
    assert bool(choice.breaks) == (scheme is None)
    if scheme is not None:
        assert {c.use for c in choice.others} == set(uses)


def test_a_field_that_tells_cases_apart_goes_on_doing_so() -> None:
    assert choose(facts(case_sensitive=True), [caller(Use.UNIQUE)]).scheme is Scheme.CASE_SENSITIVE


@pytest.mark.parametrize(
    ("data_type", "alone", "filtered"),
    [
        ("Text Area(255)", Scheme.PROBABILISTIC, Scheme.CASE_INSENSITIVE),
        ("Email", Scheme.PROBABILISTIC, Scheme.CASE_INSENSITIVE),
        ("Long Text Area(32000)", Scheme.PROBABILISTIC, None),
        ("Date", Scheme.PROBABILISTIC, None),
        ("Currency(16, 2)", None, None),
        ("Picklist", None, None),
        ("Formula (Text)", None, None),
    ],
)
def test_types_decide_first(data_type: str, alone: Scheme | None, filtered: Scheme | None) -> None:
    assert choose(facts(data_type), []).scheme is alone
    choice = choose(facts(data_type), [caller(Use.EQUALITY)], accepted=data_type == "Picklist")
    assert choice.scheme is filtered


def test_what_is_accepted_is_the_scheme_that_stops_the_fewest() -> None:
    callers = [caller(Use.EQUALITY), caller(Use.SORT)]
    assert choose(facts(), callers).scheme is None
    choice = choose(facts(), callers, accepted=True)
    assert choice.scheme is Scheme.CASE_INSENSITIVE
    assert [c.use for c in choice.breaks] == [Use.SORT]
    assert [c.use for c in choice.others] == [Use.EQUALITY]


@pytest.mark.parametrize("use", [Use.SHARING, Use.FORMULA])
def test_nobody_can_accept_what_the_platform_refuses(use: Use) -> None:
    assert choose(facts(), [caller(use)], accepted=True).scheme is None


@settings(deadline=None)
@given(st.lists(st.sampled_from(USES), max_size=6), st.booleans(), st.booleans())
def test_a_chosen_scheme_never_stops_anybody_who_was_not_accepted(
    uses: list[Use], case_sensitive: bool, accepted: bool
) -> None:
    callers = [caller(use) for use in uses]
    choice = choose(facts(case_sensitive=case_sensitive), callers, accepted=accepted)
    if choice.scheme is None:
        assert choice.breaks
        return
    assert choice.breaks == tuple(c for c in callers if hinders(c, choice.scheme))
    assert accepted or not choice.breaks
    assert not any(c.use in REFUSED for c in choice.breaks)


def test_blockers_are_all_that_some_scheme_forbids() -> None:
    callers = [caller(use) for use in USES]
    found = {c.use for c in blockers(callers, [facts("Date")])}
    assert found == set(Use) - {Use.TEXT, Use.STANDARD}
    assert blockers([caller(Use.TEXT)], [facts()]) == ()


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("Contact.Email", True),
        ("Account.AccountNumber", False),
        ("Loan__c.Name", True),
        ("Lead.Rating", False),
    ],
)
def test_a_standard_field_that_nobody_lists_is_encrypted_only_where_somebody_knows_better(
    name: str, known: bool
) -> None:
    field = facts(name=name)
    assert (choose(field, []).scheme is None) != known
    assert choose(field, [], accepted=True).scheme is Scheme.PROBABILISTIC
    assert bool(blockers([], [field])) != known
