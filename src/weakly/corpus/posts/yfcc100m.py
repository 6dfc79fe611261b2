"""Posts from YFCC100M's metadata as it is published: a line a photo or video, cells between tabs.

In: `yfcc100m_dataset` or `yfcc100m_dataset-0.bz2` and its kin, with 25 cells a line (23 in the release
    without line numbers and hashes). Out: batches of `schema.SCHEMA`. A post's hashtags are its user tags;
    machine tags are the camera's and other programs', and are left out. Titles, descriptions and tags are
    percent-encoded.

The image of a photo is `0a1/b2c/0a1b2c....jpg`, by its hash, as the public copy of the images lays them out;
without a hash it is `ID.jpg`. Videos are counted and dropped.
"""

from collections.abc import Iterator
from urllib.parse import unquote_plus

import pyarrow as pa

from weakly.corpus.posts.ledger import Ledger
from weakly.corpus.posts.rows import BadPost, Post, in_batches
from weakly.corpus.posts.text_lines import read_rows
from weakly.corpus.posts.units import Piece

_CELLS = 25
_LEFT_OUT_OF_SHORT_LINES = 2
"""The line number before, and the hash after the identifier."""
_ID, _HASH, _AUTHOR, _USER_TAGS, _EXTENSION, _MARKER = 1, 2, 3, 10, 23, 24
_PHOTO, _VIDEO = "0", "1"


def read_yfcc100m(piece: Piece, ledger: Ledger) -> Iterator[pa.RecordBatch]:
    """Yield the posts of one file; a post's row is its line, and the ledger counts rows read and dropped."""
    return in_batches(piece.path, read_rows(piece, ledger), _post_of, ledger)


def _post_of(line: bytes) -> Post:
    """The post that one line makes; raises BadPost where it is no photo."""
    try:
        cells = line.decode().rstrip("\r").split("\t")
    except UnicodeDecodeError as error:
        raise BadPost("invalid UTF-8", str(error)) from error
    if len(cells) == _CELLS - _LEFT_OUT_OF_SHORT_LINES:
        cells = ["", cells[0], "", *cells[1:]]
    if len(cells) != _CELLS:
        raise BadPost("wrong number of cells", f"{len(cells)} instead of {_CELLS}")
    if cells[_MARKER] == _VIDEO:
        raise BadPost("a video", cells[_ID])
    if cells[_MARKER] != _PHOTO or not cells[_ID]:
        raise BadPost("neither photo nor video", f"its marker is {cells[_MARKER]!r}")
    digest, extension = cells[_HASH], cells[_EXTENSION] or "jpg"
    image = f"{digest[:3]}/{digest[3:6]}/{digest}.{extension}" if digest else f"{cells[_ID]}.{extension}"
    # A comma inside a tag is percent-encoded, so the tags are parted first.
    tags = [unquote_plus(tag) for tag in cells[_USER_TAGS].split(",") if tag]
    return Post(cells[_ID], image, cells[_AUTHOR], None, tags)
