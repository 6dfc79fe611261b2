"""Rows of any format become posts in batches; a row that is none is counted.

In: what a reader found in each row. Out: Arrow batches of `schema.SCHEMA`, bounded in rows and in bytes.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa

from weakly.corpus.options import PostColumns
from weakly.corpus.posts import schema
from weakly.corpus.posts.ledger import Ledger

_T = TypeVar("_T")


class BadPost(Exception):  # noqa: N818 (a post to be dropped and counted, not a failure of the reading)
    """One post cannot be read; it is counted in the ledger under `reason`, and the reading goes on."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail)
        self.reason = reason


def in_batches(
    path: Path,
    rows: Iterable[tuple[int | str, int, _T]],
    post_of: Callable[[_T], dict[str, Any]],
    ledger: Ledger,
    require: Callable[[str], object] = str,
) -> Iterator[pa.RecordBatch]:
    """Yield the posts of one file; rows are counted as read or dropped, those kept are the caller's to count.

    Args:
        path: the file.
        rows: number or name of each row, the bytes it takes of the file, and what it holds.
        post_of: gives values of `SCHEMA` by name, or raises BadPost. A post without an id is named by its
            image, and without one by file and row.
        ledger: counts the rows.
        require: called with the file's name before each batch, to raise InputError where a column that is
            needed was not seen.
    """
    posts: list[dict[str, Any]] = []
    held = 0
    for row, size, content in rows:
        ledger.rows_read += 1
        try:
            post = post_of(content)
        except BadPost as bad:
            ledger.drop(bad.reason, 1, f"{path}:{row} {bad}")
            continue
        post["image"] = post["image"] or ""
        post["post_id"] = post["post_id"] or post["image"] or f"{path.name}:{row}"
        posts.append(post)
        held += size
        if len(posts) >= schema.BATCH_ROWS or held >= schema.BATCH_BYTES:
            require(str(path))
            yield pa.RecordBatch.from_pylist(posts, schema.SCHEMA)
            posts, held = [], 0
    require(str(path))
    if posts:
        yield pa.RecordBatch.from_pylist(posts, schema.SCHEMA)


def values_of(fields: Mapping[str | None, object], columns: PostColumns) -> dict[str, Any]:
    """The values of a post, from the fields of an object or the cells of a record; raises BadPost."""
    # A column named "" is none, and no key of a mapping is None.
    return {
        "post_id": _single_value("post_id", fields.get(columns.post_id or None)),
        "image": _text("image", fields.get(columns.image or None)),
        "author": _single_value("author", fields.get(columns.author or None)),
        "caption": _text("caption", fields.get(columns.caption or None)),
        "hashtags": hashtags_of(fields.get(columns.hashtags or None)),
    }


def _single_value(column: str, value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    raise BadPost(f"{column} is not a single value", _shown(value))


def _text(column: str, value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise BadPost(f"{column} is not text", _shown(value))


def hashtags_of(value: object) -> list[str] | None:
    """The hashtags in one value: a list of strings, or a string that holds them.

    A string that starts with `[` is a JSON array; any other is split on white space, commas and semicolons.
    Nulls inside a list are left out; a blank string is null.

    Raises:
        BadPost: the value is neither, or holds something that is not text.
    """
    if isinstance(value, str):
        text = value.strip()
        if not text.startswith("["):
            return text.replace(",", " ").replace(";", " ").split() or None
        try:
            value = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise BadPost("hashtags are not a JSON array", str(error)) from error
        hashtags = hashtags_of(value)
        require_unicode(hashtags or [])
        return hashtags
    if value is None:
        return None
    if not isinstance(value, list) or not all(tag is None or isinstance(tag, str) for tag in value):
        raise BadPost("hashtags are not a list of text", _shown(value))
    return [tag for tag in value if tag is not None]


def require_unicode(texts: Iterable[str]) -> None:
    """Raise BadPost where JSON escapes spelled half a character, such as `\\ud800`: no text holds it."""
    try:
        "".join(texts).encode()
    except UnicodeEncodeError as error:
        raise BadPost("malformed JSON", f"half a surrogate pair at character {error.start}") from error


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
