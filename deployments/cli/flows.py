"""`bulkhead run`, `bulkhead report` and `bulkhead waivers`."""

import inspect
import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import orjson
import typer

from deployments import server
from deployments.cli.asking import JsonOption
from deployments.cli.output import Exit, complain, on_terminal, say, say_json, tell
from deployments.settings import Home, home

if TYPE_CHECKING:
    from tasks.audit.model import Assessment

FLOWS = {
    "zero-trust": "flows.zero_trust:zero_trust",
    "assessment": "flows.assessment:assessment",
    "read-shard": "flows.fleet:read_shard",
    "quick-wins": "flows.quick_wins:quick_wins",
    "least-privilege": "flows.least_privilege:least_privilege",
    "second-factors": "flows.sign_in:second_factors",
    "oauth-flows": "flows.sign_in:oauth_flows",
    "approve-plan": "flows.plans:approve_plan",
    "apply-plan": "flows.plans:apply_plan",
    "rollback-plan": "flows.plans:rollback_plan",
    "request-access": "flows.access:request_access",
    "approve-access": "flows.access:approve_access",
    "end-access": "flows.access:end_access",
    "sweep-access": "flows.continuous:sweep_access",
    "collect-telemetry": "flows.telemetry:collect_telemetry",
    "review-access": "flows.continuous:review_access",
    "watch-plans": "flows.continuous:watch_plans",
    "detect-anomalies": "flows.detection:detect_anomalies",
    "judge-alert": "flows.detection:judge_alert",
    "back-test": "flows.detection:back_test",
    "heartbeat": "flows.alerts:heartbeat",
    "tell-run": "flows.reminders:tell_run",
    "remind-approvals": "flows.reminders:remind_approvals",
    "list-alerts": "flows.alerts:list_alerts",
    "acknowledge-alert": "flows.alerts:acknowledge_alert",
    "stream-events": "flows.streams:stream_events",
    "advanced": "flows.advanced:advanced",
    "continuous": "flows.ongoing:continuous",
    "watch-drift": "flows.drift:watch_drift",
    "mutual-tls": "flows.mutual_tls:mutual_tls",
    "check-certificates": "flows.certificates:check_certificates",
    "prove-mutual-tls": "flows.handshakes:prove_mutual_tls",
    "keep-evidence": "flows.continuous:keep_evidence",
    "web-firewall": "flows.web_firewall:web_firewall",
    "segmentation": "flows.segmentation:segmentation",
    "exposed-secrets": "flows.credentials:exposed_secrets",
    "credential-calendar": "flows.credentials:credential_calendar",
    "allow-listing": "flows.allow_listing:allow_listing",
    "rotate-credentials": "flows.rotation:rotate_credentials",
    "credential-rotation": "flows.rotation:credential_rotation",
    "sync-route": "flows.sync:sync_route",
    "rotate-data-keys": "flows.data_keys:rotate_data_keys",
    "retire-data-keys": "flows.data_keys:retire_data_keys",
    "back-up-orgs": "flows.backups:back_up_orgs",
    "verify-backups": "flows.backups:verify_backups",
    "restore-drill": "flows.drills:restore_drill",
    "key-loss-drill": "flows.drills:key_loss_drill",
    "mask-sandbox": "flows.masking:mask_sandbox",
    "plan-encryption": "flows.encryption:plan_encryption",
    "verify-encryption": "flows.encryption:verify_encryption",
    "rotate-tenant-secrets": "flows.encryption:rotate_tenant_secrets",
    "export-tenant-secret": "flows.encryption:export_tenant_secret",
    "destroy-tenant-secret": "flows.encryption:destroy_tenant_secret",
    "prepare-own-key": "flows.encryption:prepare_own_key",
    "scan-sandbox": "flows.masking:scan_sandbox",
    "prepare-sandbox": "flows.sandboxes:prepare_sandbox",
    "copied-credentials": "flows.sandboxes:copied_credentials",
    "watch-sandboxes": "flows.sandboxes:watch_sandboxes",
    "contain": "flows.response:contain",
    "approve-containment": "flows.response:approve_containment",
    "re-enable": "flows.response:re_enable",
    "incident": "flows.incident:incident",
    "close-incident": "flows.incident:close_incident",
    "rehearsal": "flows.rehearsal:rehearsal",
    "event-logs": "flows.event_logs:event_logs",
    "transaction-policies": "flows.prevention:transaction_policies",
    "end-lost-runs": "flows.runs:end_lost_runs",
    "delete-old-runs": "flows.runs:delete_old_runs",
    "quarterly-audit": "flows.audit:quarterly_audit",
    "emerging-threats": "flows.threats:emerging_threats",
    "recertify-access": "flows.recertification:recertify_access",
    "answer-recertification": "flows.recertification:answer_recertification",
}
FORMATS = ("text", "html", "json", "csv", "sarif", "ocsf")
SEVERITIES = ("low", "medium", "high", "critical")
FailOnOption = Annotated[
    str,
    typer.Option(
        help="Exit with 1 when a finding is at least this severe: low, medium, high, critical, never."
    ),
]


