"""Posts from JSON lines: one object a line.

In: a `.jsonl` or `.ndjson` file, plain or gzipped. Out: batches of `schema.SCHEMA`; every line that is not
a post is counted in the ledger with its file and line. Blank lines are no rows.
"""

import json
from collections.abc import Iterator

import pyarrow as pa

from weakly.corpus.options import PostColumns
from weakly.corpus.posts.columns import SeenKeys
from weakly.corpus.posts.ledger import Ledger
from weakly.corpus.posts.schema import BadPost, PostRows, hashtags_of, require_unicode, single_value, text_of
from weakly.corpus.posts.text_lines import read_lines
from weakly.corpus.posts.units import Piece

# Objects come as tuples of (key, value) pairs: that tells them from arrays, and shows a key given twice.
_decode = json.JSONDecoder(object_pairs_hook=tuple).decode


def read_json_lines(
    piece: Piece, columns: PostColumns, ledger: Ledger, seen: SeenKeys
) -> Iterator[pa.RecordBatch]:
    """Yield the posts of one piece of a file.

    Args:
        piece: whole lines of the file.
        columns: which key holds what.
        ledger: counts rows read and dropped; rows kept are the caller's to count.
        seen: the keys seen so far, in this file and those before it.

    Raises:
        InputError: no object of the first batch has a key that is needed.
    """
    path = piece.path
    rows = PostRows(path.name)
    for number, line in read_lines(piece, ledger):
        if not line or line.isspace():
            continue
        ledger.rows_read += 1
        try:
            fields, escaped = parse_object(line)
            seen.see(fields)
            post_id = single_value("post_id", fields.get(columns.post_id))
            author = single_value("author", fields.get(columns.author) if columns.author else None)
            image = text_of("image", fields.get(columns.image))
            caption = text_of("caption", fields.get(columns.caption))
            hashtags = hashtags_of(fields.get(columns.hashtags))
            if escaped:
                require_unicode(
                    "".join((post_id or "", image or "", author or "", caption or "", *(hashtags or ())))
                )
        except BadPost as bad:
            ledger.drop(bad.reason, 1, f"{path}:{number} {bad}")
            continue
        rows.add(post_id, image, caption, hashtags, author=author, row=number, size_read=len(line))
        if rows.full:
            seen.require(str(path))
            yield rows.take()
    seen.require(str(path))
    if len(rows):
        yield rows.take()


def parse_object(data: bytes) -> tuple[dict[str, object], bool]:
    """Parse one JSON object.

    Returns:
        its fields (objects inside it are tuples of pairs), and whether it has `\\u` escapes, which may spell
        half a surrogate pair: texts taken from it must then pass `require_unicode`.

    Raises:
        BadPost: it is not UTF-8, not JSON, not an object, or gives a key twice.
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
    return fields, "\\u" in text
