"""What people are told of a rotation, of secrets that AWS rotates itself, and how the ledger's notes add up."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from botocore.stub import Stubber

from tasks.aws.cloud import AwsConnection, Cloud
from tasks.aws.staging import MANAGED_TYPE, move_stage, put_pending, read_stages, read_version
from tasks.aws.trail import read_openings
from tasks.credentials.deliveries import GiveBack
from tasks.credentials.history import (
    back_note,
    begin_note,
    coming,
    end_note,
    give_back_note,
    order_note,
    step_note,
    told,
    wanted,
)
from tasks.credentials.managed import health, pending_since
from tasks.credentials.model import Laggard, Order, Proof, Rotation, Seen, Version
from tasks.credentials.rotate import Progress
from tasks.credentials.rotation import (
    Begin,
    Discard,
    End,
    Label,
    Place,
    Promote,
    Stage,
    Stop,
    Try,
    Unlabel,
    Void,
    Wait,
    token_of,
)
from tasks.credentials.rotation_gateway import taken_by
from tasks.credentials.telling import alerts, over, standing, waived
from tasks.errors import CloudError, SecretUnavailable
from tasks.estate.model import RotatedCredential
from tasks.estate.model_rotation import RotationPolicy
from tasks.estate.policy import Waiver
from tasks.salesforce.app_credentials import normalised

MADE = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = RotationPolicy()
CREDENTIAL = RotatedCredential.model_validate(
    {
        "secret": "feed",
        "org": "hq",
        "kind": "client-secret",
        "apps": ["Feed"],
        "consumers": [
            {"name": "Batch", "principal": "user/batch", "addresses": ["192.0.2.1/32"], "cache": "PT1H"}
        ],
    }
)
OLD = Version(id="old", mark="m0", stages=frozenset({"AWSCURRENT"}), created=MADE)
LATE = Laggard(consumer="Batch", app="Feed", addresses=("192.0.2.1",), why="it has not read the new version")


def day(number: float) -> datetime:
    return MADE + timedelta(days=number)


def seen(at: float) -> Seen:
    return Seen(now=day(at), versions=(OLD,), sets=None)


def a_rotation(**more: Any) -> Rotation:
    facts: dict[str, Any] = {
        "secret": "feed",
        "token": "t" * 32,
        "old": "old",
        "old_mark": "m0",
        "old_since": MADE,
        "order": Order.SCHEDULED,
        "begun": day(83),
    }
    return Rotation(**(facts | more))


def progress(at: float, step: Any = None, proof: Proof | None = None, **more: Any) -> Progress:
    return Progress(step or Wait(day(at), "both are valid"), a_rotation(**more), proof or Proof(), seen(at))


def kinds(found: Progress, waiver: Waiver | None = None) -> list[str]:
    return [each.key.partition(":")[0] for each in alerts(CREDENTIAL, found, DAYS, waiver)]


class TestAlerts:
    def test_a_steady_one_says_nothing(self) -> None:
        assert kinds(Progress(Wait(day(83), "young"), None, Proof(), seen(10))) == []

    def test_a_laggard_is_named_a_day_after_its_cache_was_over(self) -> None:
        proof = Proof(laggards=(LATE,))
        assert kinds(progress(85, proof=proof, live=day(84))) == []
        (alert,) = alerts(CREDENTIAL, progress(85.05, proof=proof, live=day(84)), DAYS, None)
        assert alert.key.startswith("rotation-late:feed:Batch") and alert.org == "hq"
        assert "192.0.2.1" in alert.detail and "Feed" in alert.detail and "2026-04-01" in alert.next_step

    def test_who_says_it_keeps_it_for_long_is_named_half_way(self) -> None:
        slow = CREDENTIAL.consumers[0].model_copy(update={"cache": timedelta(days=60)})
        credential = CREDENTIAL.model_copy(update={"consumers": (slow,)})
        proof = Proof(laggards=(LATE,))
        assert not alerts(credential, progress(86.9, proof=proof, live=day(84)), DAYS, None)
        assert alerts(credential, progress(87, proof=proof, live=day(84)), DAYS, None)

    def test_an_old_one_that_outlives_its_day_is_told_with_its_waiver(self) -> None:
        assert kinds(progress(89.9, live=day(84))) == []
        assert kinds(progress(90, live=day(84))) == ["rotation-outlives"]
        assert kinds(progress(90, End("the old one is revoked"), live=day(84))) == []
        waiver = Waiver(
            control="ZT-10",
            org="hq",
            resource="credential:secret:*",
            reason="monthly restart",
            owner="ada@meridian.example",
            expires=date(2026, 5, 1),
        )
        (alert,) = alerts(CREDENTIAL, progress(90, live=day(84)), DAYS, waiver)
        assert "ada@meridian.example until 2026-05-01" in alert.detail
        assert waived(CREDENTIAL, (waiver,), day(90)) == waiver
        assert waived(CREDENTIAL, (waiver,), day(121)) is None
        for other in ({"org": "emea"}, {"control": "ZT-12"}, {"resource": "credential:secret:other"}):
            assert waived(CREDENTIAL, (waiver.model_copy(update=other),), day(90)) is None

    def test_what_keeps_it_waiting_after_its_day(self) -> None:
        assert kinds(progress(84.9)) == []
        assert kinds(progress(85)) == ["rotation-overdue"]

    def test_an_emergency_that_does_not_go_on_is_told_at_once(self) -> None:
        urgent = progress(83.1, order=Order.EMERGENCY)
        assert kinds(urgent) == []
        stuck = replace(urgent, trouble="AWS did not answer")
        assert kinds(stuck) == ["rotation-overdue"]
        assert kinds(replace(progress(83.1), trouble="AWS did not answer")) == [], "others have their days"

    def test_an_emergency_that_may_leave_something_open_is_told_at_once(self) -> None:
        urgent = progress(83.1, order=Order.EMERGENCY, live=day(83))
        assert kinds(urgent) == []
        (alert,) = alerts(CREDENTIAL, replace(urgent, trouble="no answer came"), DAYS, None)
        assert alert.severity.value == "critical" and alert.key == "rotation-open:feed"
        assert kinds(replace(progress(84.1, live=day(84)), trouble="no answer came")) == []
        assert over([alert.key], [], {"feed"}) == [alert.key]

    def test_a_stop_needs_a_person_and_a_dead_secret_at_once(self) -> None:
        (plain,) = alerts(CREDENTIAL, progress(83, Stop("somebody else has staged")), DAYS, None)
        (dead,) = alerts(CREDENTIAL, progress(83, Stop("consumers cannot sign in with it")), DAYS, None)
        assert (plain.severity.value, dead.severity.value) == ("error", "critical")

    def test_taken_back_says_until_when_that_holds(self) -> None:
        (alert,) = alerts(CREDENTIAL, progress(85, promoted=day(84), live=day(84), back=day(85)), DAYS, None)
        assert "2026-04-25" in alert.detail

    def test_what_is_over_is_resolved_for_what_was_looked_at_only(self) -> None:
        opened = [
            "rotation-late:feed:Batch-1",
            "rotation-stopped:feed",
            "rotation-stopped:other",
            "access-stray:x",
        ]
        assert over(opened, [], {"feed"}) == opened[:2]
        known = alerts(CREDENTIAL, progress(83, Stop("somebody else has staged")), DAYS, None)
        assert over(opened, known, {"feed"}) == opened[:1]
        assert over(["rotation-late:feed2:x"], [], {"feed"}) == []

    def test_where_it_stands(self) -> None:
        found = standing(CREDENTIAL, progress(85, live=day(84)), ())
        assert (found.stands, found.next, found.age) == (
            "both are valid",
            "both are valid",
            timedelta(days=85),
        )
        assert standing(CREDENTIAL, progress(83, Stop("x")), ()).needs_person
        ending = standing(CREDENTIAL, progress(84, live=day(84), severing=day(84)), ())
        assert ending.stands == "what the old one had opened is being ended"


class TestManaged:
    """moto knows nothing of managed external secrets, so this is judged purely and read from stubbed answers."""

    WELL: dict[str, Any] = {
        "enabled": True,
        "last_rotated": day(60),
        "created": MADE,
        "next_rotation": day(143),
        "pending_since": None,
        "current": 1,
        "max_age": timedelta(days=90),
        "now": day(100),
    }

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({}, ""),
            ({"enabled": False}, "switched off"),
            ({"last_rotated": None}, "100 days"),
            ({"last_rotated": day(9)}, "91 days"),
            ({"next_rotation": day(98)}, "did not happen"),
            ({"next_rotation": day(99.5)}, ""),
            ({"pending_since": day(99)}, "AWSPENDING"),
            ({"pending_since": day(99.99)}, ""),
            ({"current": 2}, "2 versions"),
        ],
    )
    def test_its_health(self, wrong: dict[str, Any], said: str) -> None:
        found = "; ".join(health(**(self.WELL | wrong)))
        assert said in found and bool(found) is bool(said)

    def test_what_waits_still(self) -> None:
        assert pending_since([({"AWSPENDING"}, day(1)), ({"AWSCURRENT"}, day(0))]) == day(1)
        assert pending_since([({"AWSPENDING", "AWSCURRENT"}, day(1))]) is None

    @pytest.mark.parametrize(
        ("more", "taken"),
        [
            ({"Type": MANAGED_TYPE}, "AWS rotates it"),
            ({"RotationEnabled": True, "RotationLambdaARN": "arn:aws:lambda:x"}, "a rotation function"),
            ({"RotationEnabled": False, "RotationLambdaARN": "arn:aws:lambda:x"}, ""),
            ({"RotationEnabled": True}, ""),
        ],
    )
    def test_it_is_recognised(self, more: dict[str, Any], taken: str) -> None:
        cloud = Cloud(AwsConnection(region="eu-central-1", endpoint_url="http://192.0.2.1"))
        with Stubber(cloud.client("secretsmanager")) as stub:
            stub.add_response("describe_secret", {"Name": "feed", **more}, {"SecretId": "feed"})
            first = {"VersionId": "a" * 32, "VersionStages": ["AWSCURRENT"], "CreatedDate": MADE}
            second = {"VersionId": "b" * 32, "CreatedDate": day(1)}
            asked = {"SecretId": "feed", "IncludeDeprecated": True}
            stub.add_response("list_secret_version_ids", {"Versions": [first], "NextToken": "n"}, asked)
            stub.add_response("list_secret_version_ids", {"Versions": [second]}, {**asked, "NextToken": "n"})
            about = read_stages(cloud, "feed")
        assert [each.stages for each in about.versions] == [frozenset({"AWSCURRENT"}), frozenset()]
        assert taken_by(about).startswith(taken) and bool(taken_by(about)) is bool(taken)


class TestAws:
    def stub(self) -> tuple[Cloud, Stubber]:
        cloud = Cloud(AwsConnection(region="eu-central-1", endpoint_url="http://192.0.2.1"))
        return cloud, Stubber(cloud.client("secretsmanager"))

    def test_another_value_under_a_token_is_refused_as_aws_refuses_it(self) -> None:
        cloud, stub = self.stub()
        with stub:
            stub.add_client_error("put_secret_value", "ResourceExistsException", "the value S3cret is in use")
            with pytest.raises(CloudError) as caught:
                put_pending(cloud, "feed", "t" * 32, {"consumerSecret": "S3cret"})
        assert "ResourceExistsException" in str(caught.value) and "S3cret" not in str(caught.value)

    def test_a_version_without_a_value_is_none(self) -> None:
        cloud, stub = self.stub()
        with stub:
            stub.add_client_error("get_secret_value", "ResourceNotFoundException", "no value")
            assert read_version(cloud, "feed", "t" * 32) is None
            stub.add_client_error("get_secret_value", "AccessDeniedException", "no")
            with pytest.raises(SecretUnavailable):
                read_version(cloud, "feed", "t" * 32)

    def test_a_label_is_moved_from_where_it_is_said_to_be(self) -> None:
        cloud, stub = self.stub()
        wanted = {"SecretId": "feed", "VersionStage": "AWSCURRENT", "RemoveFromVersionId": "o" * 32}
        with stub:
            stub.add_response("update_secret_version_stage", {}, {**wanted, "MoveToVersionId": "n" * 32})
            move_stage(cloud, "feed", "AWSCURRENT", to="n" * 32, source="o" * 32)
            stub.add_response("update_secret_version_stage", {}, wanted)
            move_stage(cloud, "feed", "AWSCURRENT", to=None, source="o" * 32)

    def test_who_opened_it_however_it_was_named(self) -> None:
        arn = "arn:aws:secretsmanager:eu-central-1:1:secret:feed"
        pages = {
            "feed": [opening("1", "feed"), opening("2", "feed", failed=True)],
            f"{arn}-Ab12Cd": [opening("3", f"{arn}-Ab12Cd"), opening("1", "feed"), opening("4", "other")],
            arn: [opening("5", arn), opening("6", f"{arn}er-Ab12Cd"), opening("7", "feed", "PutSecretValue")],
        }
        with self.history() as (cloud, stub):
            for name, events in pages.items():
                stub.add_response("lookup_events", {"Events": events}, looked_up("ResourceName", name))
            found = read_openings(cloud, "feed", MADE)
        assert len(found) == 3
        assert {(each.principal, each.at, each.stage) for each in found} == {
            ("arn:aws:iam::1:user/feed", day(1), "AWSCURRENT")
        }

    def test_where_no_name_finds_it_all_openings_are_looked_through_page_by_page(self) -> None:
        slept: list[float] = []
        everything = looked_up("EventName", "GetSecretValue")
        with self.history() as (cloud, stub):
            for _ in range(3):
                stub.add_response("lookup_events", {"Events": []})
            first = {"Events": [opening("1", "other")], "NextToken": "more"}
            stub.add_response("lookup_events", first, everything)
            for _ in range(2):
                stub.add_client_error("lookup_events", "ThrottlingException")
            stub.add_response(
                "lookup_events", {"Events": [opening("2", "feed")]}, {**everything, "NextToken": "more"}
            )
            assert [each.secret for each in read_openings(cloud, "feed", MADE, slept.append)] == ["feed"]
        assert slept == [1, 2]

    def test_who_opened_it_is_unknown_where_there_is_too_much_or_aws_goes_on_throttling(self) -> None:
        with self.history() as (cloud, stub):
            for _ in range(200):
                stub.add_response("lookup_events", {"Events": [opening("1", "feed")], "NextToken": "more"})
            with pytest.raises(CloudError, match="nobody knows who has opened"):
                read_openings(cloud, "feed", MADE)
        slept: list[float] = []
        with self.history() as (cloud, stub):
            for _ in range(6):
                stub.add_client_error("lookup_events", "ThrottlingException")
            with pytest.raises(CloudError, match="ThrottlingException"):
                read_openings(cloud, "feed", MADE, slept.append)
        assert slept == [1, 2, 4, 8, 16]

    @staticmethod
    @contextmanager
    def history() -> Iterator[tuple[Cloud, Stubber]]:
        cloud = Cloud(AwsConnection(region="eu-central-1", endpoint_url="http://192.0.2.1"))
        arn = "arn:aws:secretsmanager:eu-central-1:1:secret:feed-Ab12Cd"
        with Stubber(cloud.client("secretsmanager")) as named, Stubber(cloud.client("cloudtrail")) as stub:
            named.add_response("describe_secret", {"ARN": arn})
            yield cloud, stub
            stub.assert_no_pending_responses()


def looked_up(attribute: str, value: str) -> dict[str, Any]:
    return {
        "LookupAttributes": [{"AttributeKey": attribute, "AttributeValue": value}],
        "StartTime": MADE,
        "MaxResults": 50,
    }


def opening(number: str, secret: str, name: str = "GetSecretValue", **more: Any) -> dict[str, Any]:
    asked = f'"requestParameters":{{"secretId":"{secret}","versionStage":"AWSCURRENT"}}'
    who = '"userIdentity":{"arn":"arn:aws:iam::1:user/feed"},"eventTime":"2026-01-02T00:00:00Z"'
    failed = ',"errorCode":"AccessDenied"' if more else ""
    return {"EventId": number, "CloudTrailEvent": f'{{"eventName":"{name}",{asked},{who}{failed}}}'}


@pytest.mark.parametrize(
    "shape",
    [
        lambda one: one,
        lambda one: [one],
        lambda one: {"stagedCredentials": one},
        lambda one: {"stagedCredentials": [one]},
    ],
)
def test_staged_credentials_come_in_many_shapes(shape: Any) -> None:
    one = {
        "key": "k",
        "secret": "s",
        "state": "active",
        "stagedCredentialsURL": "/services/data/v65.0/x/staged/3Mx1",
    }
    found = normalised(shape(one))
    assert found is not None and (found.key, found.id, found.state) == ("k", "3Mx1", "active")
    assert "'s'" not in repr(found)
    named = normalised(shape({**one, "id": "3Mx2", "state": "Rotated"}))
    assert named is not None and (named.id, named.state) == ("3Mx2", "rotated")


@pytest.mark.parametrize("nothing", [None, [], {}, {"stagedCredentials": []}, "text"])
def test_no_staged_credentials(nothing: Any) -> None:
    assert normalised(nothing) is None


class TestNotes:
    BEGIN = begin_note(Begin("t" * 32, OLD), Order.SCHEDULED, seen(83))

    def test_they_add_up(self) -> None:
        rotation = a_rotation()
        notes = [
            self.BEGIN,
            step_note("about", Stage(), rotation, seen(83)),
            step_note("about", Try("t" * 32, "staged"), rotation, seen(83)),
            step_note("done", Try("t" * 32, "staged"), rotation, seen(83)),
            step_note("about", Place("t" * 32), rotation, seen(83)),
            step_note("done", Place("t" * 32), rotation, seen(83)),
            step_note("about", Promote("h"), rotation, seen(84)),
            step_note("about", Promote("h"), rotation, seen(85)),
            step_note("about", Label("t" * 32, "old"), rotation, seen(84)),
            step_note("about", Label("t" * 32, "old"), rotation, seen(85)),
            step_note("about", Label("old", "t" * 32), rotation, seen(86)),
            step_note("about", Void("old"), rotation, seen(90)),
            step_note("about", Void("older"), rotation, seen(90)),
            step_note("done", Void("old"), rotation, seen(90)),
        ]
        found = told("feed", notes).open
        assert found == a_rotation(
            staging=day(83),
            placed=True,
            tried=frozenset({"staged"}),
            promoted=day(84),
            live=day(85),
            returned=day(86),
            voiding=frozenset({"old", "older"}),
            voided=frozenset({"old"}),
        )
        ended = told("feed", [*notes, end_note(rotation, End("over"), day(90))])
        assert ended.open is None and [each.outcome for each in ended.past] == ["over"]

    def test_a_refusal_counts_until_it_is_asked_again(self) -> None:
        rotation = a_rotation()
        notes = [self.BEGIN, step_note("about", Stage(), rotation, seen(83))]
        refused = [*notes, step_note("refused", Stage(), rotation, seen(83))]
        assert told("feed", refused).open.refused  # type: ignore[union-attr]  # it is open
        again = told("feed", [*refused, step_note("about", Stage(), rotation, seen(84))]).open
        assert again is not None and not again.refused

    def test_what_was_about_to_be_revoked_is_on_record_before_it_is(self) -> None:
        """Without its answer nobody knows, and then the old one must not be given back."""
        about = step_note("about", Void("old"), a_rotation(), seen(90))
        assert told("feed", [self.BEGIN, about]).open == a_rotation(voiding=frozenset({"old"}))

    def test_taken_back_by_a_person_names_no_place(self) -> None:
        found = told("feed", [self.BEGIN, back_note(a_rotation(), day(85))]).open
        assert found == a_rotation(back=day(85), refused_at="")
        by_itself = give_back_note(a_rotation(), GiveBack("emea/Sync"), day(85))
        assert told("feed", [self.BEGIN, by_itself]).open == a_rotation(back=day(85), refused_at="emea/Sync")

    def test_steps_that_change_nothing_are_on_record_and_change_nothing(self) -> None:
        quiet = [step_note("about", act, a_rotation(), seen(84)) for act in (Unlabel("old"), Discard("h"))]
        assert told("feed", [self.BEGIN, *quiet]).open == a_rotation()

    def test_who_reads_the_ledger_sees_from_where_to_where_the_label_moved(self) -> None:
        note = step_note("about", Label("t" * 32, "old"), a_rotation(), seen(84))
        assert (note["from"], note["to"]) == ("old", "t" * 32)

    def test_an_order_waits_or_hurries_what_is_under_way(self) -> None:
        assert told("feed", [order_note(Order.REQUESTED, day(1))]).ordered is Order.REQUESTED
        assert told("feed", [order_note(Order.REQUESTED, day(1)), order_note(None, day(2))]).ordered is None
        hurried = told("feed", [self.BEGIN, order_note(Order.EMERGENCY, day(84))])
        assert hurried.open is not None and hurried.open.order is Order.EMERGENCY and hurried.ordered is None
        begun = told("feed", [order_note(Order.REQUESTED, day(1)), self.BEGIN])
        assert begun.ordered is None and begun.open is not None

    def test_an_order_waits_for_what_is_being_taken_back(self) -> None:
        """Half a take-back cannot be told from somebody else's hand, so it is finished; what the org had promoted goes forward."""
        token = "t" * 32
        back = [self.BEGIN, back_note(a_rotation(), day(84)), order_note(Order.EMERGENCY, day(85))]
        waits = told("feed", back)
        assert waits.open is not None and waits.open.back == day(84) and waits.ordered is Order.EMERGENCY
        fresh = coming("feed", (OLD, Version(id=token, mark="n", stages=frozenset(), created=day(83))), waits)
        assert fresh not in (None, token, OLD.id)
        assert wanted("feed", (OLD,), waits) == (coming("feed", (OLD,), waits), "emergency")
        promoted = told(
            "feed", [self.BEGIN, step_note("about", Promote("h"), a_rotation(), seen(84)), *back[1:]]
        )
        assert coming("feed", (OLD,), promoted) == token_of("feed", token, (OLD,))
        over = told("feed", [*back, end_note(a_rotation(), End("over"), day(85))])
        assert over.open is None and over.ordered is Order.EMERGENCY
        cancelled = told("feed", [*back, order_note(None, day(85))])
        assert cancelled.ordered is None and cancelled.open is not None and cancelled.open.back == day(84)
        assert coming("feed", (), told("feed", [])) is None

    @pytest.mark.parametrize(
        ("order", "hurried"), [(Order.EMERGENCY, Order.EMERGENCY), (Order.REQUESTED, Order.SCHEDULED)]
    )
    def test_an_order_for_what_consumers_have_already_begins_another(
        self, order: Order, hurried: Order
    ) -> None:
        token = "t" * 32
        live = step_note("about", Label(token, "old"), a_rotation(), seen(84))
        found = told("feed", [self.BEGIN, live, order_note(order, day(85))])
        assert found.ordered is order and found.open is not None and found.open.order is hurried
        fresh = token_of("feed", token, (OLD,))
        assert wanted("feed", (OLD,), found) == (fresh, order.value) and fresh != token

    def test_notes_of_another_rotation_are_not_its(self) -> None:
        other = step_note("about", Stage(), a_rotation(token="x" * 32), seen(83))
        assert told("feed", [self.BEGIN, other]).open == a_rotation()
        own = step_note("about", Stage(), a_rotation(), seen(84))
        assert told("feed", [self.BEGIN, other, own]).open == a_rotation(staging=day(84))

    def test_which_version_consumers_are_to_read(self) -> None:
        assert wanted("feed", (OLD,), told("feed", [])) == ("old", "unknown")
        assert wanted("feed", (OLD,), told("feed", [self.BEGIN])) == ("t" * 32, "scheduled")
        ordered = told("feed", [order_note(Order.EMERGENCY, day(1))])
        assert wanted("feed", (OLD,), ordered) == (token_of("feed", "old", (OLD,)), "emergency")
        back = {"phase": "back", "token": "t" * 32, "at": day(85).isoformat()}
        assert wanted("feed", (OLD,), told("feed", [self.BEGIN, back])) == ("old", "unknown")
        assert wanted("feed", (), told("feed", [])) == (None, "unknown")

    def test_how_the_version_that_consumers_read_was_made(self) -> None:
        """By the rotation that made it, not by the last one there was."""
        token, later = "t" * 32, "u" * 32
        new = Version(id=token, mark="m1", stages=frozenset({"AWSCURRENT"}), created=day(83))
        urgent = begin_note(Begin(token, OLD), Order.EMERGENCY, seen(83))
        over = [urgent, end_note(a_rotation(), End("over"), day(90))]
        assert wanted("feed", (new,), told("feed", over)) == (token, "emergency")
        next_one = begin_note(Begin(later, new), Order.REQUESTED, seen(91))
        undone = [*over, next_one, back_note(a_rotation(token=later), day(92))]
        assert wanted("feed", (new,), told("feed", undone)) == (token, "emergency")
        given_up = [*undone, end_note(a_rotation(token=later), End("taken back"), day(93))]
        assert wanted("feed", (new,), told("feed", given_up)) == (token, "emergency")

    def test_an_order_after_a_take_back_replaces_what_consumers_will_then_hold(self) -> None:
        """The old one, unless it may be revoked already; and never with what was taken back."""
        token = "t" * 32
        back = [self.BEGIN, back_note(a_rotation(), day(85))]
        fresh = token_of("feed", "old", (OLD,), frozenset({token}))
        assert coming("feed", (OLD,), told("feed", back)) == fresh
        voiding = [self.BEGIN, step_note("about", Void("old"), a_rotation(), seen(90)), *back[1:]]
        assert coming("feed", (OLD,), told("feed", voiding)) == token_of("feed", token, (OLD,))

    def test_what_was_given_up_is_not_what_an_order_leads_to(self) -> None:
        first = token_of("feed", "old", (OLD,))
        begun = begin_note(Begin(first, OLD), Order.SCHEDULED, seen(83))
        back = back_note(a_rotation(token=first), day(84))
        during = coming("feed", (OLD,), told("feed", [begun, back]))
        over = told("feed", [begun, back, end_note(a_rotation(token=first), End("taken back"), day(84))])
        assert during == coming("feed", (OLD,), over) == token_of("feed", "old", (OLD,), frozenset({first}))
        kept = Version(id=str(during), mark="m2", stages=frozenset(), created=day(84))
        assert coming("feed", (OLD, kept), over) not in (first, during), "nor what is kept without a label"

    def test_nothing_in_them_opens_anything(self) -> None:
        assert set(self.BEGIN) == {"phase", "token", "old", "old_mark", "old_since", "order", "at"}
