"""Every deployed job, one table: what runs, when, with which parameters."""

from typing import Any, cast

from prefect import Flow
from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron, Schedule
from prefect.types.entrypoint import EntrypointType

from deployments.limits import ONE_AT_A_TIME, ONLY_THE_LATEST, SCHEDULED, SEVERAL_AT_ONCE, SHARDS_AT_ONCE
from deployments.settings import WORK_POOL
from flows.access import approve_access, end_access, request_access
from flows.advanced import advanced
from flows.alerts import acknowledge_alert, heartbeat, list_alerts
from flows.allow_listing import allow_listing
from flows.assessment import assessment
from flows.audit import quarterly_audit
from flows.backups import back_up_orgs, verify_backups
from flows.certificates import check_certificates
from flows.continuous import keep_evidence, review_access, sweep_access, watch_plans
from flows.credentials import credential_calendar, exposed_secrets
from flows.data_keys import retire_data_keys, rotate_data_keys
from flows.detection import back_test, detect_anomalies, judge_alert
from flows.drift import watch_drift
from flows.drills import key_loss_drill, restore_drill
from flows.encryption import (
    destroy_tenant_secret,
    export_tenant_secret,
    plan_encryption,
    prepare_own_key,
    rotate_tenant_secrets,
    verify_encryption,
)
from flows.event_logs import event_logs
from flows.fleet import read_shard
from flows.handshakes import prove_mutual_tls
from flows.incident import close_incident, incident
from flows.least_privilege import least_privilege
from flows.masking import mask_sandbox, scan_sandbox
from flows.mutual_tls import mutual_tls
from flows.ongoing import continuous
from flows.plans import apply_plan, approve_plan, rollback_plan
from flows.prevention import transaction_policies
from flows.quick_wins import quick_wins
from flows.recertification import answer_recertification, recertify_access
from flows.rehearsal import rehearsal
from flows.reminders import remind_approvals, tell_run
from flows.response import approve_containment, contain, re_enable
from flows.rotation import credential_rotation, rotate_credentials
from flows.runs import delete_old_runs, end_lost_runs
from flows.sandboxes import copied_credentials, prepare_sandbox, watch_sandboxes
from flows.segmentation import segmentation
from flows.sign_in import oauth_flows, second_factors
from flows.streams import stream_events
from flows.sync import sync_route
from flows.telemetry import collect_telemetry
from flows.threats import emerging_threats
from flows.web_firewall import web_firewall
from flows.zero_trust import zero_trust
from tasks.runs.names import FREQUENT

_EVERY_FEW_MINUTES = {"every-minute", "five-minutes", "every-5-minutes", "every-10-minutes"}


