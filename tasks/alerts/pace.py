"""How fast a channel is told: pauses after failures, a cap for each hour, and many letters in one message."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tasks.alerts.model import ChannelState, Digest, Letter, Message, Severity, Telling
from tasks.estate.model_alerts import AlertsPolicy

_HOUR = timedelta(hours=1)


def is_resting(state: ChannelState, now: datetime) -> bool:
    """A failure that lies ahead was noted by a clock that has been put back since, and holds nobody up."""
    return state.failed is not None and state.failed <= now < state.failed + timedelta(seconds=state.wait)


def after_failure(
    state: ChannelState, policy: AlertsPolicy, now: datetime, asked: timedelta | None
) -> ChannelState:
    """`asked` is for how long the channel itself wants to be left alone; up to an hour of that is believed."""
    grown = policy.retry_first * 2 ** min(state.failures, 20)
    wait = max(min(grown, policy.retry_longest), min(asked or timedelta(0), _HOUR))
    return state.model_copy(
        update={"failures": state.failures + 1, "failed": now, "wait": wait.total_seconds()}
    )


def after_success(state: ChannelState, now: datetime) -> ChannelState:
    sent = (*(at for at in state.sent if now - _HOUR < at <= now), now)
    return state.model_copy(update={"failures": 0, "failed": None, "wait": 0.0, "sent": sent})


def paced(
    letters: Sequence[Letter], policy: AlertsPolicy, state: ChannelState, now: datetime, *, folds: bool
) -> list[Message]:
    """
    What one channel is told now; what is left waits for another turn.

    Most severe first, since noise is also made to hide something. Critical letters have room of their own. Where a channel
    does not fold what it knows, letters that come late or would be too many become one digest; that has room, too.
    """
    if not letters:
        return []
    cap = policy.rule(letters[0].channel).max_per_hour
    used = sum(now - _HOUR < at <= now for at in state.sent)
    ordered = sorted(letters, key=urgency, reverse=True)
    critical = [each for each in ordered if urgency(each) == Severity.CRITICAL.rank]
    others = ordered[len(critical) :]
    limit = max(2 * cap - used, 0)
    if folds:
        alone = critical[:limit]
        return [*alone, *others[: max(cap - used - len(alone), 0)]]
    alone = critical if len(critical) <= limit else critical[: max(limit - 1, 0)]
    room = max(cap - used - len(alone), 0)
    late = [each for each in others if now - each.at >= policy.fold_after]
    folded = critical[len(alone) :] + (late if len(late) > 1 else [])
    single = [each for each in others if each not in folded]
    if len(single) + bool(folded) > room:
        kept = max(room - 1, 0)
        single, folded = single[:kept], folded + single[kept:]
    told: list[Message] = [*alone, *single]
    if folded and (room > 0 or len(alone) < min(len(critical), limit)):
        letters = sorted(folded, key=urgency, reverse=True)
        told.append(Digest(channel=letters[0].channel, at=now, letters=tuple(letters)))
    return told


def urgency(letter: Letter) -> int:
    """What is over or looked after can wait, however severe it was."""
    calm = letter.resolved or letter.what is Telling.ACKNOWLEDGED
    return Severity.INFO.rank if calm else letter.alert.severity.rank
