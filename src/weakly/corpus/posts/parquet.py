"""Posts from Parquet files.

In: row groups of a `.parquet` file. Out: batches of `schema.SCHEMA`; only the columns named are read, so many
    rows at a time as their mean size allows. Rows that cannot be posts are counted in the ledger with their
    row, from 1. Where the column of images is a struct with `bytes`, as Hugging Face's data sets have it, the
    image of a post is its row of this file, and no pixel is read.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import types

from weakly.corpus.options import PostColumns
from weakly.corpus.posts.columns import names_of, require_columns
from weakly.corpus.posts.ledger import Ledger
from weakly.corpus.posts.remote import absolute, is_remote
from weakly.corpus.posts.rows import BadPost, hashtags_of
from weakly.corpus.posts.schema import BATCH_BYTES, BATCH_ROWS, SCHEMA, bounded
from weakly.corpus.posts.units import Piece
from weakly.errors import InputError

_T = TypeVar("_T")
_R = TypeVar("_R")
_BUFFER_BYTES = 1 << 20
_EXPECTED = {
    "post_id": "a single value",
    "image": "text, or a struct with bytes",
    "author": "a single value",
    "caption": "text",
    "hashtags": "a list of text, or text",
}


def read_parquet(piece: Piece, columns: PostColumns, ledger: Ledger) -> Iterator[pa.RecordBatch]:
    """Yield the posts of one piece of a file, which is row groups; the ledger counts rows read and dropped.

    Raises:
        InputError: the file is not whole Parquet, a column is missing or there twice, or has a type that its
            values cannot have.
    """
    path = piece.path
    if path.stat().st_size == 0:
        ledger.fault("empty", str(path))
        return
    with (
        _not_whole(path),
        path.open("rb") if is_remote(str(path)) else contextlib.nullcontext(path) as source,
        pq.ParquetFile(cast(Any, source), buffer_size=_BUFFER_BYTES, pre_buffer=False) as file,
    ):
        names = _names(path, file.schema_arrow, columns)
        inside = types.is_struct(file.schema_arrow.field(names["image"]).type) if "image" in names else False
        wanted = [name for field, name in names.items() if not (inside and field == "image")]
        row = piece.row + 1
        for batch in _batches(piece, file, list(dict.fromkeys(wanted))):
            ledger.rows_read += batch.num_rows
            texts = {field: _as_text(batch.column(name)) for field, name in names.items() if name in wanted}
            rows = np.arange(row, row + batch.num_rows)
            row += batch.num_rows
            texts["row"] = pa.array(rows)
            if inside:
                texts["image"] = pa.repeat(pa.scalar(absolute(path)), batch.num_rows)
                texts["offset"] = pa.array(rows - 1)
            found = _with_hashtag_lists(
                _unicode(pa.RecordBatch.from_pydict(texts), path, ledger), path, ledger
            )
            yield from bounded(_posts(found, path))


@contextlib.contextmanager
def _not_whole(path: Path) -> Iterator[None]:
    """Turn what Arrow says of a file that it cannot read into an InputError."""
    try:
        yield
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        if isinstance(error, OSError) and error.errno:
            raise
        reason = str(error).partition("\n")[0]
        raise InputError(f"{path} is not whole Parquet ({reason}): write or fetch it again") from error


def _batches(piece: Piece, file: pq.ParquetFile, names: list[str]) -> Iterator[pa.RecordBatch]:
    """The columns named, as many rows at a time as fit in a batch by the mean row of each row group."""
    groups = [file.metadata.row_group(group) for group in range(file.metadata.num_row_groups)]
    _check_rows("its row groups have", sum(group.num_rows for group in groups), file.metadata.num_rows)
    for group, facts in list(enumerate(groups))[piece.first : piece.last]:
        # Of all columns: asking for one column's size, pyarrow 25 aborts the process on a broken footer.
        at_once = BATCH_BYTES * facts.num_rows // max(facts.total_byte_size, 1)
        at_once, found = min(max(at_once, 1), BATCH_ROWS), 0
        for batch in file.iter_batches(at_once, row_groups=[group], columns=names, use_threads=False):
            found += batch.num_rows
            yield batch
        # Arrow takes a page whose header was damaged for the end of the row group, and says nothing.
        _check_rows(f"row group {group} gives", found, facts.num_rows)


def _check_rows(where: str, found: int, expected: int) -> None:
    if found != expected:
        raise pa.ArrowInvalid(f"{where} {found:,} rows of {expected:,}")


def _names(path: Path, schema: pa.Schema, columns: PostColumns) -> dict[str, str]:
    """The file's column for each field it has, checked to be there once and of a type that can be read."""
    require_columns(path, schema.names, columns)
    names = {field: name for field, name in names_of(columns).items() if name in schema.names}
    for field, name in names.items():
        kind = schema.field(name).type
        if not _fits(field, kind):
            raise InputError(
                f"{path}: column {name!r} is {kind}, expected {_EXPECTED[field]}: write it so, or name "
                f"another column with --columns.{field.replace('_', '-')}"
            )
    return names


