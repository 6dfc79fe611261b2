"""Numbers -> the charts of the page, as inline SVG.

In: arrays and names, already computed. Out: one `<svg>` a function. Nothing is computed here but what drawing
needs: thinning of long series, offsets between runs, limits of axes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter, PercentFormatter

from weakly.reports.numbers import compact
from weakly.reports.svg import (
    INK,
    MUTED,
    PAPER,
    SERIES,
    UNTRAINED,
    canvas,
    count_axis,
    series,
    style,
    to_svg,
)
from weakly.transfer.results import Result

_POINTS = 500
"""Points drawn of a long series: more would weigh on the page and not be seen."""

_SHORT = 20
"""A log of fewer lines has no running mean worth the name."""


@dataclass(frozen=True)
class Line:
    """A named series: x and y of the same length, float or int."""

    name: str
    x: np.ndarray
    y: np.ndarray


@dataclass(frozen=True)
class Dot:
    """One result: the block it stands in, its name there, and the place of its run among the runs."""

    group: str
    name: str
    place: int
    result: Result


def ranks(n: int) -> np.ndarray:
    """At most `_POINTS` ranks of 1..n, evenly spaced on a logarithmic axis; both ends are in."""
    return np.unique(np.round(np.geomspace(1, n, _POINTS)).astype(np.int64))


def thin(x: np.ndarray) -> slice:
    """Every k-th of a long series, so that at most `_POINTS` or so remain."""
    return slice(None, None, max(1, -(-len(x) // _POINTS)))


def smooth(y: np.ndarray, share: float = 0.05) -> np.ndarray:
    """Centred running mean over `share` of the series (at least 3 values; fewer at both ends)."""
    half = max(1, int(len(y) * share / 2))
    sums = np.concatenate([[0.0], np.cumsum(y, dtype=np.float64)])
    place = np.arange(len(y))
    low, high = np.maximum(place - half, 0), np.minimum(place + half + 1, len(y))
    return (sums[high] - sums[low]) / (high - low)


def zipf(counts: np.ndarray, name: str) -> Markup:
    """Posts a label against its rank, both logarithmic; counts int64[L] in descending order."""
    with style():
        figure, axes = canvas()
        shown = ranks(len(counts))
        axes.plot(shown, counts[shown - 1], color=SERIES[0], linewidth=2)
        if len(counts) < 40:
            axes.plot(shown, counts[shown - 1], "o", color=SERIES[0], markersize=4)
        _log_log(axes)
        axes.set_xlabel("rank of the label, commonest first")
        axes.set_ylabel("posts that carry it")
        return to_svg(figure, name, f"Posts a label by rank, from {counts[0]:,} down to {counts[-1]:,}.")


def resampling(before: np.ndarray, after: np.ndarray, name: str) -> Markup:
    """Images a label and pass, before and after resampling, by rank.

    Args:
        before: int64[L] images that carry each label.
        after: float64[L] images expected in one pass over the resampled set.
        name: id of the drawing.
    """
    with style():
        figure, axes = canvas()
        order = np.argsort(-before, kind="stable")
        shown = ranks(len(order))
        chosen = order[shown - 1]
        dots = axes.plot(
            shown, after[chosen], "o", color=SERIES[1], markersize=3.2, alpha=0.8, label="one pass"
        )[0]
        line = axes.plot(shown, before[chosen], color=SERIES[0], linewidth=2, label="in the set")[0]
        _log_log(axes)
        axes.set_xlabel("rank of the label, commonest first")
        axes.set_ylabel("images that carry it")
        axes.legend(handles=[line, dots], loc="lower left")
        return to_svg(figure, name, "Images a label by rank: in the training set, and in one resampled pass.")


def bars(values: Sequence[int], labels: Sequence[str], axis: str, name: str, description: str) -> Markup:
    """Counts of images as vertical bars, one a label of the x axis."""
    with style():
        figure, axes = canvas()
        drawn = axes.bar(range(len(values)), values, color=SERIES[0], width=0.72)
        axes.bar_label(drawn, [compact(value) for value in values], padding=3, fontsize=9, color=INK)
        axes.set_xticks(range(len(values)), labels)
        axes.grid(visible=False, axis="x")
        axes.set_xlabel(axis)
        axes.set_ylabel("images")
        count_axis(axes.yaxis)
        return to_svg(figure, name, description)


def over_images(
    lines: Sequence[Line],
    label: str,
    name: str,
    *,
    noisy: bool = True,
    zero: bool = True,
    numbers: Literal["plain", "counts", "shares"] = "plain",
) -> Markup:
    """A quantity of the log against images seen.

    Args:
        lines: one a run.
        label: what it is, and its unit.
        name: id of the drawing.
        noisy: draw a running mean too.
        zero: let the axis begin at 0.
        numbers: how the values are written; shares as percentages.
    """
    with style():
        figure, axes = canvas(5.2, 2.9)
        for place, line in enumerate(lines):
            _draw_line(axes, line, series(place), noisy=noisy)
        axes.set_xlabel("images seen")
        axes.set_xlim(left=0)
        axes.xaxis.set_major_locator(MaxNLocator(6))
        count_axis(axes.xaxis)
        # One line alone is named by the caption.
        if len(lines) > 1:
            axes.legend(loc="best", labelcolor=MUTED)
        if zero:
            highest = max(float(line.y.max()) for line in lines)
            axes.set_ylim(0, highest * 1.08 if highest > 0 else 1.0)
        if numbers == "shares":
            axes.yaxis.set_major_formatter(PercentFormatter(1.0))
        elif numbers == "counts":
            count_axis(axes.yaxis)
        axes.set_ylabel(label)
        return to_svg(figure, name, f"{label} against images seen.")


def _draw_line(axes: Axes, line: Line, colour: str, *, noisy: bool) -> None:
    """Faint as it was logged, and strong as a running mean; a short one strong as it was logged."""
    part = thin(line.x)
    if len(line.x) < _SHORT:
        axes.plot(line.x, line.y, "o-", color=colour, linewidth=2, markersize=4, label=line.name)
    elif noisy:
        axes.plot(line.x[part], line.y[part], color=colour, linewidth=0.8, alpha=0.3)
        axes.plot(line.x[part], smooth(line.y)[part], color=colour, linewidth=2, label=line.name)
    else:
        axes.plot(line.x[part], line.y[part], color=colour, linewidth=2, label=line.name)


def dots(values: Sequence[Dot], name: str) -> Markup:
    """Measured shares with their 95% intervals: a block a group under its name, hollow where untrained."""
    groups = list(dict.fromkeys(value.group for value in values))
    with style():
        figure, axes = canvas(5.2, 0.75 + 0.27 * (len(values) + 1.3 * len(groups)))
        y, rows, names = 0.0, [], []
        for group in groups:
            axes.annotate(
                group, (0, y), (4, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
                va="center", fontweight="bold",
            )  # fmt: skip
            y += 1.0
            for value in (value for value in values if value.group == group):
                _draw_dot(axes, value.place, value.result, y)
                rows.append(y)
                names.append(value.name)
                y += 1.0
            y += 0.3
        axes.set_yticks(rows, names)
        axes.set_ylim(y - 0.5, -0.6)
        axes.grid(visible=False, axis="y")
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        axes.spines["left"].set_visible(False)
        # Room for the figure that stands to the right of the last interval.
        axes.set_xlim(0, max(value.result.interval.high for value in values) * 1.04 + 0.09)
        axes.set_xticks([tick / 5 for tick in range(6) if tick / 5 <= axes.get_xlim()[1]])
        axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        axes.set_xlabel("test images answered rightly, with 95% interval")
        return to_svg(figure, name, "Accuracy of each network with its 95% interval.")


def _draw_dot(axes: Axes, place: int, result: Result, y: float) -> None:
    value, interval = result.value, result.interval
    colour = UNTRAINED if result.untrained else series(place)
    fill = PAPER if result.untrained else colour
    axes.plot(interval, (y, y), color=colour, linewidth=2.2, solid_capstyle="round")
    axes.plot(value, y, "o", color=colour, markerfacecolor=fill, markersize=7, markeredgewidth=1.8)
    axes.annotate(f"{value:.1%}", (interval.high, y), (6, 0), textcoords="offset points", va="center")


def _log_log(axes: Axes) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    for axis in (axes.xaxis, axes.yaxis):
        low, high = axis.get_view_interval()
        # Less than a decade and a half has too few powers of ten to read a value by.
        multiples = (1.0,) if low > 0 and high / low > 40 else (1.0, 2.0, 5.0)
        axis.set_major_locator(LogLocator(subs=multiples))
        axis.set_minor_formatter(NullFormatter())
        count_axis(axis)
