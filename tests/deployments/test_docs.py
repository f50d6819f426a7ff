"""Documents say what is: generated pages are up to date, whoever is told something finds a chapter, and what is named is there."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
import yaml
from pydantic import ValidationError

from deployments.cli.main import app
from deployments.docs import reference, runbook
from deployments.docs.__main__ import DEPLOYMENTS, generated, main, stale
from tasks.alerts.model import Alert, Link, Severity
from tasks.alerts.runbooks import RUNBOOKS, anchor, with_runbook
from tasks.anomalies.detections import DETECTIONS
from tasks.estate.model_alerts import AlertsPolicy
from tests.test_architecture import MODULES, PRODUCT, ROOT, within

PAGES = sorted((DEPLOYMENTS / "docs").glob("*.md"))
WITHOUT_KEY = {"tasks.alerts.volume"}
"""Its caller names the key."""


def test_generated_documents_are_up_to_date() -> None:
    assert [path.name for path in stale()] == [], "run `python -m deployments.docs`"
    assert main(["--check"]) == 0
    assert main(["--chekc"]) == 2


@pytest.mark.parametrize("file", reference.PAGES)
def test_every_field_of_the_models_is_in_the_reference(file: str) -> None:
    root, _ = reference.PAGES[file]
    found = reference.models(root)
    names = [model.__name__ for model in found]
    assert len(set(names)) == len(names), "two chapters have one name"
    text = reference.page(file)
    for model in found:
        assert all(f"| `{name}` |" in text for name in model.model_fields)
    assert not re.findall(r"<class|typing\.|PydanticUndefined|NoneType|`None`", text)


@pytest.mark.parametrize("file", reference.PAGES)
def test_defaults_are_written_as_the_file_would_say_them(file: str) -> None:
    """A person copies them from there."""
    cells = [
        re.split(r"(?<!\\) \| ", line)[2]
        for line in reference.page(file).splitlines()
        if line.startswith("| `")
    ]
    assert cells
    for value in (each.replace("\\|", "|") for cell in cells for each in re.findall(r"`([^`]+)`", cell)):
        assert not re.search(r"\d+ days?\b|^\d+:\d\d:\d\d$|\w\(|\w=", value), value
        if value.startswith("{"):
            assert isinstance(yaml.safe_load(value), dict), value


def test_durations_networks_and_objects_in_the_reference() -> None:
    text = reference.page("policy.yaml")
    assert "`PT1H`" in text and "`P90D`" in text and "`P7D`, `P2D`" in text
    assert "`{network: 52.94.76.0/22, owner: AWS}`" in text
    assert "at least P0D, at most P1D" in reference.page("estate.yaml")
    assert "`P2555D`" in reference.page("estate.yaml")


def alert_kinds() -> Iterator[tuple[str, str]]:
    """Module and kind of every alert that the product makes: how its key begins."""
    for name in (each for each in PRODUCT if within(each, "tasks", "flows", "deployments")):
        for node in ast.walk(ast.parse(MODULES[name].read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Alert":
                (key,) = [keyword.value for keyword in node.keywords if keyword.arg == "key"]
                for start in starts(key, name):
                    yield name, start.partition(":")[0]


def starts(key: ast.expr, module: str) -> list[str]:
    """Texts with which the value of an expression can begin. Fails for one that nobody can tell of."""
    match key:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=[first, *_]):
            return starts(first, module)
        case ast.FormattedValue(value=inside) | ast.Subscript(value=inside):
            return starts(inside, module)
        case ast.IfExp(body=one, orelse=other):
            return [*starts(one, module), *starts(other, module)]
        case ast.Call(func=ast.Name(id="_key"), args=[first, *_]):
            return starts(first, module)
        case ast.Call(func=ast.Name(id="alert_key")):
            return ["anomaly:"]
        case ast.Name(id=name) if hasattr(importlib.import_module(module), name):
            return [getattr(importlib.import_module(module), name)]
    assert module in WITHOUT_KEY, f"{module}: nobody can tell how this key begins: {ast.unparse(key)}"
    return []


def test_every_alert_has_a_chapter_and_every_chapter_an_alert() -> None:
    made = {kind: module for module, kind in alert_kinds()}
    written = [each.kind for each in RUNBOOKS]
    assert len(set(written)) == len(written)
    assert set(made) == set(written), {kind: made.get(kind) for kind in set(made) ^ set(written)}


def test_every_detection_and_every_error_has_a_chapter() -> None:
    text = runbook.page()
    for detection in DETECTIONS:
        assert f'<a id="anomaly-{detection.name}"></a>' in text and detection.runbook in text
    for error in runbook.classes():
        assert runbook.advice()[error.__name__], error
        assert f"| `{error.__name__}` |" in text


def test_errors_are_all_in_one_file_so_the_runbook_sees_them() -> None:
    names = {"BulkheadError", *(each.__name__ for each in runbook.classes())}
    for name in (each for each in PRODUCT if each != "tasks.errors"):
        for node in ast.walk(ast.parse(MODULES[name].read_text())):
            if isinstance(node, ast.ClassDef):
                assert names.isdisjoint(ast.unparse(base) for base in node.bases), (name, node.name)


def alert(key: str, *links: Link) -> Alert:
    return Alert(key=key, org="emea", severity=Severity.ERROR, title="Something", links=links)


def test_an_alert_leads_to_its_chapter_where_somebody_says_where_that_is() -> None:
    address = AlertsPolicy(runbook="https://wiki.example/runbook").runbook
    text = runbook.page()
    for key in [f"{each.kind}:x" for each in RUNBOOKS] + ["anomaly:unusual-volume/emea/005"]:
        told = with_runbook(alert(key), address)
        assert told.links[-1].url == f"https://wiki.example/runbook#{anchor(told)}"
        assert f'<a id="{anchor(told)}"></a>' in text
        assert with_runbook(told, address) == told
    assert with_runbook(alert("contained:x"), None).links == ()
    full = alert("contained:x", *(Link(label=f"L{n}", url="https://wiki.example") for n in range(10)))
    assert with_runbook(full, address) == full
    with pytest.raises(ValidationError):
        AlertsPolicy(runbook="https://wiki.example/runbook#there")


@pytest.mark.parametrize("page", [*PAGES, ROOT / "README.md"], ids=lambda page: page.name)
def test_what_a_page_names_is_there(page: Path) -> None:
    text = page.read_text("utf-8")
    for target in re.findall(r"\]\((?!https?:|mailto:)([^)\s]+)\)", text):
        file, _, chapter = target.partition("#")
        there = (page.parent / file) if file else page
        assert there.exists(), f"{page.name} links to {target}"
        if chapter and there.suffix == ".md":
            assert chapter in chapters(there), f"{page.name} links to {target}"
    for name in re.findall(r"`((?:blocks|tasks|flows|deployments|tests)/[\w./-]*)`", text):
        assert (ROOT / name).exists(), f"{page.name} names {name}"
    known = commands()
    for name in re.findall(r"`bulkhead ([a-z-]+)", text):
        assert name in known, f"{page.name} names `bulkhead {name}`"


def chapters(page: Path) -> set[str]:
    text = page.read_text("utf-8")
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    plain = (re.sub(r"[^\w\s-]", "", head.lower()).strip() for head in heads)
    return {head.replace(" ", "-") for head in plain} | set(re.findall(r'<a id="([^"]+)">', text))


def commands() -> set[str]:
    return set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]  # it is a group


def test_every_generated_page_is_one_of_the_pages() -> None:
    assert {path for path in generated() if path.suffix == ".md"} <= set(PAGES)
