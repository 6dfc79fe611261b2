"""How often each image comes: the resampling rule, and what it did to the labels (paper, section 2.2).

In: a run's sampling plan and training set. Out: the rule in numbers, and images a label before and after.
"""

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from weakly.corpus.training_set.training_set import TrainingSet
from weakly.reports import charts
from weakly.reports.runs import Missing, Story
from weakly.sampling.plan import FRACTION_BITS, SamplingPlan

FIFTHS = ("commonest fifth of the labels", "second fifth", "third fifth", "fourth fifth", "rarest fifth")


MEANINGS = {
    "natural": "Every image comes once a pass.",
    "uniform": "A label with fewer than {} images asks for its images as often as would bring it to {}.",
    "sqrt": "A label with n images, fewer than {}, asks for its images \N{SQUARE ROOT}({}/n) times.",
    "capped": "A label with more than {} images asks for as many of them as bring it to {}.",
}
"""What each rule does; the places are the threshold's."""


@dataclass(frozen=True)
class Band:
    """A fifth of the labels, by rank: how many labels, and images that carry them, summed over labels."""

    name: str
    labels: int
    before: float
    after: float


@dataclass(frozen=True)
class Repetition:
    """What resampling does to a training set, in expectation over one pass.

    Attributes:
        counts: float64[L], images that carry each label.
        least: how often the image comes that comes least.
        largest: how often the image comes that comes most.
        repeated: images that come more than once.
    """

    counts: np.ndarray
    least: float
    largest: float
    repeated: int


@dataclass(frozen=True)
class PlanSection:
    """What the section says of one plan.

    Attributes:
        rule: with its threshold.
        meaning: what the rule does, in words.
        images: rows of the training set.
        expected: images expected in one pass over the resampled set.
        repetition: how often images come.
        bands: the labels in fifths, commonest first; empty where there are too few labels to cut.
        chart: images a label by rank, before and after.
    """

    rule: str
    meaning: str
    images: int
    expected: float
    repetition: Repetition
    bands: list[Band]
    chart: Markup


def plan_section(story: Story, place: int) -> PlanSection | Missing:
    """The section for the place-th run."""
    if isinstance(story.plan, Missing):
        return story.plan
    if isinstance(story.training_set, Missing):
        return story.training_set
    before = story.training_set.label_counts
    found = repetition(story.training_set, story.plan)
    return PlanSection(
        rule=story.plan.facts["rule"],
        meaning=meaning(story.plan.facts["rule"]),
        images=len(story.training_set),
        expected=story.plan.expected_pass_size,
        repetition=found,
        bands=bands(before, found.counts),
        chart=charts.resampling(before, found.counts, f"resampling-{place}"),
    )


def meaning(rule: str) -> str:
    """A rule such as `sqrt:81` in words."""
    kind, _, threshold = rule.partition(":")
    number = f"{float(threshold):,.10g}" if threshold else ""
    whole = "" if kind == "natural" else " An image comes as often as the label that asks most often."
    return MEANINGS[kind].replace("{}", number) + whole


def repetition(training_set: TrainingSet, plan: SamplingPlan) -> Repetition:
    """Read r(I) of every row off the plan, a run of rows at a time, and sum it over each label's images."""
    counts = np.zeros(len(training_set.vocabulary), np.float64)
    least, largest, repeated, first = np.inf, 0.0, 0, 0
    for values, offsets in training_set.label_parts():
        rows = len(offsets) - 1
        before = plan.cumulative[first - 1] if first else np.uint64(0)
        steps = np.diff(plan.cumulative[first : first + rows], prepend=before)
        factors = steps.astype(np.float64) / 2.0**FRACTION_BITS
        counts += np.bincount(values, np.repeat(factors, np.diff(offsets)), minlength=len(counts))
        least, largest = min(least, float(factors.min())), max(largest, float(factors.max()))
        repeated += int(np.count_nonzero(factors > 1))
        first += rows
    return Repetition(counts, float(least), largest, repeated)


def bands(before: np.ndarray, after: np.ndarray) -> list[Band]:
    """Cut the labels that have images into fifths by rank of `before`, and sum both over each."""
    order = np.argsort(-before, kind="stable")[: int(np.count_nonzero(before))]
    if len(order) < len(FIFTHS):
        return []
    parts = np.array_split(order, len(FIFTHS))
    return [
        Band(name, len(part), float(before[part].sum()), float(after[part].sum()))
        for name, part in zip(FIFTHS, parts, strict=True)
    ]
