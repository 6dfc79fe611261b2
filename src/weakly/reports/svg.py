"""A matplotlib figure -> inline SVG that belongs to the page.

In: a `Figure` made by `canvas` and filled by a chart. Out: an `<svg>` element whose text is text (selectable,
in the page's font) and whose colours are the page's CSS variables, so one drawing serves screen and print.
"""

import io
import re
from contextlib import AbstractContextManager
from typing import Any

from markupsafe import Markup, escape
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from weakly.reports.numbers import compact

INK, MUTED, RULE = "#1c2430", "#5b6675", "#d9dee5"
SERIES = ("#0b5cad", "#c2540a", "#1b7f5c", "#8a3fa0", "#a3203f", "#6b5d00")
PAPER = "#ffffff"
UNTRAINED = "#8b95a3"

_VARIABLES = {
    INK: "ink",
    MUTED: "muted",
    RULE: "rule",
    PAPER: "paper",
    UNTRAINED: "untrained",
    **{colour: f"series-{place}" for place, colour in enumerate(SERIES)},
}
_STYLE: dict[Any, Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 9.5,
    "text.parse_math": False,
    "text.color": INK,
    "axes.labelcolor": MUTED,
    "axes.labelsize": 9.5,
    "axes.edgecolor": MUTED,
    "axes.facecolor": "none",
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": RULE,
    "grid.linewidth": 0.7,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
    "figure.facecolor": "none",
    "legend.frameon": False,
    "legend.fontsize": 9.5,
    "svg.fonttype": "none",
}


def style() -> AbstractContextManager[None]:
    """The settings every chart is drawn and written under, as a context manager."""
    return rc_context(_STYLE)


def canvas(width: float = 5.2, height: float = 3.2) -> tuple[Figure, Axes]:
    """A figure of `width` by `height` inches with one axes; call it within `style()`."""
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots()


def series(place: int) -> str:
    """The colour of the place-th of several runs; it comes round again after six."""
    return SERIES[place % len(SERIES)]


def count_axis(axis: Axis) -> None:
    """Write the ticks of an axis of counts in compact form."""
    axis.set_major_formatter(FuncFormatter(lambda value, _: compact(value)))


def to_svg(figure: Figure, name: str, description: str) -> Markup:
    """Write a figure as an inline `<svg>`.

    Args:
        figure: drawn within `style()`, and written within it too.
        name: unique on the page; letters, digits and dashes. It keeps the ids of two drawings apart.
        description: what the figure shows, in a sentence, for those who cannot see it.
    """
    buffer = io.StringIO()
    with rc_context({"svg.hashsalt": name}):
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    # The style sheet inside would reach the whole page; the page's own has the rule, for figures only.
    text = re.sub(r"<style .*?</style>", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', text)
    text = re.sub(r'xlink:href="#([^"]+)"', rf'href="#{name}-\1"', text)
    text = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", text)
    text = re.sub(r" font-family: [^;\"]+;?", "", text)
    title = f"<title>{escape(description)}</title>"
    text = re.sub(
        r'<svg [^>]*viewBox="([^"]+)"[^>]*>', lambda m: f'<svg viewBox="{m[1]}" role="img">{title}', text
    )
    for colour, variable in _VARIABLES.items():
        text = text.replace(colour, f"var(--{variable})")
    # matplotlib escapes the texts it writes.
    return Markup(text)
