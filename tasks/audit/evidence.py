"""From readings to evidence to assessment: put together what was read, derive what follows, judge it."""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, replace
from datetime import datetime
from typing import Any

from tasks.audit.judge import judge
from tasks.audit.model import Assessment, CloudEvidence, Evidence, OrgEvidence
from tasks.audit.people import ourselves
from tasks.audit.rules import rule_digests
from tasks.audit.score import score
from tasks.audit.waivers import waiver_uses
from tasks.backups.model import BackupProof
from tasks.certificates.model import Proven
from tasks.credentials.ages import calendar
from tasks.credentials.schedule import scheduled
from tasks.encryption.classify import classify
from tasks.estate.model import Estate, OrgEntry
from tasks.estate.policy import Policy
from tasks.inventory.edges import find_edges
from tasks.inventory.graph import build_graph
from tasks.inventory.model import TrustEdge
from tasks.masking.model import CleanProof
from tasks.permissions.effective import effective_rights
from tasks.permissions.model import EffectiveRights
from tasks.permissions.privilege import over_privileged
from tasks.permissions.tiers import TIER_0
from tasks.reading import Reading

_FIXED = frozenset({"org", "now", "gaps"})
_OPTIONAL = frozenset(
    {"organization_id", "mutual_auth_permission", "used_objects", "tenant_secrets", "shield"}
)
SECTIONS = frozenset(f.name for f in fields(OrgEvidence)) - _FIXED
CLOUD_SECTIONS = frozenset(f.name for f in fields(CloudEvidence)) - _FIXED
_NOT_READ = "it was not read in this run; look at the failed step of this org"


def assemble(
    entry: OrgEntry,
    readings: Iterable[Reading],
    now: datetime | None = None,
    *,
    failed: Mapping[str, str] = {},
) -> OrgEvidence:
    """
    `now` is used only when no reading brought the org's own time, which judges all deadlines. `failed` are the stages that brought
    no reading, with why.

    Sections that no reading mentions are gaps. Raises ValueError for a section that evidence does not have, or when no time is
    known.
    """
    readings = tuple(readings)
    values, gaps = _sections(readings, SECTIONS)
    not_read = _not_read(failed)
    for section in SECTIONS - _OPTIONAL - values.keys() - gaps.keys():
        gaps[section] = not_read
    times = [r.server_time for r in readings if r.server_time is not None]
    clock = max(times, default=now)
    if clock is None:
        raise ValueError(f"{entry.alias}: no reading brought the org's time; pass `now`")
    return OrgEvidence(org=entry, now=clock, gaps=gaps, **values)


def withheld(org: OrgEvidence, broken: Mapping[str, str]) -> OrgEvidence:
    """
    Without the sections of `broken`, each of which is a gap for the reason that it names. Raises ValueError for a section that evidence
    does not have.
    """
    if strange := broken.keys() - SECTIONS:
        raise ValueError(
            f"{org.org.alias}: no section of the evidence is called {', '.join(sorted(strange))}"
        )
    empty: dict[str, Any] = {
        each.name: each.default if each.default_factory is MISSING else each.default_factory()
        for each in fields(OrgEvidence)
        if each.name in broken
    }
    return replace(org, gaps={**org.gaps, **broken}, **empty)


def _not_read(failed: Mapping[str, str]) -> str:
    # Which stage would have brought a section is not known here; another may have failed only because it waits for the first.
    stages: dict[str, list[str]] = {}
    for stage, why in failed.items():
        stages.setdefault(why, []).append(stage)
    told = [f"{' and '.join(names)} failed: {why}" for why, names in stages.items()]
    return f"it was not read in this run; {' / '.join(told)}" if told else _NOT_READ


def assemble_cloud(readings: Iterable[Reading]) -> CloudEvidence:
    """The same for AWS; sections that no reading mentions are gaps."""
    values, gaps = _sections(tuple(readings), CLOUD_SECTIONS)
    for section in CLOUD_SECTIONS - values.keys() - gaps.keys():
        gaps[section] = _NOT_READ
    return CloudEvidence(gaps=gaps, **values)


