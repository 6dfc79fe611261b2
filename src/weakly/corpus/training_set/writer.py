"""The training set as it is written: part by part, by whoever has rows (paper, section 1).

In come Arrow batches of `training_set.SCHEMA`; out go parts, and at the end what lies beside them. Parts may
be written by many processes: what is known of each is added to `Parts`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from weakly import artifacts, atomic
from weakly.corpus.arrays.arrow_views import ContentDigest, list_views
from weakly.corpus.arrays.ragged import add_histograms
from weakly.corpus.training_set.training_set import KIND, LABEL_COUNTS_FILE, SCHEMA, part_path
from weakly.corpus.vocabulary.vocabulary import VOCABULARY_FILE, Vocabulary


@dataclass(frozen=True)
class Part:
    """What is known of one part, in JSON values.

    Attributes:
        rows: how many images it has.
        digest: of its rows.
        labels_an_image: how many images carry 0, 1, 2, ... labels.
    """

    rows: int
    digest: str
    labels_an_image: Sequence[int]


class Parts:
    """What all parts together are; no larger for more posts but by two entries a part.

    Args:
        labels: how many labels the vocabulary has.

    Attributes:
        rows: of each part.
        digests: of each part.
        labels_an_image: int64[k + 1], how many images carry 0, 1, 2, ... labels.
        label_counts: int64[labels], how many images carry each label.
    """

    def __init__(self, labels: int) -> None:
        self.rows: list[int] = []
        self.digests: list[str] = []
        self.labels_an_image = np.zeros(1, np.int64)
        self.label_counts = np.zeros(labels, np.int64)

    def add(self, part: Part, label_counts: np.ndarray) -> None:
        """Add the next part, and how many of its images carry each label."""
        self.rows.append(part.rows)
        self.digests.append(part.digest)
        self.labels_an_image = add_histograms(self.labels_an_image, np.array(part.labels_an_image, np.int64))
        self.label_counts += label_counts


class PartWriter:
    """Writes one part; used with `with`. A part that is there already is replaced.

    Args:
        folder: where parts go.
        number: the part's, from 0.
        labels: how many labels the vocabulary has.

    Attributes:
        label_counts: int64[labels], how many images carry each label so far.
        part: what was written; after the block.
    """

    def __init__(self, folder: Path, number: int, labels: int) -> None:
        self._path, self._labels = part_path(folder, number), labels
        self._file = pa.ipc.new_file(str(atomic.aside(self._path)), SCHEMA)
        self._flusher = atomic.Flusher(atomic.aside(self._path))
        self._digest = ContentDigest(SCHEMA)
        self._rows = 0
        self.label_counts = np.zeros(labels, np.int64)
        self._labels_an_image = np.zeros(1, np.int64)
        self.part: Part

    def write(self, batch: pa.RecordBatch) -> None:
        """Append rows of `SCHEMA`, in this order.

        Raises:
            ValueError: a row's labels are empty, not sorted, not distinct or not in the vocabulary.
        """
        batch = batch.cast(SCHEMA)
        if batch.num_rows == 0:
            return
        values, offsets = list_views(batch.column("labels"))
        values, offsets = values[offsets[0] : offsets[-1]], offsets - offsets[0]
        self.label_counts += _count_labels(values, offsets, self._labels)
        self._labels_an_image = add_histograms(self._labels_an_image, np.bincount(np.diff(offsets)))
        self._digest.update(batch)
        self._file.write_batch(batch)
        self._rows += batch.num_rows

    def __enter__(self) -> "PartWriter":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._flusher.close()
        self._file.close()
        if kind is not None:
            atomic.aside(self._path).unlink()
            return
        atomic.settle(self._path)
        self.part = Part(self._rows, self._digest.fingerprint(), self._labels_an_image.tolist())


def finish(
    folder: Path,
    parts: Parts,
    vocabulary: Vocabulary,
    root: Path,
    options: Mapping[str, Any] | None = None,
    inputs: Mapping[str, str] | None = None,
    facts: Mapping[str, Any] | None = None,
) -> artifacts.Manifest:
    """Write what goes beside the parts, the manifest last, and return the manifest.

    Args:
        folder: where the parts are.
        parts: all of them, in order.
        vocabulary: what the label numbers mean.
        root: the folder that every `path` is relative to.
        options: the resolved options of the verb.
        inputs: fingerprints by role; the vocabulary's is added.
        facts: added to those known here: `root`, `images`, `labels`, `labels_with_images`, `labels_an_image`,
            `rows_a_part`.
    """
    counts, histogram = parts.label_counts, parts.labels_an_image
    vocabulary.write_table(folder / VOCABULARY_FILE)
    np.save(folder / LABEL_COUNTS_FILE, counts)
    images, labels = sum(parts.rows), int(counts.sum())
    known = {
        "root": str(root.resolve()),
        "images": images,
        "labels": len(vocabulary),
        "labels_with_images": int(np.count_nonzero(counts)),
        "labels_an_image": {
            "mean": round(labels / images, 4) if images else 0.0,
            "images_by_number_of_labels": {str(k): int(histogram[k]) for k in np.flatnonzero(histogram)},
        },
        "rows_a_part": parts.rows,
    }
    return artifacts.write_manifest(
        folder,
        artifacts.Manifest(
            kind=KIND,
            fingerprint=artifacts.fingerprint(vocabulary.fingerprint, *parts.digests),
            options=dict(options or {}),
            inputs={"vocabulary": vocabulary.fingerprint, **(inputs or {})},
            facts={**known, **(facts or {})},
        ),
    )


def _count_labels(values: np.ndarray, offsets: np.ndarray, labels: int) -> np.ndarray:
    """How often each label is there, int64[labels]; ValueError where the labels of a row are wrong."""
    if np.any(np.diff(offsets) < 1):
        raise ValueError("a row of a training set carries at least one label")
    if values.min() < 0 or values.max() >= labels:
        raise ValueError(f"a label lies outside 0 to {labels - 1}")
    rises = np.diff(values) > 0
    rises[offsets[1:-1] - 1] = True  # from the last label of a row to the first of the next
    if not rises.all():
        raise ValueError("the labels of a row are sorted and distinct")
    return np.bincount(values, minlength=labels)
