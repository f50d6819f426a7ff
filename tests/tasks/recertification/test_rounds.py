"""Owners confirm or drop; silence is no yes; nothing changes but by a plan."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.alerts.model import Severity
from tasks.errors import ConfigurationError
from tasks.estate.model import CloudEntry, Estate
from tasks.estate.model_access import JitPolicy, PreApproval
from tasks.estate.model_recertification import AccessOwner, RecertificationPolicy
from tasks.estate.policy import Policy
from tasks.inventory.model import OutboundKind, SecretHolder, TrustEdge
from tasks.ledger.model import EntryKind
from tasks.ledger.store import Ledger
from tasks.plans.model import ChangeClass, Plan, ResourceKind
from tasks.recertification.ledger_gateway import RoundBook
from tasks.recertification.model import AccessKind, Answer, Decision, Round
from tasks.recertification.pages import markdown
from tasks.recertification.plan import revocation_plan
from tasks.recertification.rounds import accesses, is_due, unanswered, unapproved
from tests.tasks.audit import evidence_factory as factory

NOW = datetime(2026, 12, 1, 7, 20, tzinfo=UTC)
DUE = NOW + timedelta(days=21)
ROUTE = "HQ_to_EMEA"


def edge(name: str, target: str = "emea", *, held: SecretHolder = SecretHolder.NAMED_CREDENTIAL,
         who: tuple[str, ...] = (), routes: tuple[str, ...] = ()) -> TrustEdge:  # fmt: skip
    return TrustEdge(source="hq", target=target, holder=held, credential=name, secret_id=f"{held.value}:hq/{name}",
                     kind=OutboundKind.JWT, app="App", run_as=who or (f"{name}@{target}",), url=f"https://{target}", routes=routes)  # fmt: skip


EDGES = (
    edge("Sync", routes=(ROUTE,)),
    edge("Old"),
    edge("outside/key", held=SecretHolder.SECRETS_MANAGER),
)
WINDOW = PreApproval(name="nightly", route=ROUTE, approver="head of crm", days=("mon",), start=time(1), end=time(2),
                     max_grant=timedelta(hours=1), valid_until=date(2027, 1, 31))  # fmt: skip
POLICY = Policy(
    jit=JitPolicy(windows=(WINDOW,), break_glass=("glass@emea",)),
    recertification=RecertificationPolicy(
        owners=(
            AccessOwner(access=ROUTE, owner="crm team"),
            AccessOwner(access="hq/*", owner="platform team"),
        )
    ),
)
ASKED = accesses(EDGES, POLICY)


def estate() -> Estate:
    return Estate(
        name="Test",
        orgs=(factory.entry("hq"), factory.entry("emea")),
        cloud=CloudEntry(region="eu-central-1"),
    )


def round_of(**decisions: Decision) -> Round:
    """Answers by the first word of the name of what they are about."""
    answers = tuple(
        Answer(access=each.id, decision=decision, person=each.owner, reason="because", at=NOW)
        for name, decision in decisions.items()
        for each in ASKED
        if name in each.name
    )
    return Round(id="r", asked=NOW, due=DUE, accesses=ASKED, answers=answers)


def planned(
    round_: Round, edges: tuple[TrustEdge, ...] = EDGES, unread: dict[str, str] | None = None
) -> Plan:
    return revocation_plan(round_, edges, unread or {}, estate(), POLICY, DUE)


def changed(plan: Plan) -> set[tuple[str, ResourceKind, str]]:
    return {(each.resource.org, each.resource.kind, each.resource.key) for each in plan.changes}


@pytest.fixture
def clock() -> list[datetime]:
    return [NOW]


@pytest.fixture
def book(tmp_path: Path, clock: list[datetime]) -> Iterator[RoundBook]:
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", lambda: clock[0])
    yield RoundBook(ledger)
    ledger.close()


def test_each_trust_and_window_is_asked_about_with_its_owner() -> None:
    assert {(each.kind, each.name, each.owner) for each in ASKED} == {
        (AccessKind.ROUTE, ROUTE, "crm team"),
        (AccessKind.TRUST, "hq/Old", "platform team"),
        (AccessKind.TRUST, "hq/outside/key", "platform team"),
        (AccessKind.WINDOW, "nightly", ""),
    }
    assert [each.id for each in accesses(EDGES[::-1], POLICY)[:3]] == [each.id for each in ASKED[:3]][::-1]


def test_one_secret_that_lies_in_two_orgs_is_asked_about_twice() -> None:
    twin = EDGES[1].model_copy(update={"source": "emea"})
    assert len(accesses((EDGES[1], twin), Policy())) == 2


def test_silence_revokes_and_what_is_confirmed_stays() -> None:
    plan = planned(round_of(**{ROUTE: Decision.CONFIRM, "Old": Decision.DROP}))
    assert changed(plan) == {
        ("hq", ResourceKind.CALLOUTS, "Old"),
        ("emea", ResourceKind.SIGN_IN, "outside/key@emea"),
    }
    why = {each.resource.key: each.why for each in plan.changes}
    assert "dropped" in why["Old"] and "nobody confirmed" in why["outside/key@emea"]
    assert any("nightly" in each for each in plan.afterwards) and any(ROUTE in each for each in plan.keeps)
    assert {each.kind for each in plan.changes} == {ChangeClass.NARROWING}
    assert plan.requester == "recertify-access", "whoever approves is somebody else"


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([ROUTE, "Old", "outside", "nightly"]), st.sampled_from(Decision)))
def test_nothing_that_is_confirmed_is_ever_taken(decisions: dict[str, Decision]) -> None:
    names = {ROUTE: "Sync", "Old": "Old", "outside": "outside/key@emea"}
    kept = {names[name] for name, said in decisions.items() if said is Decision.CONFIRM and name in names}
    taken = {key for _, _, key in changed(planned(round_of(**decisions)))}
    assert taken == set(names.values()) - kept


def test_a_user_that_something_confirmed_also_uses_is_not_frozen() -> None:
    shared = edge("outside/key", held=SecretHolder.SECRETS_MANAGER, who=("Sync@emea",))
    edges = (EDGES[0], shared)
    asked = accesses(edges, POLICY)
    yes = Answer(access=asked[0].id, decision=Decision.CONFIRM, person="crm team", reason="in use", at=NOW)
    round_ = Round(id="r", asked=NOW, due=DUE, accesses=asked, answers=(yes,))
    plan = planned(round_, edges)
    assert not plan.changes and any("nobody is frozen" in each for each in plan.risks)
    assert changed(planned(round_.model_copy(update={"answers": ()}), edges)) >= {
        ("emea", ResourceKind.SIGN_IN, "Sync@emea")
    }


def test_break_glass_and_users_that_are_not_proven_are_left_alone() -> None:
    for who in (("glass@emea",), ("scanner@emea",), ("a@emea", "b@emea")):
        edges = (edge("outside/key", held=SecretHolder.SECRETS_MANAGER, who=who),)
        round_ = Round(id="r", asked=NOW, due=DUE, accesses=accesses(edges, Policy()))
        assert not planned(round_, edges).changes, who


def test_what_is_gone_or_could_not_be_seen_is_said() -> None:
    gone = planned(round_of(), edges=EDGES[:1])
    assert sum("there no longer" in each for each in gone.risks) == 2
    dark = planned(round_of(), edges=(), unread={"hq": "it does not answer"})
    assert sum("it does not answer" in each for each in dark.risks) == 3 and not dark.changes


def test_only_the_owner_answers_and_the_last_answer_counts(book: RoundBook) -> None:
    book.ask(ASKED, NOW, DUE)
    with pytest.raises(ConfigurationError, match="only its owner"):
        book.answer(ROUTE, Decision.CONFIRM, "platform team", "looks fine")
    with pytest.raises(ConfigurationError, match="names nobody"):
        book.answer("nightly", Decision.CONFIRM, "anybody", "looks fine")
    with pytest.raises(ConfigurationError, match="No access"):
        book.answer("ffff", Decision.CONFIRM, "crm team", "looks fine")
    book.answer(ROUTE, Decision.DROP, "crm team", "by mistake")
    book.answer(ASKED[0].id[:8], Decision.CONFIRM, " CRM Team ", "needed for orders")
    (round_,) = book.rounds()
    assert [each.name for each in round_.decided(Decision.CONFIRM)] == [ROUTE] and len(round_.silent) == 3
    assert [each.person for each in round_.answers] == ["crm team", " CRM Team "], (
        "who answered stays in the ledger"
    )


def test_nothing_counts_after_the_due_date(book: RoundBook, clock: list[datetime]) -> None:
    round_ = book.ask(ASKED, NOW, DUE)
    clock[0] = DUE
    with pytest.raises(ConfigurationError, match="it was due"):
        book.answer(ROUTE, Decision.CONFIRM, "crm team", "too late")
    done = book.close(round_, "a" * 64)
    assert done.closed == DUE and done.plan == "a" * 64
    assert book.close(done, "b" * 64).plan == "a" * 64, "a run after a killed one closes nothing twice"
    with pytest.raises(ConfigurationError, match="closed"):
        book.answer(ROUTE, Decision.CONFIRM, "crm team", "too late")


def test_while_a_round_is_open_no_other_begins(book: RoundBook) -> None:
    first = book.ask(ASKED, NOW, DUE)
    assert book.ask(ASKED[:1], NOW + timedelta(days=1), DUE) == first
    assert not is_due([first], POLICY.recertification, NOW + timedelta(days=400))
    over = book.close(first, "")
    assert not is_due([over], POLICY.recertification, NOW + timedelta(days=91))
    assert is_due([over], POLICY.recertification, NOW + timedelta(days=92)) and is_due(
        [], POLICY.recertification, NOW
    )


def test_reminders_come_before_the_due_date_and_grow_louder() -> None:
    policy = POLICY.recertification
    assert unanswered(round_of(), policy, DUE - timedelta(days=8)) is None
    for days, severity in ((7, Severity.WARNING), (3, Severity.WARNING), (2, Severity.ERROR)):
        alert = unanswered(round_of(), policy, DUE - timedelta(days=days))
        assert alert is not None and alert.severity is severity and "1 of them have no owner" in alert.detail
    everything = dict.fromkeys((ROUTE, "Old", "outside", "nightly"), Decision.CONFIRM)
    assert unanswered(round_of(**everything), policy, DUE - timedelta(days=2)) is None


def test_without_reminders_nobody_is_reminded() -> None:
    silent = RecertificationPolicy(remind_before=())
    assert unanswered(round_of(), silent, DUE - timedelta(days=1)) is None


def test_pages_and_alerts_name_nobody_who_answered() -> None:
    round_ = round_of(**{ROUTE: Decision.CONFIRM})
    answered = round_.answers[0].model_copy(update={"person": "ada lovelace"})
    shown = round_.model_copy(update={"answers": (answered,), "closed": DUE, "plan": "c" * 64})
    assert "ada" not in markdown(shown) + unapproved(shown).model_dump_json()
    assert "| confirm | crm team |" in markdown(shown) and "**nobody**" in markdown(shown)


def test_notes_are_evidence_of_the_ledger(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'other.db'}", lambda: NOW)
    book = RoundBook(ledger, "0" * 64)
    book.ask(ASKED, NOW, DUE)
    book.answer(ROUTE, Decision.CONFIRM, "crm team", "needed")
    asked, answered = ledger.entries(EntryKind.EVIDENCE)
    assert asked.body["step"] == "asked" and (answered.actor, answered.body["decision"]) == (
        "crm team",
        "confirm",
    )
