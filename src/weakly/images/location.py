"""Where an image lies: a file, or a stretch of one, or a row of a Parquet file; and its bytes."""

import errno
import os
import stat
from pathlib import Path

from weakly.images.image_error import ImageError

Location = tuple[Path, int, int]
"""A file, and the offset and size of the image in it, in bytes. Where the size is below 0 it was not known
when the training set was made: the image is all of a plain file or, in a Parquet file, the row `offset`."""

_PARQUET = b"PAR1"
"""How such files begin, whatever their names."""

_UNREADABLE = {
    *(errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.ELOOP),
    *(errno.EACCES, errno.EPERM, errno.EIO, errno.ESTALE, errno.ENXIO, errno.ENODEV),
}
"""Errors of one file; the others (too many open files, no memory) are ours and are raised as they are."""


def read_bytes(path: Path, offset: int = 0, size: int = -1) -> bytes:
    """Read the image at a location.

    Raises:
        ImageError: `missing` where the file cannot be read or is none (a folder, a pipe, a device),
            `truncated` where it is shorter than that, `empty` where `size` is 0.
    """
    try:
        # A pipe is opened without waiting for a writer, who may never come.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise ImageError("missing", f"{path} is no file")
            if size < 0 and os.pread(descriptor, len(_PARQUET), 0) == _PARQUET:
                # Only these need Arrow, which is slow to import.
                from weakly.images.parquet_rows import read_row

                return read_row(path, offset)
            size = status.st_size if size < 0 else size
            data = os.pread(descriptor, size, offset)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno not in _UNREADABLE:
            raise
        raise ImageError("missing", f"{path}: {error.strerror}") from error
    if size == 0:
        raise ImageError("empty", f"{path} has 0 bytes for this image")
    if len(data) < size:
        raise ImageError("truncated", f"{path} has {len(data)} of the {size} bytes expected at {offset}")
    return data
