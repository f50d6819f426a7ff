"""An app that this org never saw: in its tokens, in sign-ins, or in what calls its API."""

from datetime import timedelta

import polars as pl

from tasks.anomalies.examples import PERSON, daily, event, example
from tasks.anomalies.model import Aspect, Context, Detection, Severity
from tasks.anomalies.patterns import first_seen, text
from tasks.anomalies.views import Views

WATCHED = timedelta(days=14)


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """An org is watched for two weeks first; then an app is new once."""
    columns = ["ORG", "AT", "TIER", "USER", "APP"]
    signins = views.signins.filter("OK").select(*columns, "IP")
    calls = views.calls.select(*columns, "IP")
    tokens = views.raw("OauthToken")
    there = tokens.collect_schema().names()
    parts = [signins, calls]
    if "APP_NAME" in there and "USER_ID" in there:
        parts.append(
            tokens.select(
                "ORG",
                "AT",
                "TIER",
                USER=pl.col("USER_ID").str.slice(0, 15),
                APP="APP_NAME",
                IP=pl.lit(None, pl.String),
            )
        )
    new = first_seen(pl.concat(parts), ["ORG"], "APP", WATCHED)
    return new.with_columns(
        ACTOR="USER",
        EXPECTED=pl.lit("apps that were seen in this org before"),
        SEEN=text("the app {} for the first time", "APP"),
        KEYS=pl.concat_list("APP", "IP"),
        F_NEW_APP=pl.lit(1.0),
    )  # fmt: skip


_USUAL = daily(PERSON, STATUS="Success", APPLICATION="Browser", SOURCE_IP="203.0.113.7")
DETECTION = Detection(
    name="first-seen-app",
    title="An app that was never seen here",
    severity=Severity.ERROR,
    technique="T1550.001",
    needs=(frozenset({"LoginHistory"}), frozenset({"ApiTotalUsage"}), frozenset({"OauthToken"})),
    runbook="Ask who allowed it, by telephone: a caller may have talked them into it. Unknown: revoke its tokens and block the app.",
    judge=judge,
    aspect=Aspect.WHO,
    fires=(
        example(LoginHistory=[*_USUAL, event(PERSON, STATUS="Success", APPLICATION="My Ticket Portal", SOURCE_IP="192.0.2.7")]),
        example("a token", LoginHistory=_USUAL, OauthToken=[event(PERSON, APP_NAME="Data Loader Pro")]),
    ),
    quiet=(
        example("known", LoginHistory=[*_USUAL, event(PERSON, STATUS="Success", APPLICATION="Browser")]),
        example("an org that is watched since yesterday", LoginHistory=[_USUAL[-1], event(PERSON, STATUS="Success", APPLICATION="Anything")]),
    ),
)  # fmt: skip
