"""The training set on disk: where every image lies and which labels it carries (paper, section 1).

In: a folder of Arrow IPC parts, with the vocabulary beside them (`writer.py` writes it). Out:
    rows, through a memory map. Images stay where they are: a row names a file, or a place inside an
    uncompressed tar, below one root folder that may lie elsewhere on the next machine. Nothing here needs an
    engine, or torch.

    manifest.json  part-00000.arrow ...  vocabulary.parquet  label_counts.npy
"""

import bisect
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from weakly import artifacts
from weakly.corpus.arrays.arrow_views import list_views
from weakly.corpus.vocabulary.vocabulary import VOCABULARY_FILE, Vocabulary, read_vocabulary
from weakly.errors import InputError

KIND = "training-set"
SCHEMA = pa.schema(
    [
        pa.field("post_id", pa.string(), nullable=False),
        pa.field("path", pa.string(), nullable=False),  # relative to the root; of the tar for a member
        pa.field("offset", pa.int64(), nullable=False),  # bytes; 0 for a plain file
        pa.field("size", pa.int64(), nullable=False),  # bytes
        pa.field("labels", pa.list_(pa.field("item", pa.int32(), nullable=False)), nullable=False),
    ]
)
LABEL_COUNTS_FILE = "label_counts.npy"


class TrainingSet:
    """A training set, memory-mapped: opened in the time its manifest takes, each part when first touched.

    Made by `open_training_set`. It can be pickled to another process, which maps the parts anew.

    Attributes:
        folder: where it lies.
        root: the folder that holds the images.
        manifest: what was said of it when it was written.
        fingerprint: digest of post ids, paths, places, labels and the vocabulary.
    """

    def __init__(self, folder: Path, root: Path, manifest: artifacts.Manifest) -> None:
        self.folder, self.root, self.manifest = folder, root, manifest
        self.fingerprint = manifest.fingerprint
        self._starts = np.cumsum([0, *manifest.facts["rows_a_part"]], dtype=np.int64)
        self._bounds: list[int] = self._starts.tolist()
        self._parts: dict[int, tuple[list[int], list[_Rows]]] = {}

    def __len__(self) -> int:
        return int(self._starts[-1])

    def __reduce__(self) -> tuple[Any, ...]:
        return TrainingSet, (self.folder, self.root, self.manifest)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """What the label numbers mean."""
        return read_vocabulary(self.folder / VOCABULARY_FILE)

    @cached_property
    def label_counts(self) -> np.ndarray:
        """int64[L], how many images carry each label here, after every drop and any noise."""
        return np.load(self.folder / LABEL_COUNTS_FILE)

    def location(self, row: int) -> tuple[Path, int, int]:
        """Where an image lies: file (or tar), offset in bytes, size in bytes; 0 <= row < len(self)."""
        rows, i = self._find(row)
        return self.root / rows.path[i].as_py(), int(rows.offset[i]), int(rows.size[i])

    def labels(self, row: int) -> np.ndarray:
        """The labels of an image: int32[k], k >= 1, sorted, distinct; a view into the map."""
        rows, i = self._find(row)
        return rows.values[rows.offsets[i] : rows.offsets[i + 1]]

    def post_id(self, row: int) -> str:
        """The post that an image came from."""
        rows, i = self._find(row)
        return rows.post_id[i].as_py()

    def parts(self) -> Iterator[list[pa.RecordBatch]]:
        """The rows as batches of `SCHEMA`, part by part."""
        for part in range(len(self._starts) - 1):
            yield self._batches(part)

    def label_parts(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """All labels in row order, a run of n rows (never more than a part) at a time.

        Yields values int32[m], flat, and offsets int64[n + 1], starting at 0.
        """
        for part in range(len(self._starts) - 1):
            for rows in self._open(part)[1]:
                first, last = rows.offsets[0], rows.offsets[-1]
                yield rows.values[first:last], rows.offsets.astype(np.int64) - first

    def _find(self, row: int) -> tuple["_Rows", int]:
        if not 0 <= row < len(self):
            raise IndexError(f"row {row} of {len(self)}")
        # bisect and not searchsorted: for one row in few numbers it is some twenty times faster.
        part = bisect.bisect_right(self._bounds, row) - 1
        if part not in self._parts:
            self._parts[part] = self._open(part)
        starts, runs = self._parts[part]
        row -= self._bounds[part]
        run = bisect.bisect_right(starts, row) - 1
        return runs[run], row - starts[run]

    def _batches(self, part: int) -> list[pa.RecordBatch]:
        # The buffers keep the map alive; closing the file frees its descriptor, of which there are few.
        with pa.memory_map(str(part_path(self.folder, part))) as file:
            reader = pa.ipc.open_file(file)
            return [reader.get_batch(i) for i in range(reader.num_record_batches)]

    def _open(self, part: int) -> tuple[list[int], list["_Rows"]]:
        path, batches = part_path(self.folder, part), self._batches(part)
        starts = np.cumsum([0, *(batch.num_rows for batch in batches)], dtype=np.int64)
        expected = int(self._starts[part + 1] - self._starts[part])
        if int(starts[-1]) != expected:
            said = f"{path} has {starts[-1]} rows, its manifest says {expected}"
            raise InputError(f"{said}: make the training set again")
        return starts[:-1].tolist(), [_Rows(batch) for batch in batches]


class _Rows:
    """Views of one record batch's columns."""

    def __init__(self, batch: pa.RecordBatch) -> None:
        self.post_id, self.path = batch.column("post_id"), batch.column("path")
        self.offset, self.size = batch.column("offset").to_numpy(), batch.column("size").to_numpy()
        self.values, self.offsets = list_views(batch.column("labels"))


def part_path(folder: Path, number: int) -> Path:
    """The file of a part."""
    return folder / f"part-{number:05d}.arrow"


def open_training_set(folder: Path, images: Path | None = None) -> TrainingSet:
    """Open what `weakly label` wrote, its images lying under `images` if not under the root recorded.

    Raises:
        InputError: the folder is not a whole training set, or there is no folder of images.
    """
    folder = Path(folder).resolve()
    manifest = artifacts.read_manifest(folder, KIND, verb="label")
    root = Path(images or manifest.facts["root"]).resolve()
    if not root.is_dir():
        said = f"the images of {folder} should lie under {root}, which is no folder"
        raise InputError(f"{said}: give --image-root")
    return TrainingSet(folder, root, manifest)
