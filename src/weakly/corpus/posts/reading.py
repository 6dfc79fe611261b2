"""Posts, whatever they are kept in, as one stream of Arrow batches.

In: Parquet, JSON lines, CSV and TSV files (the last three also gzipped), WebDataset tars; named one by one,
by patterns or by folders. Out: record batches of `SCHEMA`, bounded in rows and bytes, and a `Ledger` that
counts every post that was met and why each that is missing was dropped. Section 2 of the paper starts here.

What is wrong with a single post drops that post, counted; what is wrong with a file as a whole (a missing
column, broken Parquet) is an `InputError`.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from weakly.corpus.options import PostColumns
from weakly.corpus.posts.csv_tables import read_table
from weakly.corpus.posts.fields import SeenKeys
from weakly.corpus.posts.json_lines import read_json_lines
from weakly.corpus.posts.ledger import Ledger
from weakly.corpus.posts.parquet import read_parquet
from weakly.corpus.posts.schema import BATCH_BYTES, BATCH_ROWS, SCHEMA
from weakly.corpus.posts.sources import expand, kind_of
from weakly.corpus.posts.tars import read_tar
from weakly.errors import InputError

__all__ = ["BATCH_BYTES", "BATCH_ROWS", "SCHEMA", "Ledger", "expand", "kind_of", "read_file", "read_posts"]


def read_posts(sources: Sequence[str], columns: PostColumns, ledger: Ledger) -> Iterator[pa.RecordBatch]:
    """Read all posts of the sources, in order.

    Args:
        sources: files, patterns and folders, as `expand` takes them.
        columns: which column holds what.
        ledger: counts the posts read, kept and dropped; whole once the iterator is exhausted.

    Returns:
        batches of `SCHEMA`.

    Raises:
        InputError: at once, where a source is at fault; while reading, where a file is; at the end, where
            not one post was kept.
    """
    files = expand(sources)
    if columns.header and not any(kind_of(file) in ("CSV", "TSV") for file in files):
        raise InputError(
            "--columns.header names the columns of CSV and TSV; none of the posts are: leave it out"
        )
    return _read_all(files, columns, ledger)


def _read_all(files: list[Path], columns: PostColumns, ledger: Ledger) -> Iterator[pa.RecordBatch]:
    seen = SeenKeys(columns)
    # Not the ledger's count: whoever reads may move posts in it from kept to dropped meanwhile.
    kept = 0
    for file in files:
        for batch in read_file(file, columns, ledger, seen):
            kept += batch.num_rows
            yield batch
    if kept:
        return
    named = str(files[0]) if len(files) == 1 else f"each of the {len(files)} files, from {files[0]} on,"
    if not ledger.rows_read:
        faults = "; ".join(f"{fault}: {files[0]}" for fault, files in ledger.faults.items())
        raise InputError(
            f"{named} holds no post{f' ({faults})' if faults else ''}: expected one post a row; see that it "
            "was written to the end"
        )
    reason, n = ledger.dropped.most_common(1)[0]
    example = "".join(f", as {example}" for example in ledger.examples[reason][:1])
    raise InputError(
        f"{named} holds no post that can be read: {n:,} of {ledger.rows_read:,} rows were dropped as "
        f"{reason!r}{example}: mend the file, or see that its name says what it is"
    )


def read_file(
    path: Path, columns: PostColumns, ledger: Ledger, seen: SeenKeys | None = None
) -> Iterator[pa.RecordBatch]:
    """Read the posts of one file, which may turn out to hold none.

    Args:
        path: the file; its name says its kind.
        columns: which column holds what.
        ledger: counts the posts read, kept and dropped.
        seen: the keys seen in JSON objects, where this is one file of many; None starts anew.

    Returns:
        batches of `SCHEMA`.

    Raises:
        InputError: the file cannot be opened, or is at fault as a whole.
    """
    try:
        ledger.files[str(path)] = path.stat().st_size
        for batch in _reader(path, columns, ledger, seen or SeenKeys(columns)):
            ledger.kept += batch.num_rows
            yield batch
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror or error}): see to the file") from error


def _reader(path: Path, columns: PostColumns, ledger: Ledger, seen: SeenKeys) -> Iterator[pa.RecordBatch]:
    match kind_of(path):
        case "Parquet":
            return read_parquet(path, columns, ledger)
        case "JSON lines":
            return read_json_lines(path, columns, ledger, seen)
        case "CSV":
            return read_table(path, columns, ledger, ",")
        case "TSV":
            return read_table(path, columns, ledger, "\t")
        case "tar":
            return read_tar(path, columns, ledger, seen)
        case kind:
            raise AssertionError(f"no reader for {kind}")
