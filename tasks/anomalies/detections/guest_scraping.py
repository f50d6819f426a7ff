"""One address asks a site's endpoints as a guest, hundreds of times an hour."""

import polars as pl

from tasks.anomalies.examples import event, example
from tasks.anomalies.model import HOUR, Context, Detection, Severity
from tasks.anomalies.patterns import counted, text, within
from tasks.anomalies.views import Views

LEAST = 300


def judge(views: Views, context: Context) -> pl.LazyFrame:
    asked = within(views.guests, context, HOUR)
    return counted(asked, ["ORG", "IP"], LEAST).with_columns(
        ACTOR="IP",
        EVENTS="COUNT",
        EXPECTED=pl.lit(f"fewer than {LEAST} requests an hour from one visitor"),
        SEEN=text("{} requests as a guest within an hour", "COUNT"),
        F_REQUESTS=pl.col("COUNT") / LEAST,
    )


def _asked(count: int, kind: str) -> list[dict[str, object]]:
    return [event("", minutes=n / 10, CLIENT_IP="192.0.2.7", USER_TYPE=kind) for n in range(count)]


DETECTION = Detection(
    name="guest-scraping",
    title="A guest takes a site apart",
    severity=Severity.ERROR,
    technique="T1190",
    needs=(frozenset({"AuraRequest"}), frozenset({"Sites"})),
    runbook="See what the guest user may read, and take it away; block the address at the gateway meanwhile.",
    judge=judge,
    fires=(example(AuraRequest=_asked(300, "Guest")),),
    quiet=(
        example("a visitor", AuraRequest=_asked(40, "Guest")),
        example("signed in", AuraRequest=_asked(400, "Standard")),
    ),
)
