"""Many different files within an hour, and many more than this user ever took."""

import polars as pl

from tasks.anomalies.examples import PERSON, event, example
from tasks.anomalies.model import HOUR, Context, Detection, Severity
from tasks.anomalies.patterns import counted, text, within
from tasks.anomalies.views import Views

LEAST = 50


def judge(views: Views, context: Context) -> pl.LazyFrame:
    taken = within(views.files, context, HOUR).filter(
        pl.col("ACTION").str.contains("(?i)download|VersionDownload")
    )
    return counted(taken, ["ORG", "USER"], LEAST, distinct="DOCUMENT").with_columns(
        ACTOR="USER",
        EVENTS="COUNT",
        EXPECTED=pl.lit(f"fewer than {LEAST} different files an hour"),
        SEEN=text("{} different files within an hour", "COUNT"),
        F_FILES=pl.col("COUNT") / LEAST,
    )


def _files(count: int, every: float) -> list[dict[str, object]]:
    return [
        event(PERSON, minutes=n * every, DOCUMENT_ID=f"069{n:012d}", TRANSACTION_TYPE="VersionDownload") for n in range(count)
    ]  # fmt: skip


DETECTION = Detection(
    name="mass-download",
    title="Many files were downloaded",
    severity=Severity.ERROR,
    technique="T1213.004",
    needs=(frozenset({"ContentTransfer"}), frozenset({"FileEventStore"})),
    runbook="See which libraries and whose. Ask the manager; end the sessions if nobody expected it.",
    judge=judge,
    fires=(example(ContentTransfer=_files(50, 1)),),
    quiet=(
        example("over days", ContentTransfer=_files(50, 30)),
        example("a few", ContentTransfer=_files(49, 1)),
    ),
)
