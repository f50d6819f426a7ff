"""Telemetry that a detection can stand on."""

from tasks.audit.model import Control, Evidence, Finding, OrgEvidence, Severity


def judge(org: OrgEvidence, evidence: Evidence) -> tuple[Finding, ...]:
    found = []
    if org.settings is not None and not org.settings.event_log_generation:
        found.append(
            CONTROL.fail(
                org,
                "setting:eventLogGeneration",
                "The org generates no event log files.",
            )
        )
    if org.settings is not None and org.settings.delete_monitoring_data:
        found.append(
            CONTROL.fail(
                org,
                "setting:deleteMonitoringData",
                "Users with the permission may delete monitoring data.",
            )
        )
    if not any(summary.files for summary in org.event_logs):
        found.append(
            CONTROL.fail(
                org,
                "telemetry:event-log-files",
                "There is no event log file to detect anything in.",
            )
        )
    return tuple(found)


CONTROL = Control(
    id="ZT-18",
    title="Real-time anomaly detection",
    layer="monitoring",
    severity=Severity.HIGH,
    needs=(
        "settings",
        "event_logs",
    ),
    remediation=(
        "Run `bulkhead run event-logs`: its plan switches event log generation on and deletion of monitoring data off, and "
        "says where files are still to come or nothing shows an Event Monitoring licence, which no plan brings."
    ),
    source="Security Benchmark for Salesforce SBS-INT-004; article pattern 5",
    judge=judge,
)
