"""Client certificates of the whole estate: what is wrong with them, and which our own authority has to revoke."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from prefect import flow
from prefect.logging import get_run_logger

from flows.names import by_day
from flows.reading import SIDE_BY_SIDE, reason
from flows.routes_seen import Picture, look, stand
from tasks.alerts.steps import note_heartbeat
from tasks.certificates.lint import Limits, lint
from tasks.certificates.model import Fault, Held, RouteState
from tasks.certificates.standing import to_lint, with_use
from tasks.certificates.steps import (
    publish_faults,
    publish_wellness,
    read_proofs,
    read_revocations,
    sign_list,
)
from tasks.certificates.well import wellness
from tasks.errors import FindingsOverLimit
from tasks.estate.steps import read_estate

CHECK = """
Looks at **every client certificate**: listed in orgs, held by orgs, and in secrets of routes. It changes no org.

* One finding for each broken rule: who signed it, its chain, its usage, its key, its life, its end, and who uses it.
* Which routes are held to mutual TLS **whole**: user, certificate, list and the last handshakes together.
* Where the authority is our own, its list of revoked certificates is signed anew, for one is good for a week. What an
  applied plan or a rotation has taken off an org's list, and no caller has any more, is revoked then.
"""


@flow(
    name="check-certificates",
    flow_run_name=by_day,
    description=CHECK.strip(),
    task_runner=SIDE_BY_SIDE,
)
def check_certificates(
    fail: bool = False,
) -> list[Fault]:
    """
    Raises FindingsOverLimit where something is wrong and that was asked for.

    Args:
        fail: Let the run fail where anything is found.
    """
    estate, policy = read_estate()
    picture = look(estate, policy, estate.routes)
    limits = Limits(longest=policy.rotation.certificate_max_life, warn_days=policy.certificates.warn_days)
    judged = to_lint(with_use(picture.held, picture.sides, picture.callers, policy), picture.sides)
    faults = lint(judged, picture.roots, limits, picture.clocks)
    unseen = dict(picture.unread)
    for org in picture.sides.keys() - picture.roots.keys():
        unseen[org] = "its trust store could not be read, so roots were not judged"
    publish_faults(judged, faults, unseen)
    found, unknown = stand(picture, estate.routes, {})
    if revoked := sign_list(found):
        get_run_logger().info("Revoked what %s no longer present", ", ".join(sorted(set(revoked))))
    published_wellness(picture, found, unknown, judged, faults)
    note_heartbeat("check-certificates", timedelta(days=1))
    if fail and faults:
        raise FindingsOverLimit(f"{len(faults)} faults of certificates; the artifact of this run lists them.")
    return list(faults)


def published_wellness(
    picture: Picture,
    found: Sequence[RouteState],
    unknown: Mapping[str, str],
    held: Sequence[Held],
    faults: Sequence[Fault],
) -> None:
    """Which routes are held to mutual TLS whole. What cannot be looked up makes them unknown."""
    logger = get_run_logger()
    proofs, revoked = None, None
    try:
        proofs = read_proofs()
    except Exception as error:  # the page says so for each route
        logger.warning("proofs could not be read: %s", reason(error))
    try:
        revoked = read_revocations()
    except Exception as error:  # the same
        logger.warning("the list of revoked certificates could not be read: %s", reason(error))
    judged = wellness(
        found,
        held,
        faults,
        proofs,
        revoked,
        picture.disabled,
        picture.clocks,
        picture.policy.certificates.proof_max_age,
        own_authority=picture.policy.certificates.authority == "own",
    )
    publish_wellness(judged, unknown)
