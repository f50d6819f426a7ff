"""
What is wrong with client certificates before a caller finds out: one rule, one finding.

Nothing is looked up here. Where a rule needs a fact that nobody could read (the trust store, who uses a certificate), it
finds nothing: unknown is no fault.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args

from tasks.certificates.model import Chain, Facts, Fault, Held, KeyKind, Place, Roots, Rule
from tasks.value import Value

CLIENT, SERVER = "1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1"
_DAY = timedelta(days=1)
_RSA_BITS = 2048
_CURVES = frozenset({"secp256r1", "secp384r1", "secp521r1"})
Severity = Literal["critical", "high", "medium", "low"]
"""The worst first."""
Say = tuple[Severity, str, str]
"""Severity, what is wrong, and what to do."""


class Limits(Value):
    """What policy allows. `warn_days` are the rungs of the ladder, the longest first."""

    longest: timedelta
    warn_days: tuple[int, ...]


class Ground(Value):
    """One certificate with all that its rules look at."""

    held: Held
    everywhere: tuple[Held, ...]
    roots: Roots | None
    limits: Limits
    now: datetime


def lint(
    held: Sequence[Held], roots: Mapping[str, Roots], limits: Limits, now: Mapping[str, datetime]
) -> tuple[Fault, ...]:
    """
    Faults in the order of the certificates and the rules. `roots` and `now` are by org; an org without roots in it is one
    whose trust store could not be read, one without a time is not judged.
    """
    everywhere = tuple(held)
    return tuple(
        fault
        for each in everywhere
        if each.org in now
        for fault in _faults(
            Ground(
                held=each, everywhere=everywhere, roots=roots.get(each.org), limits=limits, now=now[each.org]
            )
        )
    )


def self_signed(ground: Ground) -> Say | None:
    """A caller's certificate must be signed by an authority (SUPERPAT; Salesforce Help 000383575)."""
    leaf = _leaf(ground)
    if leaf is None or leaf.signed_by != leaf.fingerprint:
        return None
    return "critical", "it signed itself, which no org accepts from a caller", "Have its request signed."


def untrusted_root(ground: Ground) -> Say | None:
    """Chains must end at a root of the org's trust store, `/cacerts.jsp` (Salesforce Help 000382193)."""
    path = _path(ground)
    if not path or ground.held.place is Place.KEY_PAIR or _rooted(ground) is not False:
        return None
    if self_signed(ground) or _orphan(ground) is not None:
        return None
    return (
        "critical",
        f"its chain ends at {_signer(path[-1])}, which the org does not trust",
        "Have it signed by an authority below a root that /cacerts.jsp of the org lists.",
    )


def no_client_usage(ground: Ground) -> Say | None:
    """
    The leaf needs Client Authentication, 1.3.6.1.5.5.7.3.2 (Salesforce Help 000383575), and a key that may sign (RFC 5246
    section 7.4.6). What an issuer is for limits what it issues, where it says so (OpenSSL, X509_check_purpose).
    """
    leaf = _leaf(ground)
    if leaf is None:
        return None
    if CLIENT not in (leaf.usages or ()):
        return "critical", "it is not for client authentication", "Have it issued with the usage clientAuth."
    if not leaf.signs:
        return (
            "critical",
            "its key usage lacks digitalSignature, so its holder cannot prove that it is theirs",
            "Have it issued with the key usage digitalSignature.",
        )
    for each in _issuers(ground):
        if each.usages is not None and CLIENT not in each.usages:
            return (
                "critical",
                f"{_called(each)} above it may not issue for client authentication",
                "Order it from a hierarchy for client certificates.",
            )
    return None


def server_usage(ground: Ground) -> Say | None:
    """Since 15 June 2026 public authorities issue none with both usages (Chrome Root Program Policy 1.7)."""
    leaf = _leaf(ground)
    if leaf is None or leaf.usages is None or SERVER not in leaf.usages:
        return None
    loss = "; its renewal will not carry clientAuth any more" if CLIENT in leaf.usages else ""
    return "high", f"it is for servers{loss}", "Order it from a hierarchy for client certificates."


