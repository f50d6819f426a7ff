"""
Who read which sensitive field, by the text of queries; and which reads no telemetry can show. Pure.

A query names its fields, also once its values are masked. FIELDS(ALL) and its kin name none, so they count as reads of all.
"""

import re
from collections.abc import Collection, Mapping

import polars as pl

from tasks.usage.soql import reads

UNSEEN = {
    "single records by REST (GET sobjects/…/id)": "RestApi names the object and no field",
    "Bulk API 2.0 results": "BulkApi2 names the object; the query is in BulkApiResultEventStore alone, without rows",
    "reports and list views": "Report and ListViewEvent name the object; their columns are not in the files",
    "pages and Lightning components": "URI and AuraRequest name a page or an action, no object and no field",
    "Apex that serves others": "ApexRestApi names the method; its queries are not logged",
    "parts of composite requests": "only the parent is logged where CompositeApiSubrequest files are missing",
}
"""Ways to a field's values, and why the telemetry of an org does not name the field there."""
_ALL = re.compile(r"\bFIELDS\s*\(", re.IGNORECASE)
_BY = ("ORG", "USER_ID_DERIVED", "CONNECTED_APP_ID", "CLIENT_NAME", "CLIENT_IP")


def sensitive_reads(rows: pl.LazyFrame, sensitive: Collection[str]) -> pl.DataFrame:
    """
    By ORG, user, app, client and address: FIELD (`Contact.SSN__c`) with TIMES, ROWS, FIRST and LAST, for rows with a QUERY.

    `sensitive` are fields as `Object.Field`; case does not count. A path through a relationship counts for its last part's name,
    whatever its object: which one it is only the org's schema says.
    """
    names = rows.collect_schema().names()
    by = [name for name in _BY if name in names]
    count = pl.col("ROWS_PROCESSED") if "ROWS_PROCESSED" in names else pl.lit(None, pl.Int64)
    grouped = (
        rows.filter(pl.col("QUERY").is_not_null())
        .group_by(*by, "QUERY")
        .agg(pl.len().alias("TIMES"), count.sum().alias("ROWS"), pl.col("AT").min().alias("FIRST"), pl.col("AT").max().alias("LAST"))
        .collect(engine="streaming")
    )  # fmt: skip
    wanted = {field.lower(): field for field in sensitive}
    found: Mapping[str, list[str]] = {
        query: _named(query, wanted) for query in grouped["QUERY"].unique().to_list()
    }
    fields = pl.DataFrame(
        {"QUERY": list(found), "FIELD": list(found.values())},
        schema={"QUERY": pl.String, "FIELD": pl.List(pl.String)},
    )
    each = grouped.join(fields, on="QUERY").explode("FIELD").filter(pl.col("FIELD").is_not_null())
    return (
        each.group_by(*by, "FIELD")
        .agg(pl.col("TIMES").sum(), pl.col("ROWS").sum(), pl.col("FIRST").min(), pl.col("LAST").max())
        .sort(*by, "FIELD")
    )


def _named(query: str, wanted: Mapping[str, str]) -> list[str]:
    read = reads(query)
    if read is None:
        return []
    sobject, fields = read[0].lower(), [name.lower() for name in read[1]]
    if _ALL.search(query):
        return sorted(whole for field, whole in wanted.items() if field.partition(".")[0] == sobject)
    direct = {f"{sobject}.{name}" for name in fields if "." not in name}
    through = {name.rpartition(".")[2] for name in fields if "." in name}
    return sorted(
        whole for field, whole in wanted.items() if field in direct or field.partition(".")[2] in through
    )
