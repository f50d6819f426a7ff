"""Proof by real handshakes that routes are held to mutual TLS."""

from prefect import flow
from prefect.logging import get_run_logger

from flows.names import by_day
from flows.plans import sealed
from flows.reading import SIDE_BY_SIDE, chosen, reason
from flows.routes_seen import look, stand
from tasks.certificates.model import Holder, Proof
from tasks.certificates.proof import from_sign_ins
from tasks.certificates.steps import (
    knock,
    note_presented,
    note_proofs,
    publish_proofs,
)
from tasks.errors import FindingsOverLimit
from tasks.estate.steps import read_estate

PROVE = """
**Tries every way in** as the user of each route, with real handshakes on ports 8443 and 443. It changes no org.

* With its certificate it gets in; without, on 443, and with an expired, foreign, revoked or wrong one it is refused.
* Where the key never leaves an org, its own sign-ins since then speak instead.
* Each try that is refused leaves a line in the org's login history, and may raise an alarm of yours.
"""


@flow(
    name="prove-mutual-tls",
    flow_run_name=by_day,
    description=PROVE.strip(),
    task_runner=SIDE_BY_SIDE,
)
def prove_mutual_tls(
    routes: list[str] = [],  # noqa: B006  # the form shows a list
    fail: bool = False,
) -> list[Proof]:
    """
    Raises ConfigurationError for an unknown route, and FindingsOverLimit where a route is broken and that was asked for.

    Args:
        routes: Names of the routes, as in estate.yaml. **Leave empty for all.**
        fail: Let the run fail where somebody gets in who must not, or a route does not.
    """
    estate, policy = read_estate()
    wanted = chosen("route", {route.name: route for route in estate.routes}, routes)
    picture = look(estate, policy, wanted)
    found, unknown = stand(picture, wanted, {})
    note_presented(found, picture.clocks)
    found, unknown = stand(picture, wanted, {})
    proofs = [
        from_sign_ins(state, picture.clocks[state.target]) for state in found if state.holder is Holder.ORG
    ]
    logger = get_run_logger()
    # One after the other: each revokes a probe of its own, and there is one list.
    for state in (each for each in found if each.holder is Holder.MIDDLEWARE):
        try:
            proofs.append(knock(state))
        except Exception as error:  # one route that cannot be tried must not hide the others
            logger.warning("%s could not be tried: %s", state.route, reason(error))
    for route, why in unknown.items():
        logger.warning("%s was not tried: %s", route, why)
    publish_proofs(proofs)
    note_proofs(proofs, picture.clocks)
    sealed()
    broken = [proof.route for proof in proofs if proof.verdict == "broken"]
    if fail and broken:
        raise FindingsOverLimit(
            f"mutual TLS is broken for {', '.join(broken)}; the artifact of this run says how."
        )
    return proofs
