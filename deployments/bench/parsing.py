"""What turning an answer's bytes into records costs: simple-salesforce's ordered dicts against plain ones."""

import json
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

RECORDS, FIELDS, ROUNDS = 2000, 12, 3


@dataclass(frozen=True)
class ParseCost:
    """Microseconds per record of a full page, the best of a few rounds."""

    ordered: float
    plain: float


def parse_cost() -> ParseCost:
    page = json.dumps({"totalSize": RECORDS, "done": True, "records": [_record(n) for n in range(RECORDS)]})
    return ParseCost(_best(page, OrderedDict), _best(page, dict))


def _best(page: str, hook: Callable[[list[tuple[str, Any]]], Any]) -> float:
    return min(_once(page, hook) for _ in range(ROUNDS))


def _once(page: str, hook: Callable[[list[tuple[str, Any]]], Any]) -> float:
    began = perf_counter()
    json.loads(page, object_pairs_hook=hook)
    return (perf_counter() - began) / RECORDS * 1e6


def _record(number: int) -> dict[str, Any]:
    attributes = {"type": "User", "url": f"/services/data/v67.0/sobjects/User/005{number:012d}AAA"}
    return {"attributes": attributes, **{f"Field_{n}__c": f"value {number} {n}" for n in range(FIELDS)}}