def run(
    flow: Annotated[str, typer.Argument(help=f"Which flow: {', '.join(FLOWS)}.")],
    param: Annotated[
        list[str] | None, typer.Option(help="A parameter as key=value; the value may be JSON.")
    ] = None,
    fail_on: FailOnOption = "never",
) -> None:
    """
    Run a flow in this process; it is recorded in Prefect like any other run.

    Example: bulkhead run assessment --param 'orgs=["hq", "emea"]' --fail-on critical
    """
    if flow not in FLOWS:
        complain(f"There is no flow {flow}. There are: {', '.join(FLOWS)}.", Exit.CONFIGURATION)
    check_severity(fail_on)
    parameters = dict(_parameter(text) for text in param or [])
    server.connect(home())
    if flow != "assessment":
        say_result(carry_out(flow, parameters))
        return
    assessment = assess(home(), parameters)
    raise typer.Exit(exit_code(assessment, fail_on))


def report(
    form: Annotated[str, typer.Option("--format", help=f"One of {', '.join(FORMATS)}.")] = "text",
    output: Annotated[
        Path | None, typer.Option(help="File to write; standard output when not given.")
    ] = None,
    fail_on: FailOnOption = "never",
) -> None:
    """
    Report the last assessment: posture, drift since the one before, trend, compliance, cost and benefit.

    Example: bulkhead report --format sarif --output posture.sarif
    """
    if form not in FORMATS:
        complain(f"There is no format {form}. There are: {', '.join(FORMATS)}.", Exit.CONFIGURATION)
    check_severity(fail_on)
    from tasks.audit.gateway import kept_assessments

    kept = kept_assessments(home().reports)
    assessment = next(kept, None)
    if assessment is None:
        complain("There is no assessment yet. Run `bulkhead run assessment`.", Exit.CONFIGURATION)
    previous = next((older for older in kept if older.estate == assessment.estate), None)
    text = render(assessment, form, previous)
    if output is None:
        say(text)
    else:
        output.write_text(text, encoding="utf-8")
        tell(f"wrote {output}")
    raise typer.Exit(exit_code(assessment, fail_on))


def waivers(as_json: JsonOption = False) -> None:
    """
    List the waivers of the policy as the last assessment found them: used, expired, unused.

    Example: bulkhead waivers
    """
    from tasks.audit.gateway import kept_assessments
    from tasks.reports.artifacts import waiver_table, waivers_text

    assessment = next(kept_assessments(home().reports), None)
    if assessment is None:
        complain("There is no assessment yet. Run `bulkhead run assessment`.", Exit.CONFIGURATION)
    if as_json:
        say_json(waiver_table(assessment))
    elif assessment.waivers:
        say(waivers_text(assessment))
    else:
        tell("The policy had no waivers when the last assessment was made.")


