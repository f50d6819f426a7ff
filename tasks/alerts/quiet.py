"""Quiet hours by the wall clock of their time zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

from tasks.estate.model_alerts import QuietHours


def is_quiet(hours: QuietHours, now: datetime) -> bool:
    """
    By what a clock on the wall shows: of the hour that daylight saving repeats both are quiet, of the one it skips none is.
    """
    shown = now.astimezone(ZoneInfo(hours.time_zone)).time()
    if hours.start < hours.end:
        return hours.start <= shown < hours.end
    return shown >= hours.start or shown < hours.end
