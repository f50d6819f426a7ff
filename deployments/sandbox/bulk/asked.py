"""What a request for a new job asks for, checked before there is one."""

from typing import Any

from deployments.sandbox.bulk.jobs import Jobs
from deployments.sandbox.bulk.table import DELIMITERS, LINE_ENDINGS
from deployments.sandbox.rest.call import Call
from deployments.sandbox.rest.errors import ApiError

PAGE = 1_000
_DEFAULTS = {"columnDelimiter": "COMMA", "lineEnding": "LF"}


def formats(document: dict[str, Any]) -> dict[str, str]:
    """Delimiter, line ending and content type. Raises ApiError."""
    found = {}
    for name, known in (("columnDelimiter", DELIMITERS), ("lineEnding", LINE_ENDINGS)):
        value = document.get(name) or _DEFAULTS[name]
        if not isinstance(value, str) or value.upper() not in known:
            raise ApiError(
                "INVALIDJOB", f"{name}: bad value for restricted picklist field: {str(value)[:40]}"
            )
        found[name] = value.upper()
    content = document.get("contentType") or "CSV"
    if not isinstance(content, str) or content.upper() != "CSV":
        raise ApiError("INVALIDJOB", f"contentType is not supported: {str(content)[:40]}")
    return {"delimiter": found["columnDelimiter"], "line_ending": found["lineEnding"]}


def listing(one: Call, kind: str, shown: Any) -> dict[str, Any]:
    """All jobs of a kind, newest first, filtered and cut into pages by `queryLocator`."""
    wanted = one.query
    jobs = [
        job
        for job in Jobs(one.store).all("query" if kind == "query" else "ingest")
        if wanted.get("concurrencyMode", "parallel").lower() == "parallel"
        and wanted.get("jobType", "").lower() in ("", f"v2{kind}", "bigobjectingest")
    ]
    start = int(wanted["queryLocator"]) if wanted.get("queryLocator", "").isdigit() else 0
    page = jobs[start : start + PAGE]
    rest = start + PAGE < len(jobs)
    following = f"{one.base}/jobs/{kind}?queryLocator={start + PAGE}" if rest else None
    return {"done": not rest, "nextRecordsUrl": following, "records": [shown(job) for job in page]}


def state_of(document: dict[str, Any], allowed: tuple[str, ...]) -> str:
    state = document.get("state")
    if state not in allowed:
        raise ApiError(
            "INVALIDJOBSTATE", f"Invalid job state: {str(state)[:40]}. Valid: {', '.join(allowed)}"
        )
    return str(state)


def text_of(document: dict[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ApiError("INVALIDJOB", f"{name} is required to create a job")
    return value
