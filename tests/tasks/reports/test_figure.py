"""Charts stand inside a page, say the same of the same figures, and speak to everybody."""

from xml.etree import ElementTree

from tasks.reports.figure import COLOURS, as_svg, drawing


def chart(height: float) -> str:
    figure, axes = drawing(4, 2)
    axes.plot([0, 1], [0, height], label="hq")
    axes.legend()
    return as_svg(figure, 'rows of "hq" & others')


def test_the_same_figures_are_the_same_bytes() -> None:
    assert chart(1) == chart(1) != chart(2)


def test_it_stands_in_a_page_and_is_read_out() -> None:
    drawn = chart(1)
    assert drawn.startswith("<svg") and "<metadata" not in drawn
    root = ElementTree.fromstring(drawn)
    assert root.get("role") == "img" and root.get("aria-label") == 'rows of "hq" & others'


def test_words_stay_words() -> None:
    assert ">hq</text>" in chart(1)


def test_colours_can_be_read_on_white() -> None:
    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        light = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), light, strict=True))

    assert all(1.05 / (luminance(colour) + 0.05) >= 4.5 for colour in COLOURS)


def test_the_page_gives_the_colours() -> None:
    figure, axes = drawing(4, 2)
    axes.plot([0, 1], color="#010101")
    drawn = as_svg(figure, "a line", {"#010101": "var(--l0)"})
    assert "stroke: var(--l0)" in drawn and "#010101" not in drawn


def test_two_in_one_page_do_not_disturb_each_other() -> None:
    drawn = chart(1)
    assert "<style" not in drawn and '<g id="' not in drawn
