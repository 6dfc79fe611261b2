"""The labels: how common each is, which spellings became one label, what was left out (paper, section 2.1).

In: a training set's vocabulary, and the vocabulary's own folder if it is still there. Out: rows and a plot.
"""

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from weakly.corpus.training_set.training_set import TrainingSet
from weakly.corpus.vocabulary.vocabulary import Vocabulary
from weakly.reports import charts
from weakly.reports.runs import Missing

SHOWN = 12
"""Rows of each table."""
SPELLINGS = 8
"""Spellings shown of one label."""


@dataclass(frozen=True)
class LabelRow:
    """One label.

    Attributes:
        rank: 1 is the commonest.
        name: canonical name.
        spellings: the commonest, with the posts that carry each.
        more: spellings not shown.
        count: posts that carry the label.
        images: images of the training set that carry it.
    """

    rank: int
    name: str
    spellings: list[tuple[str, int]]
    more: int
    count: int
    images: int


@dataclass(frozen=True)
class VocabularySection:
    """What the section says of one training set's labels.

    Attributes:
        select: which hashtags were asked for.
        merge: the rule that made several spellings one label.
        size: number of labels.
        spellings: hashtag spellings, met in the posts, that stand for them.
        merged: labels with several of these.
        commonest: how many labels make the commonest tenth, at least one.
        commonest_share: their part of all posts' labels.
        rarest: how many labels make the rarer half.
        rarest_share: their part.
        head: the commonest labels, or all where there are few.
        tail: the rarest; empty where the head shows all.
        merges: the labels to which merging brought most posts, most first.
        left_out: by reason, the commonest hashtags that are no label, with their posts.
        chart: posts a label by rank.
    """

    select: str
    merge: str
    size: int
    spellings: int
    merged: int
    commonest: int
    commonest_share: float
    rarest: int
    rarest_share: float
    head: list[LabelRow]
    tail: list[LabelRow]
    merges: list[LabelRow]
    left_out: list[tuple[str, list[tuple[str, int]]]] | Missing
    chart: Markup


def vocabulary_section(
    training_set: TrainingSet | Missing, folder: Vocabulary | Missing, place: int
) -> VocabularySection | Missing:
    """The section for the place-th training set."""
    if isinstance(training_set, Missing):
        return training_set
    vocabulary = training_set.vocabulary
    counts = vocabulary.counts
    counted = vocabulary.table.column("spelling_counts").to_pylist()
    met = [[posts for posts in own if posts] for own in counted]
    # What a merge brought: the posts of every spelling but the commonest.
    brought = np.array([sum(own) - max(own, default=0) for own in met], np.int64)
    order = np.argsort(-brought, kind="stable")[: min(SHOWN, int(np.count_nonzero(brought)))]
    size, all_labels = len(vocabulary), max(1, int(counts.sum()))
    commonest, rarest = max(1, size // 10), size // 2
    short = size <= 2 * SHOWN
    return VocabularySection(
        select=vocabulary.select,
        merge=vocabulary.merge,
        size=size,
        spellings=sum(len(own) for own in met),
        merged=sum(len(own) > 1 for own in met),
        commonest=commonest,
        commonest_share=int(counts[:commonest].sum()) / all_labels,
        rarest=rarest,
        rarest_share=int(counts[size - rarest :].sum()) / all_labels,
        head=[_row(training_set, label) for label in range(size if short else SHOWN)],
        tail=[] if short else [_row(training_set, label) for label in range(size - SHOWN, size)],
        merges=[_row(training_set, int(label)) for label in order],
        left_out=_left_out(folder),
        chart=charts.zipf(counts, f"zipf-{place}"),
    )


def _row(training_set: TrainingSet, label: int) -> LabelRow:
    row = training_set.vocabulary.table.slice(label, 1).to_pylist()[0]
    met = [pair for pair in zip(row["spellings"], row["spelling_counts"], strict=True) if pair[1]]
    pairs = sorted(met, key=lambda pair: (-pair[1], pair[0]))
    return LabelRow(
        rank=label + 1,
        name=row["name"],
        spellings=pairs[:SPELLINGS],
        more=max(0, len(pairs) - SPELLINGS),
        count=row["count"],
        images=int(training_set.label_counts[label]),
    )


def _left_out(folder: Vocabulary | Missing) -> list[tuple[str, list[tuple[str, int]]]] | Missing:
    """By reason, in order of the commonest hashtag of each."""
    if isinstance(folder, Missing):
        return Missing(f"What was left out is listed in the vocabulary's own folder: {folder.reason}")
    reasons: dict[str, list[tuple[str, int]]] = {}
    for row in folder.facts["left_out"]:
        reasons.setdefault(row["reason"], []).append((row["hashtag"], row["posts"]))
    return [(reason, own[: 2 * SHOWN]) for reason, own in reasons.items()]
