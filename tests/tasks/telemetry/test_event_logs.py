"""Event log files written and kept: planned where they are not, and what is left to people said without pretending."""

from datetime import UTC, datetime

import pytest

from tasks.estate.policy import Policy
from tasks.network.model import EventLogSummary
from tasks.plans.drift import HARDENED
from tasks.plans.model import ChangeClass, Plan, ResourceKind
from tasks.plans.render import markdown
from tasks.telemetry.event_logs import DELETION, GENERATION, event_logs_plan
from tasks.telemetry.model import EventLogs

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
LICENSED = (
    EventLogSummary(event_type="Login", interval="Daily", files=30),
    EventLogSummary(event_type="RestApi", interval="Daily", files=30),
)
FREE_ONLY = (LICENSED[0],)


def org(
    alias: str = "hq",
    *,
    on: bool = True,
    deletion: bool = False,
    files: tuple[EventLogSummary, ...] = LICENSED,
    unseen: str = "",
) -> EventLogs:
    return EventLogs(org=alias, generation=on, deletion=deletion, files=files, unseen=unseen)


def planned(*orgs: EventLogs) -> Plan:
    return event_logs_plan(Policy(), orgs, "ada", NOW)


def test_generation_goes_on_and_deletion_off_where_they_are_not() -> None:
    plan = planned(org("hq", on=False), org("emea", deletion=True), org("apac"))
    assert [(c.resource.org, c.resource.key, c.before, c.after) for c in plan.changes] == [
        ("hq", GENERATION, {"on": False}, {"on": True}),
        ("emea", DELETION, {"on": True}, {"on": False}),
    ]
    assert {c.resource.kind for c in plan.changes} == {ResourceKind.ORG_SETTING} <= HARDENED
    assert {(c.control, c.kind) for c in plan.changes} == {("ZT-18", ChangeClass.NARROWING)}
    assert {line.partition(":")[0] for line in plan.keeps} == {"hq", "emea", "apac"}
    assert "never be a file" in plan.risks[0] and "asked to be forgotten" in plan.risks[1]


def test_an_org_in_good_order_has_nothing_to_change_and_nothing_left_to_do() -> None:
    plan = planned(org())
    assert (plan.changes, plan.risks, plan.afterwards) == ((), (), ())
    assert "Everything is already as it should be" in shown(plan)


@pytest.mark.parametrize(
    ("given", "said", "unsaid"),
    [
        (
            org(on=False, files=()),
            ("no file yet", "three to six hours", "no plan brings"),
            ("ask Salesforce",),
        ),
        (org(files=()), ("although generation is on", "ask Salesforce", "no plan brings"), ()),
        (org(files=FREE_ONLY), ("every org has (Login)", "no plan brings"), ("no file",)),
        (org(on=False), ("end where generation was switched off",), ("licence",)),
        (org(on=False, unseen="the org refused"), ("not seen (the org refused)",), ("no file", "licence")),
    ],
)
def test_what_no_setting_brings_is_left_to_people_by_name(
    given: EventLogs, said: tuple[str, ...], unsaid: tuple[str, ...]
) -> None:
    [line] = planned(given).afterwards
    assert line.startswith("hq: ")
    assert [words for words in said if words not in line] == []
    assert [words for words in unsaid if words in line] == []


def test_a_kind_of_which_no_file_is_left_shows_no_licence() -> None:
    gone = EventLogSummary(event_type="RestApi", interval="Daily", files=0)
    assert "although generation is on" in planned(org(files=(gone,))).afterwards[0]


def test_the_page_names_the_settings_and_what_they_do() -> None:
    page = shown(planned(org(on=False, deletion=True, files=())))
    assert GENERATION in page and "tell what happens from then on" in page
    assert DELETION in page and "end by their age alone" in page
    assert "no file yet" in page.partition("What is left to do afterwards")[2]


def shown(plan: Plan) -> str:
    return markdown(plan, "d" * 64, needed=2).replace("<br>", " ")
