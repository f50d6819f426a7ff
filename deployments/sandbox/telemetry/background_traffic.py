"""
Files about what people did before anybody looked: made when they are asked for, always the same.

All rows of a file are equally long, so that its length is known without making it. Who did what follows from the number
of the row, the day and the org alone.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from deployments.sandbox.telemetry.columns import header, line

PER_PERSON = {"AuraRequest": 10.0, "URI": 6.0, "DatabaseSave": 2.0, "Report": 0.3, "ContentTransfer": 0.2}
"""Events of a person on a working day."""
_WEEKEND, _MONTH_END = 0.05, 1.6
_BUSY_HOURS = 10 * 3600
_FIRST_HOUR = 8
_PAGES = ("/lightning/r/Account/", "/lightning/r/Contact/", "/lightning/r/Case/___", "/lightning/page/home_")
_PRIME = 2_654_435_761


@dataclass(frozen=True)
class Recipe:
    """What a file is made from. `people` is how many users share its rows."""

    kind: str
    day: datetime
    rows: int
    salt: int


def season(day: date, weekend: float = _WEEKEND, closing: float = _MONTH_END) -> float:
    """How much of a working day's traffic such a day has: its last days close a month, weekends are quiet."""
    return weekend if day.weekday() >= 5 else closing if day.day >= 28 else 1.0


def rows_of(kind: str, people: int, day: datetime) -> int:
    return int(PER_PERSON[kind] * people * season(day))


def length(recipe: Recipe, organization: str, users: list[str]) -> int:
    """Bytes of the file."""
    if not recipe.rows:
        return len(header(recipe.kind))
    return len(header(recipe.kind)) + recipe.rows * len(_row(recipe, organization, users, 0))


def text(recipe: Recipe, organization: str, users: list[str]) -> str:
    rows = (_row(recipe, organization, users, number) for number in range(recipe.rows))
    return header(recipe.kind) + "".join(rows)


def _row(recipe: Recipe, organization: str, users: list[str], number: int) -> str:
    mixed = (number * 7_919 + recipe.salt * 104_729 + recipe.day.toordinal() * 31) * _PRIME & 0xFFFFFFFF
    user = users[mixed % len(users)]
    moment = recipe.day + timedelta(hours=_FIRST_HOUR, seconds=number * _BUSY_HOURS // max(recipe.rows, 1))
    milliseconds = 100 + mixed % 900
    cells = {
        "EVENT_TYPE": recipe.kind,
        "TIMESTAMP": f"{moment:%Y%m%d%H%M%S}.{milliseconds}",
        "TIMESTAMP_DERIVED": f"{moment:%Y-%m-%dT%H:%M:%S}.{milliseconds}Z",
        "REQUEST_ID": f"4{mixed:010d}{number % 10**10:010d}",
        "ORGANIZATION_ID": organization[:15],
        "USER_ID": user[:15],
        "USER_ID_DERIVED": user,
        "RUN_TIME": 100 + mixed % 900,
        "CPU_TIME": 10 + mixed % 90,
        "DB_TOTAL_TIME": f"{mixed % 10**8:08d}",
        "SESSION_KEY": f"{mixed:016X}",
        "LOGIN_KEY": f"{mixed % 65_521:016X}",
        "CLIENT_IP": f"203.0.113.{100 + mixed % 100}",
        "URI": _PAGES[mixed % len(_PAGES)],
        "REQUEST_STATUS": "S",
        "USER_TYPE": "S",
        "ACTION_MESSAGE": "RecordGvpController.getRecord",
        "REQUEST_METHOD": "POST",
        "DML_TYPE": "Update",
        "KEY_PREFIX": ("001", "003", "500")[mixed % 3],
        "NUM_ROWS": 1 + mixed % 9,
        "ENTITY_NAME": "Account",
        "ORIGIN": "ReportRunUsingAsynchronousApi",
        "ROW_COUNT": 100 + mixed % 900,
        "NUMBER_COLUMNS": 1 + mixed % 9,
        "TRANSACTION_TYPE": "VersionDownload",
        "FILE_TYPE": "PDF",
        "SIZE_BYTES": 10_000 + mixed % 90_000,
    }
    return line(recipe.kind, cells)