def carry_out(name: str, parameters: dict[str, Any]) -> Any:
    """Runs any flow here, with parameters that were checked first."""
    os.environ["BULKHEAD_HOME"] = str(home().root)
    module, _, attribute = FLOWS[name].partition(":")
    flow = getattr(import_module(module), attribute)
    if strange := _misfits(flow.fn, parameters):
        complain(f"These parameters do not fit: {strange}.", Exit.CONFIGURATION)
    return flow(**parameters)


def say_result(result: Any) -> None:
    """A digest as it is, a noun or several as JSON."""
    if isinstance(result, str):
        say(result)
    elif hasattr(result, "model_dump"):
        say_json(result.model_dump(mode="json"))
    elif isinstance(result, tuple):
        say_json([each.model_dump(mode="json") for each in result])


def assess(at: Home, parameters: dict[str, Any]) -> "Assessment":
    """Runs the assessment here and prints its scoreboard."""
    os.environ["BULKHEAD_HOME"] = str(at.root)
    from flows.assessment import assessment as flow
    from flows.reading import chosen_orgs
    from tasks.orgs import load_estate

    strange = _misfits(flow.fn, parameters)
    if strange:
        complain(f"These parameters do not fit: {strange}.", Exit.CONFIGURATION)
    # Before the run: a mistyped alias deserves a sentence, not a failed run.
    chosen_orgs(load_estate(), parameters.get("orgs", []))
    made: Assessment = flow(**parameters)
    say(render(made, "text", None))
    return made


def render(assessment: "Assessment", form: str, previous: "Assessment | None") -> str:
    """One of FORMATS as text, with what was remembered of runs before. Raises ConfigurationError for a bad roi.yaml."""
    if form == "text":
        from tasks.reports.artifacts import scoreboard_text

        return scoreboard_text(assessment, width())
    from tasks.reports import gateway, steps
    from tasks.reports.history import posture

    history = gateway.kept_history(home().reports, assessment.estate)
    return steps.render(posture(assessment, previous, history, gateway.roi_of(home().root)), form)


def width() -> int:
    import shutil

    return shutil.get_terminal_size((100, 24)).columns if on_terminal() else 100


def exit_code(assessment: "Assessment", fail_on: str) -> Exit:
    """An unreadable org weighs more than findings: what could not be read may be worse than what was found."""
    from flows.assessment import LEFT_OUT
    from tasks.audit.model import Verdict

    if any(why != LEFT_OUT for why in assessment.unreadable.values()):
        return Exit.ORG_UNREADABLE
    if fail_on == "never":
        return Exit.FINE
    bad = SEVERITIES[SEVERITIES.index(fail_on) :]
    failed = (f for f in assessment.findings() if f.verdict is Verdict.FAIL)
    return Exit.FINDINGS if any(f.severity.value in bad for f in failed) else Exit.FINE


def check_severity(fail_on: str) -> None:
    if fail_on not in (*SEVERITIES, "never"):
        complain(f"--fail-on takes one of {', '.join(SEVERITIES)}, never; not {fail_on}.", Exit.CONFIGURATION)


def add_to(app: typer.Typer) -> None:
    for command in (run, report, waivers):
        app.command()(command)


def _parameter(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        complain(f"--param takes key=value, not `{text}`.", Exit.CONFIGURATION)
    try:
        return name, orjson.loads(value)
    except orjson.JSONDecodeError:
        return name, value


def _misfits(function: Callable[..., Any], parameters: dict[str, Any]) -> str:
    """What does not fit, in words; Prefect's own check would write a stack trace first."""
    from pydantic import ValidationError, create_model

    fields = {
        name: (p.annotation, ... if p.default is inspect.Parameter.empty else p.default)
        for name, p in inspect.signature(function, eval_str=True).parameters.items()
    }
    model: Any = create_model("Parameters", __config__={"extra": "forbid"}, **cast(Any, fields))
    try:
        model.model_validate(parameters)
    except ValidationError as error:
        return "; ".join(
            f"{'.'.join(map(str, e['loc']))}: {e['msg']}"
            for e in error.errors(include_url=False, include_input=False)
        )
    return ""
