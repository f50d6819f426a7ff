"""Nouns of the audit: evidence per org, findings, scores and the whole assessment."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tasks.backups.model import BackupProof
from tasks.certificates.model import Proven
from tasks.credentials.model import CredentialAge, ExposedSecret, StoredSecret
from tasks.encryption.model import (
    Field,
    MaskPolicy,
    SampleVerdict,
    SensitiveField,
    TenantSecret,
)
from tasks.estate.model import Estate, OrgEntry
from tasks.estate.policy import Policy, Waiver
from tasks.inventory.model import (
    App,
    AuthProvider,
    Certificate,
    InboundCertificate,
    Login,
    OauthGrant,
    OutboundCredential,
    Package,
    RemoteSite,
    TrustGraph,
    User,
)
from tasks.masking.model import CleanProof
from tasks.network.model import (
    BackupBucket,
    EventLogSummary,
    MfaMethods,
    OrgSettings,
    ProfileAccess,
    Shield,
    TransactionPolicy,
    WebAcl,
)
from tasks.permissions.model import (
    AppAccess,
    Assignment,
    EffectiveRights,
    FieldPermission,
    ObjectPermission,
    OverPrivileged,
    PermissionSet,
    PermissionSetGroup,
)
from tasks.value import Value


class Verdict(StrEnum):
    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not-applicable"
    WAIVED = "waived"


class Severity(StrEnum):
    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, kw_only=True)
class OrgEvidence:
    """
    Everything read from one org. A section that could not be read is empty and named in `gaps` with the reason
    (missing right, licence, edition, failed contract): absence is then not evidence.
    """

    org: OrgEntry
    now: datetime
    gaps: Mapping[str, str]
    organization_id: str = ""
    users: tuple[User, ...] = ()
    apps: tuple[App, ...] = ()
    grants: tuple[OauthGrant, ...] = ()
    outbound: tuple[OutboundCredential, ...] = ()
    auth_providers: tuple[AuthProvider, ...] = ()
    remote_sites: tuple[RemoteSite, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    inbound_certificates: tuple[InboundCertificate, ...] = ()
    packages: tuple[Package, ...] = ()
    logins: tuple[Login, ...] = ()
    row_counts: Mapping[str, int] = field(default_factory=dict)
    permission_sets: tuple[PermissionSet, ...] = ()
    groups: tuple[PermissionSetGroup, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    object_permissions: tuple[ObjectPermission, ...] = ()
    field_permissions: tuple[FieldPermission, ...] = ()
    app_access: tuple[AppAccess, ...] = ()
    mutual_auth_permission: str | None = None
    fields: tuple[Field, ...] = ()
    samples: tuple[SampleVerdict, ...] = ()
    tenant_secrets: tuple[TenantSecret, ...] = ()
    mask_policies: tuple[MaskPolicy, ...] = ()
    exposed: tuple[ExposedSecret, ...] = ()
    profiles: tuple[ProfileAccess, ...] = ()
    settings: OrgSettings | None = None
    transaction_policies: tuple[TransactionPolicy, ...] = ()
    event_logs: tuple[EventLogSummary, ...] = ()
    mfa: tuple[MfaMethods, ...] = ()
    used_objects: Mapping[str, frozenset[str]] | None = None
    """User id to the objects its requests touched, from event logs; None when there are none."""

    def user(self, username: str) -> User | None:
        return next((u for u in self.users if u.username.lower() == username.lower()), None)


@dataclass(frozen=True, kw_only=True)
class CloudEvidence:
    """Everything read from AWS; gaps as in OrgEvidence."""

    gaps: Mapping[str, str]
    secrets: tuple[StoredSecret, ...] = ()
    web_acls: tuple[WebAcl, ...] = ()
    shield: Shield | None = None
    buckets: tuple[BackupBucket, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """The whole estate as observed, with what was derived from it; the only argument of judgement."""

    estate: Estate
    policy: Policy
    now: datetime
    orgs: Mapping[str, OrgEvidence]
    unreadable: Mapping[str, str]
    """Orgs that could not be read at all, with the reason and what to do."""
    cloud: CloudEvidence
    graph: TrustGraph
    rights: Mapping[str, Mapping[str, EffectiveRights]]
    """Org alias to user id to effective rights, for every user that is an integration user or administrator."""
    sensitive: Mapping[str, tuple[SensitiveField, ...]]
    ages: tuple[CredentialAge, ...]
    proofs: Mapping[str, Proven] | None = None
    """Route to its last handshakes, from the ledger; None where that was not read."""
    backups: Mapping[str, BackupProof] | None = None
    """Org to what the ledger knows of backups that Bulkhead made of it; None where that was not read."""
    sandboxes: Mapping[str, CleanProof] | None = None
    """Sandbox to its last clean scan, from the ledger; None where that was not read."""


class Finding(Value):
    """
    One control, one org, one resource. `resource` is `<kind>:<name>` and stable between runs; `summary` says what
    is wrong (or right) in one line; `remediation` says what to do next.
    """

    control: str
    org: str
    resource: str
    verdict: Verdict
    severity: Severity
    summary: str
    remediation: str
    evidence: tuple[str, ...] = ()


def finding_uid(control: str, org: str, resource: str) -> str:
    """What every report and stream calls a finding by: the same for the same control, org and resource in every run."""
    return hashlib.sha256("\n".join((control, org, resource)).encode()).hexdigest()


class OrgVerdict(Value):
    """A control's verdict for a whole org, with the findings that made it."""

    control: str
    org: str
    verdict: Verdict
    reason: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True)
