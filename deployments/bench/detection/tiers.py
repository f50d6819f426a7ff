"""
The same facts as each tier tells them, in the columns that are documented for it, and when they can be read.

Live: half a minute to two minutes after the event (assumed), asked every five. Hourly: files three to six hours after their
hour (Event Monitoring: "hourly files arrive three to six hours after"), daily ones two to six hours after their day, one in
fifty up to three days later; both asked every quarter of an hour.
"""

from datetime import datetime, timedelta

import numpy as np
import polars as pl

from tasks.anomalies.model import DAY, HOUR, Tier
from tasks.telemetry.columns import LOGIN_CODES

POLL = {
    Tier.LIVE: timedelta(minutes=5),
    Tier.HOURLY: timedelta(minutes=15),
    Tier.DAILY: timedelta(minutes=15),
}
DELIVERY = timedelta(seconds=5)
_TEXTS = {code: text.capitalize() for text, code in reversed(LOGIN_CODES.items())}
_ROOM = ["ORG", "AT"]


def frames(facts: dict[str, pl.DataFrame], tier: Tier) -> dict[str, pl.LazyFrame]:
    made = live(facts) if tier is Tier.LIVE else files(facts)
    return {kind: frame.with_columns(TIER=pl.lit(tier.value)).lazy() for kind, frame in made.items()}


