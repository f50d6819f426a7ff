"""A route's calls made again as its user over the wire, without leaving anything behind."""

from collections.abc import Iterable
from typing import Any

from deployments.bench.wire import Refused, UserOnWire
from tasks.usage.model import Call, Operation

_HARMLESS = frozenset({"PROCESSING_HALTED", "DUPLICATE_VALUE", "REQUIRED_FIELD_MISSING"})
"""Nothing that a right could mend: the transaction was ended on purpose, or the made-up record was not good enough."""
_TEXTS = frozenset({"string", "textarea", "email", "phone", "url"})
_WRITES = frozenset({Operation.CREATE, Operation.EDIT, Operation.UPSERT})


def failing(user: UserOnWire, calls: Iterable[Call]) -> tuple[str, ...]:
    """Calls that the org refuses now, with its code. Deletes and calls that do not tell what they did are not made."""
    found = []
    for call in calls:
        try:
            if call.operation is Operation.READ:
                names = ", ".join(sorted(call.fields)) or "Id"
                user.get("query", q=f"SELECT {names} FROM {call.sobject} LIMIT 1")
            elif call.operation in _WRITES:
                _write(user, call)
        except Refused as refused:
            found.append(f"{call}: {refused.code}")
    return tuple(found)


def _write(user: UserOnWire, call: Call) -> None:
    """
    In one transaction that is ended by a last step that cannot succeed, so that nothing stays. Raises Refused.

    The org then says of what it would have done that it was halted, and of what it refused why.
    """
    described = {f["name"]: f for f in user.get(f"sobjects/{call.sobject}/describe")["fields"]}
    row = next(
        iter(user.rows(f"SELECT {', '.join(['Id', *sorted(call.fields)])} FROM {call.sobject} LIMIT 1")), None
    )
    values = {
        name: f"again {name}" if described[name]["externalId"] else (row or {}).get(name)
        for name in call.fields
    }
    place = f"/services/data/v66.0/sobjects/{call.sobject}"
    steps: list[dict[str, Any]] = []
    if call.operation is not Operation.EDIT:
        needed = {
            name: "Replayed"
            for name, f in described.items()
            if f["createable"] and not f["nillable"] and not f["defaultedOnCreate"] and f["type"] in _TEXTS
        }
        steps.append({"method": "POST", "url": place, "referenceId": "made", "body": {**needed, **values}})
    if call.operation is not Operation.CREATE and row is not None:
        steps.append(
            {"method": "PATCH", "url": f"{place}/{row['Id']}", "referenceId": "changed", "body": values}
        )
    steps.append({"method": "GET", "url": f"{place}/nothing", "referenceId": "ends"})
    answers = user.post("composite", {"allOrNone": True, "compositeRequest": steps})["compositeResponse"]
    for answer in answers[:-1]:
        codes = {each["errorCode"] for each in answer["body"] if isinstance(each, dict)}
        if wrong := codes - _HARMLESS:
            raise Refused(", ".join(sorted(wrong)))
