"""A chart as SVG that stands inside a page: text stays text, the same figures give the same bytes, readers of screens get its words."""

import re
from collections.abc import Mapping
from io import StringIO
from typing import Any
from xml.sax.saxutils import escape

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

COLOURS = ("#0b6e4f", "#b23a48", "#7a5195", "#c2408a", "#b8561f", "#4f5d75")
"""Each has a contrast of at least 4.5 to 1 on white (WCAG 2.2, 1.4.3), for its label is written in it, too."""
_ROUND = "stroke-linejoin:round;stroke-linecap:butt"
_ALONE = (
    # Its metadata are addresses of vocabularies; a page that names no address is easier to trust.
    (r"<metadata>.*?</metadata>\s*", ""),
    # A style within a page holds for the whole page, and names of groups are the same in every figure.
    (r"<style.*?</style>\s*", ""),
    (r'<g id="[^"]*"', "<g"),
    (r'(<svg[^>]*?) width="[^"]*" height="[^"]*"', r"\1"),
)
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "bulkhead",
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#dddddd",
    "axes.axisbelow": True,
}


def drawing(width: float, height: float) -> tuple[Figure, Axes]:
    """An empty chart of so many inches."""
    with rc_context(_STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasSVG(figure)
        return figure, figure.add_subplot()


def as_svg(figure: Figure, title: str, theme: Mapping[str, str] | None = None) -> str:
    """
    The element alone, as wide as the page lets it be; `title` is what is read out in its place. `theme` has what stands in the page
    for a colour of the figure (`#0b6e4f` → `var(--pass)`), so that a dark page is dark here, too.
    """
    text = StringIO()
    with rc_context(_STYLE):
        figure.savefig(text, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    element = text.getvalue()[text.getvalue().index("<svg") :]
    for pattern, instead in _ALONE:
        element = re.sub(pattern, instead, element, flags=re.DOTALL)
    for colour, variable in (theme or {}).items():
        element = element.replace(colour, variable)
    said = escape(title, {'"': "&quot;"})
    return element.replace("<svg", f'<svg role="img" aria-label="{said}" style="{_ROUND}"', 1)
