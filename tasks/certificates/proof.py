"""What handshakes prove: that a route gets in with its certificate and in no other way."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from tasks.certificates.model import Knock, Proof, RouteState, Way

LET_IN: Literal["let in"] = "let in"
_REFUSALS = ("refused by TLS", "refused by the org")


def judged(state: RouteState, knocks: Sequence[Knock], at: datetime) -> Proof:
    """
    `proven`: it got in with its certificate, and was refused in every other way that was tried, at least without one and on
    port 443. `broken`: it did not get in, or somebody else would. All else is unknown: a cut connection alone proves nothing.

    No log shows a certificate's fingerprint, so it is the dedicated user, held to it, that ties a sign-in to a certificate.
    """
    by_way = {knock.way: knock.answer for knock in knocks}
    shown = state.shown
    broken = [
        f"{state.username} gets in with {way.value}"
        for way, answer in by_way.items()
        if way is not Way.LISTED and answer == LET_IN
    ]
    if by_way.get(Way.LISTED) in _REFUSALS:
        broken.append(f"{state.username} is refused with its own certificate")
    if broken and not state.enforced:
        broken.append(f"{state.username} does not hold Enforce SSL/TLS Mutual Authentication")
    missing = [
        f"not tried: {way.value}"
        for way in (Way.LISTED, Way.NONE, Way.PLAIN)
        if by_way.get(way) in (None, "no answer")
    ]
    verdict: Literal["proven", "broken", "unknown"] = "proven"
    if missing or not state.enforced:
        verdict = "unknown"
    if broken:
        verdict = "broken"
    return Proof(
        route=state.route,
        org=state.target,
        username=state.username,
        enforced=state.enforced,
        fingerprint=shown.chain.leaf.fingerprint if shown is not None and shown.chain else None,
        at=at,
        knocks=tuple(knocks),
        verdict=verdict,
        why=tuple(broken or missing),
    )


def from_sign_ins(state: RouteState, at: datetime) -> Proof:
    """
    For a caller whose key never leaves its org: nobody else can knock with it, so its own sign-ins speak.

    A user who is held to certificates, and who signed in since its caller presents a listed one, presented it.
    """
    shown = state.shown
    mark = shown.chain.leaf.fingerprint if shown is not None and shown.chain else None
    listed = any(each.chain is not None and each.chain.leaf.fingerprint == mark for each in state.listed)
    proven = (
        state.enforced
        and listed
        and state.since is not None
        and state.last_in is not None
        and state.last_in > state.since
    )
    why = []
    if not state.enforced:
        why.append(f"{state.username} does not hold Enforce SSL/TLS Mutual Authentication")
    if not listed:
        why.append(f"{state.target} does not list what {state.credential} presents")
    if state.enforced and listed and not proven:
        why.append(
            f"{state.username} was not seen to sign in since {state.credential} presents its certificate"
        )
    return Proof(
        route=state.route,
        org=state.target,
        username=state.username,
        enforced=state.enforced,
        fingerprint=mark,
        at=at,
        knocks=(Knock(way=Way.LISTED, answer=None, words=f"its key never leaves {state.source}"),),
        verdict="proven" if proven else "unknown",
        why=tuple(why),
    )
