"""Queries and searches for words that stand beside secrets in records."""

import polars as pl

from tasks.anomalies.examples import MACHINE, event, example
from tasks.anomalies.model import Context, Detection, Severity
from tasks.anomalies.patterns import within
from tasks.anomalies.views import Views

HUNTED = r"(?i)(like\s+'%?|find\s*\{[^}]*)[^'}]*(akia|passwor[dt]|secret|api.?key|private.?key|token|snowflakecomputing|vpn)"
_SEARCHED = (
    r"(?i)\b(akia\w*|passwords?|secrets?|api.?keys?|private.?keys?|access.?tokens?|snowflakecomputing\S*)\b"
)


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """The text itself stays where it is: only that it was hunted for is told."""
    asked = within(views.reads, context).filter(pl.col("QUERY").str.contains(HUNTED))
    parts = [asked.select("ORG", "AT", "TIER", "USER", "IP", "KEY")]
    searches = views.raw("Search")
    if "SEARCH_QUERY" in searches.collect_schema():
        found = within(searches, context).filter(pl.col("SEARCH_QUERY").str.contains(_SEARCHED))
        none = pl.lit(None, pl.String)
        parts.append(
            found.select("ORG", "AT", "TIER", USER=pl.col("USER_ID").str.slice(0, 15), IP=none, KEY=none)
        )
    return pl.concat(parts).with_columns(
        ACTOR="USER",
        EXPECTED=pl.lit("nobody looks for passwords and keys in records"),
        SEEN=pl.lit("a query for words that stand beside secrets"),
        KEYS=pl.concat_list("KEY", "IP"),
        F_HUNTED=pl.lit(1.0),
    )


DETECTION = Detection(
    name="secret-hunting",
    title="Somebody looks for secrets in records",
    severity=Severity.CRITICAL,
    technique="T1552",
    needs=(frozenset({"RestApi"}), frozenset({"ApiEvent"}), frozenset({"Search"}), frozenset({"API"})),
    runbook="Revoke the token. Then scan what was read for secrets, and rotate each of them, not only Salesforce's.",
    judge=judge,
    fires=(
        example(ApiEvent=[event(MACHINE, QUERY="SELECT Id FROM Case WHERE Description LIKE '%AKIA%'", ROWS_RETURNED=3)]),
        example("a search", Search=[event(MACHINE, SEARCH_QUERY="snowflakecomputing.com password")]),
    ),
    quiet=(
        example("a field of that name", ApiEvent=[event(MACHINE, QUERY="SELECT Id, TokenCount__c FROM Case", ROWS_RETURNED=3)]),
        example("a customer", Search=[event(MACHINE, SEARCH_QUERY="Secretariat Stables")]),
    ),
)  # fmt: skip
