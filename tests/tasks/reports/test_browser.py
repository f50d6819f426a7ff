"""The report in a real browser: it asks for nothing, sorts, filters and drills down."""

from collections.abc import Iterator

import pytest
from playwright import sync_api as playwright

from tasks.reports.history import posture
from tasks.reports.html import render_html
from tests.programs import chromium
from tests.tasks.reports.sample import sample

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator["playwright.Page"]:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render_html(posture(sample())), encoding="utf-8")
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=chromium(), args=FLAGS)
        opened = browser.new_page()
        opened.asked, opened.errors = [], []
        opened.on("request", lambda request: opened.asked.append(request.url))
        opened.on("pageerror", lambda error: opened.errors.append(str(error)))
        opened.goto(path.as_uri())
        yield opened
        browser.close()


def test_it_asks_for_nothing_but_itself(page: "playwright.Page") -> None:
    assert [url for url in page.asked if not url.startswith("data:")] == [page.url.partition("#")[0]]
    assert page.errors == []


def test_a_cell_opens_its_findings(page: "playwright.Page") -> None:
    cell = page.locator("#map a.fail").first
    target = page.locator(f"[id='{cell.get_attribute('href')[1:]}']")
    assert target.get_attribute("open") is None
    cell.click()
    target.locator(".finding").first.wait_for(state="visible", timeout=3000)
    assert target.get_attribute("open") is not None


def test_a_column_sorts_both_ways(page: "playwright.Page") -> None:
    head = page.locator("#radius thead th:nth-child(6)")
    column = page.locator("#radius tbody td:nth-child(6)")
    head.locator("button").click()
    rows = [int(text.replace(",", "")) for text in column.all_inner_texts()]
    assert rows == sorted(rows)
    assert head.get_attribute("aria-sort") == "ascending"
    head.locator("button").click()
    assert [int(t.replace(",", "")) for t in column.all_inner_texts()] == sorted(rows, reverse=True)


def test_findings_filter_by_org_and_verdict(page: "playwright.Page") -> None:
    expected = [f for f in sample().findings() if f.org == "hq" and f.verdict == "fail"]
    page.select_option("select[name=org]", "hq")
    page.select_option("select[name=verdict]", "fail")
    shown = page.locator("#all-findings tbody tr:visible")
    assert shown.count() == len(expected) > 0
    assert page.locator(".filters output").inner_text().startswith(f"{len(expected)} of ")
