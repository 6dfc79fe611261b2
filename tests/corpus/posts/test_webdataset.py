import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.corpus.posts.files import as_tar, captions, read, write
from weakly.corpus.options import PostColumns
from weakly.corpus.posts import schema, webdataset
from weakly.errors import InputError

IMAGE = b"\xff\xd8 jpeg bytes"


def fields(caption: str = "a #sea", **other: Any) -> bytes:
    return json.dumps(
        {"caption": caption, "url": "u", "key": "k", "width": 9, "exif": "{}", **other}
    ).encode()


def img2dataset(keys: list[str]) -> list[tuple[str, bytes]]:
    """The members that img2dataset writes for each key."""
    members = []
    for key in keys:
        members += [
            (f"{key}.jpg", IMAGE + key.encode()),
            (f"{key}.json", fields(key)),
            (f"{key}.txt", key.encode()),
        ]
    return members


def dropped(path: Path, *members: tuple[str, bytes]) -> dict[str, list[str]]:
    """Reasons and examples for members beside a good key."""
    write(path, as_tar([*img2dataset(["good"]), *members]))
    rows, ledger = read(str(path))
    assert [row["caption"] for row in rows] == ["good"]
    return {
        reason: [text.removeprefix(f"{path}:") for text in texts] for reason, texts in ledger.examples.items()
    }


def test_images_are_found_where_they_lie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    keys = [f"{i:09d}" for i in range(5)]
    write(Path("00000.tar"), as_tar(img2dataset(keys)))
    rows, ledger = read("./00000.tar")
    assert (ledger.rows_read, len(rows), ledger.faults) == (5, 5, {})
    for key, row in zip(keys, rows, strict=True):
        assert row["post_id"] == f"00000.tar/{key}.jpg"
        assert row["image"] == str(tmp_path / "00000.tar")
        assert (row["caption"], row["hashtags"]) == (key, None)
        data = Path(row["image"]).read_bytes()[row["offset"] : row["offset"] + row["size"]]
        assert data == IMAGE + key.encode()


@pytest.mark.parametrize("suffix", ["jpg", "jpeg", "png", "webp", "JPG"])
def test_every_kind_of_image_with_either_text(tmp_path: Path, suffix: str) -> None:
    members = [(f"a.{suffix}", IMAGE), ("a.json", fields("one", hashtags=["x"], post_id=7))]
    members += [(f"d.e/b.{suffix}", IMAGE), ("d.e/b.txt", b"zwei\n"), ("b.cls", b"3")]
    rows, ledger = read(write(tmp_path / "p.tar", as_tar(members)))
    assert [(row["post_id"], row["caption"], row["hashtags"]) for row in rows] == [
        ("7", "one", ["x"]),
        (f"p.tar/d.e/b.{suffix}", "zwei\n", None),
    ]
    assert ledger.dropped == {"neither image nor text": 1}


def test_the_object_has_the_last_word_on_the_caption(tmp_path: Path) -> None:
    members = [("a.jpg", IMAGE), ("a.json", fields("object")), ("a.txt", b"text")]
    members += [("b.jpg", IMAGE), ("b.json", b'{"url": "u"}'), ("b.txt", b"text")]
    assert captions(write(tmp_path / "p.tar", as_tar(members))) == ["object", "text"]


def test_an_image_without_text_is_a_post_without_caption(tmp_path: Path) -> None:
    rows, _ = read(
        write(tmp_path / "p.tar", as_tar([("a.jpg", IMAGE), *img2dataset(["b"]), ("c.jpg", IMAGE)]))
    )
    assert [row["caption"] for row in rows] == [None, "b", None]


@pytest.mark.parametrize(
    ("members", "reason", "example"),
    [
        (
            [("k.json", fields())],
            "no image beside the text",
            "k members of one key must lie next to each other",
        ),
        ([("k.txt", b"a")], "no image beside the text", "k members of one key must lie next to each other"),
        ([("k.jpg", IMAGE), ("k.json", b"{")], "malformed JSON", "k Expecting property name"),
        ([("k.jpg", IMAGE), ("k.json", b"[]")], "malformed JSON", "k expected an object, found a list"),
        ([("k.jpg", IMAGE), ("k.json", fields("\ud800"))], "malformed JSON", "k half a surrogate pair"),
        ([("k.jpg", IMAGE), ("k.json", b'{"caption": "\xff"}')], "invalid UTF-8", "k 'utf-8' codec"),
        ([("k.jpg", IMAGE), ("k.txt", b"\xff")], "invalid UTF-8", "k 'utf-8' codec"),
        ([("k.jpg", IMAGE), ("k.json", fields(hashtags=5))], "hashtags are not a list of text", "k 5"),
        ([("k.jpg", IMAGE), ("k.json", b'{"caption": 5}')], "caption is not text", "k 5"),
        ([("k.jpg", b""), ("k.txt", b"a")], "image is empty", "k k.jpg"),
        ([("k.jpg", IMAGE), ("k.png", IMAGE)], "several images under one key", "k k.jpg, k.png"),
        ([("k.jpg", IMAGE), ("k.jpg", IMAGE)], "a name is there twice", "k k.jpg"),
        ([("k.mask.png", IMAGE)], "neither image nor text", "k expected jpg"),
        ([("k\udcff.jpg", IMAGE)], "invalid UTF-8", r"k\udcff in its name"),
    ],
)
def test_a_bad_key_is_a_counted_drop(
    tmp_path: Path, members: list[tuple[str, bytes]], reason: str, example: str
) -> None:
    found = dropped(tmp_path / "p.tar", *members)
    assert list(found) == [reason]
    assert found[reason][0].startswith(example)


