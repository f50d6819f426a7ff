"""The command line as a person meets it: a process, its exit code and what it says."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import certifi
import httpx
import pytest
import yaml

from deployments.register import offer_choices, register_files
from tasks.errors import ConfigurationError
from tests.product import Product
from tests.running import RunningEstate
from tests.tasks.estate.test_read import RIGHT

COMMANDS = [
    ["up"], ["down"], ["status"], ["register"], ["doctor"], ["run"], ["report"], ["waivers"], ["calendar"], ["roi"], ["demo"], ["bench", "assessment"], ["bench", "rights"], ["jit", "request"], ["jit", "list"],
    *(["sandbox", name] for name in ("up", "down", "reset", "status", "env", "token")),
]  # fmt: skip


def bulkhead(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from deployments.cli import main; main()", *arguments]
    environment = {**os.environ, "BULKHEAD_HOME": str(home), "COLUMNS": "120"}
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        env=environment,
        stdin=subprocess.DEVNULL,
        timeout=400,
        check=False,
    )


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_helps_with_an_example(command: list[str]) -> None:
    from typer.testing import CliRunner

    from deployments.cli.main import app

    answer = CliRunner().invoke(app, [*command, "--help"])
    assert answer.exit_code == 0
    assert f"Example: bulkhead {' '.join(command)}" in answer.stdout


def test_a_busy_port_is_named_and_nothing_is_left_running(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = bulkhead(tmp_path / "home", "up", "--no-sandbox", "--port", str(port))
    assert answer.returncode == 2
    assert f"Port {port}" in answer.stderr and "--port" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert not json.loads(bulkhead(tmp_path / "home", "status", "--json").stdout)["server"]


@pytest.mark.parametrize(("origin", "let_in"), [("http://evil.example", False), ("own", True)])
def test_pages_from_elsewhere_cannot_call_prefect(product: Product, origin: str, let_in: bool) -> None:
    """What a browser asks before it sends JSON for a page of another origin."""
    headers = {
        "Origin": product.running.ui if origin == "own" else origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    with httpx.Client(trust_env=False) as client:
        answer = client.options(f"{product.running.ui}/api/deployments/filter", headers=headers)
        assert (answer.status_code == 200) is let_in
        assert (headers["Origin"] == answer.headers.get("Access-Control-Allow-Origin")) is let_in
        # Without asking first a browser sends only what a form could send, and that brings no token.
        simple = client.post(
            f"{product.running.ui}/api/flows/",
            content='{"name": "forged"}',
            headers={"Origin": origin, "Content-Type": "text/plain"},
        )
        assert simple.status_code == 403


def test_another_server_on_the_port_is_not_taken_for_ours(product: Product, tmp_path: Path) -> None:
    """As when two start at once, and both saw the port free."""
    from deployments import processes, server
    from deployments.settings import Home

    home = Home(tmp_path / "home")
    home.prepare()
    started = processes.start(["sleep", "60"], log=home.logs / "server.log", environment={})
    try:
        with pytest.raises(ConfigurationError, match="another Prefect server"):
            server.wait_for_server(product.running.port, started, home)
        server.wait_for_server(product.running.port, started, product.home)
    finally:
        processes.stop(started)


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    answer = bulkhead(tmp_path / "file" / "home", "up", "--no-sandbox")
    assert answer.returncode == 2
    assert "BULKHEAD_HOME" in answer.stderr and "Traceback" not in answer.stderr


def test_a_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from deployments import server
    from deployments.settings import Home

    monkeypatch.setattr(server, "FREE_BYTES_NEEDED", 2**60)
    with pytest.raises(ConfigurationError, match="Free some space"):
        server.prepare(Home(tmp_path / "home"))


def test_a_malformed_estate_is_refused_before_anything_is_needed(tmp_path: Path) -> None:
    file = tmp_path / "estate.yaml"
    file.write_text(RIGHT.replace("kind: production", "kind: live"))
    answer = bulkhead(tmp_path / "home", "register", str(file))
    assert answer.returncode == 2
    assert f"{file}:5: orgs[0].kind" in answer.stderr and "Traceback" not in answer.stderr


@pytest.mark.parametrize(
    "command", [["doctor"], ["run", "assessment"], ["run", "nothing"], ["report"]], ids=" ".join
)
def test_what_is_missing_is_named(tmp_path: Path, command: list[str]) -> None:
    answer = bulkhead(tmp_path / "home", *command)
    assert answer.returncode == 2
    assert answer.stderr.strip() and "Traceback" not in answer.stderr


def test_doctor_says_what_each_org_lets_us_see(product: Product) -> None:
    answer = bulkhead(product.home.root, "doctor", "--json")
    assert answer.returncode == 0, answer.stderr
    checks = {check["org"]: check for check in json.loads(answer.stdout)}
    assert set(checks) == {"hq", "emea", "apac", "compliance", "hq-uat"}
    assert all(check["ok"] and "users" in check["seen"] for check in checks.values())


@pytest.mark.slow
def test_an_unreadable_org_is_exit_code_3_and_the_others_are_judged(
    product: Product, estate: RunningEstate, tmp_path: Path
) -> None:
    """Whatever the findings: no secret of this name, no such address, a CA that did not sign, no CA file."""
    document = yaml.safe_load((estate.folder / "estate.yaml").read_text())
    orgs = {org["alias"]: org for org in document["orgs"]}
    orgs["hq"]["scanner"]["secret"] = orgs["emea"]["scanner"]["secret"]
    orgs["apac"]["my_domain"] = "https://nowhere.my.salesforce.com"
    orgs["compliance"]["ca_bundle"] = certifi.where()
    orgs["hq-uat"]["ca_bundle"] = str(tmp_path / "none.pem")
    broken = tmp_path / "estate.yaml"
    broken.write_text(yaml.safe_dump(document))
    try:
        registered = bulkhead(product.home.root, "register", "--no-schedules", str(broken))
        assert registered.returncode == 0, registered.stderr
        looked = bulkhead(product.home.root, "doctor", "--json")
        ran = bulkhead(product.home.root, "run", "assessment", "--fail-on", "low")
    finally:
        offer_choices(register_files(estate.folder / "estate.yaml"))
    assert looked.returncode == ran.returncode == 3, ran.stderr
    errors = {check["org"]: check["error"] for check in json.loads(looked.stdout)}
    assert not errors["emea"]
    for org, cause in (
        ("hq", "consumer key"),
        ("apac", "proxy"),
        ("compliance", "ca_bundle"),
        ("hq-uat", "none.pem"),
    ):
        assert cause in errors[org]
        assert f"{org} could not be read" in ran.stdout
    score = next(line for line in ran.stdout.splitlines() if line.startswith("emea")).split()[1]
    assert score.isdigit()


@pytest.mark.parametrize(
    ("parameter", "said"),
    [("orgs=5", "orgs"), ("org=emea", "org"), ('orgs=["mars"]', "The estate has hq"), ("orgs", "key=value")],
)
def test_parameters_that_do_not_fit_are_one_sentence(product: Product, parameter: str, said: str) -> None:
    answer = bulkhead(product.home.root, "run", "assessment", "--param", parameter)
    assert answer.returncode == 2
    assert said in answer.stderr and "Traceback" not in answer.stderr


@pytest.mark.slow
def test_a_report_that_cannot_be_written_names_the_file(product: Product, tmp_path: Path) -> None:
    assert bulkhead(product.home.root, "run", "assessment", "--param", 'orgs=["emea"]').returncode == 0
    target = tmp_path / "none" / "report.html"
    answer = bulkhead(product.home.root, "report", "--format", "html", "--output", str(target))
    assert answer.returncode == 2
    assert str(target) in answer.stderr and "Traceback" not in answer.stderr


@pytest.mark.slow
def test_run_and_report_tell_by_exit_code(product: Product, estate: RunningEstate, tmp_path: Path) -> None:
    ran = bulkhead(product.home.root, "run", "assessment", "--fail-on", "low")
    assert ran.returncode == 1, ran.stderr
    assert "emea" in ran.stdout and "ZT-01" in ran.stdout
    page = tmp_path / "report.html"
    assert bulkhead(product.home.root, "report", "--format", "html", "--output", str(page)).returncode == 0
    assert "<html" in page.read_text()
    assert json.loads(bulkhead(product.home.root, "report", "--format", "json").stdout)
    assert "," in bulkhead(product.home.root, "report", "--format", "csv").stdout
    assert json.loads(bulkhead(product.home.root, "report", "--format", "sarif").stdout)["version"] == "2.1.0"
    assert (
        json.loads(bulkhead(product.home.root, "report", "--format", "ocsf").stdout)[0]["class_uid"] == 2003
    )
