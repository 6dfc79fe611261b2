"""The labels that the hashtag head knows best and least, with photos.

In: a run's last checkpoint and a sample of labelled photos. Out: labels from both ends of the ranking, each
with a few photos and what the head says of them. The photos of a label are the first of the sample that carry
it: drawn by the seed, not picked.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from weakly.corpus.training_set.training_set import TrainingSet
from weakly.reports.options import ReportOptions
from weakly.reports.runs import Missing, Story
from weakly.transfer.label_scores import Judgement, Scored, draw, judge, score, thumbnail

SHOWN = 8
"""Labels at each end."""
PHOTOS = 6
"""Photos a label."""


@dataclass(frozen=True)
class Photo:
    """One example.

    Attributes:
        picture: data URI.
        post: its post's id.
        first: the label that the head puts first.
        probability: what the head gives that label, 0 to 1.
        right: whether the photo carries that label.
        place: where the head puts the label that the photo is shown for; 1 is first.
    """

    picture: str
    post: str
    first: str
    probability: float
    right: bool
    place: int


@dataclass(frozen=True)
class KnownLabel:
    """One label of the ranking, and photos that carry it."""

    name: str
    judgement: Judgement
    photos: list[Photo]


@dataclass(frozen=True)
class KnownSection:
    """What the section says of one run.

    Attributes:
        held_out: whether the photos are ones that the run never saw.
        sample: photos judged on; skipped ones are not in it.
        skipped: photos of the sample that could not be decoded, by kind.
        minimum: photos that a judged label is carried by, at least.
        judged: number of labels judged, of `labels`.
        middle: median over the judged labels of how often they are ordered rightly.
        first_right: share of the sample whose first label is one that the photo carries.
        guess: the same for always naming the label that most of the sample carries.
        best, worst: best first, worst first; a label is never in both.
    """

    run: str
    held_out: bool
    sample: int
    skipped: Counter[str]
    minimum: int
    judged: int
    labels: int
    middle: float
    first_right: float
    guess: float
    best: list[KnownLabel]
    worst: list[KnownLabel]


def known_section(
    story: Story, held_out: TrainingSet | None, options: ReportOptions
) -> KnownSection | Missing:
    """The section for one run.

    Args:
        story: the run.
        held_out: photos it never saw, labelled with its vocabulary; None takes its training photos.
        options: how many photos, which ones, and where the network runs.

    Raises:
        InputError: the held-out photos are labelled with another vocabulary.
    """
    photos = story.training_set if held_out is None else held_out
    if isinstance(story.pretrained, Missing):
        return story.pretrained
    if isinstance(photos, Missing):
        return photos
    rows = draw(len(photos), options.sample, options.seed)
    scored = score(story.pretrained, photos, rows, options.device)
    judgements = judge(scored, options.minimum)
    if not judgements:
        return Missing(
            f"No label is carried by {options.minimum} of the {len(scored.rows):,} photos that were judged: "
            "take more with --sample, or ask for fewer with --minimum."
        )
    ends = min(SHOWN, len(judgements) // 2)
    names = story.pretrained.names
    first = scored.scores.argmax(1)
    return KnownSection(
        run=story.name,
        held_out=held_out is not None,
        sample=len(scored.rows),
        skipped=scored.skipped,
        minimum=options.minimum,
        judged=len(judgements),
        labels=len(names),
        middle=float(np.median([judgement.ordered for judgement in judgements])),
        first_right=float(scored.carried[np.arange(len(first)), first].mean()),
        guess=float(scored.carried.mean(0).max()),
        best=[_known(judgement, scored, photos, names) for judgement in judgements[: max(ends, 1)]],
        worst=[_known(judgement, scored, photos, names) for judgement in judgements[::-1][:ends]],
    )


def _known(judgement: Judgement, scored: Scored, photos: TrainingSet, names: list[str]) -> KnownLabel:
    chosen = np.flatnonzero(scored.carried[:, judgement.label])[:PHOTOS].tolist()
    return KnownLabel(
        name=names[judgement.label],
        judgement=judgement,
        photos=[_photo(place, judgement.label, scored, photos, names) for place in chosen],
    )


def _photo(place: int, label: int, scored: Scored, photos: TrainingSet, names: list[str]) -> Photo:
    row, scores = int(scored.rows[place]), scored.scores[place]
    first = int(scores.argmax())
    return Photo(
        picture=thumbnail(photos, row),
        post=photos.post_id(row),
        first=names[first],
        probability=float(np.exp(scores[first])),
        right=bool(scored.carried[place, first]),
        place=1 + int((scores > scores[label]).sum()),
    )
