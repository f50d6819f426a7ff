"""A realistic assessment: five orgs, every control, some sixty findings and eighteen edges."""

from datetime import UTC, date, datetime, timedelta

from tasks.audit.controls import catalogue
from tasks.audit.model import Assessment, Finding, OrgVerdict, Verdict, WaiverState, WaiverUse
from tasks.audit.score import score
from tasks.credentials.model import CredentialAge, CredentialKind
from tasks.encryption.model import Field, SensitiveField, SensitivityReason
from tasks.estate.policy import Waiver
from tasks.inventory.model import BlastRadius, OutboundKind, Reach, SecretHolder, TrustEdge, TrustGraph
from tasks.permissions.model import OverPrivileged

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
ORGS = ("hq", "emea", "apac", "compliance", "hq-uat")
PAIRS = ("hq emea", "hq emea", "hq apac", "hq apac", "hq compliance", "hq compliance", "emea hq", "apac hq")
PAIRS += ("compliance hq", "emea compliance", "apac compliance", "hq hq-uat", "hq-uat hq", "- hq", "- emea")
PAIRS += ("- apac", "- compliance", "compliance emea")


def sample(mark: str = "", findings_each: int = 1) -> Assessment:
    """`mark` is added to every free text, to see how a report treats hostile names."""
    verdicts = tuple(_verdict(i, j, mark, findings_each) for i in range(22) for j in range(len(ORGS)))
    edges = tuple(_edge(i, *pair.split(), mark) for i, pair in enumerate(PAIRS))
    field = Field(name=f"Account.SSN__c{mark}", label="SSN", sobject="Account", data_type="Text(11)",
                  security_classification=None, compliance_groups=())  # fmt: skip
    return Assessment(
        estate=f"Meridian Wealth{mark}",
        made_at=NOW,
        verdicts=verdicts,
        scores=score(verdicts),
        graph=TrustGraph(edges=edges, outside=(), radii=tuple(_radius(i, e, mark) for i, e in enumerate(edges))),
        ages=(CredentialAge(org="hq", kind=CredentialKind.SECRET, name=f"salesforce/hq/api-key{mark}",
                            since=NOW - timedelta(days=730), expires=None, age=timedelta(days=730), used_by=("hq",)),
              CredentialAge(org="emea", kind=CredentialKind.KEY_PAIR, name="HQ_Sync_Client_Cert",
                            since=NOW - timedelta(days=40), expires=date(2027, 10, 1), age=timedelta(days=40),
                            used_by=("EMEA_Org_Sync",))),
        sensitive={"hq": (SensitiveField(field=field, reasons=(SensitivityReason.NAME,), kind="personal-identifier",
                                         shield_capable=True),)},
        unreadable={"latam": f"Login refused: renew the scanner's certificate, then assess again.{mark}"},
        gaps={"apac": {"event_logs": f"The scanner lacks View Event Log Files; grant it.{mark}"}},
        calls=dict.fromkeys(ORGS, 60),
        over_privileged=(OverPrivileged(org="hq", username=f"sync.emea@meridian.example{mark}",
                                        high_risk=("ModifyAllData (Admin)",), granted_objects=240,
                                        unused_objects=("Case", "Lead"), shared_by=(), human=False,
                                        applications=("EMEA Sync",)),),
        waivers=tuple(_waiver(i, state, mark) for i, state in enumerate(WaiverState)),
    )  # fmt: skip


def _waiver(i: int, state: WaiverState, mark: str) -> WaiverUse:
    waiver = Waiver(
        control=f"ZT-{i + 1:02}",
        org="hq",
        resource=f"user:*{mark}",
        reason=f"leaves in May{mark}",
        owner=f"ciso{mark}",
        expires=date(2026, 12, 1) - timedelta(days=30 * i),
    )
    covered = (f"user:sync.0@hq.example{mark}",) if state in (WaiverState.USED, WaiverState.EXPIRED) else ()
    return WaiverUse(waiver=waiver, state=state, resources=covered, times=i or None)


def _verdict(i: int, j: int, mark: str, many: int) -> OrgVerdict:
    control, org = catalogue()[i], ORGS[j]
    kind = (i * 7 + j * 3) % 11
    verdict = Verdict.PASS
    if org != "compliance":
        verdict = {0: Verdict.UNKNOWN, 1: Verdict.NOT_APPLICABLE, 2: Verdict.WAIVED}.get(
            kind, Verdict.FAIL if kind < 7 else Verdict.PASS
        )
    count = many * (1 + kind % 2) if verdict in (Verdict.FAIL, Verdict.UNKNOWN, Verdict.WAIVED) else 0
    found = tuple(
        Finding(control=control.id, org=org, resource=f"user:sync.{n}@{org}.example{mark}", verdict=verdict,
                severity=control.severity, summary=f"Sees more than its routes need{mark}",
                remediation=control.remediation, evidence=(f"ModifyAllData through profile{mark}",))
        for n in range(count)
    )  # fmt: skip
    return OrgVerdict(
        control=control.id, org=org, verdict=verdict, reason=f"{count} resources{mark}", findings=found
    )


def _edge(i: int, source: str, target: str, mark: str) -> TrustEdge:
    outside = source == "-"
    users = (f"sync.{target}@meridian.example{mark}", "second@meridian.example")[: 2 if i % 6 == 5 else 1]
    return TrustEdge(
        source=None if outside else source, target=target,
        holder=SecretHolder.SECRETS_MANAGER if outside else SecretHolder.NAMED_CREDENTIAL,
        credential=f"{target.upper()}_Org_Sync_{i}", secret_id=f"secret:{source}/{i}{mark}", kind=OutboundKind.JWT,
        app="Org Sync", run_as=users, url="https://x.my.salesforce.com",
    )  # fmt: skip


def _radius(i: int, edge: TrustEdge, mark: str) -> BlastRadius:
    fields = (f"Account.SSN__c{mark}",) if i % 3 == 0 else ()
    reach = Reach(org=edge.target, username=edge.run_as[0], sobject="Account", rows=47_000 - 1000 * i, read=True,
                  edit=True, delete=False, all_records=True, sensitive_fields=fields)  # fmt: skip
    return BlastRadius(
        secret_id=edge.secret_id, orgs=(edge.target,), hops=1, reach=(reach,), ambiguous=edge.ambiguous
    )
