"""Posts from CSV and TSV: one record a post, cells quoted where they must be.

In: a `.csv` or `.tsv` file, plain or gzipped, with a header line or with names given for it. Out: batches of
`schema.SCHEMA`; every record that is not a post is counted in the ledger with its file and line. A post's
row is the line it starts on, the header's line counted. An empty cell is null; blank lines are no rows.
"""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from weakly.corpus.options import PostColumns
from weakly.corpus.posts.columns import FIELDS, require_columns
from weakly.corpus.posts.csv_records import Records
from weakly.corpus.posts.ledger import Ledger
from weakly.corpus.posts.schema import BadPost, PostRows, hashtags_of
from weakly.corpus.posts.text_lines import read_lines
from weakly.corpus.posts.units import Piece
from weakly.errors import InputError


def read_table(
    piece: Piece, columns: PostColumns, ledger: Ledger, delimiter: str
) -> Iterator[pa.RecordBatch]:
    """Yield the posts of one file.

    Args:
        piece: a whole file.
        columns: which column holds what, and the names of the columns where the file has no header line.
        ledger: counts rows read and dropped; rows kept are the caller's to count.
        delimiter: what separates cells.

    Raises:
        InputError: a column is missing or there twice, or the header given does not fit the file.
    """
    path = piece.path
    rows = PostRows(path.name)
    records = Records(read_lines(piece, ledger), delimiter)
    header = _header(path, records, columns)
    if header is None:
        return
    places = [header.index(name) if (name := getattr(columns, field)) in header else None for field in FIELDS]
    records.width = len(header)
    for cells in records:
        ledger.rows_read += 1
        place = f"{path}:{records.line}"
        if records.problem:
            reason, detail = records.problem
            ledger.drop(reason, 1, f"{place} {detail}")
            continue
        post_id, image, author, caption, hashtags = (None if i is None else cells[i] or None for i in places)
        try:
            tags = hashtags_of(hashtags)
        except BadPost as bad:
            ledger.drop(bad.reason, 1, f"{place} {bad}")
            continue
        rows.add(post_id, image, caption, tags, author=author, row=records.line, size_read=records.size)
        if rows.full:
            yield rows.take()
    if len(rows):
        yield rows.take()


def _header(path: Path, records: Records, columns: PostColumns) -> list[str] | None:
    """The checked names of the columns: as given, else from the first record; None for a file without one."""
    first = records.next()
    if first is None:
        return None
    place = f"{path}:{records.line}"
    if records.problem:
        raise InputError(f"{place} cannot be read as the first line ({records.problem[0]}): mend the file")
    header = first
    if columns.header:
        header = list(columns.header)
        if first == header:
            raise InputError(f"{place} is a header line already: leave out --columns.header")
        if len(first) != len(header):
            raise InputError(
                f"{place} has {len(first)} cells, --columns.header names {len(header)}: name every column"
            )
        records.again()
    require_columns(str(path), header, columns)
    for field in FIELDS:
        name = getattr(columns, field)
        if header.count(name) > 1:
            raise InputError(f"{path} has {header.count(name)} columns named {name!r}: rename all but one")
    return header
