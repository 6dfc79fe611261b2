"""The training set on disk: what is written is read back, whatever the parts; what is wrong is refused."""

import json
import pickle
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.training_sets import write_parts
from weakly.corpus.training_set.training_set import SCHEMA, TrainingSet, open_training_set
from weakly.corpus.training_set.writer import PartWriter
from weakly.corpus.vocabulary.vocabulary import Label, Vocabulary
from weakly.errors import InputError

VOCABULARY = Vocabulary.from_labels(
    [Label(f"thing {i}", (f"n{i:08d}",), {f"thing{i}": 9 - i}, 9 - i) for i in range(5)], "nouns", "none"
)

Row = tuple[str, str, int, int, list[int]]


def rows_of(n: int) -> list[Row]:
    return [(f"post {i}", f"folder/{i}.jpg", i * 7 % 5, 100 + i, sorted({i % 5, i % 3})) for i in range(n)]


def batch_of(rows: list[Row]) -> pa.RecordBatch:
    columns = [[row[c] for row in rows] for c in range(5)]
    return pa.record_batch([pa.array(c, f.type) for c, f in zip(columns, SCHEMA, strict=True)], schema=SCHEMA)


def write(folder: Path, rows: list[Row], cuts: list[int], rows_a_part: int) -> TrainingSet:
    """Parts of so many rows, each cut into batches at `cuts`."""
    parts = []
    for start in range(0, len(rows), rows_a_part):
        part = rows[start : start + rows_a_part]
        bounds = [0, *(min(cut, len(part)) for cut in cuts), len(part)]
        parts.append([batch_of(part[a:b]) for a, b in pairwise(bounds)])
    return write_parts(folder, VOCABULARY, folder.parent, parts)


def read_all(training_set: TrainingSet) -> list[Row]:
    rows = []
    for row in range(len(training_set)):
        path, offset, size = training_set.location(row)
        relative = path.relative_to(training_set.root).as_posix()
        rows.append((training_set.post_id(row), relative, offset, size, training_set.labels(row).tolist()))
    return rows


@settings(max_examples=25, deadline=None)
@given(n=st.integers(1, 40), cuts=st.lists(st.integers(0, 40), max_size=4), rows_a_part=st.integers(1, 15))
def test_rows_do_not_depend_on_parts_and_batches_nor_the_fingerprint_on_batches(
    tmp_path_factory: pytest.TempPathFactory, n: int, cuts: list[int], rows_a_part: int
) -> None:
    folder = tmp_path_factory.mktemp("any")
    rows = rows_of(n)
    ours = write(folder / "ours", rows, sorted(cuts), rows_a_part)
    plain = write(folder / "plain", rows, [], rows_a_part)
    assert len(ours) == n and read_all(ours) == rows == read_all(plain)
    assert ours.fingerprint == plain.fingerprint
    runs = list(ours.label_parts())
    assert [v.tolist() for values, offsets in runs for v in np.split(values, offsets[1:-1])] == [
        row[4] for row in rows
    ]
    assert all(offsets[0] == 0 and offsets.dtype == np.int64 for _, offsets in runs)
    flat = [label for row in rows for label in row[4]]
    assert ours.label_counts.tolist() == [flat.count(label) for label in range(5)]
    histogram = ours.manifest.facts["labels_an_image"]["images_by_number_of_labels"]
    assert {int(k): v for k, v in histogram.items()} == {
        k: sum(len(row[4]) == k for row in rows) for k in {len(row[4]) for row in rows}
    }


@pytest.mark.parametrize("column", range(5))
def test_every_column_counts_in_the_fingerprint(tmp_path: Path, column: int) -> None:
    other: list = list(rows_of(6)[3])
    other[column] = {0: "else", 1: "folder/else.jpg", 2: 8, 3: 9, 4: [0, 4]}[column]
    rows = rows_of(6)
    rows[3] = (other[0], other[1], other[2], other[3], other[4])
    assert (
        write(tmp_path / "a", rows, [], 4).fingerprint != write(tmp_path / "b", rows_of(6), [], 4).fingerprint
    )


def test_values_shifted_between_rows_change_the_fingerprint(tmp_path: Path) -> None:
    one = [("ab", "x", 0, 1, [0, 1]), ("c", "y", 0, 1, [2])]
    other = [("a", "x", 0, 1, [0]), ("bc", "y", 0, 1, [1, 2])]
    assert write(tmp_path / "a", one, [], 9).fingerprint != write(tmp_path / "b", other, [], 9).fingerprint


