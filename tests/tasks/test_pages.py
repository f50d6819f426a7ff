"""Words that have to fit on a page."""

from tasks.pages import cell, sentence, to_job


def test_a_cell_is_one_row_of_its_table_in_lines_that_fit() -> None:
    words = cell("one | two\nthree  four five six", 10)
    assert words == r"one \| two<br>three four<br>five six"
    assert all(len(line) <= 10 for line in words.split("<br>"))
    assert cell("one\ntwo") == "one two" and cell("", 10) == ""


def test_what_people_copy_stays_whole() -> None:
    assert cell("user sync.hq-emea-legacy@emea.meridian.example here", 12).split("<br>")[1] == (
        "sync.hq-emea-legacy@emea.meridian.example"
    )


def test_a_sentence_and_a_link() -> None:
    assert sentence("iPaaS keys") == "IPaaS keys" and sentence("") == ""
    assert to_job("approve-plan").startswith("[approve-plan](/deployments?")
