"""Two successful sign-ins too far apart for the time between them."""

from typing import Any

import polars as pl

from tasks.anomalies.examples import PERSON, daily, event, example
from tasks.anomalies.model import DAY, Aspect, Context, Detection, Severity
from tasks.anomalies.patterns import grouped, text, within
from tasks.anomalies.views import Views

KILOMETRES_PER_HOUR, LEAST_KILOMETRES = 900.0, 100.0
_DIAMETER = 12_742.0


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """Addresses without a place are passed over; so are networks that the user came from on an earlier day, such as a VPN's."""
    came = views.signins.filter(pl.col("OK") & pl.col("LAT").is_not_null() & pl.col("LON").is_not_null())
    first = pl.col("AT").min().over("ORG", "USER", "NET")
    placed = (
        came.filter(pl.col("NET").is_not_null())
        .with_columns(KNOWN=pl.col("AT") - first > pl.lit(DAY))
        .sort("AT")
    )
    before = {name: pl.col(name).shift(1).over("ORG", "USER") for name in ("AT", "LAT", "LON", "IP")}
    pairs = within(
        placed.with_columns(**{f"{name}_BEFORE": value for name, value in before.items()}), context
    ).filter(pl.col("AT_BEFORE").is_not_null() & ~pl.col("KNOWN"))
    hours = ((pl.col("AT") - pl.col("AT_BEFORE")).dt.total_seconds() / 3600).clip(lower_bound=1 / 60)
    far = pairs.with_columns(KILOMETRES=_distance()).with_columns(SPEED=pl.col("KILOMETRES") / hours)
    return far.filter(
        (pl.col("KILOMETRES") > LEAST_KILOMETRES) & (pl.col("SPEED") > KILOMETRES_PER_HOUR)
    ).with_columns(
        ACTOR="USER",
        SINCE="AT_BEFORE",
        EVENTS=pl.lit(2),
        EXPECTED=pl.lit(f"at most {KILOMETRES_PER_HOUR:.0f} km/h between two sign-ins"),
        SEEN=text("{} km apart, from {} to {}", grouped("KILOMETRES"), "IP_BEFORE", "IP"),
        KEYS=pl.concat_list("KEY"),
        F_SPEED=pl.col("SPEED") / KILOMETRES_PER_HOUR,
    )


def _distance() -> pl.Expr:
    """Haversine, in kilometres."""
    lat, before = pl.col("LAT").radians(), pl.col("LAT_BEFORE").radians()
    half = ((lat - before) / 2).sin() ** 2
    across = ((pl.col("LON").radians() - pl.col("LON_BEFORE").radians()) / 2).sin() ** 2
    return _DIAMETER * (half + lat.cos() * before.cos() * across).sqrt().arcsin()


_LONDON: dict[str, Any] = {
    "STATUS": "Success",
    "SOURCE_IP": "203.0.113.7",
    "LATITUDE": 51.5,
    "LONGITUDE": -0.1,
}
_SYDNEY: dict[str, Any] = {
    "STATUS": "Success",
    "SOURCE_IP": "192.0.2.7",
    "LATITUDE": -33.9,
    "LONGITUDE": 151.2,
}
DETECTION = Detection(
    name="impossible-travel",
    title="Two sign-ins too far apart",
    severity=Severity.ERROR,
    technique="T1078.004",
    needs=(frozenset({"LoginHistory"}), frozenset({"LoginEvent"})),
    runbook="Ask the person by telephone. One of the two is somebody else: end all sessions and reset the sign-in.",
    judge=judge,
    aspect=Aspect.WHO,
    fires=(example(LoginHistory=[event(PERSON, **_LONDON), event(PERSON, minutes=60, **_SYDNEY)]),),
    quiet=(
        example("a day later", LoginHistory=[event(PERSON, days=-1, **_LONDON), event(PERSON, **_SYDNEY)]),
        example("the VPN of every day", LoginHistory=[*daily(PERSON, 5, **_SYDNEY), event(PERSON, **_LONDON, days=-6), event(PERSON, minutes=60, **_SYDNEY)]),
    ),
)  # fmt: skip
