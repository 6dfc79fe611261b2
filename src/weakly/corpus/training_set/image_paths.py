"""Where the image of a post lies: below the root, there, and not empty; or the reason why it cannot be used.

In comes the path that a post gives (of a plain file, or of a tar with a place inside it); out comes a path
relative to the root, an offset and a size in bytes. Only directory entries are looked at: no image is opened.
Where nothing is to be looked at (an archive of billions, whose lists are trusted), the path alone is checked.
"""

import errno
import functools
import os
import stat
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from weakly.corpus.arrays.arrow_views import string_views
from weakly.corpus.arrays.numba_loops import compiled

NO_IMAGE = "no image"
VIDEO = "a video"
OUTSIDE = "image outside the root"
MISSING = "image missing"
NOT_A_FILE = "image is not a file"
EMPTY = "image is empty"
CUT_SHORT = "image lies beyond the end of its tar"
FORBIDDEN = "image is not permitted to be read"

_VIDEOS = (".mp4", ".mov", ".avi", ".mkv", ".webm", ".m4v", ".3gp", ".mpg", ".wmv")
_DOT, _SLASH = ord("."), ord("/")
_REMEMBERED = 1 << 18
_ABSENT = {errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP}
UNKNOWN = -1
"""The size of an image that was not looked at, and of one inside a Parquet file."""


class Place(NamedTuple):
    """Path relative to the root, offset and size in bytes; for an image in a table, its row and UNKNOWN."""

    path: str
    offset: int
    size: int


class ImagePlaces:
    """Finds images below one root folder, whatever links and `..` a path goes through.

    A path is followed to its end, which is what must lie below the root and what is recorded. Folders,
    tars and tables are remembered, so a plain file costs one look at its entry; without `look` none.
    """

    def __init__(self, root: Path, *, look: bool = True) -> None:
        self._look = look
        self._root = os.path.realpath(root)
        self._below = self._root.rstrip(os.sep) + os.sep
        remember = functools.lru_cache(_REMEMBERED)
        self._folder, self._container = remember(self._find_folder), remember(self._find_file)

    def needs_no_look(self, images: pa.StringArray, offsets: pa.Array) -> np.ndarray:
        """Which images are plain files to be trusted and lie below the root by their very words; bool[n]."""
        if self._look:
            return np.zeros(len(images), bool)
        plain = np.empty(len(images), bool)
        _are_plain(*string_views(images), plain)
        return plain & ~offsets.is_valid().to_numpy(zero_copy_only=False)

    def find(self, image: str, offset: int | None = None, size: int | None = None) -> Place | str:
        """The place of an image by its path, from the root or absolute; or the reason why there is none.

        In a tar it starts at `offset` and has `size` bytes; in a Parquet file `offset` is its row. A plain
        file has neither.
        """
        if not image:
            return NO_IMAGE
        if offset is None:
            if image[-5:].lower().endswith(_VIDEOS):
                return VIDEO
            return self._find_file(image)
        container = self._container(image)
        if isinstance(container, str):
            return container
        if size is None:
            return Place(container.path, offset, UNKNOWN)
        if size == 0:
            return EMPTY
        is_inside = container.size == UNKNOWN or offset + size <= container.size
        return Place(container.path, offset, size) if is_inside else CUT_SHORT

    def _find_file(self, image: str) -> Place | str:
        if not self._look:
            # By its words alone.
            path = os.path.normpath(os.path.join(self._root, image))  # noqa: PTH118
            if not path.startswith(self._below) or "\0" in image:
                return OUTSIDE
            return Place(path.removeprefix(self._below), 0, UNKNOWN)
        folder, slash, name = image.rpartition("/")
        try:
            if name in ("", ".", ".."):
                return OUTSIDE if self._folder(image) is None else NOT_A_FILE
            below = self._folder(folder or slash)
            if below is None:
                return OUTSIDE
            path = below + name
            status = os.lstat(self._below + path)
            if stat.S_ISLNK(status.st_mode):
                real = os.path.realpath(self._below + path)
                if not real.startswith(self._below):
                    return OUTSIDE
                path, status = real.removeprefix(self._below), Path(real).stat()
            path.encode()
        except OSError as error:
            if error.errno in _ABSENT:
                return MISSING
            if isinstance(error, PermissionError):
                return FORBIDDEN
            raise
        except ValueError:  # a NUL, or half a character: no file has such a name
            return MISSING
        if not stat.S_ISREG(status.st_mode):
            return NOT_A_FILE
        return Place(path, 0, status.st_size) if status.st_size else EMPTY

    def _find_folder(self, folder: str) -> str | None:
        """Where a folder really is below the root, ready to be prefixed to a name; None where it is not."""
        real = os.path.realpath(Path(self._root, folder)).rstrip(os.sep) + os.sep
        return real.removeprefix(self._below) if real.startswith(self._below) else None


@compiled
def _are_plain(text: np.ndarray, ends: np.ndarray, plain: np.ndarray) -> None:
    """Which paths are relative, without NUL, and do not go by way of `.`, `..` or an empty name."""
    for row in range(len(plain)):
        begin, last, is_plain = ends[row], ends[row + 1], True
        for at in range(begin, last + 1):
            if at < last and text[at] != _SLASH:
                is_plain &= text[at] != 0
                continue
            size = at - begin
            if size <= 2 and (size == 0 or (text[begin] == _DOT and text[at - 1] == _DOT)):
                is_plain = False
            begin = at + 1
        plain[row] = is_plain
