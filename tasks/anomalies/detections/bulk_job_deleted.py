"""A bulk job is deleted by somebody who never deletes any: then the list of jobs does not show what left."""

from typing import Any

import polars as pl

from tasks.anomalies.examples import MACHINE, daily, event, example
from tasks.anomalies.model import Context, Detection, Severity
from tasks.anomalies.patterns import text, within
from tasks.anomalies.views import Views


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """Tools that tidy up after themselves do it from the beginning; they were seen to do so a week ago."""
    job = pl.col("PATH").str.contains(r"/jobs/(query|ingest)/[\w*]+")
    deleted = views.calls.filter(job & (pl.col("METHOD").str.to_uppercase() == "DELETE"))
    before = deleted.group_by("ORG", "USER").agg(FIRST=pl.col("AT").min())
    new = within(deleted, context).join(before, on=["ORG", "USER"])
    return new.filter(pl.col("AT") - pl.col("FIRST") < pl.duration(days=7)).with_columns(
        ACTOR="USER",
        EXPECTED=pl.lit("jobs that stay in the list until Salesforce removes them"),
        SEEN=text("a bulk job deleted from {}", "IP"),
        KEYS=pl.concat_list("PATH"),
        F_DELETED=pl.lit(1.0),
    )


_DELETE: dict[str, Any] = {
    "HTTP_METHOD": "DELETE",
    "API_RESOURCE": "/v66.0/jobs/query/750000000000001",
    "CLIENT_IP": "192.0.2.7",
}
DETECTION = Detection(
    name="bulk-job-deleted",
    title="A bulk job was deleted",
    severity=Severity.ERROR,
    technique="T1070",
    needs=(frozenset({"ApiTotalUsage"}), frozenset({"RestApi"}), frozenset({"BulkApiRequest"})),
    runbook="Look the job up in the event files: they keep what the list of jobs lost. Then treat it as theft.",
    judge=judge,
    fires=(example(ApiTotalUsage=[event(MACHINE, **_DELETE)]),),
    quiet=(
        example("as every day", ApiTotalUsage=[*daily(MACHINE, **_DELETE), event(MACHINE, **_DELETE)]),
        example("looked at", ApiTotalUsage=[event(MACHINE, **{**_DELETE, "HTTP_METHOD": "GET"})]),
    ),
)
