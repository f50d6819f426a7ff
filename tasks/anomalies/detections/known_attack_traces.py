"""An address, an agent or an app's name from the list of known attacks, as long as the entry lasts."""

import polars as pl

from tasks.anomalies.examples import PERSON, event, example
from tasks.anomalies.model import Aspect, Context, Detection, Indicator, Severity
from tasks.anomalies.patterns import text, within
from tasks.anomalies.views import Views

_COLUMNS = {"address": "IP", "agent": "AGENT", "app": "APP"}


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """Agents and apps match by a part of their text, addresses whole. Clients write their agent themselves: silence proves nothing."""
    columns = ["ORG", "AT", "TIER", "USER", "IP", "AGENT", "APP"]
    seen = within(pl.concat([views.signins.select(columns), views.reads.select(columns)]), context)
    live = [each for each in context.indicators if each.expires > context.since]
    hits = [_matching(seen, each) for each in live]
    return pl.concat(hits) if hits else seen.limit(0).with_columns(ACTOR="USER")


def _matching(seen: pl.LazyFrame, indicator: Indicator) -> pl.LazyFrame:
    column = pl.col(_COLUMNS[indicator.kind])
    same = (
        column == indicator.value
        if indicator.kind == "address"
        else column.str.contains(indicator.value, literal=True)
    )
    return seen.filter(same & (pl.col("AT") < indicator.expires)).with_columns(
        ACTOR=pl.coalesce("USER", "IP"),
        EXPECTED=pl.lit("no trace of a known attack"),
        SEEN=text(f"the {indicator.kind} {{}}, listed by {indicator.source}", pl.lit(indicator.value)),
        KEYS=pl.concat_list("IP"),
        F_LISTED=pl.lit(1.0),
    )


DETECTION = Detection(
    name="known-attack-traces",
    title="A trace of a known attack",
    severity=Severity.CRITICAL,
    technique="T1078.004",
    needs=(frozenset({"LoginHistory"}), frozenset({"ApiEvent"}), frozenset({"Login"}), frozenset({"RestApi"})),
    runbook="Take it for true until shown otherwise: revoke the tokens, then read what was taken and look for secrets in it.",
    judge=judge,
    aspect=Aspect.WHO,
    conclusive=True,
    fires=(example(ApiEvent=[event(PERSON, USER_AGENT="Salesforce-Multi-Org-Fetcher/1.0", ROWS_RETURNED=1)]),),
    quiet=(
        example("an entry that is over", LoginHistory=[event(PERSON, SOURCE_IP="192.0.2.66", STATUS="Success")]),
        example("another agent", ApiEvent=[event(PERSON, USER_AGENT="python-requests/2.32.4", ROWS_RETURNED=1)]),
    ),
)  # fmt: skip
