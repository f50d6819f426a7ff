"""What the ledger says about one credential, told from its notes. Bodies name versions and moments, never secrets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import JsonValue

from tasks.credentials.deliveries import Deliver, GiveBack
from tasks.credentials.model import Given, Order, Rotation, Seen, Version
from tasks.credentials.rotation import CURRENT, Act, Begin, End, Label, Sever, Try, Void, token_of

Body = dict[str, JsonValue]
UNKNOWN = "unknown"
"""How a version was made that no rotation of ours made."""


@dataclass(frozen=True)
class History:
    """
    `ordered` is what somebody asked for and no rotation has begun for: none was open, or consumers had the new version of the
    open one already, or it was being taken back. `past` are those that are over, in order.
    """

    open: Rotation | None = None
    ordered: Order | None = None
    past: tuple[Rotation, ...] = ()

    @property
    def made(self) -> frozenset[str]:
        """The versions of all rotations that are over."""
        return frozenset(each.token for each in self.past)


def told(secret: str, bodies: Iterable[Mapping[str, Any]]) -> History:
    current: Rotation | None = None
    ordered: Order | None = None
    past: list[Rotation] = []
    for body in bodies:
        phase, at = body["phase"], datetime.fromisoformat(body["at"])
        if phase == "order":
            if body["order"] is None:
                ordered = None
            elif current is None or current.back is not None:
                # Taking back is finished first: half of it cannot be told from somebody else's hand.
                ordered = Order(body["order"])
            elif current.live is not None:
                # Consumers have the new one already, so that is what has to be replaced, once the old one is gone.
                ordered = Order(body["order"])
                hurried = ordered if ordered is Order.EMERGENCY else current.order
                current = current.model_copy(update={"order": hurried})
            else:
                current = current.model_copy(update={"order": Order(body["order"])})
        elif phase == "begin":
            # Two that begin at once work out the same one.
            if current is None:
                current, ordered = _begun(secret, body, at), None
        elif current is None or body["token"] != current.token:
            continue
        elif phase == "end":
            past.append(current.model_copy(update={"outcome": body["outcome"]}))
            current = None
        else:
            current = current.model_copy(update=_change(current, body, at))
    return History(current, ordered, tuple(past))


def _begun(secret: str, body: Mapping[str, Any], at: datetime) -> Rotation:
    return Rotation(
        secret=secret,
        token=body["token"],
        old=body["old"],
        old_mark=body["old_mark"],
        old_since=datetime.fromisoformat(body["old_since"]),
        order=Order(body["order"]),
        begun=at,
    )


def _change(rotation: Rotation, body: Mapping[str, Any], at: datetime) -> dict[str, object]:
    match body["phase"], body.get("step"):
        case "back", _:
            return {"back": at, "refused_at": body.get("refused_at", "")}
        case "about" | "done", "deliver":
            return {"given": _delivered(rotation, body, at)}
        case "about", "stage":
            return {"staging": at, "refused": False}
        case "about", "promote":
            return {"promoted": rotation.promoted or at}
        case "about", "label" if body["to"] == rotation.token:
            return {"live": at}
        case "about", "label":
            return {"returned": at}
        case "refused", "stage":
            return {"refused": True}
        case "done", "place":
            return {"placed": True}
        case "done", "try":
            return {"tried": rotation.tried | {body["where"]}}
        case "about", "void":
            return {"voiding": rotation.voiding | {body["version"]}}
        case "done", "witness":
            return {"witnessed": True}
        case "about", "sever":
            return {"severing": rotation.severing or datetime.fromisoformat(body["until"])}
        case "done", "sever":
            return {"severed": at}
        case "done", "void":
            return {"voided": rotation.voided | {body["version"]}}
        case _:
            return {}


def _delivered(rotation: Rotation, body: Mapping[str, Any], at: datetime) -> tuple[Given, ...]:
    """The first try counts as the begin, where one follows the other for one version; an answer counts for the last try."""
    place, version = body["place"], body["version"]
    before = rotation.given_to(place)
    begun = before.begun if before is not None and before.version == version else at
    others = tuple(each for each in rotation.given if each.place != place)
    done = at if body["phase"] == "done" else None
    return (*others, Given(place=place, version=version, begun=begun, done=done))


def wanted(secret: str, versions: tuple[Version, ...], history: History) -> tuple[str | None, str]:
    """Which version consumers are to read, as things were ordered, and by which order it was made; None where none is."""
    rotation = history.open
    if history.ordered is not None:
        return coming(secret, versions, history), history.ordered.value
    if rotation is not None:
        version = rotation.token if rotation.back is None else rotation.old
        how = rotation.order.value if rotation.back is None else _made_by(rotation.old, history)
        return version, how
    current = [each.id for each in versions if CURRENT in each.stages]
    if len(current) != 1:
        return None, UNKNOWN
    return current[0], _made_by(current[0], history)


def coming(secret: str, versions: tuple[Version, ...], history: History) -> str | None:
    """The version that an order leads to; None where none can, because Secrets Manager's labels are not as they have to be."""
    rotation, past = history.open, history.made
    if rotation is not None and rotation.back is None and rotation.live is None:
        return rotation.token
    if rotation is not None:
        undone = (
            rotation.back is not None and rotation.promoted is None and rotation.old not in rotation.voiding
        )
        current = rotation.old if undone else rotation.token
        return token_of(secret, current, versions, past | {rotation.token})
    labelled = [each.id for each in versions if CURRENT in each.stages]
    return token_of(secret, labelled[0], versions, past) if len(labelled) == 1 else None


def _made_by(version: str, history: History) -> str:
    return next((each.order.value for each in reversed(history.past) if each.token == version), UNKNOWN)


def order_note(order: Order | None, at: datetime) -> Body:
    """None takes back what was ordered and not begun."""
    return {"phase": "order", "order": None if order is None else order.value, "at": at.isoformat()}


def back_note(rotation: Rotation, at: datetime) -> Body:
    return {"phase": "back", "token": rotation.token, "at": at.isoformat()}


def give_back_note(rotation: Rotation, step: GiveBack, at: datetime) -> Body:
    return {**back_note(rotation, at), "refused_at": step.place}


def begin_note(begin: Begin, order: Order, seen: Seen) -> Body:
    return {
        "phase": "begin",
        "token": begin.token,
        "old": begin.old.id,
        "old_mark": begin.old.mark,
        "old_since": begin.old.created.isoformat(),
        "order": order.value,
        "at": seen.now.isoformat(),
    }


def step_note(phase: str, act: Act, rotation: Rotation, seen: Seen) -> Body:
    body: Body = {
        "phase": phase,
        "token": rotation.token,
        "step": type(act).__name__.lower(),
        "at": seen.now.isoformat(),
    }
    match act:
        case Label():
            body |= {"to": act.to, "from": act.source}
        case Try():
            body["where"] = act.where
        case Void():
            body["version"] = act.version
            # From here on it may be off the list, and then its authority has to know which one it was.
            void = seen.version(act.version)
            if void is not None and void.certificate is not None:
                body["certificate"] = void.certificate.model_dump(mode="json")
        case Sever():
            body["until"] = act.until.isoformat()
        case Deliver():
            body |= {"place": act.place, "version": act.version}
    return body


def end_note(rotation: Rotation, end: End, at: datetime) -> Body:
    return {
        "phase": "end",
        "token": rotation.token,
        "outcome": end.outcome,
        "at": at.isoformat(),
    }
