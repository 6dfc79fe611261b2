"""YFCC100M's metadata as it is published: cells between tabs, percent-encoded, videos among the photos."""

import bz2
from pathlib import Path

import pytest

from tests.corpus.posts.files import read
from weakly.corpus.options import PostColumns

HASH = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"


def line(marker: str = "0", tags: str = "golden+retriever,new%2Cyork,caf%C3%A9", digest: str = HASH) -> str:
    cells = [
        "17",
        "6185218911",
        digest,
        "39019111@N00",
        "someone",
        "2012-02-16 09:56:37.0",
        "1331840483",
        "Canon",
    ]
    cells += [
        "Title",
        "A+%23hashtag+here",
        tags,
        "geo:lat=1,camera:x=2",
        "",
        "",
        "",
        "http://page",
        "http://photo.jpg",
    ]
    cells += ["Licence", "http://licence", "7205", "8", "secret", "secret2", "jpg", marker]
    return "\t".join(cells)


@pytest.mark.parametrize("name", ["yfcc100m_dataset", "yfcc100m_dataset-0.bz2"])
def test_photos_are_posts_with_their_user_tags(tmp_path: Path, name: str) -> None:
    data = "\n".join([line(), line("1"), "", line() + "\tmore", line("7"), line(tags="")]).encode()
    (tmp_path / name).write_bytes(bz2.compress(data) if name.endswith("bz2") else data)
    rows, ledger = read(str(tmp_path / name))
    assert rows[0] == {
        "post_id": "6185218911",
        "image": f"0a1/b2c/{HASH}.jpg",
        "offset": None,
        "size": None,
        "author": "39019111@N00",
        "caption": None,
        "hashtags": ["golden retriever", "new,york", "café"],
    }
    assert rows[1]["hashtags"] == []
    assert ledger.rows_read == 5
    assert dict(ledger.dropped) == {"a video": 1, "wrong number of cells": 1, "neither photo nor video": 1}
    assert ledger.examples["wrong number of cells"] == [f"{tmp_path / name}:4 26 instead of 25"]


def test_the_release_without_line_numbers_and_hashes(tmp_path: Path) -> None:
    cells = line().split("\t")
    (tmp_path / "yfcc100m_dataset").write_text("\t".join([cells[1], *cells[3:]]))
    ((row,), _) = read(str(tmp_path / "yfcc100m_dataset"))
    assert (row["post_id"], row["image"], row["author"]) == ("6185218911", "6185218911.jpg", "39019111@N00")
    assert row["hashtags"] == ["golden retriever", "new,york", "café"]


def test_a_bzip2_cut_short_keeps_the_lines_before_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "yfcc100m_dataset-3.bz2"
    whole = bz2.compress("\n".join([line()] * 30_000).encode(), 1)
    path.write_bytes(whole[: len(whole) * 2 // 3])
    rows, ledger = read(str(path), columns=PostColumns())
    assert 0 < len(rows) < 30_000
    assert ledger.faults["cut short"][0].startswith(f"{path} its bzip2 ends too early")
    path.write_bytes(b"not bzip2 at all")
    with pytest.raises(Exception, match="is not bzip2 .*take .bz2 off its name, or fetch it again"):
        read(str(path))