class Control:
    """
    One control of the catalogue.

    `judge` gets one org's evidence and the estate's, and returns a finding for each resource it looked at that
    fails; an empty tuple means all is well. It may return None when the control does not apply to this org, or an
    `UNKNOWN` finding where evidence is missing in a way that `needs` cannot express. `needs` are section names of
    OrgEvidence or `cloud.<section>`: a gap in one makes the verdict unknown before `judge` is asked.
    """

    id: str
    title: str
    layer: str
    severity: Severity
    needs: tuple[str, ...]
    remediation: str
    source: str
    judge: Callable[[OrgEvidence, Evidence], tuple[Finding, ...] | None]

    def fail(self, org: OrgEvidence, resource: str, summary: str, *evidence: str) -> Finding:
        """A failing finding of this control about one resource of one org."""
        return self._finding(org, resource, Verdict.FAIL, summary, evidence)

    def unknown(self, org: OrgEvidence, resource: str, summary: str) -> Finding:
        """Evidence that ought to be there and is not."""
        return self._finding(org, resource, Verdict.UNKNOWN, summary, ())

    def _finding(
        self,
        org: OrgEvidence,
        resource: str,
        verdict: Verdict,
        summary: str,
        evidence: tuple[str, ...],
    ) -> Finding:
        return Finding(
            control=self.id,
            org=org.org.alias,
            resource=resource,
            verdict=verdict,
            severity=self.severity,
            summary=summary,
            remediation=self.remediation,
            evidence=evidence,
        )


class OrgScore(Value):
    """
    `score` is the share of passed among judged controls (0–100), None below half coverage; `coverage` the share of
    applicable controls that could be judged (0–100).
    """

    org: str
    score: int | None
    coverage: int
    passed: int
    failed: int
    unknown: int
    not_applicable: int
    waived: int


class WaiverState(StrEnum):
    USED = "used"
    EXPIRED = "expired"
    """Over, and something it accepted still fails."""
    UNUSED = "unused"
    """Nothing of what it accepts fails: it can be taken away."""
    UNJUDGED = "unjudged"
    """Its control is unknown in its org, or an org was not read: nobody can say."""


class WaiverUse(Value):
    """
    What one waiver of the policy does in one assessment. `resources` are the failures it covers, or covered.

    `times` is in how many assessments it was used, this one included; None where the ledger did not say.
    """

    waiver: Waiver
    state: WaiverState
    resources: tuple[str, ...] = ()
    times: int | None = None

    @property
    def key(self) -> str:
        """The same for a waiver that was prolonged or given another owner."""
        return f"{self.waiver.control}/{self.waiver.org}/{self.waiver.resource}"


class Assessment(Value):
    """The result of one assessment run: what reports, artifacts and the bench are made from."""

    estate: str
    made_at: datetime
    verdicts: tuple[OrgVerdict, ...]
    scores: tuple[OrgScore, ...]
    graph: TrustGraph
    ages: tuple[CredentialAge, ...]
    sensitive: dict[str, tuple[SensitiveField, ...]]
    unreadable: dict[str, str]
    gaps: dict[str, dict[str, str]]
    calls: dict[str, int]
    """Salesforce API calls per org that this run spent."""
    over_privileged: tuple[OverPrivileged, ...] = ()
    waivers: tuple[WaiverUse, ...] = ()
    rules: dict[str, str] = {}
    """Control to the digest of the rule that judged it; empty in assessments from before there were any."""

    def findings(self) -> tuple[Finding, ...]:
        return tuple(f for verdict in self.verdicts for f in verdict.findings)
