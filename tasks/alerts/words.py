"""What an alert says, in the same words on every channel."""

from collections import Counter
from collections.abc import Iterable, Iterator

from tasks.alerts.model import Alert, Containment, Digest, Letter, Link, Message, Opened, Severity, Telling
from tasks.pages import cell

_ID = 8
"""Letters of an id that tell alerts from each other; people type them."""
NAMED = 20
"""Letters of a digest that are named; the others are counted."""
_ACTIONS = {
    Containment.NONE: "None taken; review the user",
    Containment.UNDER_WAY: "Containment under way, not verified yet",
    Containment.VERIFIED: "User auto-disabled pending review",
    Containment.FAILED: "Containment FAILED; disable the user by hand",
}
_HEADS = {
    Telling.OPENED: "Security Alert",
    Telling.UPDATED: "Security Alert, updated",
    Telling.ESCALATED: "Nobody has acknowledged",
    Telling.ACKNOWLEDGED: "Acknowledged",
    Telling.RESOLVED: "Resolved",
    Telling.OVER: "Was open and is over",
}
_SIGNS = {
    Severity.INFO: "\N{INFORMATION SOURCE}\N{VARIATION SELECTOR-16}",
    Severity.WARNING: "\N{WARNING SIGN}\N{VARIATION SELECTOR-16}",
    Severity.ERROR: "\N{POLICE CARS REVOLVING LIGHT}",
    Severity.CRITICAL: "\N{POLICE CARS REVOLVING LIGHT}",
}
_CALM = "\N{WHITE HEAVY CHECK MARK}"


def head(message: Message) -> str:
    """One line with a sign, without the org."""
    if isinstance(message, Digest):
        worst = message.letters[0].alert.severity
        return f"{_SIGNS[worst]} {len(message.letters)} alerts in one message"
    calm = message.resolved or message.what is Telling.ACKNOWLEDGED
    sign = _CALM if calm else _SIGNS[message.alert.severity]
    return f"{sign} {_HEADS[message.what]}: {message.alert.title}"


def lines(letter: Letter) -> list[tuple[str, str]]:
    """Labels and what they say; an empty label where the text speaks for itself."""
    alert = letter.alert
    found = [(fact.label, fact.text) for fact in alert.facts]
    if alert.containment is not None:
        found.append(("Action", action(alert.containment)))
    if alert.detail:
        found.append(("", alert.detail))
    if letter.acknowledged_by:
        found.append(("Acknowledged by", letter.acknowledged_by))
    if alert.next_step and not letter.resolved:
        found.append(("Next", alert.next_step))
    return found


def action(containment: Containment) -> str:
    """That a user is disabled is said only of what was verified."""
    return _ACTIONS[containment]


def links(alert: Alert) -> list[Link]:
    contained = alert.containment is Containment.VERIFIED
    return [link for link in alert.links if contained or not link.once_contained]


def plain(message: Message) -> str:
    """The whole message as text; the first line is its head."""
    if isinstance(message, Digest):
        return "\n".join([head(message), *digest_lines(message)])
    alert = message.alert
    said = [f"{label}: {text}" if label else text for label, text in lines(message)]
    buttons = [f"{link.label}: {link.url}" for link in links(alert)]
    tail = f"{alert.place} | {alert.severity} | alert {message.id}"
    return "\n".join([head(message), *said, *buttons, tail])


def subject(message: Message) -> str:
    """Of a mail: one line, whatever the title holds."""
    place = "" if isinstance(message, Digest) else f" [{message.alert.place}]"
    return " ".join(f"{head(message)}{place}".split())


def digest_lines(digest: Digest) -> Iterator[str]:
    """The same thing said of the same org stands once, with how often."""
    counted = Counter(
        (letter.alert.severity, _HEADS[letter.what], letter.alert.title, letter.alert.place)
        for letter in digest.letters
    )
    named = list(counted.items())[:NAMED]
    for (severity, what, title, place), times in named:
        yield f"{severity}: {what}: {title} [{place}]{f' ({times} times)' if times > 1 else ''}"
    left = len(digest.letters) - sum(times for _, times in named)
    if left:
        yield f"and {left} more; `bulkhead run list-alerts` shows all that are open"


def overview(alerts: Iterable[Opened]) -> str:
    """Open alerts as a table, the most severe first."""
    ordered = sorted(alerts, key=lambda each: -each.alert.severity.rank)
    if not ordered:
        return "Nothing is open. Whether anybody is watching, the artifact *heartbeat* says."
    table = ["| id | severity | org | what | since (UTC) | looked after by |", "|---|---|---|---|---|---|"]
    for each in ordered:
        alert = each.alert
        cells = [
            each.id[:_ID],
            alert.severity.value,
            cell(alert.place, 12),
            cell(alert.title, 36),
            f"{each.at:%Y-%m-%d %H:%M}",
            cell(each.acknowledged_by, 16),
        ]
        table.append("| " + " | ".join(cells) + " |")
    return "\n".join(table)
