"""
Whether a route is held to mutual TLS whole, which takes all of it at once.

Port 8443 alone enforces nothing: its user has to hold the enforce permission and be API-only, and its caller has to present a
certificate of its own that the org lists (Salesforce Help 000383575, 000382193). Whether that is so, handshakes show.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from tasks.certificates.model import Fault, Held, Place, Proven, Revocations, RouteState, Rule, Wellness
from tasks.certificates.renewal import MUTUAL_PORT, port_of

_HARMLESS = frozenset({Rule.UNUSED})
"""Says that nobody presents a certificate, so it is about no route."""


def wellness(
    states: Sequence[RouteState],
    held: Sequence[Held],
    faults: Sequence[Fault],
    proofs: Mapping[str, Proven] | None,
    revoked: Revocations | None,
    disabled: Sequence[str],
    clocks: Mapping[str, datetime],
    longest: timedelta,
    *,
    own_authority: bool,
) -> tuple[Wellness, ...]:
    """
    `proofs` by route, None where the ledger could not be read; `revoked` is None where our own authority's list could not be
    read; `disabled` are orgs in which Support has not enabled the feature. `longest` is how old a proof may be.
    """
    sharing = _sharing(states)
    found = []
    for state in states:
        bad = [
            *_not_held(state, disabled),
            *_not_its_own(state, sharing),
            *_faulty(state, held, faults),
        ]
        dark: list[str] = []
        if own_authority and state.shown is not None:
            _revoked(state, revoked, clocks[state.target], bad, dark)
        _proof(state, proofs, clocks[state.target], longest, bad, dark)
        verdict = "not well" if bad else "unknown" if dark else "well"
        found.append(Wellness(route=state.route, verdict=verdict, why=(*bad, *dark)))
    return tuple(found)


def proof_trouble(proof: Proven | None, now: datetime, longest: timedelta) -> tuple[bool, str]:
    """Whether a route is seen to be broken, and why its last proof does not count; no words where it does."""
    if proof is None:
        return False, "no handshake was ever tried; start prove-mutual-tls"
    if proof.verdict == "broken":
        return True, f"the handshakes of {proof.at:%Y-%m-%d} failed: {'; '.join(proof.why)}"
    if proof.verdict == "unknown":
        return False, f"the handshakes of {proof.at:%Y-%m-%d} proved nothing: {'; '.join(proof.why)}"
    if now - proof.at > longest:
        days = (now - proof.at).days
        return (
            False,
            f"its last proof is {days} days old, policy wants one every {longest.days}; start prove-mutual-tls",
        )
    return False, ""


def _not_held(state: RouteState, disabled: Sequence[str]) -> list[str]:
    bad = []
    if state.target in disabled:
        bad.append(f"{state.target} has no mutual authentication; Salesforce Support enables it")
    if port_of(state.address) != MUTUAL_PORT:
        bad.append(f"it calls port {port_of(state.address)} instead of {MUTUAL_PORT}")
    if not state.enforced:
        bad.append(f"{state.username} does not hold Enforce SSL/TLS Mutual Authentication")
    if not state.api_only:
        bad.append(
            f"{state.username} is not API-only, so it may sign in at a browser, where no certificate is asked for"
        )
    return bad


def _not_its_own(state: RouteState, sharing: Mapping[str, tuple[str, ...]]) -> list[str]:
    shown = state.shown
    if shown is None or shown.chain is None:
        return ["its caller presents no certificate that could be read"]
    bad = []
    mark = shown.chain.leaf.fingerprint
    if not any(each.chain is not None and each.chain.leaf.fingerprint == mark for each in state.listed):
        bad.append(f"{state.target} does not list what its caller presents")
    if others := [route for route in sharing[shown.chain.leaf.key_digest] if route != state.route]:
        bad.append(
            f"its key is not its own: {', '.join(others)} {'presents' if len(others) == 1 else 'present'} it, too"
        )
    return bad


def _sharing(states: Sequence[RouteState]) -> dict[str, tuple[str, ...]]:
    """Routes by the key that their callers present."""
    found: dict[str, tuple[str, ...]] = {}
    for state in states:
        if state.shown is not None and state.shown.chain is not None:
            key = state.shown.chain.leaf.key_digest
            found[key] = (*found.get(key, ()), state.route)
    return found


def _faulty(state: RouteState, held: Sequence[Held], faults: Sequence[Fault]) -> list[str]:
    """What the linter says of the very certificate that the caller presents, wherever it lies."""
    shown = state.shown
    mark = shown.chain.leaf.fingerprint if shown is not None and shown.chain is not None else None
    places = {
        (each.org, each.place, each.name)
        for each in held
        if each.chain is not None
        and mark in {one.fingerprint for one in each.chain.certificates if not one.authority}
    }
    return list(
        dict.fromkeys(
            f"its certificate {_where(fault)}: {fault.what}"
            for fault in faults
            if (fault.org, fault.place, fault.name) in places and fault.rule not in _HARMLESS
        )
    )


def _where(fault: Fault) -> str:
    return f"on the list of {fault.org}" if fault.place is Place.INBOUND else fault.name


def _revoked(
    state: RouteState, revoked: Revocations | None, now: datetime, bad: list[str], dark: list[str]
) -> None:
    """Orgs ask the list that a certificate names; an old one may refuse everybody, or let in what was revoked."""
    assert state.shown is not None
    if revoked is None:
        dark.append("the authority's list of revoked certificates could not be read")
        return
    if not revoked.authentic:
        bad.append("the list of revoked certificates is not signed by the authority")
    if revoked.ends <= now:
        bad.append(
            f"the list of revoked certificates ended on {revoked.ends:%Y-%m-%d}; start check-certificates"
        )
    if state.shown.chain is not None and state.shown.chain.leaf.serial in revoked.serials:
        bad.append("its certificate is revoked")


def _proof(
    state: RouteState,
    proofs: Mapping[str, Proven] | None,
    now: datetime,
    longest: timedelta,
    bad: list[str],
    dark: list[str],
) -> None:
    if proofs is None:
        dark.append("the ledger could not be read, so nobody knows of its last proof")
        return
    proof = proofs.get(state.route)
    broken, why = proof_trouble(proof, now, longest)
    shown = state.shown
    mark = shown.chain.leaf.fingerprint if shown is not None and shown.chain is not None else None
    if not why and proof is not None and proof.fingerprint != mark:
        why = "it was proved with another certificate than it presents now; start prove-mutual-tls"
    if why:
        (bad if broken else dark).append(why)
