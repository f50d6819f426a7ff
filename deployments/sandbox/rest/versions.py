"""Which API versions there are, and what one version offers."""

from deployments.sandbox.rest.call import Call
from deployments.sandbox.rest.releases import NEWEST, OLDEST
from deployments.sandbox.wire import Reply, json_reply

SEASONS = ("Spring", "Summer", "Winter")
RESOURCES = (
    "actions", "appMenu", "chatter", "composite", "connect", "jobs", "limits", "metadata", "named-credentials", "parameterizedSearch",
    "process", "query", "queryAll", "quickActions", "recent", "search", "sobjects", "tabs", "theme", "tooling",
)  # fmt: skip
TOOLING = ("query", "search", "sobjects")


def listing() -> Reply:
    """GET /services/data, the one resource that needs no session."""
    return json_reply(
        200,
        [
            {"label": _label(number), "url": f"/services/data/v{number}.0", "version": f"{number}.0"}
            for number in range(OLDEST, NEWEST + 1)
        ],
    )


def resources(one: Call) -> Reply:
    names = TOOLING if one.tooling else RESOURCES
    addresses = {name: f"{one.base}/{name}" for name in names}
    if not one.tooling:
        addresses["identity"] = f"{one.org.instance_url}/id/{one.store.org_id}/{one.caller.user_id}"
    return json_reply(200, dict(sorted(addresses.items())))


def _label(number: int) -> str:
    """Three releases a year: 31 was Summer '14, 67 is Summer '26."""
    season, year = SEASONS[(number - 30) % 3], 14 + (number - 30) // 3
    # The winter release carries the number of the year that follows.
    return f"{season} '{year + (1 if season == 'Winter' else 0)}"
