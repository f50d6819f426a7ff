"""Orders of restore drills as the ledger tells them: which stands, which is still to be carried out, what the next is called. Pure."""

from collections.abc import Iterable, Mapping

from pydantic import JsonValue

from tasks.backups.model import DrillOrder
from tasks.value import Value

Body = dict[str, JsonValue]
ORDERED, CARRIED_OUT = "ordered", "carried-out"


class Orders(Value):
    """What was ordered for one sandbox about one org."""

    stands: DrillOrder | None = None
    """What the last note says; an order that was taken back leaves the one before it."""
    last: int = 0
    """The largest number that was ever given."""
    done: frozenset[int] = frozenset()

    @property
    def open(self) -> DrillOrder | None:
        """What is to be carried out. One that was followed by another, or came back with a way back, never is."""
        order = self.stands
        return (
            order if order is not None and order.order == self.last and order.order not in self.done else None
        )


def subject_of(target: str) -> str:
    """Under what the ledger has the orders of a sandbox."""
    return f"drill {target}"


def told(bodies: Iterable[Mapping[str, JsonValue]], org: str) -> Orders:
    """`bodies` are the sandbox's, in order."""
    stands: DrillOrder | None = None
    last, done = 0, set[int]()
    for body in bodies:
        if body.get("org") != org:
            continue
        if body["step"] == CARRIED_OUT:
            done.add(int(str(body["order"])))
            # Its order may have left for an archive.
            last = max(last, *done)
        elif body["step"] == ORDERED:
            held = body.get("what")
            stands = DrillOrder.model_validate(held) if isinstance(held, dict) else None
            last = max(last, stands.order if stands is not None else 0)
    return Orders(stands=stands, last=last, done=frozenset(done))


def order_note(org: str, what: DrillOrder | None) -> Body:
    """None takes back the only order there was."""
    return {"step": ORDERED, "org": org, "what": None if what is None else what.model_dump(mode="json")}


def done_note(org: str, order: int) -> Body:
    return {"step": CARRIED_OUT, "org": org, "order": order}
