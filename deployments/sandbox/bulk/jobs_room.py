"""The door of /jobs: ingest or query."""

from deployments.sandbox.bulk import ingest, query
from deployments.sandbox.rest.call import Call
from deployments.sandbox.rest.errors import not_found
from deployments.sandbox.wire import Reply


def answer(one: Call) -> Reply:
    rooms = {"ingest": ingest.answer, "query": query.answer}
    kind = one.parts[1] if len(one.parts) > 1 else ""
    if kind not in rooms or one.tooling:
        raise not_found()
    one.notes["api"] = "bulk2"
    return rooms[kind](one)
