"""The image recipe and the manifests, as far as a machine without Docker and a cluster can check them."""

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import typer.main
import yaml

from deployments.cli.main import app
from tasks.estate.model_telemetry import EventBusEntry
from tasks.salesforce.handshakes import MUTUAL_PORT

ROOT = Path(__file__).resolve().parents[2]
RECIPE = ROOT / "deployments" / "image" / "Dockerfile"
MANIFESTS = sorted((ROOT / "deployments" / "kubernetes").rglob("*.yaml"))
LINTER = Path(__file__).with_name("image_linter")
VERSIONS = ("1.31", "1.34", "1.37")
COMMANDS: Any = typer.main.get_command(app)


def documents() -> list[dict[str, Any]]:
    return [each for file in MANIFESTS for each in yaml.safe_load_all(file.read_text())]


def workloads() -> Iterator[tuple[str, dict[str, Any]]]:
    for each in documents():
        if each["kind"] in ("Deployment", "Job"):
            yield each["metadata"]["name"], each["spec"]["template"]["spec"]


def names(kind: str) -> set[str]:
    return {each["metadata"]["name"] for each in documents() if each["kind"] == kind}


def packages(lock: str) -> set[str]:
    text = (ROOT / "deployments" / lock).read_text()
    return set(re.findall(r"^([a-z0-9-]+(?:\[[^]]+])?==\S+)", text, re.MULTILINE))


def linted(recipe: Path) -> "subprocess.CompletedProcess[str]":
    """What the linter says of a recipe: code 0 and silence, or code 1 and one paragraph per finding."""
    if not (LINTER / "node_modules" / "dockerfile-utils" / "package.json").exists():
        missing = f"dockerfile-utils is not installed; run `npm ci` in {LINTER}"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)  # a developer without Node; CI installs it and fails without it
    command = [
        "node",
        LINTER / "node_modules" / "dockerfile-utils" / "bin" / "dockerfile-utils",
        "lint",
        recipe,
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_linter_has_nothing_to_say_of_the_recipe() -> None:
    told = linted(RECIPE)
    assert (told.returncode, told.stdout) == (0, "")


def test_the_linter_does_speak(tmp_path: Path) -> None:
    wrong = tmp_path / "Dockerfile"
    wrong.write_text(RECIPE.read_text().replace("USER 10001", "USR 10001") + 'CMD ["--version"]\n')
    told = linted(wrong)
    assert told.returncode == 1
    assert "Unknown instruction: USR" in told.stdout
    assert "only be one CMD" in told.stdout


def test_the_recipe_is_pinned_by_digest_and_ends_as_nobody() -> None:
    lines = RECIPE.read_text().splitlines()
    base = next(line for line in lines if line.startswith("ARG BASE="))
    assert re.search(r"@sha256:[0-9a-f]{64}$", base)
    assert [line for line in lines if line.startswith("FROM")] == ["FROM ${BASE} AS build", "FROM ${BASE}"]
    user = [line.split()[1] for line in lines if line.startswith("USER")][-1]
    assert user == "10001:10001"
    assert not any(line.startswith(("ADD", "VOLUME")) for line in lines)


def test_the_image_installs_what_everybody_tests_with() -> None:
    assert packages("image.lock") <= packages("requirements.lock")
    assert packages("build.lock") <= packages("requirements.lock")
    told = {re.split(r"[\[=]", each)[0] for each in packages("image.lock")}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    there = ("postgresql", "redis", "dask", "opentelemetry")
    needed = [*project["dependencies"], *(each for name in there for each in extras[name])]
    assert {re.split(r"[\[<>=]", each)[0] for each in needed} <= told, "run `make lock`"
    assert {"prefect", "pg8000", "asyncpg", "prometheus-client"} <= told
    assert not {"pytest", "moto", "mypy", "hypothesis"} & told


def test_the_bill_of_materials_names_what_the_image_installs(tmp_path: Path) -> None:
    target = (ROOT / "Makefile").read_text().partition("\nsbom:")[2].partition("\n\n")[0]
    assert "requirements deployments/image.lock" in target
    tool = Path(sys.executable).with_name("cyclonedx-py")
    written = tmp_path / "bulkhead.cdx.json"
    options = [
        "--pyproject",
        "pyproject.toml",
        "--spec-version",
        "1.6",
        "--of",
        "JSON",
        "--output-reproducible",
    ]
    command = [tool, "requirements", "deployments/image.lock", *options, "--validate", "-o", written]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    bill = json.loads(written.read_text())
    assert bill["metadata"]["component"]["name"] == "bulkhead"
    named = {f"{each['name']}=={each['version']}" for each in bill["components"]}
    assert named == {re.sub(r"\[.*]", "", each) for each in packages("image.lock")}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_manifest_fits_the_schema_of_its_kind(version: str) -> None:
    assert len(documents()) > 10
    for each in documents():
        kubernetes_validate.validate(each, version, strict=True)


def open_ports(name: str) -> set[int]:
    (found,) = (
        each for each in documents() if each["kind"] == "NetworkPolicy" and each["metadata"]["name"] == name
    )
    return {port["port"] for way in found["spec"]["egress"] for port in way["ports"]}


def test_pods_get_out_to_where_the_product_goes_by_itself() -> None:
    bus = EventBusEntry().address.partition(":")[2]
    assert {443, MUTUAL_PORT, int(bus)} <= open_ports("to-the-world")


def test_what_is_open_for_dask_is_opened_by_whoever_has_one() -> None:
    assert open_ports("to-dask") == {8786}
    (optional,) = (each for each in MANIFESTS if each.parent.name == "optional")
    assert "to-dask" in optional.read_text(), "`kubectl apply -f deployments/kubernetes` leaves it out"


def test_a_schema_does_refuse_what_is_wrong() -> None:
    wrong = next(each for each in documents() if each["kind"] == "Deployment")
    wrong["spec"]["replica"] = 1
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, VERSIONS[-1], strict=True)


