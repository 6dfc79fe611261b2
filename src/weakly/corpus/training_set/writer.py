"""The training set as it is written: part by part, by whoever has rows (paper, section 1).

In come Arrow batches of `training_set.SCHEMA`; out go parts, and at the end what lies beside them. Parts may
be written by many processes: what is known of each is added to `Parts`.
"""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from weakly import artifacts, atomic
from weakly.corpus.arrays.arrow_views import ContentDigest, list_views
from weakly.corpus.arrays.ragged import add_histograms
from weakly.corpus.engine.resumable import Unfinished
from weakly.corpus.posts.ledger import Ledger
from weakly.corpus.training_set.training_set import KIND, LABEL_COUNTS_FILE, SCHEMA, TrainingSet, part_path
from weakly.corpus.vocabulary.vocabulary import VOCABULARY_FILE, Vocabulary

_LABEL_COUNTS = ".label_counts.npy"


class Parts:
    """What all parts of a training set with so many `labels` are; grows by two entries a part.

    Attributes:
        labels_an_image: int64[k + 1], how many images carry 0, 1, 2, ... labels.
        label_counts: int64[labels], how many images carry each label.
    """

    def __init__(self, labels: int) -> None:
        self.rows: list[int] = []
        self.digests: list[str] = []
        self.labels_an_image = np.zeros(1, np.int64)
        self.label_counts = np.zeros(labels, np.int64)

    def add(self, part: Mapping[str, Any], label_counts: np.ndarray) -> None:
        """Add the next part, and how many of its images carry each label."""
        self.rows.append(part["rows"])
        self.digests.append(part["digest"])
        histogram = np.array(part["labels_an_image"], np.int64)
        self.labels_an_image = add_histograms(self.labels_an_image, histogram)
        self.label_counts += label_counts

    def add_unit(self, unfinished: Unfinished, unit: int, part: Mapping[str, Any]) -> None:
        """Add what `PartWriter.finish` wrote of a unit."""
        self.add(part, np.load(unfinished.unit_path(unit, _LABEL_COUNTS)))


class PartWriter:
    """Writes a part by its number, from 0; used with `with`. A part that is there already is replaced.

    After the block `part` says what was written, in JSON values: `rows`, `digest`, and `labels_an_image` as
    in `Parts`; `label_counts` are as there.
    """

    def __init__(self, folder: Path, number: int, labels: int) -> None:
        self._path, self._labels = part_path(folder, number), labels
        self._file = pa.ipc.new_file(str(atomic.aside(self._path)), SCHEMA)
        self._flusher = atomic.Flusher(atomic.aside(self._path))
        self._digest = ContentDigest(SCHEMA)
        self._rows = 0
        self.label_counts = np.zeros(labels, np.int64)
        self._labels_an_image = np.zeros(1, np.int64)
        self.part: dict[str, Any]

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
        self.part = {
            "rows": self._rows,
            "digest": self._digest.fingerprint(),
            "labels_an_image": self._labels_an_image.tolist(),
        }

    def finish(self, unfinished: Unfinished, unit: int, found: Mapping[str, Any]) -> None:
        """Say that a unit is done whose part was written, and what it found besides."""
        np.save(unfinished.unit_path(unit, _LABEL_COUNTS), self.label_counts)
        unfinished.finish(unit, {**found, "part": self.part}, (_LABEL_COUNTS,))


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
        folder, parts, vocabulary: where the parts are; all of them, in order; what their labels mean.
        root: the folder that every `path` is relative to.
        options: the resolved options of the verb.
        inputs: fingerprints by role; the vocabulary's is added.
        facts: added to those known here: `root`, `images`, `labels`, `labels_with_images`, `labels_an_image`,
            `rows_a_part`.
    """
    counts, histogram = parts.label_counts, parts.labels_an_image
    images, labels = sum(parts.rows), int(counts.sum())
    vocabulary.write_table(folder / VOCABULARY_FILE)
    np.save(folder / LABEL_COUNTS_FILE, counts)
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
    manifest = artifacts.Manifest(
        kind=KIND,
        fingerprint=artifacts.fingerprint(vocabulary.fingerprint, *parts.digests),
        options=dict(options or {}),
        inputs={"vocabulary": vocabulary.fingerprint, **(inputs or {})},
        facts={**known, **(facts or {})},
    )
    return artifacts.write_manifest(folder, manifest)


def finish_derived(
    folder: Path, parts: Parts, before: TrainingSet, root: Path, options: Any, reading: Ledger, **facts: Any
) -> None:
    """As `finish`, for a training set made of another by a verb with these options."""
    kept = {name: before.manifest.facts[name] for name in ("noise", "excluded_ids")}
    facts = {**kept, "reading": reading.as_dict(), **facts}
    inputs = {**before.manifest.inputs, "training_set": before.fingerprint}
    finish(
        folder, parts, before.vocabulary, root, {**before.manifest.options, **asdict(options)}, inputs, facts
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