def catalog() -> tuple[RunnerDeployment, ...]:
    """Names are unique over all flows, so that `bulkhead` and people can name a job by its deployment alone."""
    return (
        _job(
            zero_trust,
            name="zero-trust",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:all", "job:all"],
        ),
        _job(
            assessment,
            name="assessment-weekly",
            schedules=[Cron("0 3 * * 1", timezone="UTC", slug="weekly")],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:assessment", "job:assessment"],
        ),
        _job(
            read_shard,
            name="read-shard",
            schedules=[],
            parameters={},
            concurrency_limit=SHARDS_AT_ONCE,
            tags=["phase:assessment", "job:assessment"],
        ),
        _job(
            quick_wins,
            name="quick-wins",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:quick-wins", "job:all"],
        ),
        _job(
            least_privilege,
            name="least-privilege",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:quick-wins", "job:least-privilege"],
        ),
        _job(
            second_factors,
            name="second-factors",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:quick-wins", "job:mfa"],
        ),
        _job(
            oauth_flows,
            name="oauth-flows",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:quick-wins", "job:oauth"],
        ),
        _job(
            approve_plan,
            name="approve-plan",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:quick-wins", "phase:advanced", "job:plans"],
        ),
        _job(
            apply_plan,
            name="apply-plan",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:quick-wins", "phase:advanced", "job:plans"],
        ),
        _job(
            rollback_plan,
            name="rollback-plan",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:quick-wins", "phase:advanced", "job:plans"],
        ),
        _job(
            keep_evidence,
            name="keep-evidence-hourly",
            schedules=[Cron("20 * * * *", timezone="UTC", slug="hourly")],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:continuous", "job:evidence"],
        ),
        _job(
            end_lost_runs,
            name="end-lost-runs-every-minute",
            schedules=[Cron("* * * * *", timezone="UTC", slug="every-minute")],
            parameters={},
            concurrency_limit=ONLY_THE_LATEST,
            tags=["phase:continuous", "job:runs"],
        ),
        _job(
            delete_old_runs,
            name="delete-old-runs-daily",
            schedules=[Cron("40 4 * * *", timezone="UTC", slug="daily")],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:continuous", "job:runs"],
        ),
        _job(
            quarterly_audit,
            name="quarterly-audit",
            schedules=[Cron("0 5 2 1,4,7,10 *", timezone="UTC", slug="quarterly")],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:continuous", "job:evidence"],
        ),
        _job(
            emerging_threats,
            name="emerging-threats-daily",
            schedules=[Cron("50 6 * * *", timezone="UTC", slug="daily")],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:continuous", "job:threats"],
        ),
        _job(
            recertify_access,
            name="recertify-access-daily",
            schedules=[Cron("20 7 * * *", timezone="UTC", slug="daily")],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:continuous", "job:recertification"],
        ),
        _job(
            answer_recertification,
            name="answer-recertification",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:continuous", "job:recertification"],
        ),
        _job(
            request_access,
            name="request-access",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:advanced", "job:access"],
        ),
        _job(
            approve_access,
            name="approve-access",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:advanced", "job:access"],
        ),
        _job(
            end_access,
            name="end-access",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:advanced", "job:access"],
        ),
        _job(
            sweep_access,
            name="sweep-access-every-minute",
            schedules=[Cron("* * * * *", timezone="UTC", slug="every-minute")],
            parameters={},
            concurrency_limit=ONLY_THE_LATEST,
            tags=["phase:continuous", "job:access"],
        ),
        _job(
            review_access,
            name="review-access-daily",
            schedules=[Cron("40 9 * * *", timezone="UTC", slug="daily")],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:continuous", "job:access"],
        ),
        _job(
            watch_plans,
            name="watch-plans-every-10-minutes",
            schedules=[Cron("*/10 * * * *", timezone="UTC", slug="every-10-minutes")],
            parameters={},
            concurrency_limit=ONLY_THE_LATEST,
            tags=["phase:continuous", "job:plans"],
        ),
        _job(
            heartbeat,
            name="heartbeat-every-5-minutes",
            schedules=[Cron("2-59/5 * * * *", timezone="UTC", slug="every-5-minutes")],
            parameters={},
            concurrency_limit=ONLY_THE_LATEST,
            tags=["phase:continuous", "job:alerts"],
        ),
        _job(
            tell_run,
            name="tell-run",
            schedules=[],
            parameters={},
            concurrency_limit=SEVERAL_AT_ONCE,
            tags=["phase:continuous", "job:alerts"],
        ),
        _job(
            remind_approvals,
            name="remind-approvals-hourly",
            schedules=[Cron("50 * * * *", timezone="UTC", slug="hourly")],
            parameters={},
            concurrency_limit=ONLY_THE_LATEST,
            tags=["phase:continuous", "job:plans"],
        ),
        _job(
            list_alerts,
            name="list-alerts",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:continuous", "job:alerts"],
        ),
        _job(
            acknowledge_alert,
            name="acknowledge-alert",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:continuous", "job:alerts"],
        ),
        _job(
            stream_events,
            name="stream-events-every-5-minutes",
            schedules=[Cron("4-59/5 * * * *", timezone="UTC", slug="every-5-minutes")],
            parameters={},
            concurrency_limit=ONLY_THE_LATEST,
            tags=["phase:continuous", "job:streams"],
        ),
        _job(
            web_firewall,
            name="web-firewall",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:quick-wins", "job:network"],
        ),
        _job(
            segmentation,
            name="segmentation",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:quick-wins", "job:network"],
        ),
        _job(
            exposed_secrets,
            name="exposed-secrets",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:quick-wins", "job:credentials"],
        ),
        _job(
            credential_calendar,
            name="credential-calendar-weekly",
            schedules=[Cron("30 6 * * 1", timezone="UTC", slug="weekly")],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:continuous", "job:credentials"],
        ),
        _job(
            allow_listing,
            name="allow-listing",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:quick-wins", "job:allow-listing"],
        ),
        _job(
            advanced,
            name="advanced",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:advanced", "job:all"],
        ),
        _job(
            continuous,
            name="continuous-quarterly",
            schedules=[Cron("30 4 1 1,4,7,10 *", timezone="UTC", slug="quarterly")],
            parameters={"although_open": True},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:continuous", "job:all"],
        ),
        _job(
            watch_drift,
            name="watch-drift-every-5-minutes",
            schedules=[Cron("1-59/5 * * * *", timezone="UTC", slug="every-5-minutes")],
            parameters={},
            concurrency_limit=ONLY_THE_LATEST,
            tags=["phase:continuous", "job:drift"],
        ),
        _job(
            mutual_tls,
            name="mutual-tls",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:advanced", "job:mutual-tls"],
        ),
        _job(
            check_certificates,
            name="check-certificates-daily",
            schedules=[Cron("30 4 * * *", timezone="UTC", slug="daily")],
            parameters={},
            concurrency_limit=ONLY_THE_LATEST,
            tags=["phase:continuous", "job:mutual-tls"],
        ),
        _job(
            prove_mutual_tls,
            name="prove-mutual-tls",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:advanced", "job:mutual-tls"],
        ),
        _job(
            rotate_credentials,
            name="rotate-credentials-hourly",
            schedules=[Cron("35 * * * *", timezone="UTC", slug="hourly")],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:continuous", "job:rotation"],
        ),
        _job(
            credential_rotation,
            name="credential-rotation",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:quick-wins", "job:rotation"],
        ),
        _job(
            sync_route,
            name="sync-route",
            schedules=[],
            parameters={},
            concurrency_limit=SEVERAL_AT_ONCE,
            tags=["phase:advanced", "job:sync"],
        ),
        _job(
            rotate_data_keys,
            name="rotate-data-keys",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:advanced", "job:sync"],
        ),
        _job(
            retire_data_keys,
            name="retire-data-keys",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:advanced", "job:sync"],
        ),
        _job(
            collect_telemetry,
            name="collect-telemetry",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:continuous", "job:telemetry"],
        ),
        _job(
            detect_anomalies,
            name="detect-anomalies-every-5-minutes",
            schedules=[Cron("*/5 * * * *", timezone="UTC", slug="five-minutes")],
            parameters={"tiers": "live"},
            concurrency_limit=ONLY_THE_LATEST,
            tags=["phase:continuous", "job:detection"],
        ),
        _job(
            detect_anomalies,
            name="detect-anomalies-files-hourly",
            schedules=[Cron("20 * * * *", timezone="UTC", slug="hourly")],
            parameters={"tiers": "files"},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:continuous", "job:detection"],
        ),
        _job(
            back_test,
            name="back-test",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:continuous", "job:detection"],
        ),
        _job(
            judge_alert,
            name="judge-alert",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:continuous", "job:detection"],
        ),
        _job(
            back_up_orgs,
            name="back-up-orgs-daily",
            schedules=[Cron("15 2 * * *", timezone="UTC", slug="daily")],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:continuous", "job:backups"],
        ),
        _job(
            verify_backups,
            name="verify-backups-weekly",
            schedules=[Cron("45 5 * * 0", timezone="UTC", slug="weekly")],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:continuous", "job:backups"],
        ),
        _job(
            restore_drill,
            name="restore-drill",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:advanced", "job:backups"],
        ),
        _job(
            key_loss_drill,
            name="key-loss-drill-monthly",
            schedules=[Cron("30 5 1 * *", timezone="UTC", slug="monthly")],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:continuous", "job:backups"],
        ),
        _job(
            mask_sandbox,
            name="mask-sandbox",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:advanced", "job:masking"],
        ),
        _job(
            scan_sandbox,
            name="scan-sandbox",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:advanced", "job:masking"],
        ),
        _job(
            plan_encryption,
            name="plan-encryption",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:advanced", "job:encryption"],
        ),
        _job(
            verify_encryption,
            name="verify-encryption",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:advanced", "job:encryption"],
        ),
        _job(
            rotate_tenant_secrets,
            name="rotate-tenant-secrets",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:advanced", "job:encryption"],
        ),
        _job(
            export_tenant_secret,
            name="export-tenant-secret",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:advanced", "job:encryption"],
        ),
        _job(
            destroy_tenant_secret,
            name="destroy-tenant-secret",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:advanced", "job:encryption"],
        ),
        _job(
            prepare_own_key,
            name="prepare-own-key",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:advanced", "job:encryption"],
        ),
        _job(
            prepare_sandbox,
            name="prepare-sandbox",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:advanced", "job:masking"],
        ),
        _job(
            copied_credentials,
            name="copied-credentials",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:advanced", "job:masking"],
        ),
        _job(
            watch_sandboxes,
            name="watch-sandboxes-daily",
            schedules=[Cron("10 5 * * *", timezone="UTC", slug="daily")],
            parameters={},
            concurrency_limit=ONLY_THE_LATEST,
            tags=["phase:continuous", "job:masking"],
        ),
        _job(
            contain,
            name="contain",
            schedules=[],
            parameters={},
            concurrency_limit=SEVERAL_AT_ONCE,
            tags=["phase:continuous", "job:response"],
        ),
        _job(
            approve_containment,
            name="approve-containment",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:continuous", "job:response"],
        ),
        _job(
            re_enable,
            name="re-enable",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:continuous", "job:response"],
        ),
        _job(
            event_logs,
            name="event-logs",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:advanced", "job:event-logs"],
        ),
        _job(
            transaction_policies,
            name="transaction-policies",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:advanced", "job:response"],
        ),
        _job(
            incident,
            name="incident",
            schedules=[],
            parameters={},
            concurrency_limit=SEVERAL_AT_ONCE,
            tags=["phase:continuous", "job:response"],
        ),
        _job(
            close_incident,
            name="close-incident",
            schedules=[],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:continuous", "job:response"],
        ),
        _job(
            rehearsal,
            name="rehearsal",
            schedules=[Cron("0 6 15 1 *", timezone="UTC", slug="yearly")],
            parameters={},
            concurrency_limit=ONE_AT_A_TIME,
            tags=["phase:continuous", "job:rehearsal"],
        ),
    )


def _job(
    flow: Flow[..., Any],
    *,
    name: str,
    schedules: list[Schedule],
    parameters: dict[str, Any],
    concurrency_limit: ConcurrencyLimitConfig,
    tags: list[str],
) -> RunnerDeployment:
    """Module entrypoints: a worker imports the installed package, wherever it was started."""
    if any(each.slug in _EVERY_FEW_MINUTES for each in schedules):
        tags = [*tags, FREQUENT]
    made = flow.to_deployment(
        name,
        schedules=schedules,
        parameters=parameters,
        concurrency_limit=concurrency_limit,
        tags=[*tags, SCHEDULED] if schedules else tags,
        description=flow.description,
        work_pool_name=WORK_POOL,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    # Typed as perhaps a coroutine; in synchronous code it never is one.
    return cast(RunnerDeployment, made)
