"""Posts, whatever they are kept in, as one stream of Arrow batches.

In: Parquet, JSON lines, CSV and TSV files and YFCC100M's metadata (all but the first also compressed),
    WebDataset tars; named one by one, by patterns or by folders, on this machine or by URL. Out: record
    batches of `SCHEMA`, bounded in rows and bytes, and a `Ledger` that counts every post that was met and why
    each that is missing was dropped. Section 2 of the paper starts here.

What is wrong with a single post drops that post, counted; what is wrong with a file as a whole (a missing
column, broken Parquet) is an `InputError`.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from weakly.corpus.options import PostColumns
from weakly.corpus.posts.columns import SeenKeys
from weakly.corpus.posts.csv_tables import read_table
from weakly.corpus.posts.file_names import expand, kind_of
from weakly.corpus.posts.json_lines import read_json_lines
from weakly.corpus.posts.ledger import Ledger
from weakly.corpus.posts.parquet import read_parquet
from weakly.corpus.posts.remote import being_read
from weakly.corpus.posts.units import Piece
from weakly.corpus.posts.webdataset import read_tar
from weakly.corpus.posts.yfcc100m import read_yfcc100m
from weakly.errors import InputError


def find_posts(sources: Sequence[str], columns: PostColumns) -> list[Path]:
    """The files of the sources, checked as far as that can be done without reading them.

    Raises:
        InputError: a source is at fault (see `expand`), or `columns` does not fit the kinds of files.
    """
    files = expand(sources)
    if columns.header and not any(kind_of(file) in ("CSV", "TSV") for file in files):
        raise InputError(
            "--columns.header names the columns of CSV and TSV; none of the posts are: leave it out"
        )
    return files


def no_post_kept(files: Sequence[Path], ledger: Ledger) -> InputError:
    """The InputError for files that were read whole and gave no post."""
    named = str(files[0]) if len(files) == 1 else f"each of the {len(files)} files, from {files[0]} on,"
    if not ledger.rows_read:
        faults = "; ".join(f"{fault}: {files[0]}" for fault, files in ledger.faults.items())
        return InputError(
            f"{named} holds no post{f' ({faults})' if faults else ''}: expected one post a row; see that it "
            "was written to the end"
        )
    reason, n = ledger.dropped.most_common(1)[0]
    example = "".join(f", as {example}" for example in ledger.examples[reason][:1])
    return InputError(
        f"{named} holds no post that can be read: {n:,} of {ledger.rows_read:,} rows were dropped as "
        f"{reason!r}{example}: mend the file, or see that its name says what it is"
    )


def read_pieces(
    pieces: Sequence[Piece], columns: PostColumns, ledger: Ledger, *, are_first: bool = True
) -> Iterator[pa.RecordBatch]:
    """Read the posts of pieces of files, which may turn out to hold none.

    Args:
        pieces: in order; the file's name says its kind.
        columns: which column holds what.
        ledger: counts the posts read, kept and dropped.
        are_first: whether no piece of the posts lies before these. JSON objects may leave out a key that
            others have, so a missing one is an error only when no object of the first batch has it.

    Returns:
        batches of `SCHEMA`.

    Raises:
        InputError: a file cannot be opened, or is at fault as a whole.
    """
    seen = SeenKeys(columns, sought=are_first)
    for piece in pieces:
        with being_read(piece.path):
            if not piece.first:
                ledger.files[str(piece.path)] = piece.path.stat().st_size
            for batch in _reader(piece, columns, ledger, seen):
                ledger.kept += batch.num_rows
                yield batch


def _reader(piece: Piece, columns: PostColumns, ledger: Ledger, seen: SeenKeys) -> Iterator[pa.RecordBatch]:
    match kind_of(piece.path):
        case "Parquet":
            return read_parquet(piece, columns, ledger)
        case "JSON lines":
            return read_json_lines(piece, seen, ledger)
        case "tar":
            return read_tar(piece, seen, ledger)
        case "YFCC100M":
            return read_yfcc100m(piece, ledger)
        case _:
            return read_table(piece, columns, ledger)
