"""The one schema of posts, and the buffer that fills it row by row.

In: the values of one post, as JSON, CSV or a tar gave them. Out: Arrow record batches of `SCHEMA`, bounded in
rows and in bytes. Section 2 of the paper: a post is an image with the hashtags its author gave it.
"""

import json
from collections.abc import Iterator

import pyarrow as pa

SCHEMA = pa.schema(
    [
        pa.field("post_id", pa.string(), nullable=False),
        pa.field("image", pa.string(), nullable=False),
        pa.field("offset", pa.int64()),
        pa.field("size", pa.int64()),
        pa.field("width", pa.int32()),
        pa.field("height", pa.int32()),
        pa.field("author", pa.string()),
        pa.field("caption", pa.string()),
        pa.field("hashtags", pa.list_(pa.string())),
    ]
)
"""`image` is the path as the post gives it ("" where it gives none); `offset` and `size` are null for it. Or
it is the absolute path of a tar, with the `offset` and `size` in bytes of the image inside it; or that of a
Parquet file that holds images, with the row in `offset` and a null `size`. `width` and `height` are the
image's in pixels, null where its header was not looked at."""

BATCH_ROWS = 65_536
"""Most posts in a batch. A quarter as many take a tenth more time: less of what is known stays in cache."""
BATCH_BYTES = 32 << 20
"""A batch ends with the post that takes it past so many bytes."""
MAX_POST_BYTES = 16 << 20
"""A line, or a text inside a tar, of more bytes is dropped: it is no post, and memory must stay bounded."""


class BadPost(Exception):  # noqa: N818 (a post to be dropped and counted, not a failure of the reading)
    """One post cannot be read; its reader counts it in the ledger under `reason` and goes on."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail)
        self.reason = reason


class PostRows:
    """Posts on their way into a batch.

    Args:
        name: the file's name, which names the posts that have neither an id nor an image of their own.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._clear()

    def _clear(self) -> None:
        self._bytes = 0
        self._ids: list[str] = []
        self._images: list[str] = []
        self._offsets: list[int | None] = []
        self._sizes: list[int | None] = []
        self._sides: list[tuple[int, int] | None] = []
        self._authors: list[str | None] = []
        self._captions: list[str | None] = []
        self._hashtags: list[list[str] | None] = []

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def full(self) -> bool:
        """Whether the batch must be taken before another post is added."""
        return len(self._ids) >= BATCH_ROWS or self._bytes >= BATCH_BYTES

    def add(
        self,
        post_id: str | None,
        image: str | None,
        caption: str | None,
        hashtags: list[str] | None,
        *,
        author: str | None = None,
        row: int,
        size_read: int,
        location: tuple[int, int] | None = None,
        sides: tuple[int, int] | None = None,
    ) -> None:
        """Add a post.

        Args:
            post_id: null or "" names the post by its image, and without one by file and row.
            image: null is written as "".
            caption: as its author wrote it.
            hashtags: without nulls.
            author: who posted it.
            row: the post's line or row in the file, from 1.
            size_read: bytes of the file that the post took, to bound the batch.
            location: offset and size in bytes of the image inside `image`, where that is a tar.
            sides: its width and height in pixels, where they are known.
        """
        offset, size = location or (None, None)
        self._ids.append(post_id or image or f"{self._name}:{row}")
        self._images.append(image or "")
        self._offsets.append(offset)
        self._sizes.append(size)
        self._sides.append(sides)
        self._authors.append(author)
        self._captions.append(caption)
        self._hashtags.append(hashtags)
        self._bytes += size_read

    def take(self) -> pa.RecordBatch:
        """The posts so far as one batch of `SCHEMA`; the buffer is empty afterwards."""
        width, height = ([None if sides is None else sides[i] for sides in self._sides] for i in (0, 1))
        columns = [
            *(self._ids, self._images, self._offsets, self._sizes, width, height),
            *(self._authors, self._captions, self._hashtags),
        ]
        arrays = [pa.array(values, field.type) for values, field in zip(columns, SCHEMA, strict=True)]
        self._clear()
        return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


def single_value(column: str, value: object) -> str | None:
    """The id of a post or an author, of any single value; raises BadPost for a list or an object."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    raise BadPost(f"{column} is not a single value", shown(value))


def text_of(column: str, value: object) -> str | None:
    """The text or null in `column`; raises BadPost for anything else."""
    if value is None or isinstance(value, str):
        return value
    raise BadPost(f"{column} is not text", shown(value))


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
        require_unicode("".join(hashtags or []))
        return hashtags
    if value is None:
        return None
    if not isinstance(value, list):
        raise BadPost("hashtags are not a list of text", shown(value))
    for hashtag in value:
        if not isinstance(hashtag, str):
            if all(tag is None or isinstance(tag, str) for tag in value):
                return [tag for tag in value if tag is not None]
            raise BadPost("hashtags are not a list of text", shown(value))
    return value


def require_unicode(text: str) -> None:
    """Raise BadPost where JSON escapes spelled half a character, such as `\\ud800`: no text holds it."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadPost("malformed JSON", f"half a surrogate pair at character {error.start}") from error


def shown(value: object) -> str:
    """A value as an error shows it."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def bounded(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Slices of a batch, each within `BATCH_ROWS` and `BATCH_BYTES` unless it is a single post."""
    if batch.num_rows <= 1 or (batch.num_rows <= BATCH_ROWS and batch.nbytes <= BATCH_BYTES):
        yield batch
        return
    half = batch.num_rows // 2
    yield from bounded(batch.slice(0, half))
    yield from bounded(batch.slice(half))
