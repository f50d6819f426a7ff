"""A look through store and memory: news once, one actor wanted with the same facts until it is known what came, what is blind said."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

import polars as pl

from tasks.anomalies.backtest import back_tested
from tasks.anomalies.backtest import markdown as page_of
from tasks.anomalies.detections.same_actor_in_several_orgs import DETECTION as ACROSS_ORGS
from tasks.anomalies.examples import CONTEXT, MACHINE, NOON, daily, event, frames
from tasks.anomalies.judging import WINDOWS, Before, Ground, frames_of, judge, since_of
from tasks.anomalies.look import alert_key, context_of, to_contain
from tasks.anomalies.model import DAY, Allowance, Member
from tasks.anomalies.model_live import Feedback, Hours, Judged, Known, Told, TuningDocument, Verdict, Wanted
from tasks.anomalies.telling import contained_of, markdown, not_seen
from tasks.estate.model import CloudEntry, Estate, Identity, OrgEntry, OrgKind, Route

SYNC = "sync@hq.example"
NOW = NOON + timedelta(hours=1)
KNOWN = Known(
    org="hq",
    at=NOW,
    members=tuple(m for m in CONTEXT.members if m.org == "hq"),
    restricted=("Contact.SSN__c",),
)
ESTATE = Estate(
    name="laboratory",
    orgs=(
        OrgEntry(
            alias="hq",
            my_domain="https://hq.my.salesforce.com",
            kind=OrgKind.PRODUCTION,
            scanner=Identity(flow="jwt-bearer", username="scanner@hq.example", secret="bulkhead/hq/scanner"),  # its name
        ),
    ),
    cloud=CloudEntry(region="eu-central-1"),
    routes=(
        Route(
            name="Orders", source="hq", target="hq", sobject="Account", fields=("Name",), sync_user="Sync@hq.example",
            app="Orders", credential="orders",
        ),
    ),
)  # fmt: skip
_STOLEN = {"SOURCE_IP": "192.0.2.7", "STATUS": "Success"}
THEFT = {
    "LoginHistory": [
        *daily(MACHINE, STATUS="Success", SOURCE_IP="203.0.113.7", APPLICATION="Orders", ID="old"),
        event(MACHINE, **_STOLEN, APPLICATION="Orders", ID="new"),
    ],
    "ApiEvent": [
        *daily(MACHINE, 28, ROWS_RETURNED=4_000, SOURCE_IP="203.0.113.7"),
        event(MACHINE, minutes=2, ROWS_RETURNED=47_000, SOURCE_IP="192.0.2.7"),
    ],
}
NOTHING_KNOWN = Before({}, {}, ())


class Scripted:
    """Events as the store would give them."""

    def __init__(self, rows: Mapping[str, list[dict[str, object]]]) -> None:
        self._frames = frames(rows)

    def types(self, wanted: Collection[str]) -> list[str]:
        return [name for name in self._frames if name in wanted]

    def rows(self, event_type: str, since: datetime, judged: datetime, until: datetime) -> pl.LazyFrame:
        if event_type not in self._frames:
            return pl.LazyFrame(schema={"ORG": pl.String, "AT": pl.Datetime("us", "UTC"), "TIER": pl.String})
        return self._frames[event_type].filter((pl.col("AT") >= since) & (pl.col("AT") < until))

    def steady(self, event_type: str, until: datetime) -> bool:
        return False


def ground(document: TuningDocument = TuningDocument()) -> Ground:  # noqa: B008  # a frozen noun
    return Ground(
        ESTATE, document, 42 * DAY, DAY, lambda org, ids: {each: SYNC for each in ids if each == MACHINE}
    )


def look(
    before: Before = NOTHING_KNOWN,
    *,
    now: datetime = NOW,
    document: TuningDocument = TuningDocument(),  # noqa: B008  # a frozen noun
    **more: object,
) -> tuple[Judged, dict[str, Told]]:
    how = {"tiers": "live", "now": now, **more}
    return judge("hq", {"hq": Scripted(THEFT)}, [KNOWN], before, ground(document), **how)  # type: ignore[arg-type]  # names of arguments


def test_a_theft_is_news_once_and_its_actor_is_wanted() -> None:
    judged, told = look()
    names = {each.detection for each in judged.news}
    assert {"known-app-new-network", "unusual-volume"} <= names
    assert judged.people == {MACHINE: SYNC}
    [wanted] = judged.wanted
    facts = wanted.facts
    assert (facts.username, facts.app, facts.route, facts.at) == (SYNC, "Orders", "Orders", NOW)
    assert facts.addresses == ("192.0.2.7",) and facts.since == NOON
    assert facts.alert in {alert_key(each) for each in judged.news}
    again, _ = look(Before(told, {MACHINE: (wanted, None)}, ()), now=NOW + timedelta(minutes=5))
    assert again.news == () and {each.detection for each in again.standing} == names
    assert again.wanted == (wanted,), "until it is known what came, the same facts"
    done, _ = look(Before(told, {MACHINE: (wanted, "incident 1")}, ()), now=NOW + timedelta(minutes=10))
    assert done.wanted == ()


def test_what_nobody_saw_for_a_day_is_over_once() -> None:
    _, told = look()
    told = {key: each.model_copy(update={"opened": True}) for key, each in told.items()}
    later, kept = look(Before(told, {}, ()), now=NOW + DAY)
    assert {each.detection for each in later.over} == {each.suspicion.detection for each in told.values()}
    assert later.current == ()
    assert look(Before(kept, {}, ()), now=NOW + DAY + timedelta(minutes=5))[0].over == ()


def test_an_outage_leaves_nothing_unjudged_and_one_that_is_too_long_is_said() -> None:
    late = NOW + 2 * DAY
    assert look(now=late)[0].news == (), "a first look judges one window"
    after, _ = look(NOTHING_KNOWN._replace(last=NOON - timedelta(minutes=5)), now=late)
    assert {each.detection for each in after.news} >= {"known-app-new-network", "unusual-volume"}
    assert since_of(NOW + DAY, NOW, "live", 42 * DAY) == NOW - WINDOWS["live"], "the org's clock was put back"
    long_out, _ = look(NOTHING_KNOWN._replace(last=NOW - 40 * DAY))
    assert any(name.startswith("events before") for name in long_out.unseen)


def test_what_live_objects_told_is_not_told_by_files_after_it_was_over() -> None:
    _, told = look()
    over = {key: each.model_copy(update={"over": True}) for key, each in told.items()}
    again, kept = look(NOTHING_KNOWN._replace(elsewhere=over))
    assert again.news == () and kept == {}


def test_false_alarms_mute_and_then_nobody_is_wanted() -> None:
    judged, _ = look()
    said = [
        Feedback(
            detection=each.detection,
            org="hq",
            actor=MACHINE,
            verdict=Verdict.FALSE,
            at=NOON,
            until=NOON + 30 * DAY,
        )
        for each in judged.news
    ]
    muted, _ = look(Before({}, {}, [*said, *said]))
    assert muted.news == () and muted.wanted == () and len(muted.muted) == len(judged.news)


def test_an_allowance_leaves_alone_and_one_that_covers_nothing_is_named() -> None:
    every = {"reason": "the archive moves", "owner": "integration", "expires": NOON + DAY}
    covers = Allowance(detection="unusual-volume", actor=MACHINE, **every)  # type: ignore[arg-type]  # a mapping of fields
    idle = Allowance(detection="guest-scraping", **every)  # type: ignore[arg-type]  # a mapping of fields
    judged, _ = look(document=TuningDocument(allowances=(covers, idle)))
    assert "unusual-volume" not in {each.detection for each in judged.news}
    assert {each.detection for each in judged.muted} == {"unusual-volume"} and judged.idle == (idle,)


def test_what_was_not_shown_is_blind_and_said() -> None:
    judged, _ = look(unseen={"ApiEvent": "needs a licence"})
    assert "unusual-volume" in {each.detection for each in judged.blind}
    assert "unusual-volume" not in {each.detection for each in judged.news}
    assert "ApiEvent" in not_seen(judged, "hq") and "unusual-volume" in not_seen(judged, "hq")
    assert "needs a licence" in markdown([judged], {"emea": "it is down"}, "live")


def test_a_type_without_rows_that_was_shown_is_not_blind() -> None:
    assert "login-as-spree" in {each.detection for each in look()[0].blind}
    shown, _ = look(shown=["LoginAsEvent"])
    assert "login-as-spree" not in {each.detection for each in shown.blind}


def test_what_is_usual_is_learned_from_files_until_live_objects_tell_it() -> None:
    calls = daily(MACHINE, 28, ROWS_PROCESSED=4_000, CLIENT_IP="203.0.113.7", QUERY="SELECT Id FROM Account")
    stolen = THEFT["ApiEvent"][-1:]
    rows = Scripted({"ApiEvent": stolen, "RestApi": calls})
    frame = frames_of({"hq": rows}, "live", NOW - 42 * DAY, NOW - DAY, NOW)["ApiEvent"].collect()
    assert frame["ROWS_RETURNED"].to_list() == [47_000] + [4_000] * 28
    judged, _ = judge("hq", {"hq": rows}, [KNOWN], NOTHING_KNOWN, ground(), tiers="live", now=NOW)
    assert "unusual-volume" in {each.detection for each in judged.news}
    both = Scripted({"ApiEvent": THEFT["ApiEvent"], "RestApi": calls})
    told = frames_of({"hq": both}, "live", NOW - 42 * DAY, NOW - DAY, NOW)["ApiEvent"].collect()
    assert told.height == 29, "no event twice"
    alone = frames_of({"hq": Scripted({"RestApi": calls})}, "live", NOW - 42 * DAY, NOW - DAY, NOW)
    assert "ApiEvent" not in alone, "what is not shown live is not made up"


def test_bulk_jobs_of_files_are_history_of_the_live_event_that_counts_no_rows() -> None:
    known = KNOWN.model_copy(update={"restricted": ("Contact.SSN__c", "Case.Iban__c")})
    jobs = daily(MACHINE, 28, ENTITY_TYPE="Contact", RECORDS_PROCESSED=100, JOB_ID="750")

    def found(sobject: str) -> set[str]:
        live = [event(MACHINE, QUERY=f"SELECT Id FROM {sobject}", SOURCE_IP="203.0.113.7")]
        rows = Scripted({"BulkApi2": jobs, "BulkApiResultEventStore": live})
        judged, _ = judge("hq", {"hq": rows}, [known], NOTHING_KNOWN, ground(), tiers="live", now=NOW)
        return {each.detection for each in judged.news}

    assert "bulk-query-of-sensitive-object" in found("Case")
    assert "bulk-query-of-sensitive-object" not in found("Contact"), "as every day"


def test_one_stranger_in_several_orgs_is_contained_in_each_where_it_acts_as_somebody() -> None:
    rows = ACROSS_ORGS.fires[0].rows["ApiEvent"]
    of = {org: Scripted({"ApiEvent": [row for row in rows if row["ORG"] == org]}) for org in ("hq", "emea")}
    there = Known(org="emea", at=NOW, members=tuple(m for m in CONTEXT.members if m.org == "emea"))
    judged, told = judge("*", of, [KNOWN, there], NOTHING_KNOWN, ground(), tiers="live", now=NOW)
    assert {each.detection for each in judged.news} == {"same-actor-in-several-orgs"}
    assert judged.wanted and {each.facts.username for each in judged.wanted} == {SYNC}
    known_there = {each.actor: (each, "incident ") for each in judged.wanted}
    again, _ = judge("*", of, [KNOWN, there], Before(told, known_there, ()), ground(), tiers="live", now=NOW)
    assert again.wanted == () and again.news == ()


def test_administrators_are_left_to_people() -> None:
    _, told = look()
    found = [each.suspicion for each in told.values()]
    members = [member.model_copy(update={"administrator": True}) for member in KNOWN.members]
    assert to_contain(found, told, KNOWN.members, {}, NOW) and not to_contain(found, told, members, {}, NOW)


def test_who_was_contained_is_wanted_again_only_for_what_came_a_day_later() -> None:
    _, told = look()
    found = [each.suspicion for each in told.values()]
    assert not to_contain(found, told, KNOWN.members, {MACHINE: NOW}, NOW)
    assert to_contain(found, told, KNOWN.members, {MACHINE: NOW - 2 * DAY}, NOW)


def test_hours_and_countries_come_from_the_file() -> None:
    document = TuningDocument(
        hours={"hq": Hours(opens=9, closes=17)},
        countries={"hq": frozenset({"US"}), "emea": frozenset({"GB"})},
    )
    context = context_of([KNOWN], document, {}, NOON, NOW)
    assert {(m.opens, m.closes) for m in context.members} == {(9, 17)}
    assert context.countries == {"hq": frozenset({"US"})} and context.sensitive == frozenset({"Contact"})


def test_a_back_test_says_what_a_file_would_change_and_what_was_told() -> None:
    every = {"reason": "the archive moves", "owner": "integration", "expires": NOON + DAY}
    other = TuningDocument(allowances=(Allowance(detection="unusual-volume", **every),))  # type: ignore[arg-type]  # as above
    said = "anomaly:known-app-new-network/hq/" + MACHINE
    tested = back_tested(
        "hq", Scripted(THEFT), KNOWN, (TuningDocument(), other), (),
        [said, "anomaly:guest-scraping/hq/x", "anomaly:log-gap/emea/emea"],
        tiers="live", since=NOW - 30 * DAY, until=NOW, history=42 * DAY,
    )  # fmt: skip
    assert {each.detection for each in tested.gone} == {"unusual-volume"} and tested.new == ()
    assert tested.unsaid == ("anomaly:guest-scraping/hq/x",)
    assert said not in {alert_key(each) for each in tested.untold} and tested.untold
    assert MACHINE in tested.contained
    assert round(tested.user_months, 1) == len(KNOWN.members)
    page = page_of([tested], {}, "other.yaml")
    assert "Gone with the file" in page and "unusual-volume" in page


def test_nothing_contained_is_no_containment() -> None:
    assert contained_of([]) == {}
    assert Wanted.model_fields.keys() == {"facts", "actor", "because"}
    assert Member(org="hq", user="005A").name == ""
