"""An app that this org never saw: in its tokens, in sign-ins, or in what calls its API."""

from datetime import timedelta

import polars as pl

from tasks.anomalies.examples import NOON, PERSON, daily, event, example
from tasks.anomalies.model import Aspect, Context, Detection, Severity
from tasks.anomalies.patterns import first_seen, text
from tasks.anomalies.views import Views

WATCHED = timedelta(days=14)
LATE = timedelta(days=1)
"""A token whose making is longer ago than this when it is first seen was not made between two looks."""


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """
    An org is watched for two weeks first; then an app is new once. Tokens that were there at the first look at them are no news:
    the first look tells them all.
    """
    columns = ["ORG", "AT", "TIER", "USER", "APP"]
    signins = views.signins.filter("OK").select(*columns, "IP", THERE=pl.lit(value=False))
    calls = views.calls.select(*columns, "IP", THERE=pl.lit(value=False))
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
                THERE=_was_there() if "CREATED_DATE" in there else pl.lit(value=False),
            )
        )
    new = first_seen(pl.concat(parts), ["ORG"], "APP", WATCHED).filter(~pl.col("THERE"))
    return new.with_columns(
        ACTOR="USER",
        EXPECTED=pl.lit("apps that were seen in this org before"),
        SEEN=text("the app {} for the first time", "APP"),
        KEYS=pl.concat_list("APP", "IP"),
        F_NEW_APP=pl.lit(1.0),
    )  # fmt: skip


def _was_there() -> pl.Expr:
    made = pl.col("CREATED_DATE").cast(pl.Datetime("us", "UTC"))
    first_look = pl.col("AT").min().over("ORG")
    return ((made < first_look) & (made < pl.col("AT") - LATE)).fill_null(value=False)


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
        example("the first token of all", LoginHistory=_USUAL, OauthToken=[event(PERSON, APP_NAME="Data Loader Pro", CREATED_DATE=NOON - timedelta(minutes=4))]),
        example("a token that was made while nobody looked", LoginHistory=_USUAL, OauthToken=[event(PERSON, days=-9, APP_NAME="Browser", CREATED_DATE=NOON - timedelta(days=45)), event(PERSON, APP_NAME="Data Loader Pro", CREATED_DATE=NOON - timedelta(days=2))]),
    ),
    quiet=(
        example("known", LoginHistory=[*_USUAL, event(PERSON, STATUS="Success", APPLICATION="Browser")]),
        example("a token that was there when watching began", LoginHistory=_USUAL, OauthToken=[event(PERSON, APP_NAME="Reporting", CREATED_DATE=NOON - timedelta(days=45))]),
        example("an org that is watched since yesterday", LoginHistory=[_USUAL[-1], event(PERSON, STATUS="Success", APPLICATION="Anything")]),
    ),
)  # fmt: skip
