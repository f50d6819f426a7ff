"""Nouns of the fleet."""

from collections.abc import Mapping
from dataclasses import dataclass

from tasks.audit.model import OrgEvidence
from tasks.value import Value


class Shard(Value):
    """Orgs that one run reads, by alias. `name` stays the same while other shards change."""

    name: str
    orgs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """
    What was read of some orgs: evidence by org, why others have none, and the Salesforce API calls that each cost. An org is in
    `evidence` or in `unreadable`.
    """

    evidence: Mapping[str, OrgEvidence]
    unreadable: Mapping[str, str]
    calls: Mapping[str, int]
