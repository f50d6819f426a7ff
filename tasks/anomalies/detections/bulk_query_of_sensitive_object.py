"""A bulk query of an object that holds sensitive fields, by somebody who never made one."""

import polars as pl

from tasks.anomalies.examples import MACHINE, daily, event, example
from tasks.anomalies.model import Context, Detection, Severity
from tasks.anomalies.patterns import first_seen, text
from tasks.anomalies.views import Views


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """Watched by what the user reads in any way: a machine that reads otherwise every day is no stranger, its bulk job is."""
    reads = views.reads.filter(pl.col("USER").is_not_null())
    bulk = pl.col("FAMILY") == "bulk"
    sensitive = pl.col("ENTITY").is_in(sorted(context.sensitive))
    marked = reads.with_columns(WHAT=pl.when(bulk & sensitive).then(pl.col("ENTITY")).otherwise(pl.lit("")))
    return first_seen(marked, ["ORG", "USER"], "WHAT").filter(pl.col("WHAT") != "").with_columns(
        ACTOR="USER",
        RECORDS=pl.col("ROWS").fill_null(0),
        EXPECTED=pl.lit("bulk queries that this user made before"),
        SEEN=text("a first bulk query of {}", "ENTITY"),
        KEYS=pl.concat_list("KEY", "JOB"),
        F_FIRST_BULK=pl.lit(1.0),
    )  # fmt: skip


_USUAL = daily(MACHINE, ENTITY_TYPE="Account", RECORDS_PROCESSED=10)
DETECTION = Detection(
    name="bulk-query-of-sensitive-object",
    title="A first bulk query of sensitive records",
    severity=Severity.ERROR,
    technique="T1213.004",
    needs=(frozenset({"BulkApi2"}), frozenset({"BulkApi"}), frozenset({"BulkApiResultEventStore"})),
    runbook="Ask who runs it. Nobody: abort the job, revoke the token, and list the records that it carried.",
    judge=judge,
    fires=(
        example(BulkApi2=[*_USUAL, event(MACHINE, ENTITY_TYPE="Case", RECORDS_PROCESSED=10)]),
        example("seen while it is read", BulkApi2=_USUAL, BulkApiResultEventStore=[event(MACHINE, QUERY="SELECT Id FROM Contact")]),
    ),
    quiet=(
        example("nothing sensitive", BulkApi2=[*_USUAL, event(MACHINE, ENTITY_TYPE="Product2", RECORDS_PROCESSED=10)]),
        example("as every day", BulkApi2=[*daily(MACHINE, ENTITY_TYPE="Case", RECORDS_PROCESSED=10), event(MACHINE, ENTITY_TYPE="Case", RECORDS_PROCESSED=9)]),
    ),
)  # fmt: skip