def no_intermediate(ground: Ground) -> Say | None:
    """
    Leaf and all intermediates, in the handshake and in the uploaded file (Salesforce Help 000383575, 000385468). Roots sign
    no subscriber's certificate themselves (CA/B Forum Baseline Requirements 6.1.7), so a leaf alone lacks its issuer, but
    where the org lists that one as a root.
    """
    orphan = _orphan(ground)
    if orphan is None:
        return None
    if any(each.subject == orphan.issuer for each in _file(ground) if each not in _path(ground)):
        return (
            "high",
            f"the certificate of {_signer(orphan)} in its file does not fit the signature below it: another key signed, or "
            "SHA-1 was used, which nobody accepts any more",
            "Put in the certificate of the key that signed, or have its request signed anew with SHA-256.",
        )
    return (
        "high",
        f"the certificate of {_signer(orphan)} is missing from its file",
        "Put every intermediate below the leaf.",
    )


def chain_order(ground: Ground) -> Say | None:
    """Leaf first, then each one's issuer (RFC 8446 section 4.4.2; Salesforce Help 000383575)."""
    file, path = _file(ground), _path(ground)
    if file == path or (file[0] == path[0] and _orphan(ground) is not None):
        return None
    return (
        "high",
        "its file is not in order: leaf first, then each one's issuer",
        "Sort the file, and leave out what signed none of it.",
    )


def weak_key(ground: Ground) -> Say | None:
    """
    RSA from 2,048 bits, P-256, P-384 or P-521, from the leaf up; trust anchors are not asked (CA/B Forum Baseline
    Requirements 6.1.5; NIST SP 800-131A).
    """
    weak = next((each for each in (*_path(ground)[:1], *_issuers(ground)) if not _strong(each)), None)
    if weak is None:
        return None
    key = {
        KeyKind.RSA: f"RSA of {weak.key_bits} bits",
        KeyKind.ELLIPTIC: f"EC of {weak.key_bits} bits on {weak.curve}",
        KeyKind.OTHER: "neither RSA nor EC",
    }[weak.key]
    if weak == _leaf(ground):
        return "high", f"its key is {key}", "Make a new key pair: RSA from 2,048 bits, P-256, P-384 or P-521."
    return (
        "high",
        f"the key of {_called(weak)} above it is {key}",
        "Have its request signed by an authority with a stronger key.",
    )


def ends_soon(ground: Ground) -> Say | None:
    """The ladder before its end, 30, 14 and 7 days where policy says nothing else (`certificates.warn_days`)."""
    left = _left(ground)
    if left is None:
        return None
    if left <= timedelta():
        return "critical", "it has ended", "Renew it, and switch its caller over."
    severity = _rung(ground, left)
    if severity is None:
        return None
    return severity, f"it ends in {left.days} days", "Renew it: the plan lists the new one beside it first."


