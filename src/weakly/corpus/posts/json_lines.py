"""Posts from JSON lines: one object a line.

In: a `.jsonl` or `.ndjson` file, plain or compressed. Out: batches of `schema.SCHEMA`; every line that is not
a post is counted in the ledger with its file and line. Blank lines are no rows.
"""

import json
import re
from collections.abc import Iterator

import pyarrow as pa

from weakly.corpus.options import PostColumns
from weakly.corpus.posts.columns import SeenKeys
from weakly.corpus.posts.file_names import ARRAY_CURE
from weakly.corpus.posts.ledger import Ledger
from weakly.corpus.posts.rows import BadPost, Post, in_batches, post_of_fields, require_unicode
from weakly.corpus.posts.text_lines import read_rows
from weakly.corpus.posts.units import Piece
from weakly.errors import InputError

# Objects come as tuples of (key, value) pairs: that tells them from arrays, and shows a key given twice.
_decode = json.JSONDecoder(object_pairs_hook=tuple).decode


def read_json_lines(piece: Piece, seen: SeenKeys, ledger: Ledger) -> Iterator[pa.RecordBatch]:
    """Yield the posts of one piece of a file, which is whole lines; the ledger counts rows read and dropped.

    Raises:
        InputError: no object of the first batch has a key that is needed, or it is all one array.
    """

    def post_of(line: bytes) -> Post:
        return parse_post(line, seen.columns, seen)

    return in_batches(piece.path, _rows(piece, ledger), post_of, ledger, seen.require)


def _rows(piece: Piece, ledger: Ledger) -> Iterator[tuple[int, int, bytes]]:
    for row in read_rows(piece, ledger):
        if row[0] == 1 and re.match(rb"\s*\[\s*(\{|$)", row[2]):
            raise InputError(f"{piece.path} is a JSON array; {ARRAY_CURE}")
        yield row


def parse_post(data: bytes, columns: PostColumns, seen: SeenKeys) -> Post:
    """The post that one JSON object makes, whose keys are noted in `seen`.

    Raises:
        BadPost: it is not UTF-8, not JSON, not an object, gives a key twice, or has a value that is wrong.
    """
    try:
        text = data.decode()
        pairs = _decode(text)
    except UnicodeDecodeError as error:
        raise BadPost("invalid UTF-8", str(error)) from error
    except RecursionError as error:
        raise BadPost("malformed JSON", "brackets nested too deep") from error
    except ValueError as error:
        raise BadPost("malformed JSON", str(error)) from error
    if not isinstance(pairs, tuple):
        raise BadPost("malformed JSON", f"expected an object, found a {type(pairs).__name__}")
    fields = dict(pairs)
    if len(fields) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise BadPost("malformed JSON", f"key {twice!r} is given twice")
    seen.see(fields)
    post = post_of_fields(fields, columns)
    if "\\u" in text:
        texts = (post.post_id, post.image, post.author, post.caption, *(post.hashtags or ()))
        require_unicode(filter(None, texts))
    return post
