"""A pretrained network x a sample of labelled photos -> how well it knows each label.

In: a checkpoint's trunk and head, and a training set labelled with the same vocabulary. Out: for every label
that enough photos of the sample carry, how often the head scores a photo that carries it above one that does
not, and the photos themselves to look at. This judgement is ours, not the paper's.
"""

import base64
import io
from collections import Counter
from dataclasses import dataclass

import numpy as np
from PIL import Image
from torch.nn import functional

from weakly.corpus.training_set.training_set import TrainingSet
from weakly.errors import InputError
from weakly.images.decode import decode
from weakly.images.location import read_bytes
from weakly.progress import Meter
from weakly.sampling.order import permute
from weakly.training.checkpoint import Pretrained
from weakly.transfer.inference import Network

BATCH = 64
THUMBNAIL = 96
"""Longer side of an example photo, in pixels."""


@dataclass(frozen=True)
class Scored:
    """A sample of photos and what the head says of them.

    Attributes:
        rows: int64[n], rows of the training set, in the order drawn.
        scores: float32[n, L], log-probability of every label; `carried`, bool[n, L], whether a photo has it.
        skipped: photos of the sample that could not be decoded, by kind.
    """

    rows: np.ndarray
    scores: np.ndarray
    carried: np.ndarray
    skipped: Counter[str]


@dataclass(frozen=True)
class Judgement:
    """How well the head knows one label.

    Attributes:
        label: its number.
        photos: photos of the sample that carry it.
        ordered: share of pairs (a photo that carries it, one that does not) in which the head scores the
            first above the second, ties counted half: the area under the ROC curve. Chance is 0.5.
        precision: average precision; its chance level is `photos` over the sample.
        middle_rank: median place of the label among all labels, on the photos that carry it; 1 is best.
    """

    label: int
    photos: int
    ordered: float
    precision: float
    middle_rank: float


def draw(n: int, sample: int, seed: int) -> np.ndarray:
    """Distinct rows of n, int64[min(sample, n)]: the first of a permutation keyed by the seed."""
    return permute(np.arange(min(sample, n), dtype=np.int64), n, seed)


def score(pretrained: Pretrained, photos: TrainingSet, rows: np.ndarray, device: str) -> Scored:
    """Run the network over photos under its evaluation transform, in float32.

    Raises:
        InputError: the photos' vocabulary is not the one that the head was trained on.
    """
    if photos.vocabulary.names != pretrained.names:
        raise InputError(
            f"{photos.folder} is labelled with another vocabulary than {pretrained.folder}: "
            "label it with the vocabulary of the run (`weakly label --vocab`)"
        )
    network = Network(pretrained, device, head=True)
    softmax = pretrained.config["loss"] == "softmax"
    kept: list[int] = []
    scores: list[np.ndarray] = []
    skipped: Counter[str] = Counter()
    drawn = rows.tolist()
    with Meter("judging labels on", "photos", len(drawn)) as meter:
        for output in network.over([photos.location(row) for row in drawn], batch=BATCH, workers=0):
            skipped.update(fault.kind for fault in output.faults.values())
            if len(output.rows):
                kept += [drawn[place] for place in output.rows.tolist()]
                scored = output.values.log_softmax(1) if softmax else functional.logsigmoid(output.values)
                scores.append(scored.cpu().numpy())
            meter.add(len(output))
    carried = np.zeros((len(kept), len(pretrained.names)), bool)
    for place, row in enumerate(kept):
        carried[place, photos.labels(row)] = True
    none = np.empty((0, len(pretrained.names)), np.float32)
    return Scored(np.array(kept, np.int64), np.concatenate(scores) if scores else none, carried, skipped)


def judge(scored: Scored, minimum: int) -> list[Judgement]:
    """Judge every label that at least `minimum` photos carry and some do not; best first, then by label."""
    n = len(scored.rows)
    photos = scored.carried.sum(0)
    labels = np.flatnonzero((photos >= max(minimum, 1)) & (photos < n)).tolist()
    found = [_judge(scored, label) for label in labels]
    return sorted(found, key=lambda judgement: (-judgement.ordered, judgement.label))


def _judge(scored: Scored, label: int) -> Judgement:
    carried, values = scored.carried[:, label], scored.scores[:, label]
    n, photos = len(carried), int(carried.sum())
    _, place, tied = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(tied) - (tied - 1) / 2)[place]
    ordered = (ranks[carried].sum() - photos * (photos + 1) / 2) / (photos * (n - photos))
    hits = carried[np.argsort(-values, kind="stable")]
    precision = float((np.cumsum(hits) / np.arange(1, n + 1))[hits].mean())
    own = scored.scores[carried]
    places = 1 + (own > own[:, label : label + 1]).sum(1)
    return Judgement(label, photos, float(ordered), precision, float(np.median(places)))


def thumbnail(photos: TrainingSet, row: int) -> str:
    """A photo of at most `THUMBNAIL` pixels a side, as a JPEG data URI."""
    pixels = decode(read_bytes(*photos.location(row)))
    image = Image.fromarray(pixels.permute(1, 2, 0).numpy())
    image.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=82)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
