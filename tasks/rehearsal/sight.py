"""Which plays somebody saw: alerts that name their actor, by when they opened."""

from collections.abc import Iterable, Sequence

from tasks.alerts.model import Opened
from tasks.rehearsal.model import Played


def with_sight(played: Iterable[Played], opened: Sequence[Opened]) -> tuple[Played, ...]:
    """An alert that was open before the attack began has not seen it."""
    return tuple(_seen(each, opened) for each in played)


def _seen(played: Played, opened: Sequence[Opened]) -> Played:
    began = next((each.at for each in played.outcomes if each.at is not None), None)
    if began is None or not played.actor:
        return played
    told = sorted(
        (each.at, each.alert.title)
        for each in opened
        if each.at >= began and each.alert.org == played.org and _names(each, played.actor)
    )
    if not told:
        return played
    at, title = told[0]
    return played.model_copy(update={"seen": at - began, "by": title})


def _names(opened: Opened, actor: str) -> bool:
    alert = opened.alert
    return actor.lower() in f"{alert.key} {alert.title} {alert.detail}".lower()