def _sections(readings: tuple[Reading, ...], known: frozenset[str]) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, Any] = {}
    gaps: dict[str, str] = {}
    for reading in readings:
        strange = (reading.values.keys() | reading.gaps.keys()) - known
        if strange:
            raise ValueError(
                f"{reading.org}: no section of the evidence is called {', '.join(sorted(strange))}"
            )
        values |= reading.values
        gaps |= reading.gaps
    return {name: value for name, value in values.items() if name not in gaps}, gaps


def derive(
    estate: Estate,
    policy: Policy,
    orgs: Mapping[str, OrgEvidence],
    unreadable: Mapping[str, str],
    cloud: CloudEvidence,
    now: datetime,
    proofs: Mapping[str, Proven] | None = None,
    backups: Mapping[str, BackupProof] | None = None,
    sandboxes: Mapping[str, CleanProof] | None = None,
) -> Evidence:
    """Rights come after edges, because edges say whose rights matter; radii come last."""
    edges = find_edges(estate, orgs, cloud)
    rights = {alias: rights_in(org, edges) for alias, org in orgs.items()}
    sensitive = {a: classify(org.fields, org.samples, org.row_counts) for a, org in orgs.items()}
    return Evidence(
        estate=estate,
        policy=policy,
        now=now,
        orgs=orgs,
        unreadable=unreadable,
        cloud=cloud,
        graph=build_graph(estate, orgs, cloud, rights, sensitive),
        rights=rights,
        sensitive=sensitive,
        ages=scheduled(calendar(orgs, cloud, edges, now), policy.rotation),
        proofs=proofs,
        backups=backups,
        sandboxes=sandboxes,
    )


def rights_in(org: OrgEvidence, edges: Iterable[TrustEdge]) -> dict[str, EffectiveRights]:
    """Effective rights of everybody who matters: our own users, machines' users, and possible administrators."""
    names = {name.lower() for edge in edges if edge.target == org.org.alias for name in edge.run_as}
    names |= ourselves(org)
    wanted = {user.id for user in org.users if user.username.lower() in names}
    wanted |= {login.user_id for login in org.logins if login.success and not login.interactive}
    wanted |= _holders(org, TIER_0 | {"ApiUserOnly"})
    return effective_rights(
        org.permission_sets,
        org.groups,
        org.assignments,
        org.object_permissions,
        org.field_permissions,
        org.users,
        wanted,
        org.now,
    )


def _holders(org: OrgEvidence, permissions: frozenset[str]) -> set[str]:
    """User ids that some set with one of the permissions could reach: a quick superset of those who hold them."""
    sets = {s.id for s in org.permission_sets if not permissions.isdisjoint(s.permissions)}
    profiles = {s.profile_id for s in org.permission_sets if s.id in sets and s.profile_id}
    groups = {g.id for g in org.groups if not sets.isdisjoint(g.member_ids)}
    groups |= {s.group_id for s in org.permission_sets if s.id in sets and s.group_id}
    found = {user.id for user in org.users if user.profile_id in profiles}
    aggregates = {s.id for s in org.permission_sets if s.group_id in groups}
    for assignment in org.assignments:
        if assignment.permission_set_id in sets | aggregates or assignment.group_id in groups:
            found.add(assignment.user_id)
    return found


def assess(evidence: Evidence, calls: Mapping[str, int]) -> Assessment:
    """The whole result; gaps of AWS stand beside those of orgs under the key `cloud`."""
    verdicts = judge(evidence)
    gaps = {alias: dict(org.gaps) for alias, org in evidence.orgs.items() if org.gaps}
    if evidence.cloud.gaps:
        gaps["cloud"] = dict(evidence.cloud.gaps)
    return Assessment(
        estate=evidence.estate.name,
        made_at=evidence.now,
        verdicts=verdicts,
        scores=score(verdicts),
        graph=evidence.graph,
        ages=evidence.ages,
        sensitive=dict(evidence.sensitive),
        unreadable=dict(evidence.unreadable),
        gaps=gaps,
        calls=dict(calls),
        over_privileged=tuple(
            found
            for alias, org in evidence.orgs.items()
            for found in over_privileged(org, evidence.graph.inbound(alias), evidence.rights.get(alias, {}))
        ),
        waivers=waiver_uses(
            evidence.policy.waivers, verdicts, evidence.now.date(), whole=not evidence.unreadable
        ),
        rules=rule_digests(evidence.policy),
    )
