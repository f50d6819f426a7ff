"""Words that have to fit on a page."""

from tasks.pages import cell, sentence, to_form, to_job


def test_a_cell_is_one_row_of_its_table_in_lines_that_fit() -> None:
    words = cell("one | two\nthree  four five six", 10)
    assert words == r"one \| two<br>three four<br>five six"
    assert all(len(line) <= 10 for line in words.split("<br>"))
    assert cell("one\ntwo") == "one two" and cell("", 10) == ""


def test_a_long_name_goes_on_after_a_joint_and_loses_nothing() -> None:
    name = "MTLS_HQ_to_Compliance_Transaction_Sync_20261129"
    lines = cell(f"key pair {name} now", 20).split("<br>")
    assert all(len(line) <= 20 for line in lines), lines
    assert "".join(lines).replace(" ", "") == f"keypair{name}now"
    assert cell("9" * 48, 20) == f"{'9' * 20}<br>{'9' * 20}<br>{'9' * 8}"


def test_code_over_two_lines_is_code_in_both() -> None:
    assert cell("`Settings.enableHistory`: on", 16) == "`Settings.`<br>`enableHistory`:<br>on"
    assert cell("`a` and `b`", 20) == "`a` and `b`"


def test_no_piece_of_an_address_looks_like_a_whole_one() -> None:
    assert cell("https://meridian-compliance.my.salesforce.com:8443", 32) == (
        "meridian-compliance.my.<br>salesforce.com:8443"
    )
    assert cell("sync.hq-emea-legacy@emea.meridian.example", 28) == (
        "sync.hq-emea-legacy@<br>emea.meridian.example"
    )
    assert cell("https://b.example", 32) == "https://b.example"


def test_a_sentence_and_a_link() -> None:
    assert sentence("iPaaS keys") == "IPaaS keys" and sentence("") == ""
    assert to_job("approve-plan").startswith("[approve-plan](/deployments?")
    assert to_form("approve-plan", {}, digest="4f") == to_job("approve-plan")
    filled = to_form("approve-plan", {"approve-plan": "1"}, digest="4f")
    assert filled == "[approve-plan](/deployments/deployment/1/run?parameters=%7B%22digest%22%3A%224f%22%7D)"
