"""Every request is noted as it is answered; what it means is worked out when somebody looks."""

from typing import Any

from deployments.sandbox.orgs import Org
from deployments.sandbox.telemetry.files import write_down
from deployments.sandbox.wire import Reply, Request

MOST_NOTED = 1_000
"""Events held in memory; with one more they are written down."""


def request_done(org: Org, request: Request, reply: Reply, milliseconds: float) -> None:
    """Costs a list entry; everything else happens when somebody looks."""
    notes = request.notes
    if "user_id" in notes:
        org.store.note_event("request", _facts(request, reply, notes, milliseconds))
        if org.store.noted >= MOST_NOTED:
            write_down(org.store)
            org.store.commit()


def _facts(request: Request, reply: Reply, notes: dict[str, Any], milliseconds: float) -> dict[str, Any]:
    kept = {
        name: notes.get(name)
        for name in ("user_id", "user", "session_id", "app", "operation", "entity", "rows", "soql", "job")
    }
    return {
        **kept,
        "api": notes.get("api") or ("tooling" if "/tooling/" in request.path else "rest"),
        "method": request.method,
        "path": request.path,
        "source_ip": request.source_ip,
        "client": request.headers.get("sforce-call-options", "").partition("client=")[2],
        "status": reply.status,
        "sent": len(request.body),
        "received": len(reply.body),
        "milliseconds": round(milliseconds),
    }
