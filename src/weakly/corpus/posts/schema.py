"""The one schema of posts, and how large a batch of them is.

Section 2 of the paper: a post is an image with the hashtags its author gave it.
"""

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


def bounded(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Slices of a batch, each within `BATCH_ROWS` and `BATCH_BYTES` unless it is a single post."""
    if batch.num_rows <= 1 or (batch.num_rows <= BATCH_ROWS and batch.nbytes <= BATCH_BYTES):
        yield batch
        return
    half = batch.num_rows // 2
    yield from bounded(batch.slice(0, half))
    yield from bounded(batch.slice(half))