def lives_too_long(ground: Ground) -> Say | None:
    """No longer than policy wants (`rotation.certificate_max_life`; NIST SP 800-57 part 1, cryptoperiods)."""
    leaf = _leaf(ground)
    if leaf is None or leaf.ends - leaf.starts <= ground.limits.longest:
        return None
    # A day begun counts as a day (CA/B Forum Baseline Requirements 6.3.2).
    life = -((leaf.starts - leaf.ends) // _DAY)
    return (
        "medium",
        f"it lives {life} days; policy wants {ground.limits.longest.days} at most",
        "Order a shorter one.",
    )


def exportable(ground: Ground) -> Say | None:
    """A key pair that may leave the org can be copied (Metadata API guide, Certificate, privateKeyExportable)."""
    if ground.held.exportable is not True:
        return None
    return "medium", "its private key may be exported", "Make a new key pair that may not be."


def shared(ground: Ground) -> Say | None:
    """A certificate is for one org, and one route: "your org" (Salesforce Help 000383575, 000382193)."""
    leaf = _leaf(ground)
    if leaf is None or ground.held.place is not Place.INBOUND:
        return None
    others = sorted(
        {
            each.org
            for each in ground.everywhere
            if each.place is Place.INBOUND
            and each.org != ground.held.org
            and each.chain is not None
            and _start(each.chain).key_digest == leaf.key_digest
        }
    )
    if not others:
        return None
    return (
        "high",
        f"the same key opens {', '.join(others)} too",
        "Issue one for each route; one stolen key then opens one org.",
    )


def unused(ground: Ground) -> Say | None:
    """What nobody presents only helps whoever finds its key (NIST SP 800-57 part 1, section 5.3)."""
    if ground.held.used is not False:
        return None
    return "low", "nobody presents it", "Take it away, or name its holder in policy.yaml."


def not_yet_valid(ground: Ground) -> Say | None:
    """Each certificate of the path is valid now (RFC 5280 section 6.1.3)."""
    late = max(_path(ground), key=lambda each: each.starts, default=None)
    if late is None or late.starts <= ground.now:
        return None
    return (
        "critical",
        f"{_called(late)} is not valid before {late.starts:%Y-%m-%d %H:%M} UTC",
        "Wait until then, or have its request signed anew.",
    )


def issuer_ends(ground: Ground) -> Say | None:
    """A leaf is of no use after its issuers (RFC 5280 section 6.1.3); told where one of them ends before it does."""
    path = _path(ground)
    soonest = min(path[1:], key=lambda each: each.ends, default=None)
    if soonest is None or (soonest.ends >= path[0].ends and soonest.ends > ground.now):
        return None
    left = soonest.ends - ground.now
    renew = "Renew the authority first, then have this signed by the new one."
    if left <= timedelta():
        return "critical", f"the certificate of {_called(soonest)} above it has ended", renew
    severity = _rung(ground, left)
    if severity is None:
        return None
    return severity, f"{_called(soonest)} above it ends in {left.days} days", renew


def no_authority(ground: Ground) -> Say | None:
    """
    What signs others has to be marked as an authority, and for as many authorities as stand below it (RFC 5280 sections
    4.2.1.9, 6.1.4). Whether it is one no trust anchor is asked; its path length OpenSSL asks of it, too.
    """
    issuers = _path(ground)[1:]
    for place, each in enumerate(issuers):
        # One that takes over from itself with a new key does not count.
        below = sum(one.subject != one.issuer for one in issuers[:place])
        if not each.authority and each.signed_by != each.fingerprint:
            said = f"{_called(each)} signed below it and is not marked as an authority"
        elif each.depth is not None and below > each.depth:
            said = f"{_called(each)} above it may have {each.depth} authorities below itself, and has {below}"
        else:
            continue
        return "critical", said, "Have its request signed by an authority that may do so."
    return None


def against_presenting(chain: Chain, now: datetime, roots: Roots | None = None) -> tuple[Fault, ...]:
    """Faults for which a door may refuse a caller that presents this chain; without `roots` its root is not judged."""
    held = Held(org="any", place=Place.SECRET, name=chain.leaf.common_name, chain=chain)
    limits = Limits(longest=timedelta.max, warn_days=())
    found = _faults(Ground(held=held, everywhere=(held,), roots=roots, limits=limits, now=now))
    return tuple(fault for fault in found if fault.severity in ("critical", "high"))


RULES: Mapping[Rule, Callable[[Ground], Say | None]] = {
    Rule.SELF_SIGNED: self_signed,
    Rule.UNTRUSTED_ROOT: untrusted_root,
    Rule.NO_CLIENT_USAGE: no_client_usage,
    Rule.SERVER_USAGE: server_usage,
    Rule.NO_INTERMEDIATE: no_intermediate,
    Rule.CHAIN_ORDER: chain_order,
    Rule.WEAK_KEY: weak_key,
    Rule.ENDS_SOON: ends_soon,
    Rule.LIVES_TOO_LONG: lives_too_long,
    Rule.EXPORTABLE: exportable,
    Rule.SHARED: shared,
    Rule.UNUSED: unused,
    Rule.NOT_YET_VALID: not_yet_valid,
    Rule.ISSUER_ENDS: issuer_ends,
    Rule.NO_AUTHORITY: no_authority,
}


def _faults(ground: Ground) -> Iterator[Fault]:
    held = ground.held
    for rule, judged in RULES.items():
        if said := judged(ground):
            severity, what, next_step = said
            yield Fault(
                rule=rule,
                severity=severity,
                org=held.org,
                place=held.place,
                name=held.name,
                what=what,
                next_step=next_step,
            )


def _leaf(ground: Ground) -> Facts | None:
    """The certificate that the chain is about, wherever in the file it stands."""
    return None if ground.held.chain is None else _start(ground.held.chain)


def _start(chain: Chain) -> Facts:
    """The one that is no authority, or that signed none of the others; the first where all of them signed each other."""
    signers = {each.signed_by for each in chain.certificates if each.signed_by != each.fingerprint}
    ends = [each for each in chain.certificates if each.fingerprint not in signers]
    leaves = [each for each in ends if not each.authority]
    return (leaves or ends or chain.certificates)[0]


def _path(ground: Ground) -> tuple[Facts, ...]:
    """From the leaf up, as far as the file goes. Authorities may have signed each other, so it ends where it would turn back."""
    by_fingerprint: dict[str | None, Facts] = {each.fingerprint: each for each in _file(ground)}
    found: list[Facts] = []
    above = _leaf(ground)
    while above is not None and above not in found:
        found.append(above)
        above = by_fingerprint.get(above.signed_by)
    return tuple(found)


def _file(ground: Ground) -> tuple[Facts, ...]:
    return () if ground.held.chain is None else ground.held.chain.certificates


def _issuers(ground: Ground) -> tuple[Facts, ...]:
    """What stands above the leaf, without the root."""
    return tuple(each for each in _path(ground)[1:] if each.signed_by != each.fingerprint)


def _orphan(ground: Ground) -> Facts | None:
    """
    Whose issuer is missing: the leaf where it stands alone, or what others of the file hang on. Below a root that the org
    trusts nothing is missing, whatever else is in the file.
    """
    path = _path(ground)
    if not path or path[-1].signed_by is not None or _rooted(ground):
        return None
    whole = {each.fingerprint for each in path} == {each.fingerprint for each in _file(ground)}
    return None if whole and len(path) > 1 else path[-1]


def _rooted(ground: Ground) -> bool | None:
    """
    Whether the chain reaches a root that the org trusts; None where nobody can tell.

    A root in the file is known by its fingerprint; one that is left out only by its name. That is not always the last one:
    a root may have been signed by an older one, for those who do not know it yet.
    """
    path = _path(ground)
    if ground.roots is None:
        return None
    if any(each.fingerprint in ground.roots.fingerprints for each in path):
        return True
    if path[-1].signed_by == path[-1].fingerprint:
        return False
    names = [_plain(each.issuer_common_name) for each in path]
    if any(_names(line, name) for line in ground.roots.lines for name in names if name):
        return True
    return False if names[-1] else None


def _strong(facts: Facts) -> bool:
    if facts.key is KeyKind.RSA:
        return facts.key_bits >= _RSA_BITS
    return facts.curve in _CURVES


def _signer(facts: Facts) -> str:
    return facts.issuer_common_name or facts.issuer


def _called(facts: Facts) -> str:
    return facts.common_name or facts.subject or f"the one with the serial number {facts.serial}"


def _left(ground: Ground) -> timedelta | None:
    """Until the certificate's own end or the day that the org states, whichever comes first."""
    ends = []
    if (leaf := _leaf(ground)) is not None:
        ends.append(leaf.ends)
    if ground.held.ends is not None:
        # An org counts the whole day.
        day = datetime(ground.held.ends.year, ground.held.ends.month, ground.held.ends.day, tzinfo=UTC)
        ends.append(day + timedelta(days=1))
    return min(ends) - ground.now if ends else None


def _rung(ground: Ground, left: timedelta) -> Severity | None:
    """How steep the ladder is with so much time left; None above its first rung."""
    ladder = sorted(ground.limits.warn_days)
    rungs = [days for days in ladder if left <= timedelta(days=days)]
    if not rungs:
        return None
    steep: tuple[Severity, ...] = ("medium", "high", "critical")
    return steep[min(2, len(ladder) - 1 - ladder.index(rungs[0]))]


def _names(line: str, named: str) -> bool:
    """Whether a line of the trust store is about a root of this common name and of no longer one: as an alias, or in a DN."""
    return re.search(rf"(^|,|cn=){re.escape(named)}(,|$)", line) is not None


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum() and letter.isascii())


def in_order(faults: Sequence[Fault]) -> Iterator[Fault]:
    """The worst first, for people."""
    ranks = get_args(Severity)
    yield from sorted(faults, key=lambda fault: (ranks.index(fault.severity), fault.about, fault.rule))
