"""
Carries a rotation as far as it goes now: look, judge, note, act, note what came of it, look again.

What is about to be done is in the ledger before it is done, and nothing is believed that was not looked at again.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from tasks.credentials.deliveries import Deliver, GiveBack
from tasks.credentials.model import Order, Proof, Rotation, Seen
from tasks.credentials.rotation import (
    Act,
    Begin,
    End,
    Kind,
    Place,
    Sever,
    Stop,
    Try,
    Void,
    Wait,
    Witness,
)
from tasks.credentials.stepping import next_step
from tasks.errors import CloudError, LoginRefused, OrgError
from tasks.estate.model_rotation import RotationPolicy

ATTEMPTS = 3
"""How often one run takes the same step; what does not take then is a person's."""


class Hands(Protocol):
    """On Secrets Manager and the org. All raise CloudError or OrgError; then nobody knows whether it was done."""

    def look(self) -> Seen: ...

    def carry_out(self, act: Act) -> None: ...

    def proof(self, seen: Seen, rotation: Rotation | None) -> Proof: ...


class Book(Protocol):
    """The ledger's pages about one credential. Every note is in place when the call returns, or it raises."""

    def open_rotation(self) -> Rotation | None: ...

    def ordered(self) -> Order | None: ...

    def made(self) -> frozenset[str]:
        """Versions of the rotations that are over."""
        ...

    def begin(self, begin: Begin, order: Order, seen: Seen) -> None: ...

    def about(self, act: Act, seen: Seen) -> None: ...

    def done(self, act: Act, seen: Seen) -> None: ...

    def refused(self, act: Act, seen: Seen) -> None: ...

    def end(self, end: End, seen: Seen) -> None: ...

    def give_back(self, step: GiveBack, seen: Seen) -> None: ...


@dataclass(frozen=True)
class Progress:
    """Where a rotation stands. `trouble` is what kept it from going on now; the next run tries again."""

    step: Wait | End | Stop
    rotation: Rotation | None
    proof: Proof
    seen: Seen
    acts: tuple[Act, ...] = ()
    trouble: str = ""


class Occupied(Exception):
    """The org had a staged set already when it was asked for one."""


def go_on(
    secret: str,
    kind: Kind,
    hands: Hands,
    book: Book,
    days: RotationPolicy,
    waived: Callable[[Seen], bool],
) -> Progress:
    """
    Until there is something to wait for, it is over, or a person has to look. Raises what looking raises.

    Can be repeated at any time, after any failure.
    """
    tried: Counter[Act] = Counter()
    acts: list[Act] = []
    proofs: dict[object, Proof] = {}
    while True:
        seen = hands.look()
        rotation = book.open_rotation()
        # What is asked for it is long, and the same for as long as a run takes.
        moment = None if rotation is None else (rotation.token, rotation.live, rotation.given)
        if moment not in proofs:
            proofs[moment] = hands.proof(seen, rotation)
        proof = proofs[moment]
        step = next_step(secret, kind, seen, rotation, days, proof, book.ordered(), waived(seen), book.made())
        match step:
            case Wait() | Stop():
                return Progress(step, rotation, proof, seen, tuple(acts))
            case End():
                book.end(step, seen)
                if book.ordered() is not None:
                    continue
                return Progress(step, rotation, proof, seen, tuple(acts))
            case Begin():
                book.begin(step, book.ordered() or Order.SCHEDULED, seen)
                continue
            case GiveBack():
                book.give_back(step, seen)
                continue
        if tried[step] == ATTEMPTS:
            stop = Stop(f"{type(step).__name__.lower()} was tried {ATTEMPTS} times and is still not so")
            return Progress(stop, rotation, proof, seen, tuple(acts))
        tried[step] += 1
        book.about(step, seen)
        acts.append(step)
        try:
            hands.carry_out(step)
        except Occupied:
            book.refused(step, seen)
        except LoginRefused as error:
            # A new key takes minutes to reach every server of the org.
            wait = Wait(seen.now, "the new one is not accepted yet")
            return Progress(wait, rotation, proof, seen, tuple(acts), str(error))
        except (CloudError, OrgError) as error:
            wait = Wait(seen.now, "an answer did not come")
            return Progress(wait, rotation, proof, seen, tuple(acts), str(error))
        else:
            if isinstance(step, (Try, Place, Void, Deliver, Witness, Sever)):
                book.done(step, seen)
