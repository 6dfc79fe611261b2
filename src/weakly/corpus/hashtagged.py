"""Posts whose captions were read once: what later stages read instead of them (paper, section 1).

A vocabulary's folder keeps this compact reading in `posts/`, a part for every unit of the input:

    part-00000.arrow        `SCHEMA`: a post's id, image and hashtags, as numbers that hold within the part
    part-00000.names.arrow  `NAMES_SCHEMA`: for every batch, the normal forms that it numbers first

It knows every hashtag in its normal form, in the lexicon or not, so another vocabulary can be made of it, or
the posts labelled, without looking at a caption again. In memory lies never more than a batch, and the normal
forms of a part.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from weakly import artifacts
from weakly.corpus.caption_scan import scan_lists
from weakly.corpus.content import list_views
from weakly.corpus.extraction import Hashtags, KnownHashtags
from weakly.errors import InputError
from weakly.hashing import hash_strings

KIND = "hashtagged-posts"
FOLDER = "posts"
"""Where a vocabulary's folder keeps them."""

_ITEM = pa.field("item", pa.int32(), nullable=False)
SCHEMA = pa.schema(
    [
        pa.field("post_id", pa.string(), nullable=False),
        pa.field("image", pa.string(), nullable=False),
        pa.field("offset", pa.int64()),
        pa.field("size", pa.int64()),
        pa.field("width", pa.int32()),
        pa.field("height", pa.int32()),
        pa.field("author", pa.uint64()),  # a hash of the author; null where none is given
        pa.field("hashtags", pa.list_(_ITEM), nullable=False),  # distinct, sorted
    ]
)
NAMES_SCHEMA = pa.schema(
    [
        pa.field("first", pa.int64(), nullable=False),  # number of the first of these; 0: all others are void
        pa.field("names", pa.list_(pa.string()), nullable=False),
        pa.field("occurrences", pa.int64(), nullable=False),  # hashtags written, repetitions counted
    ]
)
_NAMES = pa.large_list(pa.large_string())
_COMPRESSED = pa.ipc.IpcWriteOptions(compression="lz4")


def compact(batch: pa.RecordBatch, tags: Hashtags) -> pa.RecordBatch:
    """The posts of a batch with their hashtags in place of captions and lists; of `SCHEMA`."""
    offsets = np.zeros(batch.num_rows + 1, np.int32)
    np.cumsum(np.bincount(tags.row, minlength=batch.num_rows), out=offsets[1:])
    author = batch.column("author")
    if author.null_count == len(author):
        hashed = pa.nulls(len(author), pa.uint64())
    else:
        hashed = pa.array(hash_strings(author), mask=~author.is_valid().to_numpy(zero_copy_only=False))
    columns = [batch.column(name) for name in SCHEMA.names[:6]]
    lists = pa.ListArray.from_arrays(
        pa.array(offsets), pa.array(tags.tag), type=SCHEMA.field("hashtags").type
    )
    return pa.record_batch([*columns, hashed, lists], schema=SCHEMA)


class HashtaggedWriter:
    """Writes one part; used with `with`. A part that is there already is replaced.

    Args:
        folder: where parts go.
        number: the part's.
    """

    def __init__(self, folder: Path, number: int) -> None:
        self._paths = [posts_path(folder, number), _names_path(folder, number)]
        schemas = (SCHEMA, NAMES_SCHEMA)
        self._files = [
            pa.ipc.new_file(str(artifacts.aside(path)), schema, options=_COMPRESSED)
            for path, schema in zip(self._paths, schemas, strict=True)
        ]

    def write(self, batch: pa.RecordBatch, tags: Hashtags) -> None:
        """Append the next posts (of `SCHEMA`) of the part, and what their hashtags' new numbers stand for."""
        self._files[0].write_batch(batch)
        columns = ([tags.first], [tags.names[tags.first :]], [tags.occurrences])
        arrays = [pa.array(values, field.type) for values, field in zip(columns, NAMES_SCHEMA, strict=True)]
        self._files[1].write_batch(pa.record_batch(arrays, schema=NAMES_SCHEMA))

    def __enter__(self) -> "HashtaggedWriter":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        for path, file in zip(self._paths, self._files, strict=True):
            file.close()
            if kind is None:
                artifacts.settle(path)
            else:
                artifacts.aside(path).unlink()


def read_part(folder: Path, number: int, known: KnownHashtags) -> Iterator[tuple[pa.RecordBatch, Hashtags]]:
    """Yield the batches of one part, each with its hashtags.

    Args:
        folder: where parts are.
        number: the part's.
        known: what the process knows.

    Raises:
        InputError: the part is not whole.
    """
    path = posts_path(folder, number)
    try:
        with pa.OSFile(str(path)) as posts_file, pa.OSFile(str(_names_path(folder, number))) as names_file:
            posts, new_names = pa.ipc.open_file(posts_file), pa.ipc.open_file(names_file)
            names, resolved = [], np.empty(0, np.int32)
            for index in range(posts.num_record_batches):
                batch, of_batch = posts.get_batch(index), new_names.get_batch(index)
                tag, offsets = list_views(batch.column("hashtags"))
                row = np.repeat(np.arange(batch.num_rows), np.diff(offsets))
                first, occurrences = (of_batch.column(name)[0].as_py() for name in ("first", "occurrences"))
                known.forget_if_full()
                indices = known.in_names(scan_lists(of_batch.column("names").cast(_NAMES)))
                names = names if first else []
                names += [known.names[index] for index in indices.tolist()]
                resolved = np.concatenate((resolved[:first], known.resolved[indices]))
                yield batch, Hashtags(row, tag, names, resolved, first, occurrences)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path} is not whole ({error}): make the vocabulary again") from error


def posts_path(folder: Path, number: int) -> Path:
    """The file of a part's posts."""
    return folder / f"part-{number:05d}.arrow"


def _names_path(folder: Path, number: int) -> Path:
    return folder / f"part-{number:05d}.names.arrow"
