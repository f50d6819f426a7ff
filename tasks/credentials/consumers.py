"""
Who still uses the old credential, from what can be known.

AWS says who opened a secret and when (CloudTrail, GetSecretValue). An org says of each sign-in the app, the user and the
address; **not which of an app's two sets was used**. So where two apps or users take turns, use of the old one is seen; of
staged sets it is inferred: who signs in without having read the new version uses the old one, who has read it uses the new one
once its cache is over. What nobody can see: a consumer that reads the new version and goes on with the old one nevertheless
(such as one of several processes behind one address), and a reader that CloudTrail does not log.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import NamedTuple

from tasks.credentials.deliveries import since
from tasks.credentials.model import Laggard, Proof, Rotation, SecretRead, SignIn
from tasks.estate.model import Consumer, Delivery, RotatedCredential

UNKNOWN = "nobody registered"
SETTLED = timedelta(minutes=5)
"""
The note of a new version's going live is older than that by as long as AWS took, and an org tells its time in whole seconds:
who read in between counts as late, who signed in as nobody.
"""


def proof_of(
    credential: RotatedCredential,
    rotation: Rotation,
    reads: Sequence[SecretRead] | None,
    sign_ins: Sequence[SignIn] | None,
    old_place: str = "",
) -> Proof:
    """
    `reads` and `sign_ins` are those since the new version went live, None where they could not be read. `old_place` is the app
    or user of the old version where two take turns.
    """
    if rotation.live is None:
        return Proof()
    blind = [
        *(["who has read the secret (CloudTrail)"] if reads is None else []),
        *(["who has signed in (LoginHistory)"] if sign_ins is None else []),
    ]
    switched = {
        each.name: _switched(each, rotation, reads or (), rotation.live) for each in credential.consumers
    } | {
        each.name: since(given, False)
        for each in credential.deliveries
        if (given := rotation.given_to(each.name)) is not None and given.version == rotation.token
    }
    uses = [
        (owner, each)
        for each in sign_ins or ()
        # Our own trying of the new one came just before.
        if each.at >= rotation.live + SETTLED
        and (owner := _user_of_old(each, credential, switched, old_place)) is not None
    ]
    laggards = (
        []
        if reads is None
        else [_late(each, uses, credential) for each in credential.consumers if switched[each.name] is None]
    )
    strangers = [each for owner, each in uses if owner == UNKNOWN]
    if strangers:
        laggards.append(
            Laggard(
                consumer=UNKNOWN,
                app=strangers[-1].app,
                addresses=tuple(sorted({each.address for each in strangers})),
                why="it signs in from where no registered consumer does, so nobody knows what with",
                last=max(each.at for each in strangers),
            )
        )
    return Proof(
        laggards=tuple(laggards),
        last_use=max((each.at for _, each in uses), default=None),
        blind=tuple(blind),
    )


def recent(proof: Proof, quiet: timedelta, now: datetime) -> Proof:
    """Without strangers that were not seen for the agreed time: they have gone, whoever they were."""
    kept = tuple(
        each
        for each in proof.laggards
        if each.consumer != UNKNOWN or each.last is None or each.last + quiet > now
    )
    return proof.model_copy(update={"laggards": kept})


def _switched(
    consumer: Consumer, rotation: Rotation, reads: Sequence[SecretRead], live: datetime
) -> datetime | None:
    """Since when it has the new version; None where it has not read it. Reading the old one on purpose does not count."""
    times = [
        each.at
        for each in reads
        if is_principal(consumer.principal, each.principal)
        and each.at >= live + SETTLED
        and each.version in ("", rotation.token)
        and each.stage in ("", "AWSCURRENT")
    ]
    return min(times, default=None)


def is_principal(declared: str, seen: str) -> bool:
    """
    `role/feed` is `arn:aws:sts::1:assumed-role/feed/session` of any account, a whole ARN the one of its own account only.
    """
    if declared == seen:
        return True
    want, have = _parted(declared), _parted(seen)
    if want.account and want.account != have.account:
        return False
    return (want.kind, want.name) == (have.kind, have.name) and bool(want.kind)


class _Principal(NamedTuple):
    account: str
    kind: str
    name: str


def _parted(principal: str) -> _Principal:
    """
    An assumed role is the role, whoever its session is named after, and never carries the role's path (IAM user guide, "IAM
    identifiers"). What names neither a role nor a user has no kind.
    """
    account, whole = "", principal
    if principal.startswith("arn:"):
        account, _, whole = principal.split(":", 4)[4].partition(":")
    kind, *rest = whole.split("/")
    if kind == "assumed-role" and rest:
        return _Principal(account, "role", rest[0])
    return _Principal(account, kind if rest and kind in ("role", "user") else "", rest[-1] if rest else "")


def _user_of_old(
    sign_in: SignIn,
    credential: RotatedCredential,
    switched: dict[str, datetime | None],
    old_place: str,
) -> str | None:
    """Whose use of the old one this is; None where it is of the new one."""
    owner = owner_of(sign_in.address, credential)
    if old_place:
        return owner if old_place in (sign_in.app, sign_in.username) else None
    since = switched.get(owner)
    return owner if since is None or sign_in.at < since else None


def owner_of(address: str, credential: RotatedCredential) -> str:
    try:
        place = ip_address(address)
    except ValueError:
        return UNKNOWN
    users: tuple[Consumer | Delivery, ...] = (*credential.consumers, *credential.deliveries)
    return next(
        (each.name for each in users if any(place in network for network in each.addresses)),
        UNKNOWN,
    )


def _late(consumer: Consumer, uses: Sequence[tuple[str, SignIn]], credential: RotatedCredential) -> Laggard:
    mine = [each for owner, each in uses if owner == consumer.name]
    places = tuple(sorted({each.address for each in mine})) or tuple(map(str, consumer.addresses))
    return Laggard(
        consumer=consumer.name,
        app=mine[-1].app if mine else ", ".join(credential.places),
        addresses=places,
        why="it has not read the new version",
        last=max((each.at for each in mine), default=None),
    )
