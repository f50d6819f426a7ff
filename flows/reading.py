"""The reading half of a flow: all stages of all orgs side by side, each failure kept to where it belongs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Thread
from time import monotonic
from typing import Annotated, Any, TypeVar, cast

from prefect.futures import PrefectFuture, as_completed
from prefect.logging import get_run_logger
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.utilities.annotations import quote
from pydantic import StringConstraints

from tasks.audit.evidence import assemble, assemble_cloud, withheld
from tasks.audit.model import CloudEvidence, OrgEvidence
from tasks.contracts.frames import CONTRACTED
from tasks.contracts.steps import check_contracts
from tasks.credentials.detect import in_credentials
from tasks.credentials.model import ExposedSecret
from tasks.credentials.steps import read_exposed, read_stored
from tasks.encryption.classify import classify
from tasks.encryption.steps import read_fields
from tasks.errors import BulkheadError, ConfigurationError
from tasks.estate.model import Estate, OrgEntry
from tasks.estate.policy import Policy
from tasks.inventory.steps import read_inventory
from tasks.network.steps import read_cloud_network, read_network
from tasks.permissions.steps import read_permissions
from tasks.reading import Reading
from tasks.spending import spending

T = TypeVar("T")
STAGES_PER_ORG = 5
SIDE_BY_SIDE: Any = ThreadPoolTaskRunner(max_workers=8)
"""How flows run their tasks. Prefect's stubs want a runner of each flow's own result type."""
Tick = Callable[[], None]
Alias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$", max_length=40)]
# Within an assessment the stages bear the numbers of its questions; other flows read the same under their plain names.
_A1 = read_inventory.with_options(task_run_name="A1-inventory-{org}")
_A1_NETWORK = read_network.with_options(task_run_name="A1-network-{org}")
_A2 = read_permissions.with_options(task_run_name="A2-permissions-{org}")
_A3 = read_fields.with_options(task_run_name="A3-fields-{org}")
_A4 = read_exposed.with_options(task_run_name="A4-credentials-{org}")


@dataclass
class OrgsRead:
    """Readings per org, why the other stages brought none, and the API calls that all of them cost: those that failed, too."""

    readings: dict[str, list[Reading]] = field(default_factory=dict)
    failures: dict[str, dict[str, str]] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)

    @property
    def unreadable(self) -> dict[str, str]:
        """Without its inventory nothing can be said about an org."""
        return {org: why["inventory"] for org, why in self.failures.items() if "inventory" in why}

    def evidence(self, entries: Iterable[OrgEntry], now: datetime) -> dict[str, OrgEvidence]:
        return {
            entry.alias: assemble(
                entry, self.readings[entry.alias], now, failed=self.failures.get(entry.alias, {})
            )
            for entry in entries
            if entry.alias not in self.unreadable and entry.alias in self.readings
        }


def read_orgs(entries: Iterable[OrgEntry], tick: Tick, api_share: float | None = None) -> OrgsRead:
    """
    `api_share` as Session has it. Inventory, fields and code first; rights once it is known which fields matter, addresses once it is known whose.

    A stage that fails is a failed task in the run and a reason in the result; it stops nothing else.
    """
    with spending() as counted:
        read = _read(entries, tick, api_share)
    read.calls = counted.calls()
    return read


def _read(entries: Iterable[OrgEntry], tick: Tick, api_share: float | None) -> OrgsRead:
    read = OrgsRead()
    running: dict[PrefectFuture[Reading], tuple[str, str]] = {}
    for entry in entries:
        running[_A1.submit(entry.alias, api_share=api_share)] = (entry.alias, "inventory")
        running[_A3.submit(entry.alias, kind=entry.kind.value, api_share=api_share)] = (entry.alias, "fields")
        running[_A4.submit(entry.alias, api_share=api_share)] = (entry.alias, "exposed")
    following: dict[PrefectFuture[Reading], tuple[str, str]] = {}
    for future in as_completed(list(running)):
        org, stage = running[future]
        reading = _result(future, org, stage, read)
        tick()
        if reading is not None and stage == "inventory":
            following[_A1_NETWORK.submit(org, profiles=_profiles(reading), api_share=api_share)] = (
                org,
                "network",
            )
        elif reading is not None and stage == "fields":
            following[_A2.submit(org, fields=_sensitive(reading), api_share=api_share)] = (org, "permissions")
    for future in as_completed(list(following)):
        _result(future, *following[future], read)
        tick()
    return read


def by_contract(orgs: Mapping[str, OrgEvidence], now: datetime) -> dict[str, OrgEvidence]:
    """
    Without what may not be judged on, whose reasons are gaps; without every section that has a contract when the check itself did
    not finish.
    """
    try:
        broken = check_contracts(unsearched(orgs), now)
    except Exception as error:  # the task has failed visibly, and all that hangs on it becomes unknown
        why = f"its contract was not checked: {reason(error)}"
        get_run_logger().warning("contracts were not checked, so what depends on them is unknown")
        broken = {name: dict.fromkeys(CONTRACTED - org.gaps.keys(), why) for name, org in orgs.items()}
    return {name: withheld(org, broken.get(name, {})) for name, org in orgs.items()}


def unsearched(value: T) -> T:
    """Prefect looks for futures in every part of an argument, which with many thousand rows takes seconds."""
    return cast(T, quote(value))


def read_cloud(policy: Policy) -> CloudEvidence:
    """AWS; without it the controls that need it are unknown."""
    stored = read_stored.submit()
    network = read_cloud_network.submit(buckets=sorted(set(policy.backups.buckets.values())))
    found = [_or_none(future) for future in (stored, network)]
    return assemble_cloud(reading for reading in found if reading is not None)


def read_inventories(entries: Iterable[OrgEntry]) -> tuple[dict[str, OrgEvidence], dict[str, str]]:
    """By org what its inventory brought, and why others are left out: one that cannot be read must not hide the others."""
    running = {entry: read_inventory.submit(entry.alias) for entry in entries}
    found: dict[str, OrgEvidence] = {}
    unread: dict[str, str] = {}
    for entry, future in running.items():
        try:
            found[entry.alias] = assemble(entry, [future.result()], datetime.now(UTC))
        except Exception as error:  # one org that cannot be read must not hide the others
            unread[entry.alias] = reason(error)
    return found, unread


def read_exposures(
    entries: Iterable[OrgEntry],
) -> tuple[dict[str, tuple[ExposedSecret, ...]], datetime, dict[str, str]]:
    """Secrets outside of the secrets manager by org, the latest of the orgs' own times, and why others are left out."""
    running = {e: (read_exposed.submit(e.alias), read_inventory.submit(e.alias)) for e in entries}
    found: dict[str, tuple[ExposedSecret, ...]] = {}
    unread: dict[str, str] = {}
    times = []
    for entry, futures in running.items():
        try:
            readings = [future.result() for future in futures]
            gaps = {name: why for each in readings for name, why in each.gaps.items()}
            if why := gaps.get("exposed") or gaps.get("outbound"):
                unread[entry.alias] = why
            values = {name: value for each in readings for name, value in each.values.items()}
            found[entry.alias] = (*values.get("exposed", ()), *in_credentials(values.get("outbound", ())))
            times += [each.server_time for each in readings if each.server_time is not None]
        except Exception as error:  # one org that cannot be read must not hide the others
            unread[entry.alias] = reason(error)
    return found, max(times, default=datetime.now(UTC)), unread