def test_vocabulary_travels_with_it_and_it_pickles(tmp_path: Path) -> None:
    training_set = write(tmp_path / "t", rows_of(10), [5], 3)
    training_set.labels(7)
    copy = pickle.loads(pickle.dumps(training_set))
    assert read_all(copy) == rows_of(10)
    assert copy.vocabulary.names == VOCABULARY.names
    assert copy.vocabulary.fingerprint == VOCABULARY.fingerprint
    assert copy.vocabulary.counts.tolist() == [9, 8, 7, 6, 5]


def test_many_parts_open_without_reading_them_or_holding_descriptors(tmp_path: Path) -> None:
    training_set = write(tmp_path / "t", rows_of(300), [], 1)
    assert not training_set._parts
    descriptors = Path("/proc/self/fd")
    before = len(list(descriptors.iterdir())) if descriptors.is_dir() else 0
    assert read_all(training_set) == rows_of(300)
    after = len(list(descriptors.iterdir())) if descriptors.is_dir() else 0
    assert after - before < 5


def test_images_may_have_moved(tmp_path: Path) -> None:
    folder = write(tmp_path / "t", rows_of(2), [], 9).folder
    (tmp_path / "moved").mkdir()
    moved = open_training_set(folder, tmp_path / "moved")
    assert moved.location(1)[0] == tmp_path / "moved" / "folder/1.jpg"
    with pytest.raises(InputError, match=r"gone, which is no folder: give --image-root"):
        open_training_set(folder, tmp_path / "gone")


@pytest.mark.parametrize(
    ("labels", "words"),
    [([], "at least one"), ([3, 1], "sorted"), ([1, 1], "distinct"), ([5], "0 to 4"), ([-1], "0 to 4")],
)
def test_writer_refuses_labels_that_are_none(tmp_path: Path, labels: list[int], words: str) -> None:
    with pytest.raises(ValueError, match=words), PartWriter(tmp_path, 0, len(VOCABULARY)) as writer:
        writer.write(batch_of([("a", "a.jpg", 0, 1, [0, 4]), ("b", "b.jpg", 0, 1, labels)]))
    assert not list(tmp_path.iterdir())


def test_a_part_may_be_empty(tmp_path: Path) -> None:
    rows = rows_of(3)
    parts = [[], [batch_of(rows[:1])], [batch_of([])], [batch_of(rows[1:])], []]
    training_set = write_parts(tmp_path / "t", VOCABULARY, tmp_path, parts)
    assert read_all(training_set) == rows
    assert sum(len(offsets) - 1 for _, offsets in training_set.label_parts()) == 3


def test_a_part_that_is_not_the_manifests_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "t", rows_of(6), [], 3).folder
    (folder / "part-00001.arrow").unlink()
    with pytest.raises(InputError, match=r"part-00001.arrow is missing.*weakly label"):
        open_training_set(folder)
    training_set = write(tmp_path / "t", rows_of(6), [], 3)
    with pytest.raises(IndexError):
        training_set.labels(6)
    with pytest.raises(IndexError):
        training_set.labels(-1)


def test_what_is_known_of_a_part_does_not_grow_with_the_vocabulary(tmp_path: Path) -> None:
    """There may be ten thousand parts of as many labels each, and all are held at the end."""
    labels = list(range(0, 100_000, 2))
    row = pa.RecordBatch.from_pylist(
        [{"post_id": "1", "path": "a.jpg", "offset": 0, "size": 1, "labels": labels}], schema=SCHEMA
    )
    sizes = []
    for number, batch in enumerate((row, row.slice(0, 0))):
        with PartWriter(tmp_path, number, 100_000) as writer:
            writer.write(batch)
        sizes.append(len(json.dumps({**writer.part, "labels_an_image": []})))
        assert writer.label_counts.sum() == len(labels) * batch.num_rows
    assert max(sizes) < 200


def test_reading_a_training_set_loads_no_lexicon_and_compiles_nothing() -> None:
    script = (
        "import sys; import weakly.corpus.training_set.training_set\n"
        "rooms = ('weakly.corpus.wordnet', 'weakly.corpus.hashtags', 'numba')\n"
        "loaded = [name for name in sys.modules if name.startswith(rooms)]\n"
        "assert not loaded, loaded\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
