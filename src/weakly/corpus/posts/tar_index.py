"""What lies where inside an uncompressed tar: its index, without taking anything out.

In: an open tar. Out: every member's name, offset and size in bytes, as far as the tar is whole; where it is
not, the ledger says so. Plain headers are read here, several times as fast as by Python's `tarfile`, which
reads all others (long names, PAX).
"""

import os
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from weakly.corpus.posts.ledger import Ledger
from weakly.errors import InputError

_BLOCK = tarfile.BLOCKSIZE
_REGULAR = (tarfile.REGTYPE, tarfile.AREGTYPE)


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a tar.

    Attributes:
        name: as the tar has it; bytes that are not UTF-8 are surrogate escapes.
        offset: where its bytes start in the tar.
        size: how many they are.
        plain: whether they are a file's content as it is, not a link, a device or a sparse file.
        whole: whether they all lie inside the tar.
    """

    name: str
    offset: int
    size: int
    plain: bool
    whole: bool


def members(path: Path, file: BinaryIO, ledger: Ledger) -> Iterator[Member]:
    """Yield every member that is not a folder, in order; the file may be moved about in meanwhile.

    Raises:
        InputError: the file does not start as a tar does.
    """
    end = file.seek(0, os.SEEK_END)
    archive: tarfile.TarFile | None = None
    position = 0
    while True:
        file.seek(position)
        header = file.read(_BLOCK)
        if len(header) == _BLOCK and not header.strip(b"\0"):
            return
        if plain := _plain(header):
            name, size = plain
            offset = position + _BLOCK
            yield Member(name, offset, size, True, offset + size <= end)
            position = offset + -(-size // _BLOCK) * _BLOCK
            continue
        try:
            if archive is None:
                file.seek(0)
                archive = tarfile.TarFile(fileobj=file)
            file.seek(position)
            info = tarfile.TarInfo.fromtarfile(archive)
            if info.size < 0 or archive.offset <= position:
                raise tarfile.HeaderError("a size below zero")
        except (tarfile.TarError, ValueError, RecursionError) as error:
            if position == 0:
                raise InputError(
                    f"{path} is not a tar ({error}): expected one as img2dataset writes it, or another ending"
                ) from error
            fault = "cut short" if max(position + 1, file.tell()) >= end else "damaged"
            ledger.fault(fault, f"{path} at byte {position:,}, where a header should be: {error}")
            return
        if not info.isdir():
            whole = info.offset_data + info.size <= end
            yield Member(info.name, info.offset_data, info.size, info.isreg() and not info.issparse(), whole)
        position = archive.offset


def _plain(header: bytes) -> tuple[str, int] | None:
    """Name and size, where the header is that of a regular file and says all there is to say; else None."""
    if header[156:157] not in _REGULAR or header[257:262] != b"ustar":
        return None
    try:
        size = int(header[124:136].strip(b"\0 "), 8)
        checksum = int(header[148:156].strip(b"\0 "), 8)
    except ValueError:
        return None
    # The checksum counts its own eight bytes as spaces.
    if size < 0 or sum(header) - sum(header[148:156]) + 8 * ord(" ") != checksum:
        return None
    name, prefix = header[:100].partition(b"\0")[0], header[345:500].partition(b"\0")[0]
    if prefix:
        name = prefix + b"/" + name
    if name.endswith(b"/"):
        return None
    return name.decode("utf-8", "surrogateescape"), size
