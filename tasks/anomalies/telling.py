"""Which alert follows from a suspicion, and what a look says to people. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from tasks.alerts.model import Alert, Containment, Fact, Link, Severity
from tasks.alerts.volume import RE_ENABLE
from tasks.anomalies.detections import DETECTIONS
from tasks.anomalies.look import alert_key
from tasks.anomalies.model import Detection, Suspicion
from tasks.anomalies.model_live import Judged
from tasks.anomalies.wording import variance
from tasks.pages import cell
from tasks.response.model import Standing

UNJUDGED = "org-unjudged:"
"""How keys of alerts about orgs begin of which nothing is seen."""
_BY_NAME: Mapping[str, Detection] = {each.name: each for each in DETECTIONS}
_MOST = 480
_AVERAGE = "volume-over-average"
_FAILED_SIGN_INS = "authentication-failures"
_KNOCKS = "The user was contained before, so these sign-ins are refused."


def alert_of(
    each: Suspicion,
    judged: Judged,
    contained: Containment,
    refused: str,
    re_enable: str,
    contained_at: datetime | None = None,
) -> Alert:
    """
    Sign-ins that fail because their user is contained say that it works: of those people are informed and not called.
    `refused` is why nobody is contained although the detections agree. `re_enable` is the address of that flow; its button shows
    once containment was verified.
    """
    detection = _BY_NAME[each.detection]
    who = judged.people.get(each.actor, each.actor)
    is_actor = each.actor != each.org
    knocks = (
        each.detection == _FAILED_SIGN_INS
        and contained is Containment.VERIFIED
        and contained_at is not None
        and each.since >= contained_at
    )
    links = (Link(label=RE_ENABLE, url=re_enable, once_contained=True),) if re_enable else ()
    return Alert(
        key=alert_key(each),
        org=each.org,
        severity=Severity.INFO if knocks else each.severity,
        title=f"{each.title}: {who}" if is_actor else each.title,
        detail=_KNOCKS if knocks else f"Nobody was contained: {refused}" if refused else "",
        next_step=detection.runbook,
        facts=tuple(_facts(each, who, detection, judged)),
        containment=contained if each.actor in judged.people else None,
        links=links,
    )


def _facts(each: Suspicion, who: str, detection: Detection, judged: Judged) -> Iterable[Fact]:
    if each.usual is not None and each.records:
        label = "Baseline (30-day avg)" if each.detection == _AVERAGE else "Baseline (expected of the day)"
        yield _fact("user", "Sync User", who)
        yield _fact("records", "Records Processed", f"{each.records:,}")
        yield _fact("baseline", label, f"{each.usual:,}")
        if each.usual > 0:
            yield _fact("variance", "Variance", variance(each.records, each.usual))
    else:
        yield _fact("user", "Who", who)
        yield _fact("expected", "Expected", each.expected)
    yield _fact("seen", "Seen", each.seen)
    yield _fact("detection", "Detection", f"{each.detection} (ATT&CK {detection.technique})")
    yield _fact("tier", "Telemetry", each.tier.value)
    yield _fact("since", "First event", f"{each.since:%Y-%m-%d %H:%M:%S} UTC, {each.events:,} in all")
    if each.contributions:
        shares = ", ".join(f"{one.feature} {one.weight:.0%}" for one in each.contributions)
        yield _fact("contributions", "What it rests on", shares)
    if each.leads:
        yield _fact("rows", "Rows behind it", ", ".join(each.leads))
    if said := not_seen(judged, each.org):
        yield _fact("unseen", "Could not be seen", said)


def not_seen(judged: Judged, org: str) -> str:
    """What no detection could look at, in a line."""
    blind = [each.detection for each in judged.blind if each.org in (org, "*")]
    parts = [", ".join(judged.unseen)] if judged.unseen else []
    if blind:
        parts.append(f"no events for {len(blind)} detections: {', '.join(blind)}")
    return "; ".join(parts)


def contained_of(standings: Iterable[Standing]) -> dict[tuple[str, str], tuple[Containment, datetime]]:
    """By org and user name in lower case how far the last open containment got, and when it was decided, by the org's clock."""
    found = {}
    for each in standings:
        facts = each.containment.facts
        if not each.open or not each.containment.steps:
            continue
        state = Containment.UNDER_WAY
        if each.disabled and each.contained:
            state = Containment.VERIFIED
        elif any(not trial.refused for trial in each.trials):
            state = Containment.FAILED
        found[facts.org, facts.username] = (state, facts.at)
    return found


def unjudged(org: str, why: str) -> Alert:
    """A silent org is no quiet one. The same words each time, so that it is told once."""
    return Alert(
        key=f"{UNJUDGED}{org}",
        org=org,
        severity=Severity.ERROR,
        title="Nothing is seen of this org",
        detail=f"It was not judged: {why}"[:2000],
        next_step="Look whether the org answers and whether our own user still may read (`bulkhead doctor`).",
    )


def markdown(found: Sequence[Judged], failed: Mapping[str, str], tiers: str) -> str:
    """The page of a look."""
    lines = [f"# Detection, {tiers}", ""]
    for org, why in failed.items():
        lines += [f"**{org} was not judged:** {cell(why)}", ""]
    for each in found:
        where = "All orgs together" if each.org == "*" else each.org
        lines += [f"## {where}", "", f"{each.events:,} events until {each.at:%Y-%m-%d %H:%M:%S} UTC.", ""]
        if each.current:
            lines += [
                "| since (UTC) | severity | who | seen | expected | detection |",
                "|---|---|---|---|---|---|",
            ]
            lines += [_row(one, each) for one in sorted(each.current, key=lambda one: -one.severity.rank)]
            lines += [""]
        else:
            lines += ["Nothing is suspicious.", ""]
        for title, texts in (
            ("Over", [f"{one.title}: {_who(one, each)}" for one in each.over]),
            ("Left alone", [f"{one.title}: {_who(one, each)}" for one in each.muted]),
            (
                "Allowances that cover nothing",
                [f"{a.detection} {a.org} {a.actor}: {a.reason}" for a in each.idle],
            ),
            ("To be contained", [f"{w.facts.username}: {', '.join(w.because)}" for w in each.wanted]),
            (
                "Could not be seen",
                [
                    *(f"{n}: {why}" for n, why in each.unseen.items()),
                    *(f"{b.detection}: {b.reason}" for b in each.blind),
                ],
            ),
        ):
            if texts:
                lines += [f"**{title}:**", "", *(f"* {cell(text)}" for text in texts), ""]
    return "\n".join(lines)


def _row(one: Suspicion, judged: Judged) -> str:
    cells = (
        f"{one.since:%Y-%m-%d}<br>{one.since:%H:%M}",
        one.severity.value,
        cell(_who(one, judged), 22),
        cell(one.seen, 24),
        cell(one.expected, 20),
        cell(one.detection, 14),
    )
    return "| " + " | ".join(cells) + " |"


def _who(one: Suspicion, judged: Judged) -> str:
    return judged.people.get(one.actor, one.actor)


def _fact(key: str, label: str, text: str) -> Fact:
    return Fact(key=key, label=label, text=text if len(text) <= _MOST else f"{text[: _MOST - 1]}…")
