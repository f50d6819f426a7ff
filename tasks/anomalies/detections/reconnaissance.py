"""Somebody looks around: lists of objects, descriptions, counts, the organisation and its limits within half an hour."""

from datetime import timedelta

import polars as pl

from tasks.anomalies.examples import MACHINE, PERSON, event, example
from tasks.anomalies.model import Context, Detection, Severity
from tasks.anomalies.patterns import counted, text, within
from tasks.anomalies.views import Views

SPAN, KINDS = timedelta(minutes=30), 3
_PATH = r"/v\d+\.\d+"


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """Three kinds of five; counts have to be of three objects. Judged once for each user in a while of looking around."""
    path, query = pl.col("PATH").fill_null(""), pl.col("QUERY").fill_null("")
    kind = (
        pl.when(query.str.contains(r"(?i)^\s*select\s+count\(\s*\)"))
        .then(pl.lit("count"))
        .when(query.str.contains(r"(?i)\bfrom\s+organization\b"))
        .then(pl.lit("organization"))
        .when(path.str.contains(rf"{_PATH}/limits/?$"))
        .then(pl.lit("limits"))
        .when(path.str.contains(rf"{_PATH}/sobjects/?$") | (path == "describeGlobal"))
        .then(pl.lit("list"))
        .when(path.str.contains(r"/describe/?$") | path.str.contains(r"^describeSObject"))
        .then(pl.lit("describe"))
    )
    columns = ["ORG", "AT", "TIER", "USER", "IP"]
    calls = within(views.calls, context, SPAN)
    if "QUERY" not in calls.collect_schema():
        calls = calls.with_columns(QUERY=pl.lit(None, pl.String))
    reads = within(views.reads, context, SPAN)
    looked = pl.concat([f.with_columns(LOOKED=kind).select(*columns, "LOOKED") for f in (calls, reads)])
    around = counted(
        looked.filter(pl.col("LOOKED").is_not_null()), ["ORG", "USER"], KINDS, distinct="LOOKED", period=SPAN
    )
    return around.with_columns(
        ACTOR="USER",
        EVENTS="COUNT",
        EXPECTED=pl.lit("an integration that knows what it wants"),
        SEEN=text("{} ways of looking around within half an hour", "COUNT"),
        F_WAYS=pl.col("COUNT").cast(pl.Float64),
    )


def _calls(*paths: str, every: float = 1) -> list[dict[str, object]]:
    return [
        event(MACHINE, minutes=n * every, URI=f"/services/data/v66.0{path}", METHOD="GET", QUERY="")
        for n, path in enumerate(paths)
    ]


_COUNTS = [
    event(
        MACHINE,
        minutes=5 + n,
        QUERY=f"SELECT COUNT() FROM {name}",
        METHOD="GET",
        URI="/services/data/v66.0/query",
    )
    for n, name in enumerate(("Account", "User", "Case"))
]
DETECTION = Detection(
    name="reconnaissance",
    title="Somebody looks around in the org",
    severity=Severity.ERROR,
    technique="T1526",
    needs=(frozenset({"RestApi"}), frozenset({"ApiTotalUsage"}), frozenset({"ApiEvent"})),
    runbook="See from where, with which app. Unknown: revoke the token before the reading begins; it follows within minutes.",
    judge=judge,
    fires=(example(RestApi=[*_calls("/sobjects/", "/sobjects/Case/describe/", "/limits/"), *_COUNTS]),),
    quiet=(
        example("a client that asks what an object has", RestApi=_calls("/sobjects/", "/sobjects/Case/describe/")),
        example("over an hour", RestApi=_calls("/sobjects/", "/sobjects/Case/describe/", "/limits/", every=31)),
        example("work", ApiEvent=[event(PERSON, QUERY="SELECT Id FROM Case", ROWS_RETURNED=9)]),
    ),
)  # fmt: skip
