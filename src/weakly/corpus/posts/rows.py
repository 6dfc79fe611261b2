"""Rows of any format become posts in batches; a row that is none is counted.

In: what a reader found in each row. Out: Arrow batches of `schema.SCHEMA`, bounded in rows and in bytes.
"""

import ast
import contextlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pyarrow as pa

from weakly.corpus.options import PostColumns
from weakly.corpus.posts import schema
from weakly.corpus.posts.ledger import Ledger

_T = TypeVar("_T")
_NULLS = ("nan", "NaN", "None", "null", "NULL", "<NA>")
_AT_ONCE = 512
"""Posts that are Python objects at a time: with more, its garbage collector looks at them again and again."""


class BadPost(Exception):  # noqa: N818 (a post to be dropped and counted, not a failure of the reading)
    """One post cannot be read; it is counted in the ledger under `reason`, and the reading goes on."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail)
        self.reason = reason


class Post(NamedTuple):
    """The values of one post as its row gives them; those of `SCHEMA`, but for empty ids and images."""

    post_id: str | None
    image: str | None
    author: str | None
    caption: str | None
    hashtags: list[str] | None
    offset: int | None = None
    size: int | None = None
    width: int | None = None
    height: int | None = None


def in_batches(
    path: Path,
    rows: Iterable[tuple[int | str, int, _T]],
    post_of: Callable[[_T], Post],
    ledger: Ledger,
    require: Callable[[str], object] = str,
) -> Iterator[pa.RecordBatch]:
    """Yield the posts of one file; rows are counted as read or dropped, those kept are the caller's to count.

    Args:
        path: the file.
        rows: number or name of each row, the bytes it takes of the file, and what it holds.
        post_of: makes a post of what a row holds, or raises BadPost. A post without an id is named by its
            image, and without one by file and row.
        ledger: counts the rows.
        require: called with the file's name before each batch, to raise InputError where a column that is
            needed was not seen.
    """
    parts: list[pa.RecordBatch] = []
    posts: list[Post] = []
    numbers: list[int | str] = []
    n = held = 0
    for number, size, content in rows:
        ledger.rows_read += 1
        try:
            posts.append(post_of(content))
        except BadPost as bad:
            ledger.drop(bad.reason, 1, f"{path}:{number} {bad}")
            continue
        numbers.append(number)
        n, held = n + 1, held + size
        is_full = n >= schema.BATCH_ROWS or held >= schema.BATCH_BYTES
        if is_full or len(posts) == _AT_ONCE:
            parts.append(_batch(path, posts, numbers))
            posts, numbers = [], []
        if is_full:
            require(str(path))
            yield _joined(parts)
            parts, n, held = [], 0, 0
    require(str(path))
    if n:
        yield _joined([*parts, _batch(path, posts, numbers)])


def _batch(path: Path, posts: list[Post], numbers: list[int | str]) -> pa.RecordBatch:
    columns: dict[str, list[Any]]
    columns = {field: [post[i] for post in posts] for i, field in enumerate(Post._fields)}
    columns["image"] = images = [image or "" for image in columns["image"]]
    named = zip(columns["post_id"], images, numbers, strict=True)
    columns["post_id"] = [own or image or f"{path.name}:{number}" for own, image, number in named]
    return pa.RecordBatch.from_pydict(columns, schema.SCHEMA)


def _joined(parts: list[pa.RecordBatch]) -> pa.RecordBatch:
    return pa.Table.from_batches(parts).combine_chunks().to_batches()[0]


def post_of_fields(fields: Mapping[str | None, object], columns: PostColumns) -> Post:
    """The post that the fields of an object or the cells of a record make; raises BadPost."""
    # A column named "" is none, and no key of a mapping is None.
    return Post(
        _single_value("post_id", fields.get(columns.post_id or None)),
        _text("image", fields.get(columns.image or None)),
        _single_value("author", fields.get(columns.author or None)),
        _text("caption", fields.get(columns.caption or None)),
        hashtags_of(fields.get(columns.hashtags or None)),
    )


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

    A string that starts with `[` is a JSON array, or a list as Python writes it; any other is split on white
    space, commas and semicolons. Nulls inside a list are left out; a blank string is null, and so are the
    words that pandas writes for it.

    Raises:
        BadPost: the value is neither, or holds something that is not text.
    """
    if isinstance(value, str):
        text = value.strip()
        if text in _NULLS:
            return None
        if not text.startswith("["):
            return text.replace(",", " ").replace(";", " ").split() or None
        try:
            value = json.loads(text)
        except (ValueError, RecursionError) as error:
            value = _python_list(text)
            if value is None:
                raise BadPost("hashtags are not a JSON array", str(error)) from error
        hashtags = hashtags_of(value)
        require_unicode(hashtags or [])
        return hashtags
    if value is None:
        return None
    if not isinstance(value, list):
        raise BadPost("hashtags are not a list of text", _shown(value))
    for hashtag in value:
        if not isinstance(hashtag, str):
            if hashtag is not None:
                raise BadPost("hashtags are not a list of text", _shown(value))
            return hashtags_of([tag for tag in value if tag is not None])
    return value


def _python_list(text: str) -> object:
    """The list that Python wrote so, as pandas does in CSV; None where it did not."""
    with contextlib.suppress(ValueError, SyntaxError, RecursionError, MemoryError):
        value = ast.literal_eval(text)
        if repr(value) == text:  # and not ['a' 'b'], as NumPy writes it, which Python reads as one string
            return value
    return None


def require_unicode(texts: Iterable[str]) -> None:
    """Raise BadPost where JSON escapes spelled half a character, such as `\\ud800`: no text holds it."""
    try:
        "".join(texts).encode()
    except UnicodeEncodeError as error:
        raise BadPost("malformed JSON", f"half a surrogate pair at character {error.start}") from error


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
