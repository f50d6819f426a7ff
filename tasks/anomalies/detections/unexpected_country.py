"""A successful sign-in from a country the org does not expect, or that this user never came from."""

import polars as pl

from tasks.anomalies.examples import ADMIN, PERSON, daily, event, example
from tasks.anomalies.model import Aspect, Context, Detection, Severity
from tasks.anomalies.patterns import first_seen, text, within
from tasks.anomalies.views import Views


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """New for a person counts only outside the expected countries, or for machines and administrators."""
    came = views.signins.filter(pl.col("OK") & (pl.col("COUNTRY").str.len_bytes() == 2))
    pairs = [(org, country) for org, countries in context.countries.items() for country in countries]
    expected = pl.LazyFrame(
        {"ORG": [pair[0] for pair in pairs], "COUNTRY": [pair[1] for pair in pairs]},
        schema={"ORG": pl.String, "COUNTRY": pl.String},
    )
    listed = came.filter(pl.col("ORG").is_in(sorted(context.countries)))
    outside = listed.join(expected, on=["ORG", "COUNTRY"], how="anti").sort("AT")
    # A journey is told once, not on each of its days.
    strange = within(outside.unique(["ORG", "USER", "COUNTRY"], keep="first", maintain_order=True), context)
    new = views.known(first_seen(came, ["ORG", "USER"], "COUNTRY"))
    sensitive = (pl.col("KIND") == "machine") | pl.col("ADMIN")
    return pl.concat([strange, new.filter(sensitive)], how="diagonal").with_columns(
        ACTOR="USER",
        EXPECTED=pl.lit("a country that this org expects and this user came from before"),
        SEEN=text("a sign-in from {} ({})", "COUNTRY", "IP"),
        KEYS=pl.concat_list("KEY"),
        F_COUNTRY=pl.lit(1.0),
    )


_HOME = daily(PERSON, COUNTRY_ISO="US", STATUS="Success", SOURCE_IP="203.0.113.7")
DETECTION = Detection(
    name="unexpected-country",
    title="Sign-in from an unexpected country",
    severity=Severity.ERROR,
    technique="T1078.004",
    needs=(frozenset({"LoginHistory"}), frozenset({"Login"}), frozenset({"LoginEvent"})),
    runbook="Ask the person by telephone whether they travel. A machine does not travel: end its sessions and rotate its secret.",
    judge=judge,
    aspect=Aspect.WHO,
    fires=(
        example(
            LoginHistory=[*_HOME, event(PERSON, COUNTRY_ISO="KP", STATUS="Success", SOURCE_IP="192.0.2.1")]
        ),
        example(
            "new for an administrator",
            LoginHistory=[
                *daily(ADMIN, COUNTRY_ISO="US", STATUS="Success"),
                event(ADMIN, COUNTRY_ISO="GB", STATUS="Success"),
            ],
        ),
    ),
    quiet=(
        example("expected", LoginHistory=[*_HOME, event(PERSON, COUNTRY_ISO="GB", STATUS="Success")]),
        example(
            "did not get in",
            LoginHistory=[*_HOME, event(PERSON, COUNTRY_ISO="KP", STATUS="Invalid Password")],
        ),
    ),
)
