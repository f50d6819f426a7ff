"""A machine, or a vendor's token, that comes from a network it never came from."""

import polars as pl

from tasks.anomalies.examples import MACHINE, PERSON, daily, event, example
from tasks.anomalies.model import Aspect, Context, Detection, Severity
from tasks.anomalies.patterns import first_seen, text
from tasks.anomalies.views import Views

FEW = 6


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """
    Machines are known by the inventory. Refresh tokens count where their app had few networks on the days before: then they are a vendor's, and not
    of people on the road.
    """
    columns = ["ORG", "AT", "TIER", "USER", "NET", "IP", "KEY"]
    machines = views.members.lazy().filter(pl.col("KIND") == "machine").select("ORG", "USER")
    came = pl.concat([views.signins.filter("OK").select(columns), views.reads.select(columns)])
    mine = came.join(machines, on=["ORG", "USER"])
    new = first_seen(mine, ["ORG", "USER"], "NET").with_columns(WHAT=pl.lit("this machine"))
    refreshed = views.signins.filter(
        pl.col("OK") & (pl.col("SUBTYPE") == "OauthRefreshToken") & pl.col("APP").is_not_null()
    )
    vendor = first_seen(refreshed, ["ORG", "APP"], "NET")
    day = pl.col("AT").dt.date().alias("DAY")
    began = (
        refreshed.filter(pl.col("NET").is_not_null()).group_by("ORG", "APP", "NET").agg(pl.col("AT").min())
    )
    fresh = began.group_by("ORG", "APP", day).agg(FRESH=pl.len()).sort("DAY")
    known = fresh.select(
        "ORG", "APP", "DAY", NETWORKS=(pl.col("FRESH").cum_sum() - pl.col("FRESH")).over("ORG", "APP")
    )
    tokens = vendor.with_columns(day).join(known, on=["ORG", "APP", "DAY"]).filter(pl.col("NETWORKS") < FEW)
    both = pl.concat([new, tokens.with_columns(WHAT=pl.lit("this app's token"))], how="diagonal")
    return both.with_columns(
        ACTOR="USER",
        EXPECTED=pl.lit("the networks of the weeks before"),
        SEEN=text("{} from {}", "WHAT", "IP"),
        KEYS=pl.concat_list("KEY"),
        F_NEW_NETWORK=pl.lit(1.0),
    )


_USUAL = daily(MACHINE, STATUS="Success", SOURCE_IP="203.0.113.7")
_TOKENS = daily(
    PERSON, STATUS="Success", SOURCE_IP="203.0.113.7", APPLICATION="Drift", LOGIN_SUB_TYPE="OauthRefreshToken"
)
DETECTION = Detection(
    name="known-app-new-network",
    title="A machine or a vendor's token from a new network",
    severity=Severity.CRITICAL,
    technique="T1550.001",
    needs=(frozenset({"LoginHistory"}), frozenset({"LoginEvent"}), frozenset({"Login"}), frozenset({"RestApi"}), frozenset({"ApiEvent"})),
    runbook="Ask who runs it whether it moved. It did not: revoke its tokens, rotate its secret, and allow its own addresses only.",
    judge=judge,
    aspect=Aspect.WHO,
    fires=(
        example(LoginHistory=[*_USUAL, event(MACHINE, STATUS="Success", SOURCE_IP="192.0.2.7")]),
        example("a vendor's token", LoginHistory=[*_TOKENS, {**_TOKENS[0], **event(PERSON, SOURCE_IP="192.0.2.7")}]),
    ),
    quiet=(
        example("the address next door", LoginHistory=[*_USUAL, event(MACHINE, STATUS="Success", SOURCE_IP="203.0.113.99")]),
        example("a person on the road", LoginHistory=[*daily(PERSON, STATUS="Success", SOURCE_IP="203.0.113.7"), event(PERSON, STATUS="Success", SOURCE_IP="192.0.2.7")]),
        example("inside the platform", LoginHistory=[*_USUAL, event(MACHINE, STATUS="Success", SOURCE_IP="Salesforce.com IP")]),
    ),
)  # fmt: skip
