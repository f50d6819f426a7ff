"""Conditions judged by SQLite and by plain Python agree, nulls included."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.deployments.sandbox.small_org import SmallOrg

WORDS = (None, "alpha", "Beta", "ALPHA", "100%", "a'b")
NUMBERS = (None, 0, 1, 2)
ROWS = [
    {"Name": f"{word}-{number}-{city}", "Industry": word, "NumberOfEmployees": number, "BillingCity": city}
    for word in WORDS
    for number in NUMBERS
    for city in (None, "alpha", "gamma")
]
Row = dict[str, object]
Judge = Callable[[Row], bool]
Part = tuple[str, Judge]


@pytest.fixture(scope="module")
def org(tmp_path_factory: pytest.TempPathFactory) -> SmallOrg:
    made = SmallOrg(tmp_path_factory.mktemp("logic"))
    made.store.insert("Account", ROWS)
    return made


def fold(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def quote(value: object) -> str:
    if value is None:
        return "null"
    return (
        "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'" if isinstance(value, str) else str(value)
    )


FIELDS = st.sampled_from(["Industry", "BillingCity", "NumberOfEmployees"])


@st.composite
def leaves(draw: st.DrawFn) -> Part:
    """A condition's text with a function that judges a row."""
    name = draw(FIELDS)
    pool = NUMBERS if name == "NumberOfEmployees" else WORDS
    if draw(st.booleans()):
        wanted, negated = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=3)), draw(st.booleans())
        folded = {fold(each) for each in wanted}
        text = f"{name} {'NOT ' if negated else ''}IN ({', '.join(map(quote, wanted))})"
        return text, lambda row: (fold(row[name]) in folded) != negated
    value = draw(st.sampled_from(pool))
    operator = draw(st.sampled_from(["=", "!="] if value is None else ["=", "!=", "<", ">="]))
    return f"{name} {operator} {quote(value)}", _judge(name, operator, value)


def _judge(name: str, operator: str, value: object) -> Judge:
    def judge(row: Row) -> bool:
        mine, theirs = fold(row[name]), fold(value)
        if operator == "=":
            return mine == theirs
        if operator == "!=":
            return mine != theirs
        if mine is None:
            return False
        return mine < theirs if operator == "<" else mine >= theirs  # type: ignore[operator]  # same type by pool

    return judge


def joined(parts: list[Part], word: str) -> Part:
    text = "(" + f" {word} ".join(text for text, _ in parts) + ")"
    both = all if word == "AND" else any
    return text, lambda row: both(judge(row) for _, judge in parts)


CONDITIONS = st.recursive(
    leaves(),
    lambda inner: st.one_of(
        st.builds(joined, st.lists(inner, min_size=2, max_size=3), st.sampled_from(["AND", "OR"])),
        inner.map(lambda part: (f"(NOT {part[0]})", lambda row: not part[1](row))),
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(condition=CONDITIONS)
def test_conditions_agree_with_python(org: SmallOrg, condition: Part) -> None:
    text, judge = condition
    expected = sorted(str(row["Name"]) for row in ROWS if judge(row))
    assert sorted(map(str, org.values(f"SELECT Name FROM Account WHERE {text}", "Name"))) == expected


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.text(min_size=0, max_size=12).filter(lambda text: text.isprintable()))
def test_any_text_stays_a_value(org: SmallOrg, value: str) -> None:
    # An empty text is no text.
    assert org.values(f"SELECT Name FROM Account WHERE Industry = {quote(value)}", "Name") == [
        row["Name"] for row in ROWS if fold(row["Industry"] or "") == fold(value)
    ]


def test_rows_are_all_there(org: SmallOrg) -> None:
    assert org.ask("SELECT COUNT() FROM Account").total_size == len(ROWS)
