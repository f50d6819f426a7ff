"""Which alerts follow from a containment, and what its page says."""

from collections.abc import Collection, Iterable

from tasks.alerts.model import Alert, Severity
from tasks.pages import cell
from tasks.response.model import Deed, Standing, Step

CONTAINED, WAITS, UNDONE = "contained:", "containment-waits:", "containment-incomplete:"
INCIDENT = "incident:"
"""How keys of these alerts begin; the id of the containment follows."""


def alerts(standing: Standing, failed: Iterable[str]) -> list[Alert]:
    """What has to be known now. That somebody is kept out is said only once it was read back."""
    made, why = standing.containment, [*failed]
    found = []
    who, name = made.facts.username, made.id
    if standing.open and standing.returning is None and made.waiting - standing.allowed:
        found.append(
            Alert(
                key=f"{WAITS}{name}",
                org=made.facts.org,
                severity=Severity.CRITICAL,
                title=f"A containment waits for {missing(standing)}",
                detail=f"{made.facts.detection}: {who}. {'; '.join(made.why)}.",
                next_step=f"Start approve-containment with {name[:12]}, or leave it if it is a false alarm.",
            )
        )
    if why or not all(trial.refused for trial in standing.trials):
        still = [f"{trial.secret} is let in still" for trial in standing.trials if not trial.refused]
        found.append(
            Alert(
                key=f"{UNDONE}{name}",
                org=made.facts.org,
                severity=Severity.CRITICAL,
                title="A containment is not complete"
                if standing.returning is None
                else "Not all was given back",
                detail="; ".join([*why, *still])[:2000],
                next_step="The sweep goes on every minute. In a hurry, do it in Setup.",
            )
        )
    if standing.open and standing.contained:
        found.append(
            Alert(
                key=f"{CONTAINED}{name}",
                org=made.facts.org,
                severity=Severity.ERROR,
                title="User auto-disabled pending review" if standing.disabled else "An actor is contained",
                detail=f"{made.facts.detection}: {who}. {'; '.join(_done(standing))}."[:2000],
                next_step=f"Start re-enable with {name[:12]} where it was a false alarm.",
            )
        )
    return found


def over(standing: Standing, now: Iterable[Alert]) -> list[str]:
    """Keys of this containment's alerts whose reason is gone."""
    known = {alert.key for alert in now}
    keys = [f"{start}{standing.containment.id}" for start in (CONTAINED, WAITS, UNDONE)]
    keys += [f"{INCIDENT}{standing.containment.id}"] if standing.settled else []
    return [key for key in keys if key not in known]


def ended(standings: Collection[Standing], opened: Iterable[str]) -> list[str]:
    """Keys of open alerts whose containment or incident is over: whoever ended it may have been killed before saying so."""
    done = {key for standing in standings if not standing.open for key in over(standing, ())}
    done |= {f"{INCIDENT}{standing.containment.id}" for standing in standings if standing.settled}
    return [key for key in opened if key in done]


def _done(standing: Standing) -> list[str]:
    return [step.what for step in standing.containment.steps if step.number in standing.taken]


def missing(standing: Standing) -> str:
    left = standing.containment.needed - len(standing.agreed)
    return "one person" if left == 1 else f"{left} people"


def markdown(standing: Standing) -> str:
    """The page of a containment."""
    made = standing.containment
    facts = made.facts
    lines = [
        f"# {cell(facts.username)} in {facts.org}: {_stands(standing)}",
        f"{cell(facts.detection)} ({facts.severity}), detected {facts.at:%Y-%m-%d %H:%M} UTC. Decided "
        f"{made.at:%Y-%m-%d %H:%M} UTC, rung *{made.rung.value}*. Id `{made.id}`.",
        "",
    ]
    if made.steps:
        lines += ["| # | step | where | stands |", "|--:|---|---|---|"]
        lines += [f"| {s.number} | {cell(s.what)} | {s.org} | {_of_step(standing, s)} |" for s in made.steps]
    for title, texts in (
        ("Why it waits", made.why if made.waiting - standing.allowed else ()),
        ("Routes that stop", made.routes),
        ("What stays open", made.left),
        (
            "Tried afterwards",
            [f"{t.secret}: {'refused' if t.refused else 'LET IN'}" for t in standing.trials],
        ),
    ):
        if texts:
            lines += ["", f"## {title}", *(f"* {cell(each)}" for each in texts)]
    if made.undo_at is not None and standing.open:
        lines += ["", f"Given back by itself after {made.undo_at:%Y-%m-%d %H:%M} UTC of the org's clock."]
    lines += ["", "Sessions and tokens that ended stay ended: their owners sign in anew."]
    return "\n".join(lines)


def _stands(standing: Standing) -> str:
    if standing.over is not None:
        return "given back"
    if standing.returning is not None:
        return "being given back"
    if not standing.containment.steps:
        return "watched, nothing is taken"
    if standing.due:
        return "being contained"
    if standing.containment.waiting - standing.allowed:
        return "waits for people"
    return "contained"


def _of_step(standing: Standing, step: Step) -> str:
    if step.number in standing.kept:
        return "left as somebody else changed it"
    if step.number in standing.given:
        return "given back"
    if step.number in standing.taken:
        return "ordered" if step.deed is Deed.ROTATE else "done and seen"
    if step.number not in standing.allowed:
        return f"waits for {missing(standing)}"
    return "not seen to be done"
