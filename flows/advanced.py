"""Advanced: just-in-time access, asked for, approved by somebody else, given for hours, taken back whatever happens."""

from datetime import UTC, datetime
from typing import Annotated

from prefect import flow
from prefect.logging import get_run_logger
from pydantic import Field, StringConstraints

from flows.plans import sealed
from tasks.access.model import Grant, Place, Swept
from tasks.access.steps import (
    approve_grant,
    end_grant,
    note_request,
    sweep_org,
)

Alias = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[a-z0-9-]+$", max_length=40)]
Person = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=120)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]
SetName = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z]\w{0,79}$")]
GrantId = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9a-fA-F]{6,16}$")]
Hours = Annotated[float, Field(gt=0, le=24)]

REQUEST = """
Asks for a permission set **for some hours**. Nothing is granted before somebody else approves it with *approve-access*.
"""
APPROVE = """
Approves a request: the clock starts now, on the org's own time, and the set is assigned at once.

* The platform itself ends the assignment where it can; the sweeper ends all of them.
* Who asked, and who gets the rights, cannot approve.
"""
END = """
Ends a grant **before its time** and takes the set away at once.
"""


@flow(
    name="request-access",
    flow_run_name="request-{permission_set}-for-{username}",
    description=REQUEST.strip(),
)
def request_access(
    requester: Person,
    org: Alias,
    username: Person,
    permission_set: SetName,
    reason: Reason,
    hours: Hours = 4,
    ticket: str = "",
) -> str:
    """
    The id of the grant. Raises ConfigurationError for an org that the estate does not have.

    Args:
        requester: Who asks. **That person cannot approve it.**
        org: Alias of the org, as in estate.yaml.
        username: User name in that org of who gets the set.
        permission_set: API name of the permission set.
        reason: What it is for; it stays in the ledger.
        hours: For how long, from the approval on. The policy has a cap.
        ticket: The ticket or job that it belongs to, where there is one.
    """
    place = Place(org=org, username=username, permission_set=permission_set)
    grant = note_request(place, hours, reason, requester, ticket, datetime.now(UTC))
    get_run_logger().info("The grant is %s; it waits for approval", grant.id)
    return grant.id


@flow(name="approve-access", flow_run_name="approve-{grant}", description=APPROVE.strip())
def approve_access(grant: GrantId, approver: Person) -> Grant:
    """
    Raises GrantRefused with the reason.

    Args:
        grant: Id of the grant, or its first six letters or more.
        approver: Your name or address. Not the requester's, and not who gets the rights.
    """
    approved = approve_grant(grant, approver)
    swept(sweep_org(approved.request.place.org))
    sealed()
    return approved


@flow(name="end-access", flow_run_name="end-{grant}", description=END.strip())
def end_access(grant: GrantId, actor: Person) -> Grant:
    """
    Raises ConfigurationError for an unknown grant.

    Args:
        grant: Id of the grant, or its first six letters or more.
        actor: Who ends it; noted in the ledger.
    """
    ended = end_grant(grant, actor)
    swept(sweep_org(ended.request.place.org))
    sealed()
    return ended


def swept(result: Swept) -> Swept:
    """Says what was done and what was found."""
    logger = get_run_logger()
    if result.given or result.prolonged or result.taken:
        logger.info(
            "%s: %d given, %d prolonged, %d taken", result.org, result.given, result.prolonged, result.taken
        )
    for stray in result.strays:
        logger.warning("%s is there without any grant", stray.place)
    return result
