"""Plans that rotate credentials now: what changes for whom, what keeps working, and what could break."""

from collections.abc import Iterable
from datetime import datetime

from tasks.credentials.model import Order, Standing
from tasks.credentials.severing import routes_of
from tasks.estate.model import Estate, RotatedCredential
from tasks.estate.model_rotation import RotationPolicy
from tasks.estate.policy import Policy
from tasks.plans.draft import Draft
from tasks.plans.model import ChangeClass, Plan, ResourceKind, State

JOB = "rotation"
CONTROL = "ZT-10"


def rotation_plan(
    estate: Estate,
    policy: Policy,
    credentials: Iterable[tuple[RotatedCredential, Standing]],
    order: Order,
    requester: str,
    now: datetime,
) -> Plan:
    """One change for each credential that is not as it was ordered already. Of the identity class: it is how somebody signs in."""
    draft = Draft(CONTROL, ChangeClass.IDENTITY)
    days = policy.rotation
    overlap = days.revoke_after - days.live_after
    for credential, stands in credentials:
        org, secret = credential.org, credential.secret
        routes = [route.name for route in routes_of(estate, credential)]
        users = ", ".join(routes) or "no declared route"
        after: State = {"version": stands.next_version, "how": order.value}
        before: State = {"version": stands.version, "how": stands.how}
        if before == after:
            draft.keeps.append(f"{org}: the rotation of {secret} is ordered already ({order.value})")
            continue
        names = ", ".join(each.name for each in credential.consumers)
        held = ", ".join(each.name for each in credential.deliveries)
        if order is Order.EMERGENCY:
            effect = f"{_urgent(draft, org, secret, names, held)} ({users})"
        else:
            effect = f"both are valid for {overlap.days} days, then the old one is revoked ({users})"
            _unhurried(draft, org, secret, names, held)
        draft.change(
            org,
            ResourceKind.CREDENTIAL,
            secret,
            before,
            after,
            "a secret that may be known has to be replaced"
            if order is Order.EMERGENCY
            else "a secret that is replaced often is worth little to who steals it (NIST SP 800-53 IA-5)",
            effect,
        )
        if credential.kind == "client-secret":
            draft.risks.append(
                f"{org}: the consumer key of {', '.join(credential.apps)} changes too; allow-lists that name it must follow"
            )
        elif credential.kind == "password":
            draft.risks.append(
                f"{org}: {secret} stays a password, which is a finding (ZT-05) however often it changes: move its consumers to OAuth"
            )
        elif credential.kind == "client-certificate":
            draft.afterwards.append(
                f"{org}: the next certificate of {secret} has to be signed before it goes live; an authority outside finds the "
                "request in the artifact of rotate-credentials"
            )
    title = _title(draft) + (" at once" if order is Order.EMERGENCY else "")
    return draft.plan(JOB, title, requester, now, policy)


def _urgent(draft: Draft, org: str, secret: str, names: str, held: str) -> str:
    told = [
        "the old one is revoked at once, and then the tokens and sessions that it may have opened are ended"
    ]
    if names:
        told.append(f"{names} are refused until they read the new one")
        draft.risks.append(f"{org}: {names} fail with {secret} from the revocation until they read it again")
    draft.risks.append(
        f"{org}: tokens and sessions of all who act with {secret} end, which has no way back: who holds one signs in anew with the "
        "new one, and a person who gave consent gives it again. Those of other apps go on, and so do those of our own identities "
        "and of break-glass accounts"
    )
    if held:
        told.append(f"{held} are given the new one before")
        draft.risks.append(f"{org}: of {held}, an org that takes no copy of {secret} for an hour is cut off")
    return "; ".join(told)


def _unhurried(draft: Draft, org: str, secret: str, names: str, held: str) -> None:
    if names:
        draft.keeps.append(f"{org}: {names} keep signing in: they read the new {secret} within that time")
    if held:
        draft.keeps.append(
            f"{org}: {held} keep signing in: they are given the new {secret}, and the old one is not revoked before a sign-in "
            "with it was seen"
        )
    draft.risks.append(
        f"{org}: whoever uses {secret} and is not registered in estate.yaml fails when the old one is revoked"
    )


def is_due(stands: Standing, days: RotationPolicy) -> bool:
    """Whether a credential is old enough to be replaced, or nobody knows how old it is, and no rotation is under way."""
    under_way = stands.rotation is not None and stands.rotation.open
    return not under_way and (stands.age is None or stands.age >= days.create_after)


def _title(draft: Draft) -> str:
    names = ", ".join(change.resource.key for change in draft.changes)
    return f"Rotate {names}" if names else "Credential rotation: nothing is due"
