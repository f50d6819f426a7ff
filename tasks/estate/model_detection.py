"""Nouns of policy.yaml about detection: how far it looks back, how long alerts stay, and where its own file lies."""

from datetime import timedelta

from pydantic import Field

from tasks.value import Value


class DetectionPolicy(Value):
    tuning: str = ""
    """
    The file of what detections leave alone, and of what they have to know. Empty: `detections.yaml` below BULKHEAD_HOME, where there
    is one.
    """
    history: timedelta = Field(default=timedelta(days=42), ge=timedelta(days=7), le=timedelta(days=400))
    """
    How far back the days go that what is usual is learned from, before the week that is judged. Nine weeks at most count, in which two
    ends of months lie.
    """
    resolve_after: timedelta = Field(default=timedelta(hours=24), gt=timedelta(0))
    """An alert is over when its detection has said nothing more of the same actor for so long."""
    feedback_lasts: timedelta = Field(default=timedelta(days=30), gt=timedelta(0))
    """How long somebody's word counts that an alert was a false alarm, or a true one."""
    known_for: timedelta = Field(default=timedelta(hours=6), gt=timedelta(0))
    """How old what is known of an org's users and fields may be before it is read again."""