@pytest.mark.parametrize(("name", "pod"), list(workloads()))
class TestWorkload:
    def test_it_keeps_to_the_restricted_profile(self, name: str, pod: dict[str, Any]) -> None:
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in pod["containers"]:
            context = container["securityContext"]
            assert context["readOnlyRootFilesystem"] is True
            assert context["allowPrivilegeEscalation"] is False
            assert context["capabilities"] == {"drop": ["ALL"]}

    def test_it_is_bounded_and_probed(self, name: str, pod: dict[str, Any]) -> None:
        for container in pod["containers"]:
            assert container["resources"]["requests"].keys() == {"cpu", "memory"}
            assert "memory" in container["resources"]["limits"]
            if name != "bulkhead-migrations":
                assert {"startupProbe", "readinessProbe", "livenessProbe"} <= container.keys()

    def test_its_command_is_one_of_ours_with_options_that_it_has(
        self, name: str, pod: dict[str, Any]
    ) -> None:
        for container in pod["containers"]:
            command, *options = container["args"]
            found = COMMANDS.commands[command]
            known = {each for option in found.params for each in (*option.opts, *option.secondary_opts)}
            assert {each for each in options if each.startswith("--")} <= known

    def test_it_can_write_where_it_must_and_names_what_there_is(self, name: str, pod: dict[str, Any]) -> None:
        assert pod["serviceAccountName"] in names("ServiceAccount")
        for container in pod["containers"]:
            assert {each["mountPath"] for each in container["volumeMounts"]} == {"/var/lib/bulkhead", "/tmp"}
            for each in container["envFrom"]:
                assert each["configMapRef"]["name"] in names("ConfigMap")
        claims = {
            each["persistentVolumeClaim"]["claimName"]
            for each in pod["volumes"]
            if "persistentVolumeClaim" in each
        }
        assert claims <= names("PersistentVolumeClaim")


def test_no_manifest_holds_a_secret_and_readme_says_how_each_is_made() -> None:
    assert not names("Secret")
    asked = {
        (each["valueFrom"]["secretKeyRef"]["name"], each["valueFrom"]["secretKeyRef"]["key"])
        for _, pod in workloads()
        for container in pod["containers"]
        for each in container.get("env", ())
    }
    readme = (ROOT / "README.md").read_text()
    for secret, key in asked:
        made = next(line for line in readme.splitlines() if f"create secret generic {secret}" in line)
        assert f"--from-literal={key}=" in made or f"--from-file={key}=" in made


def test_nobody_is_reached_unless_a_policy_says_so() -> None:
    policies = [each["spec"] for each in documents() if each["kind"] == "NetworkPolicy"]
    assert {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]} in policies
    open_to_all = [each for each in policies if any(not rule.get("from") for rule in each.get("ingress", ()))]
    assert not open_to_all
