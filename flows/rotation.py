"""Rotation of credentials without downtime: the hourly run that goes on with what is due, and plans for what a person starts."""

from datetime import UTC, datetime, timedelta

from prefect import flow
from prefect.logging import get_run_logger
from prefect.runtime import flow_run

from flows.changeable import changeable
from flows.plans import Person, kept, sealed
from flows.reading import chosen_orgs, reason
from flows.renewing import gone_on
from tasks.alerts.model import Alert
from tasks.alerts.steps import list_open_alerts, note_heartbeat, update_alerts
from tasks.credentials.model import Order, Standing
from tasks.credentials.plan import is_due, rotation_plan
from tasks.credentials.steps import (
    look_at_credential,
    publish_standings,
    watch_managed,
)
from tasks.credentials.telling import managed_over, over, unseen
from tasks.errors import AlreadyRunning, ConfigurationError, CredentialsUnrotated
from tasks.estate.model import RotatedCredential
from tasks.estate.steps import read_estate

ROTATE = """
Goes on with **every registered credential**: makes the next one when it is old enough, tries it, hands it over, and revokes the
old one when nobody uses it any more. Runs every hour; the days are in `policy.yaml`.

* Consumers can always sign in: both are valid for days. Who has not read the new one is named in an alert beforehand; whether
  the last day wins all the same is the policy's (`rotation.at_the_end`).
* Killed at any moment, the next run goes on. A run that fails names what could not be rotated.
* Secrets that AWS rotates itself are left to it, and watched.
"""
PLAN = """
Makes a plan that rotates credentials **now**. It changes nothing.

* Next: **approve-plan**, then **apply-plan**, which takes the first steps; the hourly **rotate-credentials** does the rest.
* **rollback-plan** makes the old one current again, as long as it is not revoked.
* An **emergency** revokes the old one at once: whoever still holds it, consumers included, is refused until it reads anew. Then
  it ends the tokens and sessions that were opened with it.
"""


def run_name() -> str:
    at = flow_run.scheduled_start_time or datetime.now(UTC)
    return f"rotate-credentials-{at:%Y-%m-%d-%H}"


@flow(name="rotate-credentials", flow_run_name=run_name, description=ROTATE.strip())
def rotate_credentials(
    secrets: list[str] = [],  # noqa: B006  # the form shows a list
) -> list[Standing]:
    """
    Raises CredentialsUnrotated, after all were tried, and ConfigurationError for an unknown secret.

    Args:
        secrets: Names of secrets, as under `credentials` in estate.yaml. **Leave empty for all.**
    """
    estate, _ = read_estate()
    chosen = chosen_credentials(estate.credentials, secrets)
    standings, failed = carried_on(chosen)
    if not secrets:
        _watch_managed(failed)
        # What it failed at has an alert of its own.
        note_heartbeat("rotate-credentials", timedelta(hours=1))
    publish_standings(standings, failed)
    if any(each.acts for each in standings):
        sealed()
    waiting = {each.secret: each.next for each in standings if each.needs_person} | failed
    if waiting:
        what = "; ".join(f"{secret}: {why}" for secret, why in waiting.items())
        raise CredentialsUnrotated(
            f"Not all credentials could be rotated: {what}. Nobody lost access; the next run tries again."
        )
    return standings


@flow(
    name="credential-rotation",
    flow_run_name="credential-rotation-for-{requester}",
    description=PLAN.strip(),
)
def credential_rotation(
    requester: Person,
    secrets: list[str] = [],  # noqa: B006  # the form shows a list
    orgs: list[str] = [],  # noqa: B006  # the form shows a list
    emergency: bool = False,
) -> str:
    """
    Gives the digest of the plan. Raises ConfigurationError for an unknown secret, and for an emergency that names none.

    Args:
        requester: Who asks for the plan. **That person cannot approve it.**
        secrets: Names of secrets, as under `credentials` in estate.yaml. **Leave empty for all that are old enough.**
        orgs: Aliases of the orgs that they open, as in estate.yaml. **Leave empty for all.**
        emergency: Revoke the old one at once, without any overlap. **Consumers fail until they read the new one.**
    """
    estate, policy = read_estate()
    if emergency and not secrets:
        raise ConfigurationError("An emergency is about secrets that may be known to others: name them.")
    found: list[tuple[RotatedCredential, Standing]] = []
    unread: dict[str, str] = {}
    aliases = [entry.alias for entry in chosen_orgs(estate, orgs)]
    registered = [each for each in chosen_credentials(estate.credentials, secrets) if each.org in aliases]
    usable, unchangeable = changeable(dict.fromkeys(each.org for each in registered))
    for credential in (each for each in registered if each.org in usable):
        try:
            found.append((credential, look_at_credential(credential.secret)))
        except Exception as error:  # one that cannot be read must not hide the others
            unread[credential.secret] = reason(error)
    publish_standings([stands for _, stands in found], unread)
    if not secrets:
        found = [(credential, stands) for credential, stands in found if is_due(stands, policy.rotation)]
    order = Order.EMERGENCY if emergency else Order.REQUESTED
    return kept(
        rotation_plan(estate, policy, found, order, requester, datetime.now(UTC)), unchangeable | unread
    )


def carried_on(credentials: list[RotatedCredential]) -> tuple[list[Standing], dict[str, str]]:
    """Where each stands after all that is due was done, and why others could not be looked at. Tells what is to be told."""
    standings: list[Standing] = []
    failed: dict[str, str] = {}
    alerts: list[Alert] = []
    for credential in credentials:
        try:
            standings.append(gone_on(credential.secret))
        except AlreadyRunning:
            get_run_logger().info("%s: another run is at it", credential.secret)
        except Exception as error:  # one that does not answer must not keep the others waiting
            failed[credential.secret] = reason(error)
            alerts.append(unseen(credential.secret, credential.org, reason(error)))
    alerts += [alert for each in standings for alert in each.alerts]
    update_alerts(alerts, over(list_open_alerts(), alerts, {each.secret for each in standings}))
    return standings, failed


def _watch_managed(failed: dict[str, str]) -> None:
    try:
        found = watch_managed()
    except Exception as error:  # the same for what AWS rotates itself
        failed["managed secrets"] = reason(error)
        return
    if found or any(key.startswith("rotation-managed:") for key in list_open_alerts()):
        update_alerts(found, managed_over(list_open_alerts(), found))


def chosen_credentials(
    registered: tuple[RotatedCredential, ...], secrets: list[str]
) -> list[RotatedCredential]:
    """In the order of estate.yaml. Raises ConfigurationError for a name that it does not have."""
    names = [each.secret for each in registered]
    if unknown := [secret for secret in secrets if secret not in names]:
        raise ConfigurationError(
            f"{unknown[0]} is not registered under `credentials` in estate.yaml. Registered: {', '.join(names) or 'none'}."
        )
    return [each for each in registered if not secrets or each.secret in secrets]
