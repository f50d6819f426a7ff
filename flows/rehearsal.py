"""Breach rehearsals: attacks that others have suffered, played on a sandbox whose owner agreed to it."""

import time
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

from prefect import flow
from prefect.logging import get_run_logger
from prefect.runtime import flow_run
from pydantic import Field

from flows.plans import sealed
from flows.response import Alias
from tasks.alerts.steps import read_open_alerts
from tasks.errors import FindingsOverLimit
from tasks.estate.steps import read_estate
from tasks.rehearsal.matrix import missed, named
from tasks.rehearsal.model import Played
from tasks.rehearsal.sight import with_sight
from tasks.rehearsal.steps import ask_consent, note_rehearsal, play_attack, publish_rehearsal

DESCRIPTION = """
Plays **attacks that others have suffered** on a sandbox, and says of each where it was stopped, when it was seen and how many rows
it took. The breach of October 2024 comes first.

* Only where the owner agreed under `rehearsal.consents` in `policy.yaml`, as canary users and on canary records. An org that says of
  itself that it is production is refused.
* What an intruder would hold lies in secrets of its own, `bulkhead/rehearsal/<org>/<attack>`; an attack without one is left out, named.
* Nothing is changed. Steps that would touch anybody else, such as a colleague's password, are not taken here.
* Alerts that it raises are real: tell whoever is on call before. A run is red when an attack was not stopped.
* Each layer of defence taken away in turn is for the embedded estate alone: `bulkhead bench rehearsal`.
"""
Minutes = Annotated[int, Field(ge=0, le=120)]


class AttackName(StrEnum):
    """Attacks of the catalogue, the breach that it is all about first."""

    STOLEN_KEY = "stolen-key"
    ALERT_FLOOD = "alert-flood"
    BATCH_PASSWORD = "batch-password"
    BETWEEN_RUNS = "between-runs"
    COPIED_NUMBERS = "copied-numbers"
    KEY_ALONE = "key-alone"
    LEAKED_KEY_PAIR = "leaked-key-pair"
    OVERPRIVILEGED_INTEGRATION = "overprivileged-integration"
    PASSWORD_SPRAY = "password-spray"
    PHISHED_ADMIN = "phished-admin"
    REPLAY_AFTER_ROTATION = "replay-after-rotation"
    SESSION_HIJACK = "session-hijack"
    SLOW_DRIP = "slow-drip"
    VENDOR_TOKEN = "vendor-token"
    WIPER = "wiper"


def run_name() -> str:
    return f"rehearsal-{flow_run.scheduled_start_time or datetime.now(UTC):%Y-%m-%d}"


@flow(name="rehearsal", flow_run_name=run_name, description=DESCRIPTION.strip())
def rehearsal(
    orgs: list[Alias] = [],  # noqa: B006  # the form shows a list
    chosen: list[AttackName] = [],  # noqa: B006  # the form shows a list
    watch_minutes: Minutes = 10,
    fail_when_through: bool = True,
) -> list[Played]:
    """
    What each attack came to. Raises ConfigurationError for an unknown org, OrgRefused where nobody agreed or the org is production,
    OrgError, and FindingsOverLimit at the end where an attack was not stopped.

    Args:
        orgs: Aliases of sandboxes, as in estate.yaml. **Leave empty for all whose owners agreed.**
        chosen: Which attacks. **Leave empty for all** for which there is a secret.
        watch_minutes: Minutes to wait for alerts after the last attack; live detection looks every five.
        fail_when_through: Whether the run is red when an attack was not stopped.
    """
    _, policy = read_estate()
    asked = orgs or [consent.org for consent in policy.rehearsal.consents]
    if not asked:
        get_run_logger().warning(
            "No org agreed to it: its owner does so under rehearsal.consents in policy.yaml."
        )
    consents = [ask_consent(org, datetime.now(UTC)) for org in asked]
    played: list[Played] = []
    left_out: list[str] = []
    for consent in consents:
        for name in chosen or AttackName:
            found = play_attack(name.value, consent.org, consent)
            if isinstance(found, str):
                left_out.append(f"{consent.org}: {found}")
            else:
                played.append(found)
    if any(each.reached for one in played for each in one.outcomes):
        time.sleep(60 * watch_minutes)
    seen = list(with_sight(played, read_open_alerts()))
    publish_rehearsal(seen, left_out)
    for consent in consents:
        note_rehearsal(consent.org, [each for each in seen if each.org == consent.org])
    if consents:
        sealed()
    for line in left_out:
        get_run_logger().warning(line)
    if fail_when_through and (through := missed(seen)):
        raise FindingsOverLimit(f"{len(through)} of {len(seen)} attacks were not stopped: {named(through)}.")
    return seen
