"""Metadata is deployed, or a package installed, by somebody whose work that is not."""

import polars as pl

from tasks.anomalies.examples import ADMIN, CONTEXT, PERSON, event, example
from tasks.anomalies.model import Aspect, Context, Detection, Member, Severity
from tasks.anomalies.patterns import text, within
from tasks.anomalies.views import Views

_WRITES = r"(?i)meta_(deploy|synchronous_(create|update|upsert|delete))"


def judge(views: Views, context: Context) -> pl.LazyFrame:
    """Who deploys is in the inventory; without anybody there, nothing is said."""
    parts = []
    for kind, column in (
        ("MetadataApiOperation", "OPERATION"),
        ("PackageInstall", "OPERATION_TYPE"),
        ("ChangeSetOperation", "OPERATION"),
    ):
        frame = views.raw(kind)
        there = frame.collect_schema().names()
        if column in there:
            who = [name for name in ("USER_ID_DERIVED", "USER_ID") if name in there]
            user = pl.coalesce(who).str.slice(0, 15)
            parts.append(
                frame.select(
                    "ORG", "AT", "TIER", USER=user, WHAT=pl.col(column).cast(pl.String), SOURCE=pl.lit(kind)
                )
            )
    none = pl.LazyFrame(
        schema={
            "ORG": pl.String,
            "AT": pl.Datetime("us", "UTC"),
            "TIER": pl.String,
            "USER": pl.String,
            "WHAT": pl.String,
            "SOURCE": pl.String,
        }
    )
    done = views.known(within(pl.concat([*parts, none]), context))
    writes = (pl.col("SOURCE") != "MetadataApiOperation") | pl.col("WHAT").str.contains(_WRITES)
    deployers = sorted({member.org for member in context.members if member.deploys})
    return done.filter(
        writes & ~pl.col("DEPLOYS").fill_null(False) & pl.col("ORG").is_in(deployers)
    ).with_columns(
        ACTOR="USER",
        EXPECTED=pl.lit("changes by those who deploy"),
        SEEN=text("{} by somebody else", "WHAT"),
        F_STRANGER=pl.lit(1.0),
    )


_CONTEXT = CONTEXT.model_copy(
    update={"members": (*CONTEXT.members, Member(org="hq", user="005000000000D01", deploys=True))}
)
DETECTION = Detection(
    name="deployment-by-stranger",
    title="Somebody else deployed",
    severity=Severity.ERROR,
    technique="T1648",
    needs=(
        frozenset({"MetadataApiOperation"}),
        frozenset({"PackageInstall"}),
        frozenset({"ChangeSetOperation"}),
    ),
    runbook="Compare what was deployed with the last release: Apex and profiles first. Unknown: deploy the release again.",
    judge=judge,
    aspect=Aspect.SETTING,
    fires=(example(context=_CONTEXT, MetadataApiOperation=[event(PERSON, OPERATION="meta_deploy")]),),
    quiet=(
        example(
            "whose work it is",
            _CONTEXT,
            MetadataApiOperation=[event("005000000000D01", OPERATION="meta_deploy")],
        ),
        example("a look", _CONTEXT, MetadataApiOperation=[event(ADMIN, OPERATION="meta_list")]),
    ),
)
