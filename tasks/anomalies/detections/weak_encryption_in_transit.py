"""A sign-in over a protocol that is no longer safe, or many that fail to show their certificate."""

import polars as pl

from tasks.anomalies.examples import MACHINE, event, example
from tasks.anomalies.model import HOUR, Aspect, Context, Detection, Severity
from tasks.anomalies.patterns import counted, text, within
from tasks.anomalies.views import Views

CERTIFICATES = 3


def judge(views: Views, context: Context) -> pl.LazyFrame:
    tried = within(views.signins, context, HOUR)
    old = tried.filter(pl.col("TLS").str.contains(r"(?i)ssl|TLS ?v?1\.[01]\b")).with_columns(
        SEEN=text("a sign-in over {}", "TLS"), F_PROTOCOL=pl.lit(1.0)
    )
    failed = tried.filter(pl.col("STATUS") == "LOGIN_ERROR_MUTUAL_AUTHENTICATION")
    bursts = counted(failed, ["ORG", "USER"], CERTIFICATES).with_columns(
        SEEN=text("{} sign-ins within an hour without the right certificate", "COUNT"),
        F_CERTIFICATE=pl.col("COUNT") / CERTIFICATES,
    )
    both = pl.concat([old, bursts], how="diagonal")
    return both.with_columns(
        ACTOR="USER", EXPECTED=pl.lit("TLS 1.2 or newer, and the client's own certificate")
    )


DETECTION = Detection(
    name="weak-encryption-in-transit",
    title="Weak or refused encryption on the way",
    severity=Severity.WARNING,
    technique="T1557",
    needs=(frozenset({"LoginHistory"}), frozenset({"Login"}), frozenset({"LoginEvent"})),
    runbook="An old client is brought up to date. Without its certificate: somebody has the key of the app but not the certificate.",
    judge=judge,
    aspect=Aspect.WHO,
    fires=(
        example(LoginHistory=[event(MACHINE, STATUS="Success", TLS_PROTOCOL="TLS 1.0")]),
        example(
            "without a certificate",
            LoginHistory=[event(MACHINE, minutes=n, STATUS="Mutual authentication failed") for n in range(3)],
        ),
    ),
    quiet=(example("today's", LoginHistory=[event(MACHINE, STATUS="Success", TLS_PROTOCOL="TLS 1.3")]),),
)
