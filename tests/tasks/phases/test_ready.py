"""What still has to be set up is said with what to do about it, and nothing once it is there."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from flows.advanced import Advanced
from flows.ongoing import Ongoing
from flows.quick_wins import QuickWin
from tasks.alerts.heartbeat import Beat
from tasks.estate.model import Estate
from tasks.estate.policy import Policy
from tasks.phases.model import STEPS, Phase
from tasks.phases.ready import LOOK, lacks_detection, lacks_penetration_test, lacks_prevention
from tests.tasks.plans.estates import estate_of

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
RULES = {"rules": [{"severity": "error", "rung": "freeze"}]}


def policy(**sections: Any) -> Policy:
    return Policy.model_validate(sections)


def beat(minutes: float, *, ran: bool = True) -> Beat:
    return Beat(detector=LOOK, at=NOW - timedelta(minutes=minutes), period=timedelta(minutes=5), ran=ran)


@pytest.mark.parametrize(
    ("response", "beats", "words"),
    [
        ({}, [beat(1)], "response.rules"),
        (RULES, [], "never come to its end"),
        (RULES, [beat(1, ran=False)], "never come to its end"),
        (RULES, [beat(30)], "last came to its end on 2026-07-01 11:30"),
        (RULES, [beat(1)], ""),
    ],
)
def test_detection_counts_where_it_runs_and_may_lead_to_something(
    response: dict[str, Any], beats: list[Beat], words: str
) -> None:
    why = lacks_detection(policy(response=response), beats, NOW)
    assert words in why and bool(why) is bool(words)


def test_prevention_needs_events_that_orgs_refuse_by_themselves() -> None:
    assert "response.transactions" in lacks_prevention(policy())
    assert not lacks_prevention(policy(response={"transactions": [{"event": "ApiEvent", "over": 2000}]}))


def attested(orgs: list[str], days: int, left: int = 90) -> Estate:
    written = estate_of(hq="production", uat="sandbox").model_dump(mode="json")
    day = NOW.date() - timedelta(days=days)
    written["attestations"] = [
        {
            "subject": "penetration-test",
            "orgs": orgs,
            "owner": "ciso",
            "date": str(day),
            "expires": str(NOW.date() + timedelta(left)),
        }
    ]
    return Estate.model_validate(written)


@pytest.mark.parametrize(
    ("orgs", "days", "left", "played", "missing"),
    [
        (["hq", "uat"], 10, 90, {}, []),
        (["hq"], 10, 90, {}, ["uat"]),
        (["hq"], 10, 90, {"uat": 300}, []),
        (["hq"], 10, 90, {"uat": 400}, ["uat"]),
        (["hq", "uat"], 400, 90, {}, ["hq", "uat"]),
        (["hq", "uat"], 10, -1, {}, ["hq", "uat"]),
    ],
)
def test_a_penetration_test_is_attested_or_rehearsed_within_the_year(
    orgs: list[str], days: int, left: int, played: dict[str, int], missing: list[str]
) -> None:
    rehearsed = {org: NOW - timedelta(days=ago) for org, ago in played.items()}
    rules = policy(
        rehearsal={
            "consents": [
                {"org": "uat", "owner": "ciso", "expires": "2027-01-31", "users": ["canary@uat.example"]}
            ]
        }
    )
    why = lacks_penetration_test(attested(orgs, days, left), rules, ["hq", "uat"], rehearsed, NOW)
    assert [org for org in ("hq", "uat") if org in why.partition(" Hold")[0].partition(" Run")[0]] == missing
    assert ("Run rehearsal on uat" in why) is ("uat" in missing)


@pytest.mark.parametrize(
    ("phase", "jobs"),
    [(Phase.QUICK_WINS, QuickWin), (Phase.ADVANCED, Advanced), (Phase.CONTINUOUS, Ongoing)],
)
def test_forms_offer_the_jobs_of_the_article_in_its_order(phase: Phase, jobs: Any) -> None:
    assert [job.value for job in jobs] == [step.job for step in STEPS[phase]]
