"""An assessment without Prefect: the same gateways and the same judgement, timed stage by stage."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from deployments.bench.sessions import connection
from tasks.audit.evidence import assemble, assemble_cloud, assess, derive
from tasks.audit.model import Assessment
from tasks.aws.cloud import AwsConnection, Cloud
from tasks.credentials.gateway import read_exposed, read_stored
from tasks.encryption.classify import classify
from tasks.encryption.gateway import read_fields
from tasks.estate.model import Estate, OrgEntry
from tasks.estate.policy import Policy
from tasks.inventory.gateway import read_inventory
from tasks.network.gateway import read_cloud_network, read_network
from tasks.permissions.gateway import read_permissions
from tasks.reading import Reading
from tasks.salesforce.session import Session
from tasks.salesforce.tokens import TokenManager

T = TypeVar("T")


@dataclass
class Timed:
    """What was read and judged; `seconds` by stage, summed over orgs that were read side by side."""

    assessment: Assessment
    readings: Mapping[str, tuple[Reading, ...]]
    seconds: dict[str, float] = field(default_factory=dict)


def assess_directly(estate: Estate, policy: Policy, *, threads: int = 5) -> Timed:
    """Raises OrgError and CloudError: a bench does not go on without an org."""
    seconds: dict[str, float] = {}

    def timed(stage: str, work: Callable[[], T]) -> T:
        started = time.perf_counter()
        try:
            return work()
        finally:
            seconds[stage] = seconds.get(stage, 0.0) + time.perf_counter() - started

    cloud = Cloud(AwsConnection(**estate.cloud.model_dump()))
    connections = {org.alias: connection(estate, cloud, org.alias) for org in estate.orgs}

    def read_org(org: OrgEntry) -> tuple[Reading, ...]:
        known = connections[org.alias]
        with Session(known, TokenManager(known)) as session:
            inventory = timed("inventory", lambda: read_inventory(session))
            found = timed("fields", lambda: read_fields(session, kind=org.kind.value))
            sensitive = classify(
                found.values.get("fields", ()),
                found.values.get("samples", ()),
                found.values.get("row_counts", {}),
            )
            names = [item.field.name for item in sensitive]
            profiles = sorted({(u.profile_id, u.profile_name) for u in inventory.values.get("users", ())})
            return (
                inventory,
                found,
                timed("permissions", lambda: read_permissions(session, fields=names)),
                timed("exposed", lambda: read_exposed(session)),
                timed("network", lambda: read_network(session, profiles=profiles)),
            )

    with ThreadPoolExecutor(threads) as pool:
        futures = {org.alias: pool.submit(read_org, org) for org in estate.orgs}
        stored = timed("secrets", lambda: read_stored(cloud))
        network = timed("cloud", lambda: read_cloud_network(cloud, buckets=policy.backups.buckets.values()))
        readings = {alias: future.result() for alias, future in futures.items()}
    assessment = timed("judgement", lambda: _judge(estate, policy, readings, (stored, network)))
    return Timed(assessment, readings, seconds)


def _judge(
    estate: Estate, policy: Policy, readings: Mapping[str, tuple[Reading, ...]], cloud: tuple[Reading, ...]
) -> Assessment:
    now = datetime.now(UTC)
    orgs = {org.alias: assemble(org, readings[org.alias], now) for org in estate.orgs}
    evidence = derive(estate, policy, orgs, {}, assemble_cloud(cloud), now)
    return assess(evidence, {alias: sum(r.calls for r in found) for alias, found in readings.items()})
