"""
What comes next for a route: request, sign, list, switch, enforce, retire.

A pure function of what is observed, so that it goes on from wherever things stand: after a crash, a plan that was taken back,
or somebody's own hand in Setup. Nothing is taken before what follows it works.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from tasks.certificates.lint import against_presenting
from tasks.certificates.model import Holder, Next, Revocation, RouteState, Rule, Shown, Stage
from tasks.certificates.naming import pair_prefix

MUTUAL_PORT = 8443
_COMMITS = frozenset({Stage.LIST, Stage.SWITCH, Stage.ENFORCE})


def next_of(
    state: RouteState,
    renew_before: timedelta,
    now: datetime,
    *,
    private: bool,
    settle: timedelta = timedelta(),
    although_used: bool = False,
) -> Next:
    """
    `settle` is how long after the switch the certificate before stays listed, at least. With `although_used` people and programs of
    no route hinder nobody from being held to certificates.

    `now` is the target org's own time. With `private` the authority is none of the platform's, and callers are switched to
    its certificates only where the org was seen to accept them. What a door may refuse is neither listed nor presented.
    """
    step = _by_standing(state, renew_before, now, private=private, settle=settle, although_used=although_used)
    pair = state.pair(step.pair)
    if private or pair is None or pair.chain is None or step.stage not in _COMMITS:
        return step
    against = [
        fault.what
        for fault in against_presenting(pair.chain, now, state.roots)
        if fault.rule is Rule.UNTRUSTED_ROOT
    ]
    if state.accepted is False and step.stage is not Stage.ENFORCE:
        against.append(f"{state.target} was seen to refuse it")
    if against:
        waits = f"a certificate that {state.target} takes: {'; '.join(against)}"
        return Next(stage=Stage.HELD, pair=step.pair, waits=waits)
    return step


def _by_standing(
    state: RouteState,
    renew_before: timedelta,
    now: datetime,
    *,
    private: bool,
    settle: timedelta,
    although_used: bool,
) -> Next:
    good = [pair for pair in state.pairs if _lasts(pair, now + renew_before) and _flawless(pair, now)]
    waiting = next((pair for pair in state.pairs if pair.chain is None and pair.request), None)
    shown = state.shown
    if shown in good and shown is not None and _listed(state, shown):
        chosen = shown
    elif good:
        chosen = max(good, key=lambda pair: pair.chain.ends if pair.chain else now)
    elif waiting is not None:
        return Next(stage=Stage.SIGN, pair=waiting.name, waits="the authority's signature")
    else:
        return Next(stage=Stage.REQUEST)
    if not _listed(state, chosen):
        return Next(stage=Stage.LIST, pair=chosen.name)
    if private and state.accepted is not True:
        why = "was seen to refuse" if state.accepted is False else "was not yet seen to accept"
        return Next(
            stage=Stage.HELD, pair=chosen.name, waits=f"{state.target}, which {why} the private authority"
        )
    if state.presents != chosen.name or port_of(state.address) != MUTUAL_PORT:
        return Next(stage=Stage.SWITCH, pair=chosen.name)
    if not (state.enforced and state.api_only):
        if reasons := against_enforcing(state, although_used=although_used):
            return Next(stage=Stage.HELD, pair=chosen.name, waits="; ".join(reasons))
        return Next(stage=Stage.ENFORCE, pair=chosen.name)
    old = tuple(
        each.name for each in state.listed if each.chain and not _same(each.chain.leaf.fingerprint, chosen)
    )
    lent = sorted({state.borrowed[mark] for mark in _marks(state, old) if mark in state.borrowed})
    if lent:
        return Next(
            stage=Stage.HELD,
            pair=chosen.name,
            waits=f"a certificate of its own for {', '.join(lent)}, which presents the one before",
            old=old,
        )
    if old:
        if not state.vouched:
            return Next(
                stage=Stage.HELD,
                pair=chosen.name,
                waits="somebody who vouches in policy.yaml that the middleware uses what its secret holds",
                old=old,
            )
        if state.since is None or state.last_in is None or state.last_in <= state.since + settle:
            return Next(
                stage=Stage.HELD,
                pair=chosen.name,
                waits=f"a sign-in of {state.username} with the new certificate, some time after the switch",
                old=old,
            )
        return Next(stage=Stage.RETIRE, pair=chosen.name, old=old)
    return Next(stage=Stage.DONE, pair=chosen.name)


def revocable(
    states: Iterable[RouteState],
    former: Mapping[str, Iterable[Revocation]],
    taken_off: Collection[str],
    authority: str = "",
) -> tuple[Revocation, ...]:
    """
    What is to be revoked: of all that a route's caller ever had (`former`, by route), what an applied plan or a rotation has
    taken off the list (`taken_off`, fingerprints), and neither a caller nor a list has any more. What vanished by another hand is
    left to people, and what another than `authority` (the DN of our own) has issued to whoever did.
    """
    standing = tuple(states)
    chains = [pair.chain for state in standing for pair in state.pairs]
    chains += [each.chain for state in standing for each in state.listed]
    kept = {chain.leaf.fingerprint for chain in chains if chain is not None}
    found: list[Revocation] = []
    for state in standing:
        found += [
            each
            for each in former.get(state.route, ())
            if each.fingerprint in taken_off
            and each.fingerprint not in kept
            and (not authority or each.issuer in ("", authority))
        ]
    return tuple(found)


def old_pairs(state: RouteState, in_use: Collection[str]) -> tuple[Shown, ...]:
    """
    Key pairs that an org made for a route before the one that it presents, and that no list and no credential of that org has any
    more (`in_use` are names). One that lasts longer than the presented one is the next, not an old one.
    """
    shown = state.shown
    if state.holder is not Holder.ORG or shown is None or shown.chain is None:
        return ()
    ends = shown.chain.leaf.ends
    return tuple(
        pair
        for pair in state.pairs
        if pair.name.startswith(pair_prefix(state.route))
        and pair.name not in (shown.name, *in_use)
        and pair.chain is not None
        and pair.chain.leaf.ends < ends
        and not _listed(state, pair)
    )


def against_enforcing(state: RouteState, *, although_used: bool = False) -> tuple[str, ...]:
    """
    Who would be locked out if the user were held to certificates now; empty when nobody is known to be. With `although_used` those
    who belong to no route may be, and never a credential that is known.
    """
    reasons = [f"{other}, who acts as the same user" for other in state.others]
    if not although_used:
        reasons += outsiders(state)
    if not state.vouched:
        reasons.append("somebody who vouches in policy.yaml that the middleware uses what its secret holds")
    return tuple(reasons)


def outsiders(state: RouteState) -> tuple[str, ...]:
    """Who signs in as a route's user and belongs to no route: programs, and people at a browser."""
    found = [
        f"{program}, which signs in as {state.username} and belongs to no route"
        for program in state.strangers
    ]
    if state.person:
        found.append(f"whoever signs in as {state.username} at a browser")
    return tuple(found)


def port_of(address: str) -> int:
    """443 when the address names none."""
    try:
        return urlsplit(address if "//" in address else f"//{address}").port or 443
    except ValueError:
        return 443


def _lasts(pair: Shown, until: datetime) -> bool:
    return pair.chain is not None and pair.chain.ends > until


def _flawless(pair: Shown, now: datetime) -> bool:
    """But for its root, for which there may be another authority, and never another request."""
    return pair.chain is not None and not against_presenting(pair.chain, now)


def _listed(state: RouteState, pair: Shown) -> bool:
    return any(each.chain is not None and _same(each.chain.leaf.fingerprint, pair) for each in state.listed)


def _marks(state: RouteState, names: Collection[str]) -> set[str]:
    return {e.chain.leaf.fingerprint for e in state.listed if e.name in names and e.chain is not None}


def _same(fingerprint: str, pair: Shown) -> bool:
    return pair.chain is not None and pair.chain.leaf.fingerprint == fingerprint
