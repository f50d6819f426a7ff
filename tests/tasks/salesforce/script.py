"""An org made of answers to queries: for what a truthful estate would not refuse or fill on demand."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson

from tests.tasks.salesforce.stub import Answer, Call, Script

Rows = list[dict[str, Any]]
Reply = Callable[[str], Rows | tuple[str, str]]
"""From a SOQL text to its rows, or to (errorCode, message)."""
CEILING = 2500
"""An org that counts more rows than it gives is what OauthToken queries meet."""
_FAULT = (
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault>'
    "<faultcode>sf:{code}</faultcode></e:Fault></e:Body></e:Envelope>"
)
_EMPTY = b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body/></e:Envelope>'


def scripted(reply: Reply, *, fault: str | None = None, resources: Mapping[str, Any] | None = None) -> Script:
    """`fault` is what the Metadata API answers; `resources` maps what a GET path ends with to its body."""

    def part(url: str) -> tuple[int, Any]:
        if url.endswith("/describe"):
            return 200, {"name": url.split("/")[-2], "fields": []}
        found = reply(parse_qs(urlsplit(url).query)["q"][0])
        if isinstance(found, tuple):
            return 400, [{"errorCode": found[0], "message": found[1]}]
        return 200, {"totalSize": len(found), "done": True, "records": found[:CEILING]}

    def script(call: Call) -> Answer:
        if "/Soap/" in call.path:
            return Answer(500, _FAULT.format(code=fault).encode()) if fault else Answer(200, _EMPTY)
        if call.method == "GET":
            known = (
                body for end, body in (resources or {}).items() if call.path.partition("?")[0].endswith(end)
            )
            return Answer(body=next(known, {}))
        parts = orjson.loads(call.body)["compositeRequest"]
        answers = [(p["referenceId"], *part(p["url"])) for p in parts]
        return Answer(
            body={
                "compositeResponse": [
                    {"referenceId": r, "httpStatusCode": s, "httpHeaders": {}, "body": b}
                    for r, s, b in answers
                ]
            }
        )

    return script
