"""The posts' files cut into pieces that are read one by one, and pieces gathered into units of work.

In: files. Out: `Unit`s, always the same for the same files, whoever reads them: a unit is what one worker
reads at a time, what is written as one part, and what a run that was killed need not read again.

Parquet is cut between row groups and plain JSON lines at line ends. A CSV or TSV file (quotes may hold line
ends), a gzipped file and a tar are one piece each: many files of some hundred MB spread better than one.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pyarrow as pa
import pyarrow.parquet as pq

from weakly.corpus.posts.file_names import KINDS

UNIT_BYTES = 64 << 20
"""A unit ends with the piece that takes it to so many bytes of input, about a million posts in Parquet."""
UNIT_PIECES = 1000
"""Most pieces of a unit."""
_SCAN_BYTES = 1 << 22


@dataclass(frozen=True)
class Piece:
    """A stretch of one file.

    Attributes:
        path: the file.
        first: the row group, or the byte, it begins with.
        last: the one it ends before; None for the end of the file.
        row: rows (lines) of the file that lie before it.
        size: its bytes, about.
    """

    path: Path
    first: int = 0
    last: int | None = None
    row: int = 0
    size: int = 0


Unit = tuple[Piece, ...]


def cut(files: Sequence[Path], unit_bytes: int | None = None) -> list[Unit]:
    """Cut files into pieces and gather these into units, in order.

    Args:
        files: of kinds that `kind_of` knows.
        unit_bytes: about how large a unit is to be. [`UNIT_BYTES`]
    """
    unit_bytes = unit_bytes or UNIT_BYTES
    units: list[Unit] = []
    waiting: list[Piece] = []
    size = 0
    for file in files:
        for piece in _pieces(file, unit_bytes):
            waiting.append(piece)
            size += piece.size
            if size >= unit_bytes or len(waiting) >= UNIT_PIECES:
                units.append(tuple(waiting))
                waiting, size = [], 0
    return [*units, tuple(waiting)] if waiting else units


def _pieces(path: Path, unit_bytes: int) -> Iterator[Piece]:
    try:
        size = path.stat().st_size
    except OSError:
        size = 0  # whoever reads it says what is wrong
    kind = path.suffix.lower() if size >= 2 * unit_bytes else ""
    if kind == ".parquet":
        yield from _row_groups(path, unit_bytes, size)
    elif KINDS.get(kind) == "JSON lines":
        yield from _line_spans(path, unit_bytes, size)
    else:
        yield Piece(path, size=size)


def _row_groups(path: Path, unit_bytes: int, size: int) -> Iterator[Piece]:
    try:
        with path.open("rb") as file:
            metadata = pq.ParquetFile(file).metadata
    except (pa.ArrowException, OSError):
        yield Piece(path, size=size)  # whoever reads it says what is wrong
        return
    rows = [metadata.row_group(group).num_rows for group in range(metadata.num_row_groups)]
    a_row = size / max(sum(rows), 1)
    first = row = held = 0
    for group, n in enumerate(rows):
        held += n
        if held * a_row >= unit_bytes or group == len(rows) - 1:
            yield Piece(path, first, group + 1, row, int(held * a_row))
            first, row, held = group + 1, row + held, 0


def _line_spans(path: Path, unit_bytes: int, size: int) -> Iterator[Piece]:
    """Stretches that end at the first line end after every `unit_bytes`."""
    first = row = 0
    with path.open("rb") as raw:
        file = io.BufferedReader(cast(io.RawIOBase, raw), _SCAN_BYTES)
        while first < size:
            place, lines, block = first, 0, b""
            while place < size and (place < first + unit_bytes or not block.endswith(b"\n")):
                wanted = min(first + unit_bytes - place, _SCAN_BYTES)
                block = file.read(wanted) if wanted > 0 else file.readline(_SCAN_BYTES)
                place, lines = place + len(block), lines + block.count(b"\n")
                size = size if block else place
            yield Piece(path, first, place if place < size else None, row, place - first)
            first, row = place, row + lines
