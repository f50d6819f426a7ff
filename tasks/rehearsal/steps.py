"""Prefect tasks of rehearsals."""

from collections.abc import Sequence
from datetime import datetime

from prefect import task
from prefect.artifacts import create_markdown_artifact
from pydantic import JsonValue, ValidationError

from tasks.aws.secrets import read_secret
from tasks.errors import ConfigurationError, OrgRefused, SecretUnavailable
from tasks.estate.model_rehearsal import RehearsalConsent, RehearsalPolicy
from tasks.ledger.model import EntryKind, Note
from tasks.orgs import load_registered, open_cloud, open_ledger, open_org
from tasks.policies import PUBLISH, READ
from tasks.rehearsal import report
from tasks.rehearsal.attacks import attacks
from tasks.rehearsal.consent import consent_of, refusal
from tasks.rehearsal.gateway import HttpCaller
from tasks.rehearsal.headlines import Headline, as_markdown
from tasks.rehearsal.matrix import Matrix
from tasks.rehearsal.model import Attack, Loot, Network, Played
from tasks.rehearsal.play import play
from tasks.salesforce.rows import only_in_a_sandbox

ARTIFACT, MATRIX, HEADLINES = "rehearsal", "rehearsal-matrix", "before-and-after"


@task(
    name="ask-consent",
    task_run_name="ask-consent-of-{org}",
    description="Whether the org's owner agreed, and whether the org says of itself that it is a sandbox.",
    **READ,
)
def ask_consent(org: str, now: datetime) -> RehearsalConsent:
    """Raises ConfigurationError for an unknown org, OrgRefused where attacks may not be rehearsed, and OrgError."""
    estate, policy = load_registered()
    entry = next((each for each in estate.orgs if each.alias == org), None)
    if entry is None:
        raise ConfigurationError(f"There is no org {org} in estate.yaml.")
    found = consent_of(entry, policy.rehearsal, now)
    if isinstance(found, str):
        raise OrgRefused(org, found, "Choose a sandbox whose owner agreed.", "NO_CONSENT")
    with open_org(org) as session:
        only_in_a_sandbox(session)
    return found


@task(
    name="play-attack",
    task_run_name="play-{attack}-on-{org}",
    description="One attack over the public API, as a canary and on canary records. What it took is read from the answers.",
    # A sign-in that was refused is refused again, and would count as another attack.
    **{**READ, "retries": 0},
)
def play_attack(attack: str, org: str, consent: RehearsalConsent) -> Played | str:
    """What came of it, or why it was left out. Raises ConfigurationError and CloudError."""
    policy = load_registered()[1].rehearsal
    chosen = next(each for each in attacks() if each.name == attack)
    try:
        loot = _loot(f"{policy.loot}/{org}/{attack}")
    except SecretUnavailable as error:
        return f"{attack} is left out: {error}"
    if why := refusal(chosen, loot, consent, policy):
        return f"{attack} is left out: {why}"
    return _played(chosen, loot, consent, policy)


@task(
    name="note-rehearsal",
    description="Notes in the ledger what was rehearsed, as evidence for auditors: counts, and no names of users.",
    **PUBLISH,
)
def note_rehearsal(org: str, played: Sequence[Played]) -> None:
    body: dict[str, JsonValue] = {
        "rehearsal": [{"attack": each.attack, "rows": each.rows, "stopped": each.stopped} for each in played]
    }
    with open_ledger() as ledger:
        ledger.append(Note(kind=EntryKind.EVIDENCE, subject=f"rehearsal:{org}", actor="rehearsal", body=body))


@task(name="last-rehearsals", description="When attacks were last rehearsed on each of these orgs.", **READ)
def last_rehearsals(orgs: Sequence[str]) -> dict[str, datetime]:
    """Of those on which at least one attack was played. Raises LedgerUnavailable."""
    with open_ledger() as ledger:
        return {
            org: entry.at
            for org in orgs
            for entry in ledger.entries(EntryKind.EVIDENCE, subject=f"rehearsal:{org}")
            if entry.body.get("rehearsal")
        }


@task(
    name="publish-rehearsal",
    description="What each attack took, where it ended, and what was left out.",
    **PUBLISH,
)
def publish_rehearsal(played: Sequence[Played], left_out: Sequence[str]) -> None:
    create_markdown_artifact(
        report.today(played, left_out), key=ARTIFACT, description="What each rehearsed attack took"
    )


@task(
    name="publish-rehearsal-matrix",
    description="Each attack before hardening, after it, and with each layer of defence lost.",
    **PUBLISH,
)
def publish_matrix(matrix: Matrix) -> None:
    create_markdown_artifact(
        report.markdown(matrix),
        key=MATRIX,
        description="Attacks by layer lost: stopped where, seen when, rows taken",
    )


@task(
    name="publish-headlines",
    description="The headlines of the article's case, before hardening and after it.",
    **PUBLISH,
)
def publish_headlines(lines: Sequence[Headline]) -> None:
    create_markdown_artifact(
        as_markdown(lines), key=HEADLINES, description="Before and after, each from runs"
    )


def _played(attack: Attack, loot: Loot, consent: RehearsalConsent, policy: RehearsalPolicy) -> Played:
    entry = load_registered()[0].org(loot.org)
    proxies: dict[Network, str | None] = {"office": entry.proxy, "abroad": policy.abroad}
    caller = HttpCaller(loot, proxies, entry.ca_bundle, canary=consent.records)
    try:
        outcomes = play(attack, caller, harmless=True)
    finally:
        caller.close()
    return Played(
        attack=attack.name,
        title=attack.title,
        org=loot.org,
        actor=loot.username,
        hardened=True,
        outcomes=outcomes,
    )


def _loot(secret: str) -> Loot:
    """Raises SecretUnavailable and CloudError, and ConfigurationError for a secret of another shape, whose content it does not say."""
    kept = read_secret(open_cloud(), secret)
    lists = {name: tuple(kept[name]) for name in ("usernames", "guesses") if isinstance(kept.get(name), list)}
    try:
        return Loot(**{**kept, **lists})
    except (ValidationError, TypeError):
        raise ConfigurationError(
            f"The secret {secret} does not say what an intruder holds: org, instance_url, username, and password, consumer_key, "
            "private_key, consumer_secret or refresh_token."
        ) from None
