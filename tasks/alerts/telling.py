"""Telling: every message that is due to every channel, by one run at a time."""

from collections.abc import Callable, Sequence

from tasks.alerts.ledger_gateway import AlertBook
from tasks.alerts.model import ChannelState, Letter, Message
from tasks.alerts.outbox import UNSURE, pending, settled
from tasks.alerts.pace import after_failure, after_success, is_resting, paced
from tasks.errors import AlertUndelivered, BulkheadError
from tasks.estate.model import AlertChannel
from tasks.estate.model_alerts import AlertsPolicy

Send = Callable[[Message, AlertChannel], None]
_TRIES = 2
"""How often a message may be sent that perhaps arrived: once more than it should be seen."""


def tell(
    book: AlertBook, channels: Sequence[AlertChannel], send: Send, policy: AlertsPolicy | None = None
) -> tuple[int, list[BulkheadError]]:
    """
    How many letters were taken, and why others were not.

    Two runs at once would both find a letter untold and both send it, so the second waits for the first. Raises
    AlreadyRunning when that takes too long.

    A channel that fails is left alone for the rest of the turn and longer each time. PagerDuty and webhooks fold what they
    have already, so there a message is sent until an answer came. Slack and mail do not: each try is noted before it is
    made, and after the second without a sure answer the alert is told by the other channels of its org instead. Where there
    is no other, it is sent again until it is sure: an alert seen three times is better than none.
    """
    policy = policy or AlertsPolicy()
    sent, failed = 0, list[BulkheadError]()
    with book.turn():
        states = book.states([channel.name for channel in channels])
        due = pending(book.current(), channels, policy, book.now)
        for channel in channels:
            mine = [letter for letter in due if letter.channel == channel.name]
            state = states[channel.name]
            if not mine or is_resting(state, book.now):
                continue
            if not channel.kind.folds:
                mine = _given_on(book, channel, channels, mine)
            messages = paced(mine, policy, state, book.now, folds=channel.kind.folds)
            taken, errors = _tell_all(book, channel, messages, send, policy, state)
            sent += taken
            failed += errors
        book.settle(settled(book.current(), channels, policy))
    return sent, failed


def _given_on(
    book: AlertBook, channel: AlertChannel, channels: Sequence[AlertChannel], letters: list[Letter]
) -> list[Letter]:
    """What is left for this channel once those that it may have are noted as such, so that the others tell them."""
    tries = book.tries()
    if not any(tries.get(each.name, 0) >= _TRIES for each in letters):
        return letters
    marks = {each.id: each.delivered for each in book.current()}

    def can_be_given(letter: Letter) -> bool:
        others = [c.name for c in channels if c.name != channel.name and _covers(c, letter)]
        return tries.get(letter.name, 0) >= _TRIES and any(
            f"{name}:{UNSURE}" not in marks[letter.id] for name in others
        )

    given = [each for each in letters if can_be_given(each)]
    book.told(given, {}, sure=False)
    return [each for each in letters if each not in given]


def _covers(channel: AlertChannel, letter: Letter) -> bool:
    return letter.alert.is_about_every_org or letter.alert.org in channel.orgs


def _tell_all(
    book: AlertBook,
    channel: AlertChannel,
    messages: Sequence[Message],
    send: Send,
    policy: AlertsPolicy,
    state: ChannelState,
) -> tuple[int, list[BulkheadError]]:
    """Up to the first failure, or the second where the channel only took exception to one message."""
    taken, failed, left = 0, list[BulkheadError](), set[str]()
    for message in messages:
        letters = [message] if isinstance(message, Letter) else list(message.letters)
        if any(letter.id in left for letter in letters):
            # Its end must not come before its beginning.
            continue
        try:
            _tell(book, channel, message, letters, send)
        except BulkheadError as error:
            failed.append(error)
            left |= {letter.id for letter in letters}
            asked = error.retry_after if isinstance(error, AlertUndelivered) else None
            state = after_failure(state, policy, book.now, asked)
            book.keep({channel.name: state})
            if len(failed) > 1 or not (isinstance(error, AlertUndelivered) and error.refused):
                break
            continue
        state = after_success(state, book.now)
        book.told(letters, {channel.name: state})
        taken += len(letters)
    return taken, failed


def _tell(
    book: AlertBook, channel: AlertChannel, message: Message, letters: Sequence[Letter], send: Send
) -> None:
    if channel.kind.folds:
        send(message, channel)
        return
    book.trying(letters)
    try:
        send(message, channel)
    except BulkheadError as error:
        if not (isinstance(error, AlertUndelivered) and error.doubtful):
            book.untried(letters)
        raise
