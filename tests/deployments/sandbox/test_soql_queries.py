"""Whole random queries, answered by the engine and by a few lines of plain Python that know nothing of it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.deployments.sandbox.small_org import NOON, SmallOrg
from tests.deployments.sandbox.test_soql_logic import fold, quote

TODAY = NOON.date()
STAGES = ("Open", "open", "Won", "Lost")
TEXTS = (None, "Call", "call back", "Meet_ing", "50%", "x")
Row = dict[str, Any]
ROWS: list[Row] = [
    {
        "Name": f"Deal {n:02d}",
        "StageName": STAGES[n % 4],
        "Amount": None if n % 7 == 0 else 100.0 * (n % 5),
        "CloseDate": TODAY + timedelta(days=n * 3 - 60),
        "NextStep": TEXTS[n % 6],
        "IsWon": n % 3 == 0,
    }
    for n in range(40)
]
Condition = tuple[str, Callable[[Row], bool]]


@pytest.fixture(scope="module")
def org(tmp_path_factory: pytest.TempPathFactory) -> SmallOrg:
    made = SmallOrg(tmp_path_factory.mktemp("queries"))
    made.store.insert("Opportunity", [{**row, "CloseDate": row["CloseDate"].isoformat()} for row in ROWS])
    return made


def like(pattern: str, text: str | None) -> bool:
    """% for any text, _ for any letter, a backslash before either for itself."""
    if text is None:
        return False
    return _like(pattern.lower(), text.lower())


def _like(pattern: str, text: str) -> bool:
    if not pattern:
        return not text
    if pattern[0] == "\\":
        return text[:1] == pattern[1] and _like(pattern[2:], text[1:])
    if pattern[0] == "%":
        return any(_like(pattern[1:], text[n:]) for n in range(len(text) + 1))
    return bool(text) and pattern[0] in ("_", text[0]) and _like(pattern[1:], text[1:])


def week_of(day: date) -> date:
    """The Sunday on which the week of a day begins."""
    return day - timedelta(days=(day.weekday() + 1) % 7)


def shifted(months: int) -> date:
    """The first of the month so many months from this one."""
    total = TODAY.year * 12 + TODAY.month - 1 + months
    return date(total // 12, total % 12 + 1, 1)


def window(word: str, n: int) -> tuple[date, date]:
    """First day and the day after the last of a date literal (SOQL and SOSL Reference, Date Formats and Date Literals)."""
    day, week = timedelta(days=1), week_of(TODAY)
    return {
        "TODAY": (TODAY, TODAY + day),
        "YESTERDAY": (TODAY - day, TODAY),
        "THIS_WEEK": (week, week + 7 * day),
        "LAST_WEEK": (week - 7 * day, week),
        "THIS_MONTH": (shifted(0), shifted(1)),
        "LAST_MONTH": (shifted(-1), shifted(0)),
        "NEXT_MONTH": (shifted(1), shifted(2)),
        f"LAST_N_DAYS:{n}": (TODAY - n * day, TODAY + day),
        f"NEXT_N_DAYS:{n}": (TODAY + day, TODAY + (n + 1) * day),
        f"LAST_N_MONTHS:{n}": (shifted(-n), shifted(0)),
        f"NEXT_N_WEEKS:{n}": (week + 7 * day, week + 7 * (n + 1) * day),
    }[word]


@st.composite
def leaves(draw: st.DrawFn) -> Condition:
    kind = draw(st.sampled_from(["number", "text", "like", "date", "flag", "among"]))
    if kind == "number":
        wanted = draw(st.sampled_from([0, 100, 250, 400]))
        operator = draw(st.sampled_from(["=", "!=", "<", "<=", ">", ">="]))
        tests: dict[str, Callable[[float], bool]] = {
            "=": lambda v: v == wanted, "!=": lambda v: v != wanted, "<": lambda v: v < wanted,
            "<=": lambda v: v <= wanted, ">": lambda v: v > wanted, ">=": lambda v: v >= wanted,
        }  # fmt: skip
        return (
            f"Amount {operator} {wanted}",
            lambda r: operator == "!=" if r["Amount"] is None else tests[operator](r["Amount"]),
        )
    if kind == "text":
        text = draw(st.sampled_from(["open", "Won", "LOST", "Nope"]))
        return f"StageName = '{text}'", lambda r: fold(r["StageName"]) == fold(text)
    if kind == "like":
        pattern = draw(st.sampled_from(["call%", "%e%", "_", "%\\_%", "50\\%", "%", "c_ll"]))
        return f"NextStep LIKE {_quoted(pattern)}", lambda r: like(pattern, r["NextStep"])
    if kind == "date":
        n = draw(st.integers(1, 20))
        word = draw(st.sampled_from(list(_words(n))))
        first, after = window(word, n)
        return f"CloseDate = {word}", lambda r: first <= r["CloseDate"] < after
    if kind == "flag":
        value = draw(st.booleans())
        return f"IsWon = {str(value).upper()}", lambda r: r["IsWon"] is value
    values = draw(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3))
    folded = {fold(each) for each in values}
    return f"NextStep IN ({', '.join(map(quote, values))})", lambda r: fold(r["NextStep"]) in folded


def _quoted(pattern: str) -> str:
    return "'" + pattern + "'"


def _words(n: int) -> tuple[str, ...]:
    plain = ("TODAY", "YESTERDAY", "THIS_WEEK", "LAST_WEEK", "THIS_MONTH", "LAST_MONTH", "NEXT_MONTH")
    return (*plain, f"LAST_N_DAYS:{n}", f"NEXT_N_DAYS:{n}", f"LAST_N_MONTHS:{n}", f"NEXT_N_WEEKS:{n}")


def _both(parts: list[Condition], word: str) -> Condition:
    judge = all if word == "AND" else any
    text = f" {word} ".join(f"({text})" for text, _ in parts)
    return text, lambda r: judge(test(r) for _, test in parts)


CONDITIONS = st.recursive(
    leaves(),
    lambda inner: st.one_of(
        st.builds(_both, st.lists(inner, min_size=2, max_size=3), st.sampled_from(["AND", "OR"])),
        inner.map(lambda part: (f"NOT ({part[0]})", lambda r: not part[1](r))),
    ),
    max_leaves=5,
)
MANY = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def ordered(rows: list[Row], name: str, descending: bool, last: bool | None) -> list[Row]:
    """Nulls come first going up and last going down unless it is said where; ties go by name."""
    known = sorted((r for r in rows if r[name] is not None), key=lambda r: (fold(r[name]), r["Name"]))
    if descending:
        known = sorted(sorted(known, key=lambda r: r["Name"]), key=lambda r: fold(r[name]), reverse=True)
    empty = sorted((r for r in rows if r[name] is None), key=lambda r: r["Name"])
    nulls_last = descending if last is None else last
    return [*known, *empty] if nulls_last else [*empty, *known]


@MANY
@given(
    condition=CONDITIONS,
    name=st.sampled_from(["Amount", "NextStep", "CloseDate", "StageName"]),
    descending=st.booleans(),
    last=st.sampled_from([None, True, False]),
    limit=st.sampled_from([None, 0, 1, 5, 100]),
    offset=st.sampled_from([None, 0, 3, 50]),
)
def test_filtered_ordered_and_cut(
    org: SmallOrg,
    condition: Condition,
    name: str,
    descending: bool,
    last: bool | None,
    limit: int | None,
    offset: int | None,
) -> None:
    text, judge = condition
    nulls = "" if last is None else f" NULLS {'LAST' if last else 'FIRST'}"
    soql = f"SELECT Name FROM Opportunity WHERE {text} ORDER BY {name}{' DESC' if descending else ''}{nulls}, Name"
    soql += "" if limit is None else f" LIMIT {limit}"
    soql += "" if offset is None else f" OFFSET {offset}"

    expected = ordered([row for row in ROWS if judge(row)], name, descending, last)[offset or 0 :]
    expected = expected if limit is None else expected[:limit]
    assert org.values(soql, "Name") == [row["Name"] for row in expected], soql


@MANY
@given(condition=CONDITIONS, by=st.sampled_from(["StageName", "NextStep", "IsWon"]), least=st.integers(0, 4))
def test_grouped_counted_and_summed(org: SmallOrg, condition: Condition, by: str, least: int) -> None:
    text, judge = condition
    soql = (
        f"SELECT {by} g, COUNT(Id) n, SUM(Amount) s, MAX(CloseDate) m FROM Opportunity WHERE {text} GROUP BY {by}"
        f" HAVING COUNT(Id) > {least}"
    )
    groups: dict[object, list[Row]] = {}
    for row in ROWS:
        if judge(row):
            groups.setdefault(fold(row[by]), []).append(row)
    expected = {
        key: (
            len(rows),
            sum(r["Amount"] for r in rows if r["Amount"] is not None)
            if any(r["Amount"] is not None for r in rows)
            else None,
            max(r["CloseDate"] for r in rows).isoformat(),
        )
        for key, rows in groups.items()
        if len(rows) > least
    }
    found = {fold(r["g"]): (r["n"], r["s"], r["m"]) for r in org.ask(soql).records}
    assert found == expected, soql


@MANY
@given(condition=CONDITIONS)
def test_counting_and_fetching_agree(org: SmallOrg, condition: Condition) -> None:
    text, judge = condition
    number = sum(map(judge, ROWS))
    assert org.ask(f"SELECT COUNT() FROM Opportunity WHERE {text}").total_size == number
    assert org.ask(f"SELECT Id FROM Opportunity WHERE {text}").total_size == number
