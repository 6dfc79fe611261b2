"""Posts whose captions were read once: what later stages read instead of them (paper, section 1).

A vocabulary's folder keeps this compact reading in `posts/`, a part for every unit of the input:

    part-00000.arrow        `SCHEMA`: a post's id, image and hashtags, as numbers that hold within the part
                            (what is mostly null as runs)
    part-00000.names.arrow  `NAMES_SCHEMA`: the normal forms that these numbers stand for, a batch each time
                            that the numbering began anew
    labels.npy              the vocabulary's label of every spelling that could be selected

It knows every hashtag, in the lexicon or not, so another vocabulary can be made of it, or the posts labelled,
without looking at a caption again. In memory lies never more than a batch, and the normal forms of a part. A
batch's metadata says which batch of names it goes with, and how many hashtags were written, repetitions too.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from weakly import atomic
from weakly.corpus.arrays.arrow_views import list_views
from weakly.corpus.hashtags.extract import Hashtags, Names
from weakly.corpus.posts import schema as posts_schema
from weakly.errors import InputError
from weakly.hashing import hash_strings

Batches = Iterator[tuple[pa.RecordBatch, Hashtags]]
"""Posts of `SCHEMA`, and their hashtags."""
Resolve = Callable[[pa.RecordBatch], np.ndarray]
"""Gives what the normal forms of a batch of `NAMES_SCHEMA` stand for, int32[n]."""

KIND, FOLDER, LABELS_FILE = "hashtagged-posts", "posts", "labels.npy"
_NAMES, _OCCURRENCES = b"names", b"occurrences"
_AS_THEY_ARE = ("post_id", "image", "offset", "size", "width", "height")
_LISTS = pa.list_(pa.field("item", pa.int32(), nullable=False))
SCHEMA = pa.schema(map(posts_schema.SCHEMA.field, _AS_THEY_ARE))
SCHEMA = SCHEMA.append(pa.field("author", pa.uint64()))  # a hash of the author; null where none is given
SCHEMA = SCHEMA.append(pa.field("hashtags", _LISTS, nullable=False))  # distinct, as written
# A normal form, and what the vocabulary's candidates resolve it to; neither is null.
NAMES_SCHEMA = pa.schema([("name", pa.string(), False), ("spelling", pa.int32(), False)])
# What most sources leave null throughout is written as runs: no bytes then, 4 more a value otherwise.
_RUNS = ("offset", "size", "width", "height", "author")
_STORED = SCHEMA
for _field in map(SCHEMA.field, _RUNS):
    _as_stored = _field.with_type(pa.run_end_encoded(pa.int32(), _field.type))
    _STORED = _STORED.set(SCHEMA.get_field_index(_field.name), _as_stored)


def compact(batch: pa.RecordBatch, tags: Hashtags) -> pa.RecordBatch:
    """The posts of a batch with their hashtags in place of captions and lists; of `SCHEMA`."""
    author = batch.column("author")
    if author.null_count == len(author):
        hashed = pa.nulls(len(author), pa.uint64())
    else:
        hashed = pa.array(hash_strings(author), mask=~author.is_valid().to_numpy(zero_copy_only=False))
    lists = pa.ListArray.from_arrays(pa.array(tags.offsets), pa.array(tags.tag), type=_LISTS)
    return pa.record_batch([*map(batch.column, _AS_THEY_ARE), hashed, lists], schema=SCHEMA)


def _with_runs(batch: pa.RecordBatch, change: Callable, schema: pa.Schema) -> pa.RecordBatch:
    """A batch, of `schema` once the columns that are stored as runs are changed."""
    columns = dict(zip(schema.names, batch.columns, strict=True))
    columns |= {name: change(columns[name]) for name in _RUNS}
    return pa.record_batch(list(columns.values()), schema=schema)


def _as_runs(column: pa.Array) -> pa.Array:
    if column.null_count == len(column) > 0:  # the common case, which Arrow looks for value by value
        one_run = pa.array([len(column)], pa.int32()), pa.nulls(1, column.type)
        return pa.RunEndEncodedArray.from_arrays(*one_run)
    return pc.run_end_encode(column)  # pyright: ignore[reportAttributeAccessIssue]


class HashtaggedWriter:
    """Writes part `number`; used with `with`. A part that is there already is replaced."""

    def __init__(self, folder: Path, number: int) -> None:
        self._paths = part_files(folder, number)
        # Not compressed: that costs a twentieth of the time of the two verbs, for a third of these bytes.
        self._posts, self._names = (
            pa.ipc.new_file(str(atomic.aside(path)), schema)
            for path, schema in zip(self._paths, (_STORED, NAMES_SCHEMA), strict=True)
        )
        self._flusher = atomic.Flusher(atomic.aside(self._paths[0]))
        self._names_of: Names | None = None
        self._names_written = 0

    def write(self, batch: pa.RecordBatch, tags: Hashtags) -> None:
        """Append the next posts (of `SCHEMA`) of the unit; their hashtags are resolved to spellings."""
        if tags.names is not self._names_of:
            self._write_names()
            self._names_of = tags.names
        about = {_NAMES: str(self._names_written), _OCCURRENCES: str(tags.occurrences)}
        self._posts.write_batch(_with_runs(batch, _as_runs, _STORED), custom_metadata=about)

    def _write_names(self) -> None:
        if (names := self._names_of) is not None:
            arrays = [names.strings(), pa.array(names.resolved)]
            self._names.write_batch(pa.record_batch(arrays, schema=NAMES_SCHEMA))
            self._names_written += 1

    def __enter__(self) -> "HashtaggedWriter":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._flusher.close()
        if kind is None:
            self._write_names()
        for path, file in zip(self._paths, (self._posts, self._names), strict=True):
            file.close()
            if kind is None:
                atomic.settle(path)
            else:
                atomic.aside(path).unlink()


def read_part(folder: Path, number: int, resolve: Resolve) -> Batches:
    """Yield the batches of one part; an InputError where it is not whole."""
    path, names_path = part_files(folder, number)
    decode = pc.run_end_decode  # pyright: ignore[reportAttributeAccessIssue]
    try:
        with pa.memory_map(str(path)) as posts_file, pa.OSFile(str(names_path)) as names_file:
            posts, all_names = pa.ipc.open_file(posts_file), pa.ipc.open_file(names_file)
            if (posts.schema, all_names.schema) != (_STORED, NAMES_SCHEMA):
                raise InputError(f"{path} is of another version of weakly: make the vocabulary again")
            names, names_read = None, -1
            for index in range(posts.num_record_batches):
                batch, about = posts.get_batch_with_custom_metadata(index)
                if names is None or int(about[_NAMES]) != names_read:
                    names_read = int(about[_NAMES])
                    own = all_names.get_batch(names_read)
                    names = Names(resolve(own), own.column("name"))
                tag, offsets = list_views(batch.column("hashtags"))
                tags = Hashtags(offsets, tag, names, int(about[_OCCURRENCES]))
                yield _with_runs(batch, decode, SCHEMA), tags
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path} is not whole ({error}): make the vocabulary again") from error


def labels_of_spellings(folder: Path) -> Resolve:
    """For the vocabulary that the posts were read for, by numbers alone; an InputError where that fails."""
    try:
        labels = np.load(folder / LABELS_FILE)
    except (OSError, ValueError) as error:
        raise InputError(f"{folder / LABELS_FILE}: {error}; make the vocabulary again") from error
    labels = np.append(labels, np.int32(-1))
    return lambda names: labels[np.maximum(names.column("spelling").to_numpy(), -1)]


def part_files(folder: Path, number: int) -> tuple[Path, Path]:
    """The files of a part: its posts, and their names."""
    return folder / f"part-{number:05d}.arrow", folder / f"part-{number:05d}.names.arrow"
