"""The lines of a text file, plain or compressed, in bounded memory.

In: a piece of a file. Out: (line number from 1, bytes of the line without its end). What is not whole (a gzip
cut short, a line beyond all measure) is counted in the ledger.
"""

import bz2
import gzip
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

from weakly.corpus.posts.ledger import Ledger
from weakly.corpus.posts.schema import MAX_POST_BYTES
from weakly.corpus.posts.units import Piece
from weakly.errors import InputError

_BLOCK_BYTES = 1 << 20
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def _gunzip(raw: BinaryIO) -> BinaryIO:
    return cast(BinaryIO, gzip.GzipFile(fileobj=raw))


def _bunzip(raw: BinaryIO) -> BinaryIO:
    return cast(BinaryIO, bz2.BZ2File(raw))


_UNZIP = {".gz": ("gzip", _gunzip), ".bz2": ("bzip2", _bunzip)}
"""Name and reader of a compression, by the ending of a file's name."""


class _NotWhole(Exception):  # noqa: N818 (caught here: the lines before it are kept)
    def __init__(self, fault: str, detail: str) -> None:
        super().__init__(detail)
        self.fault = fault


def read_lines(piece: Piece, ledger: Ledger) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of a piece, blank ones too; a byte order mark is taken off.

    A line of more than `MAX_POST_BYTES` is counted and dropped. Where a gzip ends too early or is damaged,
    the lines before are yielded, the line that was cut is counted and dropped, and the file is reported.

    Raises:
        InputError: the file is UTF-16, or is not gzip though its name says so.
    """
    path, number = piece.path, piece.row + 1
    for line in _whole_lines(piece, ledger):
        if number == 1:
            if line.startswith(_UTF_16_MARKS):
                raise InputError(f"{path} is UTF-16; expected UTF-8: convert it, for instance with iconv")
            line = line.removeprefix(_BYTE_ORDER_MARK)
        if len(line) > MAX_POST_BYTES:
            _drop(ledger, "line too long", f"{path}:{number} has more than {MAX_POST_BYTES >> 20} MiB")
        else:
            yield number, line
        number += 1


def _drop(ledger: Ledger, reason: str, example: str) -> None:
    ledger.rows_read += 1
    ledger.drop(reason, 1, example)


def _whole_lines(piece: Piece, ledger: Ledger) -> Iterator[bytes]:
    """Every line, of at most one byte more than `MAX_POST_BYTES`: the rest of a longer one is passed over."""
    begun: list[bytes] = []
    held = 0
    try:
        for block in _blocks(piece, ledger):
            *ends, rest = block.split(b"\n")
            for end in ends:
                if begun:
                    end = b"".join((*begun, end))[: MAX_POST_BYTES + 1]
                    begun, held = [], 0
                yield end
            if rest:
                begun.append(rest[: MAX_POST_BYTES + 1 - held])
                held += len(begun[-1])
    except _NotWhole as problem:
        ledger.fault(problem.fault, f"{piece.path} {problem}")
        if begun:
            _drop(ledger, problem.fault, f"{piece.path} its last line")
        return
    if begun:
        yield b"".join(begun)


def _blocks(piece: Piece, ledger: Ledger) -> Iterator[bytes]:
    """The decompressed bytes, block by block, as far as they go."""
    path, seen = piece.path, 0
    with path.open("rb") as raw:
        zipped, unzip = _UNZIP.get(path.suffix.lower(), ("", None))
        # read1: unlike read, it hands over what came before the place where a gzip breaks off.
        read = unzip(cast(BinaryIO, raw)).read1 if unzip else raw.read  # pyright: ignore[reportAttributeAccessIssue]
        raw.seek(piece.first)
        left = None if piece.last is None else piece.last - piece.first
        while left is None or left > 0:
            try:
                block = read(_BLOCK_BYTES if left is None else min(left, _BLOCK_BYTES))
            except EOFError as error:
                raise _NotWhole(
                    "cut short", f"its {zipped} ends too early, after {seen:,} bytes of text"
                ) from error
            except (OSError, zlib.error) as error:
                if unzip is None or (isinstance(error, OSError) and error.errno is not None):
                    raise
                if not seen and isinstance(error, OSError):
                    raise InputError(
                        f"{path} is not {zipped} ({error}): take {path.suffix} off its name, or "
                        "fetch it again"
                    ) from error
                raise _NotWhole("damaged", f"after {seen:,} bytes of text: {error}") from error
            if not block:
                break
            seen += len(block)
            left = None if left is None else left - len(block)
            yield block
    if not seen:
        ledger.fault("empty", str(path))