def test_hidden_files_and_names_without_a_suffix_are_no_members(tmp_path: Path) -> None:
    members = img2dataset(["a"])
    members[1:1] = [("._a.jpg", b"mac"), ("README", b"x"), ("d/.hidden.json", b"x")]
    assert captions(write(tmp_path / "p.tar", as_tar(members))) == ["a"]


def test_a_text_beyond_all_measure_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webdataset, "MAX_POST_BYTES", 1 << 20)
    found = dropped(tmp_path / "p.tar", ("k.jpg", IMAGE), ("k.txt", b"x" * ((1 << 20) + 1)))
    assert list(found) == ["text too long"]


def test_links_hold_no_image(tmp_path: Path) -> None:
    path = tmp_path / "p.tar"
    write(path, as_tar(img2dataset(["a"])))
    with tarfile.open(path, "a") as tar:
        link = tarfile.TarInfo("b.jpg")
        link.type, link.linkname = tarfile.SYMTYPE, "a.jpg"
        tar.addfile(link)
    rows, ledger = read(str(path))
    assert [row["caption"] for row in rows] == ["a"]
    assert ledger.dropped == {"not a plain file": 1}


def test_a_tar_cut_short_keeps_what_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "p.tar"
    data = as_tar(img2dataset(["a", "b", "c"]))
    third = data.index(b"c.json")
    path.write_bytes(data[: third + 520])
    rows, ledger = read(str(path))
    assert [row["caption"] for row in rows] == ["a", "b"]
    assert ledger.dropped == {"cut short": 1}
    assert ledger.examples["cut short"] == [f"{path}:c c.json goes on behind the end of the file"]
    assert list(ledger.faults) == ["cut short"]


def test_columns_are_named_by_options(tmp_path: Path) -> None:
    source = write(
        tmp_path / "p.tar", as_tar([("a.jpg", IMAGE), ("a.json", fields(alt="x", id=5, tags="s t"))])
    )
    rows, _ = read(source, columns=PostColumns("id", "ignored", "alt", "tags"))
    assert [(row["post_id"], row["caption"], row["hashtags"]) for row in rows] == [("5", "x", ["s", "t"])]
    with pytest.raises(InputError, match=r"p\.tar has no column 'captoin'; .*--columns\.caption 'caption'"):
        read(source, columns=PostColumns(caption="captoin"))
    bare = write(tmp_path / "q.tar", as_tar([("a.jpg", IMAGE), ("a.json", b'{"url": "u"}')]))
    with pytest.raises(
        InputError, match=r"q\.tar has neither a column 'caption' nor 'hashtags'; it has 'url'"
    ):
        read(bare)
    texts = write(tmp_path / "r.tar", as_tar([("a.jpg", IMAGE), ("a.txt", b"t")]))
    with pytest.raises(InputError, match=r"r\.tar has no column 'alt'; it has 'caption'"):
        read(texts, columns=PostColumns(caption="alt"))
    assert captions(texts) == ["t"]


def test_batches_are_bounded_and_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "BATCH_ROWS", 3)
    keys = [str(i) for i in range(8)]
    assert captions(write(tmp_path / "p.tar", as_tar(img2dataset(keys)))) == keys


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from([tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 600), st.binary(max_size=9)), max_size=3),
)
def test_corruption_is_an_error_or_counted(
    tmp_path_factory: pytest.TempPathFactory, kind: int, edits: list[tuple[int, int, bytes]]
) -> None:
    data = bytearray(as_tar(img2dataset(["a", "é" * 60 + "/b", "c"]), kind))
    for at, length, put in edits:
        data[at : at + length] = put
    path = tmp_path_factory.getbasetemp() / "corrupt.tar"
    path.write_bytes(data)
    try:
        rows, _ = read(str(path))
    except InputError as error:
        assert "corrupt.tar" in str(error)
        return
    assert all(row["offset"] + row["size"] <= len(data) for row in rows)
