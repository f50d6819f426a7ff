"""Just-in-time access: asked for, approved by somebody else, given for hours, taken back whatever happens."""

from datetime import UTC, datetime
from typing import Annotated

from prefect import flow
from prefect.logging import get_run_logger
from prefect.runtime import flow_run
from pydantic import Field, StringConstraints

from flows.plans import sealed
from tasks.access.enforce import complete
from tasks.access.model import Grant, Place, Swept
from tasks.access.steps import (
    admit_grant,
    approve_grant,
    end_grant,
    note_request,
    place_of_route,
    running_grant,
    sweep_org,
)
from tasks.errors import ConfigurationError

RouteName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)]
AnyAlias = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[a-z0-9-]*$", max_length=40)]
Person = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=120)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]
AnyPerson = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^(.{3,120})?$")]
AnySet = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^([A-Za-z]\w{0,79})?$")]
GrantId = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9a-fA-F]{6,16}$")]
AnyGrant = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^([0-9a-fA-F]{6,16})?$")]
Signature = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^([0-9a-f]{2}){0,64}$")]
Hours = Annotated[float, Field(gt=0, le=24)]

REQUEST = """
Asks for a permission set **for some hours**: by the name of a route, by a running grant that is to last longer, or by org,
user and set.

* Nothing is granted before somebody else approves it with *approve-access*, unless a window of `policy.yaml` stands for it.
* **Longer than approved** is a new request with a new approval by a person. Until that comes, the first end holds.
"""
APPROVE = """
Approves a request: the clock starts now, on the org's own time, and the set is assigned at once.

* The platform itself ends the assignment where it can; the sweeper ends all of them.
* Who asked, and who gets the rights, cannot approve.
"""
END = """
Ends a grant **before its time** and takes the set away at once.
"""


def request_name() -> str:
    given = flow_run.parameters
    if given.get("extends"):
        return f"extend-{given['extends']}"
    if given.get("route"):
        return f"request-{given['route']}"
    return f"request-{given.get('permission_set')}-for-{given.get('username')}"


@flow(name="request-access", flow_run_name=request_name, description=REQUEST.strip())
def request_access(
    requester: Person,
    reason: Reason,
    route: RouteName = "",
    org: AnyAlias = "",
    username: AnyPerson = "",
    permission_set: AnySet = "",
    hours: Hours | None = None,
    ticket: str = "",
    extends: AnyGrant = "",
) -> str:
    """
    The id of the grant. Raises ConfigurationError for a route or an org that the estate does not have.

    Args:
        requester: Who asks. **That person cannot approve it.**
        reason: What it is for; it stays in the ledger.
        route: Name of a route, as in estate.yaml: **its sync user gets the set of its least-privilege plan.**
        org: Alias of the org, as in estate.yaml. Not with a route.
        username: User name in that org of who gets the set. Not with a route.
        permission_set: API name of the permission set. Not with a route.
        hours: For how long, from the approval on. **Leave empty for as long as the policy allows.**
        ticket: The ticket or job that it belongs to, where there is one.
        extends: Id of a running grant that is to last longer, instead of a route or a set.
    """
    place, known_route, extended = wanted(route, (org, username, permission_set), extends)
    asked = note_request(
        place, hours, reason, requester, ticket, datetime.now(UTC), route=known_route, extends=extended
    )
    grant = admit_grant(asked.id)
    if grant.until is None:
        get_run_logger().info("The grant is %s; it waits for approval", grant.id)
        return grant.id
    swept(sweep_org(place.org), place)
    sealed()
    get_run_logger().info("The grant is %s; the window %s stands for it", grant.id, grant.window)
    return grant.id


def wanted(route: str, parts: tuple[str, str, str], extends: str) -> tuple[Place, str, str]:
    """The place, the route that named it, and the id of the grant that is extended. Raises ConfigurationError."""
    if sum((bool(route), any(parts), bool(extends))) != 1 or (any(parts) and not all(parts)):
        raise ConfigurationError(
            "Name either a route, or a grant to extend, or org, user and permission set."
        )
    if extends:
        grant = running_grant(extends)
        return grant.request.place, grant.request.route, grant.id
    if route:
        return place_of_route(route), route, ""
    org, username, permission_set = parts
    return Place(org=org, username=username, permission_set=permission_set), "", ""


@flow(name="approve-access", flow_run_name="approve-{grant}", description=APPROVE.strip())
def approve_access(grant: GrantId, approver: Person, signature: Signature = "") -> Grant:
    """
    Raises GrantRefused with the reason.

    Args:
        grant: Id of the grant, or its first six letters or more.
        approver: Your name or address. Not the requester's, and not who gets the rights.
        signature: Only where policy wants approvals signed: `bulkhead jit approve --key` makes it and approves.
    """
    approved = approve_grant(grant, approver, signature)
    swept(sweep_org(approved.request.place.org), approved.request.place)
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
    swept(sweep_org(ended.request.place.org), ended.request.place)
    sealed()
    return ended


def swept(result: Swept, *places: Place) -> Swept:
    """Says what was done and what was found. Raises AccessOutlasts where something is left at these places, or anywhere."""
    logger = get_run_logger()
    if result.given or result.prolonged or result.taken:
        logger.info(
            "%s: %d given, %d prolonged, %d taken", result.org, result.given, result.prolonged, result.taken
        )
    for stray in result.strays:
        logger.warning("%s is there without any grant", stray.place)
    return complete(result, *places)