def live(facts: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """ApiEvent has queries only, and no Bulk 2.0; of a bulk query's results an event says the query, not how many rows."""
    signin, read = facts["signin"], facts["read"]
    queries = read.filter((pl.col("FAMILY") == "rest") & pl.col("QUERY").is_not_null())
    reports = read.filter(pl.col("FAMILY").is_in(["report", "export"]))
    return {
        "LoginHistory": signin.select(
            *_ROOM, USER_ID="USER", SOURCE_IP="IP", COUNTRY_ISO="COUNTRY",
            STATUS=pl.col("STATUS").replace_strict(_TEXTS, default=pl.col("STATUS")), LOGIN_TYPE="TYPE", LOGIN_SUB_TYPE="SUBTYPE",
            APPLICATION="APP", BROWSER="AGENT", TLS_PROTOCOL=pl.lit("TLS 1.3"), LATITUDE="LAT", LONGITUDE="LON", ID="KEY",
        ),
        "ApiEvent": queries.select(
            *_ROOM, USER_ID="USER", CONNECTED_APP_ID="APP", QUERIED_ENTITIES=_filled("ENTITY"), ROWS_RETURNED="ROWS", SOURCE_IP="IP",
            LOGIN_KEY="KEY", QUERY="QUERY", OPERATION=pl.lit("Query"), USER_AGENT="AGENT",
        ),
        "BulkApiResultEventStore": read.filter(pl.col("FAMILY") == "bulk").select(
            *_ROOM, USER_ID="USER", SOURCE_IP="IP", LOGIN_KEY="KEY", QUERY="QUERY"
        ),
        "ReportEvent": reports.select(
            *_ROOM, USER_ID="USER", QUERIED_ENTITIES="ENTITY", ROWS_PROCESSED="ROWS", SOURCE_IP="IP", LOGIN_KEY="KEY", REPORT_ID="JOB",
            OPERATION=pl.when(pl.col("FAMILY") == "export").then(pl.lit("ReportExported")).otherwise(pl.lit("ReportRun")),
        ),
        "ListViewEvent": read.filter(pl.col("FAMILY") == "list").select(
            *_ROOM, USER_ID="USER", QUERIED_ENTITIES="ENTITY", ROWS_PROCESSED="ROWS", SOURCE_IP="IP", LOGIN_KEY="KEY"
        ),
        "LoginAsEvent": facts["login_as"].select(*_ROOM, USER_ID="USER", DELEGATED_USERNAME="TARGET", SOURCE_IP="IP", LOGIN_KEY="KEY"),
        "SetupAuditTrail": facts["change"].select(*_ROOM, CREATED_BY_ID="USER", ACTION="ACTION", DISPLAY="DISPLAY"),
    }  # fmt: skip


def files(facts: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """
    Files know row counts, paths and methods, and neither an app's name at sign-in nor a place on the map; set-up's audit trail is
    an object and no file: of it, PermissionUpdate and Sandbox tell a part.
    """
    signin, read = facts["signin"], facts["read"]
    rest = read.filter(pl.col("FAMILY") == "rest")
    who = {"USER_ID": pl.col("USER").str.slice(0, 15), "USER_ID_DERIVED": pl.col("USER")}
    given = facts["change"].filter(pl.col("ACTION").is_in(["PermSetAssign", "PermSetUnassign"]))
    sandboxes = facts["change"].filter(pl.col("ACTION").str.contains("(?i)sandbox"))
    return {
        "Login": signin.select(
            *_ROOM, **who, USER_NAME="NAME", SOURCE_IP="IP", CLIENT_IP="IP", COUNTRY_CODE="COUNTRY", LOGIN_STATUS="STATUS",
            LOGIN_TYPE=pl.when(pl.col("TYPE") == "Application").then(pl.lit("A")).otherwise(pl.lit("i")), LOGIN_SUB_TYPE="SUBTYPE",
            BROWSER_TYPE="AGENT", TLS_PROTOCOL=pl.lit("TLSv1.3"), LOGIN_KEY="KEY",
        ),
        "RestApi": rest.select(
            *_ROOM, **who, CONNECTED_APP_ID="APP", ENTITY_NAME=_filled("ENTITY"), ROWS_PROCESSED="ROWS", CLIENT_IP="IP", LOGIN_KEY="KEY",
            QUERY="QUERY", URI="PATH", METHOD="METHOD", CLIENT_NAME="AGENT",
        ),
        "ApiTotalUsage": read.filter(pl.col("FAMILY").is_in(["rest", "bulk"])).select(
            *_ROOM, USER_ID="USER", CONNECTED_APP_NAME="APP", CLIENT_IP="IP", API_RESOURCE=pl.col("PATH").str.replace("/services/data", ""),
            HTTP_METHOD="METHOD", ENTITY_NAME="ENTITY",
        ),
        "BulkApi2": read.filter(pl.col("FAMILY") == "bulk").select(
            *_ROOM, **who, ENTITY_TYPE="ENTITY", RECORDS_PROCESSED="ROWS", CLIENT_IP="IP", LOGIN_KEY="KEY", JOB_ID="JOB",
            OPERATION_TYPE=pl.lit("query"),
        ),
        "Report": read.filter(pl.col("FAMILY").is_in(["report", "export"])).select(
            *_ROOM, **who, ENTITY_NAME="ENTITY", ROW_COUNT="ROWS", CLIENT_IP="IP", LOGIN_KEY="KEY", REPORT_ID="JOB",
            ORIGIN=pl.when(pl.col("FAMILY") == "export").then(pl.lit("ReportExported")).otherwise(pl.lit("ReportRunUsingUrl")),
        ),
        "LoginAs": facts["login_as"].select(*_ROOM, **who, DELEGATED_USER_NAME="TARGET", CLIENT_IP="IP", LOGIN_KEY="KEY"),
        "AuraRequest": facts["guest"].select(*_ROOM, USER_ID=pl.lit(""), CLIENT_IP="IP", USER_TYPE=pl.lit("Guest"), ACTION_MESSAGE=pl.lit("")),
        "PermissionUpdate": given.select(
            *_ROOM, USER_ID=pl.col("USER").str.slice(0, 15), UPDATE_TYPE="ACTION", PERMISSION_TYPE=pl.lit("PermissionSet"), DESCRIPTION="DISPLAY"
        ),
        "Sandbox": sandboxes.select(*_ROOM, USER_ID=pl.col("USER").str.slice(0, 15), STATUS=pl.lit("Created")),
    }  # fmt: skip


def _filled(column: str) -> pl.Expr:
    return pl.when(pl.col(column) != "").then(pl.col(column))


def told(tier: Tier, since: datetime, at: datetime, rng: np.random.Generator) -> datetime:
    """
    When an alert is delivered whose evidence lies between `since` and `at`: the last of its events or files to come, the next poll
    after it, and the delivery.
    """
    if tier is Tier.LIVE:
        came = at + timedelta(minutes=rng.uniform(0.5, 2.0))
    elif tier is Tier.HOURLY:
        hours = range(min(int((at - since) / HOUR) + 1, 24))
        first = at.replace(minute=0, second=0, microsecond=0) + HOUR
        came = max(first - hour * HOUR + timedelta(hours=rng.uniform(3, 6)) for hour in hours)
    else:
        first = at.replace(hour=0, minute=0, second=0, microsecond=0) + DAY
        late = timedelta(days=rng.uniform(1, 3)) if rng.random() < 0.02 else timedelta(0)
        came = first + timedelta(hours=rng.uniform(2, 6)) + late
    return came + POLL[tier] * rng.random() + DELIVERY