def _fits(field: str, kind: pa.DataType) -> bool:
    if types.is_dictionary(kind):
        kind = kind.value_type
    if field == "hashtags" and _is_list(kind):
        return _fits("caption", kind.value_type)
    if field == "image" and types.is_struct(kind):
        return kind.get_field_index("bytes") >= 0 and _is_text(kind.field("bytes").type)
    if field in ("post_id", "author"):
        return not types.is_nested(kind) and not types.is_interval(kind)
    return types.is_null(kind) or _is_text(kind)


def _is_text(kind: pa.DataType) -> bool:
    # Bytes too: many writers leave out that a column of bytes is text.
    is_string = types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)
    is_bytes = types.is_binary(kind) or types.is_large_binary(kind) or types.is_binary_view(kind)
    return is_string or is_bytes or types.is_fixed_size_binary(kind)


def _is_list(kind: pa.DataType) -> bool:
    # Not list views: pyarrow 25 casts those wrong.
    return types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind)


def _as_text(array: pa.Array) -> pa.Array:
    """The column as `string` or `list<string>`, which may yet hold bytes that are not UTF-8."""
    kind = SCHEMA.field("hashtags").type if _is_list(array.type) else pa.string()
    return array.cast(options=pc.CastOptions(target_type=kind, allow_invalid_utf8=True))


def _unicode(batch: pa.RecordBatch, path: Path, ledger: Ledger) -> pa.RecordBatch:
    """Drop and count the rows with bytes that are not UTF-8, which Parquet does not check."""
    try:
        batch.validate(full=True)
    except pa.ArrowInvalid:
        slices = [batch.slice(row, 1) for row in range(batch.num_rows)]
        batch, _ = _readable(batch, slices, pa.RecordBatch.to_pylist, path, ledger)
        batch.validate(full=True)
    return batch


def _with_hashtag_lists(batch: pa.RecordBatch, path: Path, ledger: Ledger) -> pa.RecordBatch:
    """Make the hashtags a list without nulls, from whichever of the accepted forms they are in."""
    if "hashtags" not in batch.schema.names:
        return batch
    hashtags = batch.column("hashtags")
    if types.is_list(hashtags.type) and hashtags.flatten().null_count == 0:
        return batch
    batch, lists = _readable(batch, hashtags.to_pylist(), hashtags_of, path, ledger)
    place = batch.schema.get_field_index("hashtags")
    return batch.set_column(place, "hashtags", pa.array(lists, SCHEMA.field("hashtags").type))


def _readable(
    batch: pa.RecordBatch, values: Sequence[_T], read: Callable[[_T], _R], path: Path, ledger: Ledger
) -> tuple[pa.RecordBatch, list[_R]]:
    """The rows whose value can be read, and what it was read as; the others are counted."""
    kept: list[int] = []
    found: list[_R] = []
    for row, value in enumerate(values):
        try:
            found.append(read(value))
            kept.append(row)
        except (BadPost, UnicodeDecodeError) as error:
            reason = error.reason if isinstance(error, BadPost) else "invalid UTF-8"
            ledger.drop(reason, 1, f"{path}:{batch.column('row')[row]} {error}")
    return batch if len(kept) == batch.num_rows else batch.take(pa.array(kept, pa.int64())), found


def _posts(batch: pa.RecordBatch, path: Path) -> pa.RecordBatch:
    """The rows as posts of `SCHEMA`."""

    def column(field: str) -> pa.Array:
        if field in batch.schema.names:
            return batch.column(field)
        return pa.nulls(batch.num_rows, SCHEMA.field(field).type)

    image = column("image").fill_null("")
    # Rows of one file share its name, so those are named by file and row.
    own_image = pa.repeat(pa.scalar(""), batch.num_rows) if "offset" in batch.schema.names else image
    post_id = column("post_id").fill_null("") if "post_id" in batch.schema.names else own_image
    if pc.index(post_id, "").as_py() >= 0:
        named = zip(post_id.to_pylist(), own_image.to_pylist(), batch.column("row").to_pylist(), strict=True)
        post_id = pa.array([own or image or f"{path.name}:{row}" for own, image, row in named], pa.string())
    arrays = [post_id, image, *(column(field) for field in SCHEMA.names[2:])]
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)
