"""What every flow does that goes on with a rotation: a certificate's next one is signed first, then all that is due is done."""

from prefect.logging import get_run_logger

from tasks.certificates.steps import have_signed
from tasks.credentials.model import Standing
from tasks.credentials.steps import ask_for_certificate, registered, rotate_credential
from tasks.errors import BulkheadError


def gone_on(secret: str, actor: str = "rotate-credentials") -> Standing:
    """Raises as `rotate_credential` does. A request that nobody has signed yet stands in what comes back."""
    route = registered(secret).route
    if route is None:
        return rotate_credential(secret, actor)
    request, chain = ask_for_certificate(secret), None
    if request is not None:
        try:
            signed, failed = have_signed({route: request})
        except BulkheadError as error:
            signed, failed = {}, {route: str(error)}
        chain = signed.get(route)
        if failed:
            # What is under way goes on without it: a revocation that is due waits for no signature.
            get_run_logger().warning(
                "%s: the next certificate could not be signed: %s", secret, failed[route]
            )
    stands = rotate_credential(secret, actor, None if chain is None else chain.pem)
    return stands if chain is not None or request is None else stands.model_copy(update={"request": request})
