"""What was dropped on the way from posts to labelled images, and why.

In: the manifests of a training set and of its vocabulary. Out: flows whose numbers add up, with examples.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from weakly.corpus.training_set.training_set import TrainingSet
from weakly.corpus.vocabulary.vocabulary import Vocabulary
from weakly.reports import charts
from weakly.reports.runs import Missing

MOST_LABELS = 12
"""Numbers of labels that get a bar of their own; images with more share the last."""


@dataclass(frozen=True)
class Drop:
    """What one reason cost, and a few of the posts it took."""

    reason: str
    count: int
    examples: list[str]


@dataclass(frozen=True)
class Flow:
    """From what came in to what was kept: `total` less all drops is `kept`."""

    title: str
    start: str
    total: int
    drops: list[Drop]
    end: str
    kept: int


@dataclass(frozen=True)
class DropsSection:
    """What the section says of one training set.

    Attributes:
        posts: from posts to images.
        hashtags: from hashtags as written to labels.
        faults: files of posts that were not whole, by fault.
        excluded: ids of posts that were to be left out, those `given` and the `posts` they took.
        images: labelled images.
        mean: labels an image.
        noise: what label noise was asked for, and what it did: `share`, `labels`, `replaced`, `merged`.
        chart: images by number of labels.
    """

    posts: Flow
    hashtags: Flow | Missing
    faults: dict[str, list[str]]
    excluded: dict[str, int]
    images: int
    mean: float
    noise: dict[str, Any]
    chart: Markup


def drops_section(
    training_set: TrainingSet | Missing, vocabulary: Vocabulary | Missing, place: int
) -> DropsSection | Missing:
    """The section for the place-th training set."""
    if isinstance(training_set, Missing):
        return training_set
    facts = training_set.manifest.facts
    if "reading" not in facts:
        return Missing(
            "This training set was not made by `weakly label`, so nothing was written down of the posts it "
            "came from."
        )
    reading = facts["reading"]
    histogram = {int(k): int(n) for k, n in facts["labels_an_image"]["images_by_number_of_labels"].items()}
    values, names = label_bars(histogram)
    return DropsSection(
        posts=Flow(
            "From posts to labelled images",
            "Posts read",
            reading["rows_read"],
            _drops(reading["dropped"], reading["examples"]),
            "Labelled images",
            reading["kept"],
        ),
        hashtags=_hashtags(vocabulary),
        faults=reading["faults"],
        excluded=facts["excluded_ids"],
        images=facts["images"],
        mean=facts["labels_an_image"]["mean"],
        noise=facts["noise"],
        chart=charts.bars(
            values,
            names,
            "labels an image carries",
            f"labels-{place}",
            "Images by how many labels they carry.",
        ),
    )


def label_bars(histogram: Mapping[int, int]) -> tuple[list[int], list[str]]:
    """Images for 1, 2, ... labels, and the names of the bars; beyond `MOST_LABELS` all share the last."""
    most = max(histogram)
    values = [histogram.get(k, 0) for k in range(1, min(most, MOST_LABELS) + 1)]
    names = [str(k) for k in range(1, len(values) + 1)]
    if most > MOST_LABELS:
        values.append(sum(n for k, n in histogram.items() if k > MOST_LABELS))
        names.append(f"{MOST_LABELS + 1}+")
    return values, names


def _hashtags(vocabulary: Vocabulary | Missing) -> Flow | Missing:
    if isinstance(vocabulary, Missing):
        return Missing(
            f"What became of every hashtag is told by the vocabulary's folder: {vocabulary.reason}"
        )
    hashtags = vocabulary.facts["hashtags"]
    return Flow(
        "From hashtags to labels, when the vocabulary was made",
        "Hashtags written",
        hashtags["written"],
        _drops(hashtags["dropped"], {}),
        "Labels of posts",
        hashtags["kept"],
    )


def _drops(dropped: Mapping[str, int], examples: Mapping[str, list[str]]) -> list[Drop]:
    """The reasons that took something, most first."""
    taken = sorted(((reason, n) for reason, n in dropped.items() if n), key=lambda pair: -pair[1])
    return [Drop(reason, n, list(examples.get(reason, []))) for reason, n in taken]
