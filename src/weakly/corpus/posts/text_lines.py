"""The lines of a text file, plain or compressed, in bounded memory.

In: a piece of a file. Out: (line number from 1, bytes of the line without its end). What is not whole (a gzip
cut short, a line beyond all measure) is counted in the ledger.
"""

import bz2
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from typing import Any

from weakly.corpus.posts.ledger import Ledger
from weakly.corpus.posts.schema import MAX_POST_BYTES
from weakly.corpus.posts.units import Piece
from weakly.errors import InputError

_BLOCK_BYTES = 1 << 20
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_NO_TEXT = {
    "UTF-16; expected UTF-8: convert it, for instance with iconv": (
        rb"\xff\xfe|\xfe\xff|([^\0]\0){8}|(\0[^\0]){8}"
    ),
    "gzip: add .gz to its name": rb"\x1f\x8b\x08",
    "bzip2: add .bz2 to its name": rb"BZh[1-9]1AY&SY",
    "compressed, which is not read: unpack it": rb"PK\x03\x04|\xfd7zXZ\0|\x28\xb5\x2f\xfd",
}
"""What a file that is no text is, with the cure, by how it begins."""
_COMPRESSIONS = {".gz": "gzip", ".bz2": "bzip2"}


def read_lines(piece: Piece, ledger: Ledger) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of a piece, blank ones too; a byte order mark is taken off.

    A line of more than `MAX_POST_BYTES` is counted and dropped. Where a gzip ends too early or is damaged,
    the lines before are yielded, the line that was cut is counted and dropped, and the file is reported.

    Raises:
        InputError: the file is UTF-16 or compressed otherwise than its name says.
    """
    path, number, place = piece.path, piece.row, piece.first
    zipped = _COMPRESSIONS.get(path.suffix.lower(), "")
    with path.open("rb") as raw:
        file = _opened(raw, zipped)
        if piece.first:
            file.seek(piece.first)
        try:
            while (piece.last is None or place < piece.last) and (line := file.readline(MAX_POST_BYTES + 1)):
                number += 1
                place += len(line)
                if number == 1:
                    if what := [what for what, begin in _NO_TEXT.items() if re.match(begin, line)]:
                        raise InputError(f"{path} is {what[0]}")
                    line = line.removeprefix(_BYTE_ORDER_MARK)
                if len(line) > MAX_POST_BYTES and not line.endswith(b"\n"):
                    place += _pass_over(file)
                    ledger.rows_read += 1
                    limit = f"{MAX_POST_BYTES >> 20} MiB"
                    ledger.drop("line too long", 1, f"{path}:{number} has more than {limit}")
                else:
                    yield number, line.removesuffix(b"\n")
        except (EOFError, OSError, zlib.error) as error:
            if not zipped or (isinstance(error, OSError) and error.errno is not None):
                raise
            _report(piece, zipped, error, place, file.raw.tell(), ledger)
        else:
            if place == 0:
                ledger.fault("empty", str(path))


def read_rows(piece: Piece, ledger: Ledger) -> Iterator[tuple[int, int, bytes]]:
    """The lines that are not blank, as `in_batches` takes them: number, size in bytes, line."""
    return ((n, len(line), line) for n, line in read_lines(piece, ledger) if line and not line.isspace())


class _Unzipped(io.RawIOBase):
    """What a compressed file holds. `read1`, unlike `read`, hands over what came before a cut."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._file.read1(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def tell(self) -> int:
        return self._file.tell()


def _opened(raw: Any, zipped: str) -> io.BufferedReader:
    if zipped:
        raw = _Unzipped(gzip.GzipFile(fileobj=raw) if zipped == "gzip" else bz2.BZ2File(raw))
    return io.BufferedReader(raw, _BLOCK_BYTES)


def _pass_over(file: io.BufferedReader) -> int:
    """Go on to the next line, and return over how many bytes."""
    size = 0
    while part := file.readline(_BLOCK_BYTES):
        size += len(part)
        if part.endswith(b"\n"):
            break
    return size


def _report(piece: Piece, zipped: str, error: Exception, place: int, end: int, ledger: Ledger) -> None:
    """Count what is missing of a compressed file whose lines end at `place` and its bytes at `end`."""
    path = piece.path
    if not end and isinstance(error, OSError):
        raise InputError(
            f"{path} is not {zipped} ({error}): take {path.suffix} off its name, or fetch it again"
        ) from error
    fault, detail = "damaged", f"after {end:,} bytes of text: {error}"
    if isinstance(error, EOFError):
        fault, detail = "cut short", f"its {zipped} ends too early, after {end:,} bytes of text"
    ledger.fault(fault, f"{path} {detail}")
    if end > place:
        ledger.rows_read += 1
        ledger.drop(fault, 1, f"{path} its last line")
