"""What the frozen features are worth on other tasks, against the same network before training (section 3).

In: comparisons. Out: a chart of all of them, a table of classes for each, and what has not been measured.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from weakly.reports import charts
from weakly.reports.comparison import Comparison
from weakly.reports.runs import Missing, Story
from weakly.transfer.results import Result


@dataclass(frozen=True)
class ClassRow:
    """Accuracy on the test images of one class; None where it has none."""

    name: str
    trained: float | None
    untrained: float | None


@dataclass(frozen=True)
class ClassTable:
    """The classes of one target, in its order; `compared` where both networks were measured."""

    run: str
    target: str
    compared: bool
    rows: list[ClassRow]


@dataclass(frozen=True)
class ProbeSection:
    """What the section says of all runs together."""

    chart: Markup
    gaps: list[str]
    warnings: list[str]
    classes: list[ClassTable]
    results: list[tuple[str, Result]]


def probe_section(stories: Sequence[Story], comparisons: Sequence[Comparison]) -> ProbeSection | Missing:
    """The section for all runs together."""
    if not comparisons:
        return Missing(
            "Nothing has been measured yet. `weakly probe RUN --to TARGET` measures the pretrained network, "
            "and `--untrained` the same network before training."
        )
    several = len(stories) > 1
    tables = [class_table(comparison) for comparison in comparisons]
    return ProbeSection(
        chart=charts.dots([dot for comparison in comparisons for dot in _dots(comparison, several)], "probe"),
        gaps=[gap for comparison in comparisons for gap in _gaps(comparison, several)],
        warnings=list(dict.fromkeys(_warnings(stories))),
        classes=[table for table in tables if table is not None],
        results=[(story.name, result) for story in stories for result in story.results],
    )


def _dots(comparison: Comparison, several: bool) -> list[charts.Dot]:
    found = []
    for result, stage in ((comparison.trained, "pretrained"), (comparison.untrained, "before training")):
        if result is not None:
            name = f"{comparison.run}, {stage}" if several else stage
            group = f"{comparison.target}, {comparison.protocol}"
            found.append(charts.Dot(group, name, comparison.place, result))
    return found


def _gaps(comparison: Comparison, several: bool) -> list[str]:
    where = f"{comparison.run} on {comparison.target}" if several else comparison.target
    if comparison.untrained is None:
        return [f"{where}: the network before training has not been measured (`weakly probe --untrained`)."]
    if comparison.trained is None:
        return [f"{where}: only the network before training has been measured."]
    return []


def _warnings(stories: Sequence[Story]) -> Iterator[str]:
    """What the results say must be known about them, with the target's name."""
    for story in stories:
        for result in story.results:
            for warning in result.details.get("warnings", []):
                yield f"{result.task}: {warning}"


def class_table(comparison: Comparison) -> ClassTable | None:
    """Both networks class by class; None where no result says anything of classes."""
    after = {} if comparison.trained is None else comparison.trained.details.get("per_class", {})
    before = {} if comparison.untrained is None else comparison.untrained.details.get("per_class", {})
    names = list(dict.fromkeys([*after, *before]))
    if not names:
        return None
    rows = [ClassRow(name, after.get(name), before.get(name)) for name in names]
    return ClassTable(comparison.run, comparison.target, bool(after and before), rows)
