"""Nouns of policy.yaml: what is asked of an estate, each field with its unit. Longer sections have files of their own."""

import datetime as dt
from datetime import timedelta

from pydantic import Field

from tasks.estate.model import Alias, ChannelKind
from tasks.estate.model_access import JitPolicy
from tasks.estate.model_alerts import AlertsPolicy
from tasks.estate.model_backups import BackupPolicy
from tasks.estate.model_certificates import CertificatesPolicy
from tasks.estate.model_changes import ChangePolicy
from tasks.estate.model_data import DecryptionPolicy, MaskingPolicy, ShieldPolicy
from tasks.estate.model_detection import DetectionPolicy
from tasks.estate.model_fleet import FleetPolicy
from tasks.estate.model_network import NetworkPolicy, WafPolicy
from tasks.estate.model_phases import PhasesPolicy
from tasks.estate.model_recertification import RecertificationPolicy
from tasks.estate.model_rehearsal import RehearsalPolicy
from tasks.estate.model_response import ResponsePolicy
from tasks.estate.model_rotation import RotationPolicy
from tasks.estate.model_telemetry import TelemetryPolicy
from tasks.estate.model_threats import ThreatsPolicy
from tasks.value import Value


class AppsPolicy(Value):
    """What is asked of connected apps and External Client Apps."""

    token_idle_days: int = Field(default=90, ge=1, le=365)
    """A refresh token that nobody used for so many days is not needed."""


class AuditPolicy(Value):
    audit_interval: timedelta = timedelta(days=92)
    penetration_test_interval: timedelta = timedelta(days=366)
    playbook_review_interval: timedelta = timedelta(days=366)


class Waiver(Value):
    """An accepted finding: until `expires`, for one control, one org and resources that match `resource`."""

    control: str = Field(pattern=r"^ZT-(0[1-9]|1\d|2[0-2])$")
    org: Alias
    resource: str = Field(min_length=1)
    """`<kind>:<name>` as findings have it, or a shell pattern of such; case counts."""
    reason: str = Field(min_length=3)
    owner: str = Field(min_length=2)
    """Who answers for the risk; stands in reports."""
    expires: dt.date
    """The last day on which it accepts anything."""


class Policy(Value):
    """All that policy.yaml says."""

    network: NetworkPolicy = NetworkPolicy()
    rotation: RotationPolicy = RotationPolicy()
    apps: AppsPolicy = AppsPolicy()
    jit: JitPolicy = JitPolicy()
    waf: WafPolicy = WafPolicy()
    backups: BackupPolicy = BackupPolicy()
    response: ResponsePolicy = ResponsePolicy()
    audit: AuditPolicy = AuditPolicy()
    changes: ChangePolicy = ChangePolicy()
    required_channels: tuple[ChannelKind, ...] = (ChannelKind.SLACK, ChannelKind.PAGERDUTY, ChannelKind.EMAIL)
    waivers: tuple[Waiver, ...] = ()
    certificates: CertificatesPolicy = CertificatesPolicy()
    masking: MaskingPolicy = MaskingPolicy()
    shield: ShieldPolicy = ShieldPolicy()
    decryption: DecryptionPolicy = DecryptionPolicy()
    telemetry: TelemetryPolicy = TelemetryPolicy()
    detection: DetectionPolicy = DetectionPolicy()
    alerts: AlertsPolicy = AlertsPolicy()
    rehearsal: RehearsalPolicy = RehearsalPolicy()
    phases: PhasesPolicy = PhasesPolicy()
    threats: ThreatsPolicy = ThreatsPolicy()
    recertification: RecertificationPolicy = RecertificationPolicy()
    fleet: FleetPolicy = FleetPolicy()
