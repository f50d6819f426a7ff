"""What one step read from one org or cloud: sections, what is missing and why, and what it cost."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Reading:
    """
    `values` maps section names of OrgEvidence (or CloudEvidence) to their nouns; `gaps` maps section names that
    could not be read to the reason and the right or licence that is missing. A section is in one of the two, never
    in both. `calls` are API calls spent, `rows` the records read per object (for the minimum-calls formula).
    """

    org: str
    values: Mapping[str, Any]
    gaps: Mapping[str, str]
    calls: int
    rows: Mapping[str, int]
    server_time: datetime | None