def read_secrets() -> CloudEvidence:
    """What AWS Secrets Manager holds, and nothing else of AWS."""
    found = _or_none(read_stored.submit())
    return assemble_cloud([found] if found is not None else [])


def chosen(noun: str, known: Mapping[str, T], names: Sequence[str]) -> list[T]:
    """What is named, each once; all of it when nothing is. Raises ConfigurationError that lists what there is."""
    if strange := sorted(set(names) - known.keys()):
        raise ConfigurationError(
            f"There is no {noun} {', '.join(strange)}. The estate has {', '.join(known)}."
        )
    return [known[name] for name in dict.fromkeys(names)] or list(known.values())


def chosen_orgs(estate: Estate, aliases: Sequence[str]) -> list[OrgEntry]:
    """As `chosen`."""
    return chosen("org", {entry.alias: entry for entry in estate.orgs}, aliases)


def each_in_time(
    orgs: Iterable[str], work: Callable[[str], T], seconds: float
) -> tuple[dict[str, T], dict[str, str]]:
    """
    The same work for all orgs at once: its results, and why an org has none.

    An org that is not done in time is left behind: nothing stops its thread, which ends with the process at the latest, so
    the work has to bear an end at any point.
    """
    done: dict[str, T] = {}
    failed: dict[str, str] = {}

    def tried(org: str) -> None:
        try:
            result = work(org)
        except Exception as error:  # told with the org
            failed[org] = reason(error)
        else:
            done[org] = result

    running = {
        # The run's context, or its tasks would not belong to it.
        org: Thread(target=copy_context().run, args=(tried, org), daemon=True)
        for org in orgs
    }
    for thread in running.values():
        thread.start()
    until = monotonic() + seconds
    for thread in running.values():
        thread.join(max(0.0, until - monotonic()))
    late = (
        f"it was not done within {seconds:g} seconds. Look whether the org answers; the next run tries again."
    )
    # Copies: a thread that was left behind may still come to its end.
    results, reasons = {**done}, {**failed}
    return results, {org: reasons.get(org, f"{org}: {late}") for org in running if org not in results}


def reason(error: Exception) -> str:
    """Why something was not read. Of errors that are not ours only the kind: their texts may hold anything."""
    if isinstance(error, BulkheadError):
        return str(error)
    return f"a step ended unexpectedly ({type(error).__name__}); its failed task in this run says where"


def _or_none(future: PrefectFuture[Reading]) -> Reading | None:
    try:
        return future.result()
    except Exception:  # the task has failed visibly, and what it did not bring is a gap
        return None


def _result(future: PrefectFuture[Reading], org: str, stage: str, read: OrgsRead) -> Reading | None:
    try:
        reading = future.result()
    except Exception as error:  # even a mistake of ours in one org must not hide the others
        read.failures.setdefault(org, {})[stage] = reason(error)
        return None
    read.readings.setdefault(org, []).append(reading)
    return reading


def _sensitive(reading: Reading) -> list[str]:
    found = classify(
        reading.values.get("fields", ()),
        reading.values.get("samples", ()),
        reading.values.get("row_counts", {}),
    )
    return sorted({item.field.name for item in found})


def _profiles(reading: Reading) -> list[tuple[str, str]]:
    """Of all active users: as whom a credential of another org acts is known only when all orgs are read."""
    return sorted({(u.profile_id, u.profile_name) for u in reading.values.get("users", ()) if u.active})


def sections(readings: Sequence[Reading], needed: Sequence[str]) -> dict[str, Any]:
    """All sections of an org. Raises ConfigurationError when one of the needed did not come."""
    gaps = {name: why for reading in readings for name, why in reading.gaps.items()}
    for section in needed:
        if section in gaps:
            raise ConfigurationError(f"{section.replace('_', ' ')} cannot be read: {gaps[section]}")
    return {name: value for reading in readings for name, value in reading.values.items()}
