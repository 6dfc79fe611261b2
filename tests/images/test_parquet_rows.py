"""Images inside Parquet files: their rows are places, from posts to pixels."""

import io
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from weakly.corpus.options import LabelOptions, PostColumns, VocabOptions
from weakly.corpus.training_set.build import label_posts
from weakly.corpus.vocabulary.build import build_vocabulary
from weakly.images.decode import decode
from weakly.images.image_error import ImageError
from weakly.images.location import read_bytes


def jpeg(shade: int) -> bytes:
    data = io.BytesIO()
    Image.fromarray(np.full((8, 8, 3), shade, np.uint8)).save(data, "PNG")
    return data.getvalue()


def write(path: Path, rows: int) -> None:
    images = [{"bytes": jpeg(10 * i) if i != 4 else None, "path": f"{i}.png"} for i in range(rows)]
    table = pa.table({"photo": images, "text": ["#dog" if i % 3 else "#cat and more" for i in range(rows)]})
    pq.write_table(table, path, row_group_size=3)


def test_posts_of_a_table_are_trained_on_where_they_lie(tmp_path: Path) -> None:
    write(tmp_path / "data.parquet", 10)
    columns = PostColumns(image="photo", caption="text")
    posts = (str(tmp_path / "data.parquet"),)
    build_vocabulary(VocabOptions(posts, tmp_path / "v", columns=columns))
    training_set = label_posts(LabelOptions((), tmp_path / "v", tmp_path / "t"))
    assert [training_set.post_id(row) for row in (0, 9)] == ["data.parquet:1", "data.parquet:10"]
    assert [training_set.location(row) for row in (0, 7)] == [
        (tmp_path / "data.parquet", row, -1) for row in (0, 7)
    ]
    for row in (0, 2, 3, 9):
        assert decode(read_bytes(*training_set.location(row)))[0, 0, 0] == 10 * row
    with pytest.raises(ImageError, match="empty: .*no bytes in row 4"):
        read_bytes(*training_set.location(4))


def test_what_cannot_be_read_is_an_image_error(tmp_path: Path) -> None:
    write(tmp_path / "data.parquet", 4)
    for path, row, words in (
        (tmp_path / "none.parquet", 0, "missing"),
        (tmp_path / "data.parquet", 4, "missing: .*has 4 rows, not row 4"),
    ):
        with pytest.raises(ImageError, match=words):
            read_bytes(path, row, -1)
    pq.write_table(pa.table({"caption": ["a"]}), tmp_path / "text.parquet")
    with pytest.raises(ImageError, match="unsupported: .*not exactly one column of images"):
        read_bytes(tmp_path / "text.parquet", 0, -1)
    (tmp_path / "cut.parquet").write_bytes((tmp_path / "data.parquet").read_bytes()[:-9])
    with pytest.raises(ImageError, match="unsupported: .*not whole Parquet"):
        read_bytes(tmp_path / "cut.parquet", 0, -1)


def test_an_image_that_was_trusted_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(jpeg(50))
    (tmp_path / "posts.jsonl").write_text(
        '{"image": "a.png", "hashtags": ["dog"]}\n{"image": "gone.png", "hashtags": ["dog"]}\n'
        '{"image": "../b.png", "hashtags": ["dog"]}\n'
    )
    posts = (str(tmp_path / "posts.jsonl"),)
    build_vocabulary(VocabOptions(posts, tmp_path / "v"))
    training_set = label_posts(LabelOptions((), tmp_path / "v", tmp_path / "t", trust_images=True))
    assert len(training_set) == 2
    assert training_set.manifest.facts["reading"]["dropped"] == {"image outside the root": 1}
    assert read_bytes(*training_set.location(0)) == jpeg(50)
    with pytest.raises(ImageError, match="missing"):
        read_bytes(*training_set.location(1))
