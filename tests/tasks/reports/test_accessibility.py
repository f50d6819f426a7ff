"""The report for everybody: axe-core finds nothing serious in it, the console stays silent, nothing is fetched, it prints."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright import sync_api as playwright

from tasks.reports.history import posture, run_of
from tasks.reports.html import render_html
from tasks.reports.model import History
from tests.programs import chromium
from tests.tasks.reports.sample import NOW, sample
from tests.tasks.reports.test_browser import FLAGS
from tests.tasks.reports.test_formats import before

AXE = Path(__file__).parent / "accessibility" / "node_modules" / "axe-core" / "axe.min.js"
LARGEST = 3_000_000
JUDGE = """axe.run(document, {resultTypes: ["violations"]}).then(
    found => found.violations.map(each => [each.impact, each.id, each.nodes.map(node => node.html)]))"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every chapter filled: a run before, a trend of ten weeks, waivers, gaps."""
    made = sample()
    weeks = tuple(run_of(made).model_copy(update={"made_at": NOW - timedelta(weeks=n)}) for n in range(2, 12))
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(
        render_html(posture(made, before(), History(estate=made.estate, runs=weeks))), encoding="utf-8"
    )
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator["playwright.Browser"]:
    with playwright.sync_playwright() as p:
        opened = p.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def axe() -> str:
    if AXE.exists():
        return AXE.read_text(encoding="utf-8")
    missing = f"axe-core is not installed; run `npm ci` in {AXE.parents[2]}"
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)


def test_it_is_small(report: Path) -> None:
    assert report.stat().st_size < LARGEST


@pytest.mark.parametrize(("width", "scheme"), [(1400, "light"), (800, "dark")])
def test_nothing_keeps_anybody_out(
    browser: "playwright.Browser", report: Path, axe: str, width: int, scheme: str
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 1000}, color_scheme=scheme)
    told: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report.as_uri())
    assert told == []
    assert [url for url in asked if not url.startswith("data:")] == [report.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    page.evaluate(axe)
    found = page.evaluate(JUDGE)
    assert not [each for each in found if each[0] in ("serious", "critical")], found
    page.close()


def test_axe_is_one_that_finds(browser: "playwright.Browser", axe: str) -> None:
    page = browser.new_page()
    page.set_content("<html><body><img src=x><button></button></body></html>")
    page.evaluate(axe)
    assert {"image-alt", "button-name"} <= {each[1] for each in page.evaluate(JUDGE)}
    page.close()


def test_tables_scroll_and_cells_open_by_keyboard(browser: "playwright.Browser", report: Path) -> None:
    page = browser.new_page()
    page.goto(report.as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".wide:not([tabindex='0'])").count() == 0
    cell = page.locator("#map a.fail").first
    cell.focus()
    page.keyboard.press("Enter")
    target = page.locator(f"[id='{(cell.get_attribute('href') or '')[1:]}']")
    target.locator(".finding").first.wait_for(state="visible", timeout=5000)
    page.close()


def test_paper_shows_what_was_folded(browser: "playwright.Browser", report: Path) -> None:
    page = browser.new_page()
    page.goto(report.as_uri())
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator(".chapter:not([open])").count() == 0
    assert not page.locator("nav").is_visible() and not page.locator(".filters").is_visible()
    page.close()
