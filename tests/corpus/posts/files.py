"""Writes posts in every kind of file that is read, for the tests of the readers."""

import csv
import gzip
import io
import json
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from weakly.corpus.options import PostColumns
from weakly.corpus.posts.ledger import Ledger
from weakly.corpus.posts.reader import find_posts, no_post_kept, read_pieces
from weakly.corpus.posts.schema import SCHEMA
from weakly.corpus.posts.units import Piece

POSTS = [
    {"post_id": "a", "image": "1.jpg", "caption": 'Sea, #sun\nand "more" 🌊', "hashtags": ["sea", "Fun_2"]},
    {"post_id": "b", "image": "x/2.jpg", "caption": None, "hashtags": ["été", "제주"]},
    {"post_id": "c", "image": "3.jpg", "caption": "no tag; none", "hashtags": None},
]


def write(path: Path, data: bytes) -> str:
    """Write bytes, gzipped where the name says so; returns the path as a source."""
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return str(path)


def as_json_lines(posts: Sequence[Mapping[str, Any]]) -> bytes:
    return "".join(json.dumps(post, ensure_ascii=i % 2 == 0) + "\n" for i, post in enumerate(posts)).encode()


def as_table(posts: Sequence[Mapping[str, Any]], delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(posts[0])
    for post in posts:
        values = [" ".join(v) if isinstance(v, list) else v for v in post.values()]
        writer.writerow("" if value is None else value for value in values)
    return text.getvalue().encode()


def write_parquet(path: Path, posts: Sequence[Mapping[str, Any]], **options: Any) -> str:
    pq.write_table(pa.Table.from_pylist([dict(post) for post in posts]), path, **options)
    return str(path)


def as_tar(members: Sequence[tuple[str, bytes]], kind: int = tarfile.USTAR_FORMAT) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", format=kind) as tar:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return data.getvalue()


def read_posts(sources: Sequence[str], columns: PostColumns, ledger: Ledger) -> Iterator[pa.RecordBatch]:
    """The posts of the sources, batch by batch, as the verbs take them."""
    files = find_posts(sources, columns)
    yield from read_pieces([Piece(file) for file in files], columns, ledger)
    if not ledger.kept:
        raise no_post_kept(files, ledger)


def read(*sources: str, columns: PostColumns | None = None) -> tuple[list[dict[str, Any]], Ledger]:
    """All posts as dictionaries, and the ledger; checks what every reading must hold to.

    The author and the image's sides are left out where they are null.
    """
    ledger = Ledger()
    rows: list[dict[str, Any]] = []
    for batch in read_posts(sources, columns or PostColumns(), ledger):
        assert batch.schema.equals(SCHEMA)
        batch.validate(full=True)
        assert batch.column("post_id").null_count == batch.column("image").null_count == 0
        rows.extend(
            {k: v for k, v in post.items() if v is not None or k not in ("author", "width", "height")}
            for post in batch.to_pylist()
        )
    assert ledger.kept == len(rows)
    assert ledger.rows_read == ledger.kept + sum(ledger.dropped.values())
    assert all(len(ledger.examples[reason]) == min(n, 3) for reason, n in ledger.dropped.items())
    return rows, ledger


def captions(*sources: str, columns: PostColumns | None = None) -> list[str | None]:
    return [row["caption"] for row in read(*sources, columns=columns)[0]]
