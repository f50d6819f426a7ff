"""Prefect tasks of detection."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta

from prefect import task
from prefect.artifacts import create_markdown_artifact
from prefect.client.orchestration import get_client
from prefect.utilities.urls import url_for

from tasks.anomalies import org_gateway, telling
from tasks.anomalies.history_gateway import History
from tasks.anomalies.judging import Before, Ground, judge
from tasks.anomalies.look import alert_key, machines_of
from tasks.anomalies.model_live import Feedback, Judged, Known, Told, TuningDocument, Verdict, Wanted
from tasks.anomalies.state_ledger_gateway import AnomalyBook, FeedbackBook, LookBook
from tasks.anomalies.told import forgettable, unseen_for_long
from tasks.anomalies.tuning_gateway import load_tuning
from tasks.errors import CloudError, ConfigurationError, SecretUnavailable
from tasks.estate.model import Estate
from tasks.estate.policy import Policy
from tasks.ledger.store import Ledger
from tasks.orgs import load_masking_key, load_registered, open_ledger, open_org
from tasks.plans.digest import policy_digest
from tasks.policies import PUBLISH, READ
from tasks.response.model import Facts
from tasks.salesforce.session import Session
from tasks.telemetry.masks import Pseudonym, pseudonyms, unnamed
from tasks.telemetry.store_gateway import open_store

ACROSS = "*"
"""What the org is called where all of them are judged together."""


@task(
    name="judge-org",
    task_run_name="judge-{alias}",
    description="Asks all detections about the last day of one org, by what the weeks before were like.",
    **READ,
)
def judge_org(alias: str, tiers: str, now: datetime, shown: list[str], unseen: Mapping[str, str]) -> Judged:
    """
    `now` is the org's own time up to which it was read, `shown` are event types that it showed, also where they had no rows, `unseen`
    is what could not be read this time. Raises ConfigurationError,
    CloudError and OrgError.
    """
    estate, policy = load_registered()
    document = load_tuning(policy)
    with open_ledger() as ledger, open_org(alias) as session:
        history = History(open_store(policy), alias)
        known = _known(session, history, estate, policy, now)
        names = {alias: lambda ids: org_gateway.read_names(session, ids)}
        ground = _ground(estate, policy, document, lambda org, ids: names[org](ids))
        book = AnomalyBook(ledger, alias, tiers)
        judged, told = judge(
            alias, {alias: history}, [known], _before(book, ledger, now, [alias], tiers), ground,
            tiers=tiers, now=now, shown=shown, unseen={**unseen, **known.unread},
        )  # fmt: skip
        for each in judged.wanted:
            book.want(each)
        _remember(book, told, judged, [alias])
    return judged


@task(
    name="judge-across",
    description="Looks for one stranger in several orgs, which only all of them together show.",
    **READ,
)
def judge_across(aliases: list[str], tiers: str, now: datetime) -> Judged:
    """Of the orgs that were read this time; `now` is the latest of their own times. Raises ConfigurationError and CloudError."""
    estate, policy = load_registered()
    store = open_store(policy)
    histories = {alias: History(store, alias) for alias in aliases}
    known = [each for history in histories.values() if (each := history.known()) is not None]
    ground = _ground(estate, policy, load_tuning(policy), _names)
    with open_ledger() as ledger:
        book = AnomalyBook(ledger, ACROSS, tiers)
        before = _before(book, ledger, now, aliases, tiers)
        # Each org's own look goes on with those that are known there.
        known_there = {
            actor: (wanted, outcome or PLAYED)
            for alias in aliases
            for actor, (wanted, outcome) in AnomalyBook(ledger, alias, tiers).wanted().items()
        }
        judged, told = judge(
            ACROSS, histories, known, before._replace(wanted=known_there), ground, tiers=tiers, now=now
        )
        for asked in judged.wanted:
            AnomalyBook(ledger, asked.facts.org, tiers).want(asked)
        _remember(book, told, judged, aliases)
    return judged


@task(
    name="read-standing",
    description="Which alerts of detection should be open, and by which tier each was seen first.",
    **READ,
)
def read_standing(aliases: list[str]) -> dict[str, str]:
    """
    Tiers by keys of alerts. What the live look saw, later files do not tell again. Of `aliases` that were judged, all that is
    open and not here is over, also where a run was killed before it said so.
    """
    found: dict[str, str] = {}
    with open_ledger() as ledger:
        for alias in aliases:
            for tiers in ("files", "live"):
                standing = [
                    each for each in AnomalyBook(ledger, alias, tiers).told().values() if not each.over
                ]
                found |= {alert_key(each.suspicion): tiers for each in standing}
    return found


@task(name="note-opened", description="Notes which suspicions have their alerts.", **PUBLISH)
def note_opened(keys: dict[str, list[str]], tiers: str) -> None:
    """Keys of suspicions by org. Until then none of them is over."""
    with open_ledger() as ledger:
        for alias, mine in keys.items():
            AnomalyBook(ledger, alias, tiers).opened(mine)


@task(
    name="settle-wanted", description="Notes what came of a containment that detection asked for.", **PUBLISH
)
def settle_wanted(wanted: Wanted, outcome: str) -> None:
    with open_ledger() as ledger:
        AnomalyBook(ledger, wanted.facts.org, "").settle(wanted, outcome)


@task(name="read-outcomes", description="Why actors were not contained although detections agree.", **READ)
def read_refusals(aliases: list[str]) -> dict[str, str]:
    """By key of the alert."""
    with open_ledger() as ledger:
        return {
            wanted.facts.alert: outcome.removeprefix(REFUSED)
            for alias in aliases
            for wanted, outcome in AnomalyBook(ledger, alias, "").wanted().values()
            if outcome is not None and outcome.startswith(REFUSED)
        }


REFUSED, PLAYED, REPORTED = "refused: ", "incident ", "reported "
"""How outcomes begin; why not, or the id of the containment, follows."""


@task(
    name="read-recent-incidents",
    description="Incidents whose reports may lack what log files tell, which came since.",
    **READ,
)
def read_recent_incidents(judged: dict[str, datetime]) -> list[Wanted]:
    """Of the orgs in `judged`, with up to when they were read; each once, a day after it, when the files of its day are there."""
    with open_ledger() as ledger:
        return [
            wanted
            for alias, now in judged.items()
            for wanted, outcome in AnomalyBook(ledger, alias, "").wanted().values()
            if outcome is not None and outcome.startswith(PLAYED) and now - wanted.facts.at >= FILES_COME
        ]


FILES_COME = timedelta(days=1, hours=12)
"""After so long the daily files of an incident's day are there (six hours after its end and later)."""


