"""How training went: loss, learning rate, speed, and what could not be decoded (paper, section 3.1).

In: every run's log and last checkpoint. Out: a row a run, and charts that hold all runs.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from weakly.reports import charts
from weakly.reports.runs import Missing, Story
from weakly.training.recipe import DEFAULT_PASSES

LAST = 0.05
"""The share of the log that the printed loss is a mean of."""


@dataclass(frozen=True)
class RunRow:
    """One run in numbers.

    Attributes:
        parameters: of trunk and head; None without a checkpoint.
        images: trained on so far.
        asked: how many the run was to see, where that is more; None once it has.
        loss: mean over the last `LAST` of the log, in nats; `first_loss` is the first line's.
        images_per_second: all images over all seconds.
        waiting: share of the time spent waiting for data.
        even_loss: the loss of giving every label the same probability, ln(labels); None for a sigmoid's loss.
        corrupt: photos that could not be decoded, by kind.
    """

    name: str
    model: str
    parameters: int | None
    images: int
    asked: float | None
    passes: float
    seconds: float
    first_loss: float
    loss: float
    images_per_second: float
    waiting: float
    even_loss: float | None
    corrupt: dict[str, int]


@dataclass(frozen=True)
class PretrainingSection:
    """What the section says: a row a run that has a log, why others have none, and the charts."""

    rows: list[RunRow]
    silent: list[str]
    loss: Markup
    rate: Markup
    speed: Markup
    waiting: Markup


def pretraining_section(stories: Sequence[Story]) -> PretrainingSection | Missing:
    """The section for all runs together."""
    told = [story for story in stories if story.log]
    if not told:
        return Missing(
            "No run has written a line of its log yet, so there is nothing to show of the training."
        )
    return PretrainingSection(
        rows=[run_row(story) for story in told],
        silent=[story.name for story in stories if not story.log],
        loss=charts.over_images(_lines(told, "loss"), "training loss (nats)", "loss", zero=False),
        rate=charts.over_images(_lines(told, "lr"), "learning rate", "rate", noisy=False),
        speed=charts.over_images(
            _lines(told, "images_per_second"), "images a second", "speed", numbers="counts"
        ),
        waiting=charts.over_images(
            _lines(told, "waiting"), "time spent waiting for data", "waiting", numbers="shares"
        ),
    )


def run_row(story: Story) -> RunRow:
    """The numbers of a run that has a log."""
    log, last = story.log, story.log[-1]
    tail = log[-max(1, round(LAST * len(log))) :]
    seconds = np.diff([0.0, *(line.seconds for line in log)])
    waiting = np.array([line.waiting for line in log])
    pretrained = story.pretrained
    parameters, even_loss, corrupt = None, None, {}
    if not isinstance(pretrained, Missing):
        modules = (pretrained.trunk, pretrained.head)
        parameters = sum(p.numel() for module in modules for p in module.parameters())
        state = json.loads((pretrained.folder / "state.json").read_text(encoding="utf-8"))
        corrupt = state["corrupt"]
        if pretrained.config["loss"] == "softmax":
            even_loss = math.log(len(pretrained.names))
    return RunRow(
        name=story.name,
        model=str(story.manifest.options["model"]),
        parameters=parameters,
        images=last.images,
        asked=images_asked(story),
        passes=last.passes,
        seconds=last.seconds,
        first_loss=log[0].loss,
        loss=float(np.mean([line.loss for line in tail])),
        images_per_second=last.images / max(last.seconds, 1e-9),
        waiting=float((waiting * seconds).sum() / max(seconds.sum(), 1e-9)),
        even_loss=even_loss,
        corrupt=corrupt,
    )


def images_asked(story: Story) -> float | None:
    """How many images the run was to see, where it has not; a run is a whole number of batches."""
    options, seen = story.manifest.options, story.log[-1].images
    if options["images"] is not None:
        asked = float(options["images"])
    elif isinstance(story.plan, Missing):
        return None
    else:
        passes = DEFAULT_PASSES if options["passes"] is None else options["passes"]
        asked = passes * story.plan.expected_pass_size
    return asked if asked - seen > options["batch"] else None


def _lines(stories: Sequence[Story], value: str) -> list[charts.Line]:
    return [
        charts.Line(
            story.name,
            np.array([line.images for line in story.log]),
            np.array([getattr(line, value) for line in story.log]),
        )
        for story in stories
    ]
