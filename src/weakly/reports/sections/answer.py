"""The answer first: what went in, and what it bought.

In: runs and their comparisons. Out: sentences, and a row of figures a run.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from weakly.progress import plural
from weakly.reports.comparison import Comparison
from weakly.reports.numbers import compact, duration, percent, points, thousands
from weakly.reports.runs import Missing, Story
from weakly.reports.sections.pretraining import images_asked

SENTENCES = 3
"""Comparisons told one by one; beyond that the table says it better than prose."""


@dataclass(frozen=True)
class Tile:
    """One figure with its name and a line of detail."""

    name: str
    figure: str
    detail: str


@dataclass(frozen=True)
class RunTiles:
    """The figures of one run."""

    run: str
    tiles: list[Tile]


@dataclass(frozen=True)
class AnswerSection:
    """What the page says first."""

    sentences: list[str]
    comparisons: list[Comparison]
    tiles: list[RunTiles]


def answer_section(stories: Sequence[Story], comparisons: Sequence[Comparison]) -> AnswerSection:
    """The section for all runs together."""
    several = len(stories) > 1
    if not comparisons:
        sentences = [
            "What the features are worth is not known yet: no result lies beside "
            f"{'these runs' if several else 'this run'}. Measure it with `weakly probe RUN --to TARGET`, "
            "and again with `--untrained`."
        ]
    elif len(comparisons) <= SENTENCES:
        sentences = [sentence(comparison, several) for comparison in comparisons]
    else:
        sentences = [summary(comparisons)]
    return AnswerSection(
        sentences, list(comparisons), [RunTiles(story.name, _tiles(story)) for story in stories]
    )


def summary(comparisons: Sequence[Comparison]) -> str:
    """Many comparisons in one sentence; the table says the rest."""
    known = [comparison.interval for comparison in comparisons if comparison.interval is not None]
    ahead, behind = sum(interval.low > 0 for interval in known), sum(interval.high < 0 for interval in known)
    said = (
        f"Of {plural(len(comparisons), 'comparison')} of a pretrained network with the same network before "
        f"training, pretraining is ahead in {ahead} and behind in {behind} by more than chance explains, "
        f"and {len(known) - ahead - behind} cannot be told apart"
    )
    missing = len(comparisons) - len(known)
    return f"{said}; {missing} lack one side." if missing else f"{said}."


def sentence(comparison: Comparison, several: bool) -> str:
    """A comparison in plain words; it claims a difference only where the interval excludes zero."""
    trained, untrained = comparison.trained, comparison.untrained
    where = f"{comparison.run}: on {comparison.target}" if several else f"On {comparison.target}"
    if trained is None:
        assert untrained is not None
        return (
            f"{where}, the network before training is right for {percent(untrained.value)} of the "
            "test images; the pretrained one has not been measured there."
        )
    said = (
        f"{where} ({thousands(trained.n)} test images), a {comparison.protocol} of the pretrained "
        f"network is right for {percent(trained.value)}"
    )
    difference, interval = comparison.difference, comparison.interval
    if untrained is None or difference is None or interval is None:
        return (
            f"{said} of the images. The network before training has not been measured there, "
            "so what pretraining brought is unknown."
        )
    said += f" of the images, and of the same network before training for {percent(untrained.value)}."
    bounds = f"95% interval {points(interval.low)} to {points(interval.high)}"
    if interval.low > 0:
        return f"{said} Pretraining brought {points(difference)} points ({bounds})."
    if interval.high < 0:
        return f"{said} Pretraining cost {points(difference)} points ({bounds})."
    return f"{said} This test cannot tell the two apart: {points(difference)} points ({bounds})."


def _tiles(story: Story) -> list[Tile]:
    tiles = []
    if not isinstance(story.training_set, Missing):
        facts = story.training_set.manifest.facts
        counts, images = story.training_set.label_counts, len(story.training_set)
        if "reading" in facts:
            read = facts["reading"]["rows_read"]
            tiles.append(
                Tile(
                    "Posts read", thousands(read), f"{percent(images / max(1, read))} became labelled images"
                )
            )
        tiles += [
            Tile("Labels", thousands(len(counts)), f"{int((counts > 0).sum()):,} of them have images"),
            Tile("Labelled images", thousands(images), f"{counts.sum() / images:.2f} labels an image"),
        ]
    if story.log:
        last, asked = story.log[-1], images_asked(story)
        tiles.append(
            Tile(
                "Images trained on",
                thousands(last.images) if last.images < 10_000_000 else compact(last.images),
                (f"of about {thousands(asked)}; " if asked else "")
                + f"{last.passes:.2f} passes in {duration(last.seconds)}",
            )
        )
    return tiles