@task(
    name="note-looks",
    description="Notes which orgs were judged, and finds those that nobody could judge for long.",
    **PUBLISH,
)
def note_looks(judged: list[str], failed: list[str], tiers: str, longest: timedelta) -> list[str]:
    """Aliases of those in `failed` that were not judged for `longest`."""
    now = datetime.now(UTC)
    with open_ledger() as ledger:
        book = LookBook(ledger, tiers)
        silent = unseen_for_long(failed, book.last(), now, longest)
        book.looked(judged, now)
    return silent


@task(
    name="find-re-enable",
    description="Where the button of an alert leads that gives everything back.",
    **READ,
)
def re_enable_address() -> str:
    """Empty where that flow is not deployed."""
    try:
        with get_client(sync_client=True) as client:
            found = client.read_deployment_by_name("re-enable/re-enable")
            return url_for("deployment", obj_id=found.id, url_type="ui") or ""
    except Exception:  # a button that leads nowhere is no reason to tell nothing
        return ""


@task(
    name="publish-detections",
    description="What is suspicious in each org, and what could not be seen.",
    **PUBLISH,
)
def publish_detections(found: list[Judged], failed: dict[str, str], tiers: str) -> None:
    create_markdown_artifact(
        markdown=telling.markdown(found, failed, tiers),
        key=f"detections-{tiers}",
        description="What is suspicious, and what could not be seen.",
    )


@task(
    name="read-wanted",
    description="Whom detections want contained, by the ledger, and of whom nobody knows yet what came of it.",
    **READ,
)
def read_wanted(org: str) -> list[Facts]:
    with open_ledger() as ledger:
        found = AnomalyBook(ledger, org, "").wanted().values()
    return [wanted.facts for wanted, outcome in found if outcome is None]


