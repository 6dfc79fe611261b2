"""Posts from CSV and TSV: one record a post, cells quoted where they must be.

In: a `.csv` or `.tsv` file, plain or compressed, with a header line or with names given for it. Out: batches
of `schema.SCHEMA`; every record that is not a post is counted in the ledger with its file and line. A post's
row is the line it starts on, the header's line counted. An empty cell is null; blank lines are no rows.
"""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from weakly.corpus.options import PostColumns
from weakly.corpus.posts.columns import FIELDS, names_of, require_columns
from weakly.corpus.posts.csv_records import Record, read_records
from weakly.corpus.posts.file_names import kind_of
from weakly.corpus.posts.ledger import Ledger
from weakly.corpus.posts.rows import Post, hashtags_of, in_batches
from weakly.corpus.posts.text_lines import read_lines
from weakly.corpus.posts.units import Piece
from weakly.errors import InputError

_SEPARATORS = {
    "\t": "tabs: name the file .tsv",
    ";": "semicolons: write it with commas, or with tabs as .tsv",
    "|": "bars: write it with commas, or with tabs as .tsv",
    ",": "commas: name the file .csv",
}


def read_table(piece: Piece, columns: PostColumns, ledger: Ledger) -> Iterator[pa.RecordBatch]:
    """Yield the posts of one file; the ledger counts rows read and dropped.

    Raises:
        InputError: a column is missing or there twice, or the header given does not fit the file.
    """
    lines, delimiter = read_lines(piece, ledger), "\t" if kind_of(piece.path) == "TSV" else ","
    first = next(read_records(lines, delimiter), None)
    if first is None:
        return
    header = _header(piece.path, first, columns)
    if columns.header:
        lines = itertools.chain(first.lines, lines)
    names = names_of(columns)
    places = [header.index(name) if (name := names.get(field)) in header else -1 for field in FIELDS]

    def post_of(record: Record) -> Post:
        if record.problem:
            raise record.problem
        cells = [*record.cells, ""]
        post_id, image, author, caption, hashtags = (cells[place] or None for place in places)
        return Post(post_id, image, author, caption, hashtags_of(hashtags))

    records = read_records(lines, delimiter, len(header))
    rows = ((record.number, record.size, record) for record in records)
    yield from in_batches(piece.path, rows, post_of, ledger)


def _header(path: Path, first: Record, columns: PostColumns) -> list[str]:
    """The checked names of the columns: as given, else from the first record."""
    place = f"{path}:{first.number}"
    line = first.lines[0][1].rstrip(b"\r")
    if b"\r" in line:
        raise InputError(f"{place}: its lines end as those of old Macs, with CR alone: convert them to LF")
    if line.startswith(b"sep="):
        raise InputError(f"{place} is a line for Excel alone ({line.decode(errors='replace')}): take it out")
    if first.problem:
        raise InputError(f"{place} cannot be read as the first line ({first.problem.reason}): mend the file")
    others = [cure for mark, cure in _SEPARATORS.items() if mark in first.cells[0]]
    if len(first.cells) == 1 and others and first.cells[0] not in names_of(columns).values():
        raise InputError(f"{place}: its cells seem to be separated by {others[0]}")
    header = list(columns.header) or first.cells
    if columns.header and first.cells == header:
        raise InputError(f"{place} is a header line already: leave out --columns.header")
    if len(first.cells) != len(header):
        raise InputError(
            f"{place} has {len(first.cells)} cells, --columns.header names {len(header)}: name every column"
        )
    require_columns(path, header, columns)
    return header