@task(name="note-feedback", description="Notes what somebody said of an alert.", **PUBLISH)
def note_feedback(key: str, verdict: Verdict, person: str, reason: str) -> Feedback:
    """`key` is that of the alert. Raises ConfigurationError where no detection told it."""
    _, policy = load_registered()
    now = datetime.now(UTC)
    with open_ledger() as ledger:
        book, told = _told_of(key, ledger)
        said = Feedback(
            detection=told.suspicion.detection,
            org=told.suspicion.org,
            actor=told.suspicion.actor,
            verdict=verdict,
            at=told.suspicion.at,
            until=max(now, told.at) + policy.detection.feedback_lasts,
        )
        FeedbackBook(ledger, person, policy_digest(policy)).note(said, key, reason)
        if verdict is Verdict.FALSE:
            book.remember({told.suspicion.key: told.model_copy(update={"over": True})}, ())
    return said


def _told_of(key: str, ledger: Ledger) -> tuple[AnomalyBook, Told]:
    estate, _ = load_registered()
    for alias in (*(entry.alias for entry in estate.orgs), ACROSS):
        for tiers in ("live", "files"):
            book = AnomalyBook(ledger, alias, tiers)
            for each in book.told().values():
                if alert_key(each.suspicion) == key:
                    return book, each
    raise ConfigurationError(
        f"No detection remembers an alert {key}. `bulkhead run list-alerts` shows those that are open."
    )


def _known(session: Session, history: History, estate: Estate, policy: Policy, now: datetime) -> Known:
    """What was read within the hours that policy says, else read now."""
    before = history.known()
    if before is not None and timedelta(0) <= now - before.at < policy.detection.known_for:
        return before
    entry = estate.org(session.alias)
    routes = [route for route in estate.routes if session.alias in (route.source, route.target)]
    known = org_gateway.read_known(
        session,
        machines=machines_of(estate, session.alias),
        own=entry.own,
        objects={route.sobject for route in routes},
        pseudonym=_pseudonym(),
        zone=entry.time_zone,
        now=now,
    )
    known = telling_last_seen(known, before, now - policy.detection.history)
    history.keep_known(known)
    return known


def telling_last_seen(known: Known, before: Known | None, first: datetime) -> Known:
    """
    `last_seen` as of before the telemetry at hand: a sign-in within it is no longer the last one before, so what was known then stays.
    """
    earlier = {each.user: each.last_seen for each in before.members} if before is not None else {}
    members = tuple(
        each
        if each.last_seen is None or each.last_seen < first
        else each.model_copy(update={"last_seen": earlier.get(each.user)})
        for each in known.members
    )
    return known.model_copy(update={"members": members})


def _names(org: str, ids: Collection[str]) -> Mapping[str, str]:
    """Asks an org only where one of the ids is a user's."""
    if not any(each.startswith("005") for each in ids):
        return {}
    with open_org(org) as session:
        return org_gateway.read_names(session, ids)


def _pseudonym() -> Pseudonym:
    """The same as in the store, so that who is named in set-up's audit trail is found among the members."""
    try:
        return pseudonyms(load_masking_key())
    except (SecretUnavailable, CloudError):
        return unnamed


def _ground(estate: Estate, policy: Policy, document: TuningDocument, names: "org_gateway.Names") -> Ground:
    return Ground(estate, document, policy.detection.history, policy.detection.resolve_after, names)


def _before(book: AnomalyBook, ledger: Ledger, now: datetime, aliases: Collection[str], tiers: str) -> Before:
    (other,) = {"live", "files"} - {tiers}
    looks = book.last()
    return Before(
        book.told(),
        book.wanted(),
        FeedbackBook(ledger).all(now),
        elsewhere=AnomalyBook(ledger, book.org, other).told(),
        # One that was never judged together with others has its own first look.
        last=min((looks[alias] for alias in aliases if alias in looks), default=None),
    )


def _remember(book: AnomalyBook, told: Mapping[str, Told], judged: Judged, aliases: Collection[str]) -> None:
    first: Collection[str] = forgettable(told, judged.at - timedelta(days=6))
    book.remember(
        {key: each for key, each in told.items() if key not in first},
        first,
        dict.fromkeys(aliases, judged.at),
    )
