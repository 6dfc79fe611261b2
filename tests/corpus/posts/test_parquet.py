import datetime
import decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.corpus.posts.files import POSTS, captions, read, read_posts, write_parquet
from weakly.corpus.options import PostColumns
from weakly.corpus.posts import parquet, schema
from weakly.corpus.posts.ledger import Ledger
from weakly.errors import InputError


def written(path: Path, **columns: pa.Array) -> str:
    pq.write_table(pa.table(columns), path)
    return str(path)


def test_posts_are_read_as_they_were_written(tmp_path: Path) -> None:
    source = write_parquet(
        tmp_path / "p.parquet", [{**post, "other": 1.5} for post in POSTS], row_group_size=2
    )
    rows, ledger = read(source)
    assert rows == [{**post, "offset": None, "size": None} for post in POSTS]
    assert (ledger.rows_read, ledger.kept) == (3, 3)


@pytest.mark.parametrize(
    ("values", "ids"),
    [
        (pa.array([1, None], pa.uint64()), ["1", "x.jpg"]),
        (pa.array([1.5, 2.0]), ["1.5", "2"]),
        (pa.array([True, False]), ["true", "false"]),
        (pa.array(["", "a"], pa.large_string()), ["x.jpg", "a"]),
        (pa.array(["b", "a"]).dictionary_encode(), ["b", "a"]),
        (pa.array([b"b", b"a"], pa.binary(1)), ["b", "a"]),
        (pa.array([datetime.date(2018, 5, 2), None]), ["2018-05-02", "x.jpg"]),
        (pa.array([decimal.Decimal("1.50"), None]), ["1.50", "x.jpg"]),
        (pa.nulls(2), ["x.jpg", "x.jpg"]),
    ],
    ids=lambda value: str(getattr(value, "type", "")),
)
def test_ids_are_of_any_single_value(tmp_path: Path, values: pa.Array, ids: list[str]) -> None:
    source = written(
        tmp_path / "p.parquet", post_id=values, image=pa.array(["x.jpg"] * 2), caption=pa.nulls(2)
    )
    assert [row["post_id"] for row in read(source)[0]] == ids


def test_posts_without_id_and_image_are_named_by_file_and_row(tmp_path: Path) -> None:
    image = pa.array([None, "", "x.jpg"])
    pq.write_table(
        pa.table({"image": image, "caption": pa.nulls(3)}), tmp_path / "p.parquet", row_group_size=2
    )
    rows, _ = read(str(tmp_path / "p.parquet"))
    assert [(row["post_id"], row["image"]) for row in rows] == [
        ("p.parquet:1", ""),
        ("p.parquet:2", ""),
        ("x.jpg", "x.jpg"),
    ]


@pytest.mark.parametrize(
    "kind",
    [
        pa.list_(pa.string()),
        pa.list_(pa.field("element", pa.large_string(), nullable=False)),
        pa.large_list(pa.string()),
        pa.list_(pa.binary()),
        pa.list_(pa.string(), 2),
    ],
    ids=str,
)
def test_lists_of_hashtags_are_of_any_kind(tmp_path: Path, kind: pa.DataType) -> None:
    source = written(tmp_path / "p.parquet", hashtags=pa.array([["sea", "été"], ["a", "b"]], kind))
    assert [row["hashtags"] for row in read(source)[0]] == [["sea", "été"], ["a", "b"]]


def test_nulls_in_lists_are_left_out_and_null_lists_are_null(tmp_path: Path) -> None:
    lists = [["a", None], None, [None], [], ["b"]]
    for i, kind in enumerate((pa.list_(pa.string()), pa.list_(pa.dictionary(pa.int8(), pa.string())))):
        rows, _ = read(written(tmp_path / f"{i}.parquet", hashtags=pa.array(lists, kind)))
        assert [row["hashtags"] for row in rows] == [["a"], None, [], [], ["b"]]
    rows, _ = read(written(tmp_path / "w.parquet", hashtags=pa.array([["a", None]])))
    assert [row["hashtags"] for row in rows] == [["a"]]
    rows, _ = read(written(tmp_path / "n.parquet", hashtags=pa.array([[None], None], pa.list_(pa.null()))))
    assert [row["hashtags"] for row in rows] == [[], None]


def test_hashtags_in_strings_are_split(tmp_path: Path) -> None:
    texts = ["a b;c", '["a b"]', "[a", None, ""]
    for i, values in enumerate((pa.array(texts), pa.array(texts).dictionary_encode())):
        rows, ledger = read(written(tmp_path / f"{i}.parquet", hashtags=values))
        assert [row["hashtags"] for row in rows] == [["a", "b", "c"], ["a b"], None, None]
        assert ledger.dropped == {"hashtags are not a JSON array": 1}
        assert ledger.examples["hashtags are not a JSON array"][0].startswith(
            f"{tmp_path / f'{i}.parquet'}:3 "
        )


def test_bytes_that_are_no_text_are_counted_with_their_row(tmp_path: Path) -> None:
    path = tmp_path / "p.parquet"
    columns = {
        "post_id": pa.array([b"a", b"b", b"\xff", b"d", b"e"]),
        "caption": pa.array([b"a", b"\xc3", b"c", b"d", "é".encode()]),
        "hashtags": pa.array([[b"a"], [], None, [b"a", b"\xed\xa0\x80"], None], pa.list_(pa.binary())),
    }
    pq.write_table(pa.table(columns), path, row_group_size=3)
    rows, ledger = read(str(path))
    assert [(row["post_id"], row["caption"], row["hashtags"]) for row in rows] == [
        ("a", "a", ["a"]),
        ("e", "é", None),
    ]
    assert ledger.dropped == {"invalid UTF-8": 3}
    assert [example.split()[0] for example in ledger.examples["invalid UTF-8"]] == [
        f"{path}:{i}" for i in (2, 3, 4)
    ]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"caption": [1]}, r"column 'caption' is int64, expected text: .* --columns\.caption"),
        ({"caption": [["a"]]}, r"column 'caption' is list<.*>, expected text"),
        ({"hashtags": [5]}, r"column 'hashtags' is int64, expected a list of text, or text"),
        ({"hashtags": [[5]]}, r"column 'hashtags' is list<.*int64>, expected a list of text"),
        ({"hashtags": [[["a"]]]}, r"column 'hashtags' is list<"),
        ({"hashtags": [{"a": 1}]}, r"column 'hashtags' is struct<"),
        ({"caption": ["a"], "image": [1]}, r"column 'image' is int64, expected text"),
        (
            {"caption": ["a"], "post_id": [[1]]},
            r"'post_id' is list<.*expected a single value: .*--columns\.post-id",
        ),
        ({"Caption": ["a"]}, r"has neither a column 'caption' nor 'hashtags'; it has 'Caption': give"),
    ],
)
def test_columns_of_a_wrong_type_or_missing_are_errors(
    tmp_path: Path, columns: dict[str, list[Any]], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read(written(tmp_path / "p.parquet", **{name: pa.array(values) for name, values in columns.items()}))


def test_a_column_there_twice_is_an_error(tmp_path: Path) -> None:
    table = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["caption", "caption"])
    pq.write_table(table, tmp_path / "p.parquet")
    with pytest.raises(InputError, match="2 columns named 'caption': rename"):
        read(str(tmp_path / "p.parquet"))


def test_one_column_may_serve_twice_and_names_may_hold_dots(tmp_path: Path) -> None:
    source = written(tmp_path / "p.parquet", **{"meta.text": pa.array(["sea sun"]), "meta": pa.array(["no"])})
    rows, _ = read(source, columns=PostColumns(caption="meta.text", hashtags="meta.text"))
    assert [(row["caption"], row["hashtags"]) for row in rows] == [("sea sun", ["sea", "sun"])]


@pytest.mark.parametrize("cut", [4, 100, -1, -9])
def test_a_file_cut_short_is_an_error(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "p.parquet"
    write_parquet(path, POSTS)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(InputError, match=r"p\.parquet is not whole Parquet \(.*\): write or fetch it again"):
        read(str(path))


def test_batches_are_bounded_in_rows_and_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (schema, parquet):
        monkeypatch.setattr(module, "BATCH_ROWS", 50)
        monkeypatch.setattr(module, "BATCH_BYTES", 10_000)
    posts = [{"caption": f"{i:04d}" * (1 if i < 200 else 500)} for i in range(300)]
    source = write_parquet(tmp_path / "p.parquet", posts, compression="none", use_dictionary=False)
    batches = list(read_posts([source], PostColumns(), Ledger()))
    assert [c for batch in batches for c in batch.column("caption").to_pylist()] == [
        p["caption"] for p in posts
    ]
    assert max(batch.num_rows for batch in batches) <= 50
    assert max(batch.nbytes for batch in batches) <= 10_000
    assert captions(source) == [post["caption"] for post in posts]


@settings(max_examples=60, deadline=None)
@given(
    edits=st.lists(
        st.tuples(st.integers(0, 3000), st.integers(0, 5), st.binary(max_size=5)), min_size=1, max_size=3
    )
)
def test_corruption_is_an_error_or_leaves_whole_posts(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[int, int, bytes]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "corrupt.parquet"
    write_parquet(
        path, [{"caption": f"#tag{i}", "hashtags": ["a"] * (i % 3)} for i in range(40)], row_group_size=25
    )
    data = bytearray(path.read_bytes())
    for at, length, put in edits:
        data[at : at + length] = put
    path.write_bytes(data)
    try:
        read(str(path))
    except InputError as error:
        assert "corrupt.parquet" in str(error)
        assert "\n" not in str(error)


def test_a_row_group_that_arrow_ends_too_early_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "p.parquet"
    posts = [{"caption": f"#tag{i}"} for i in range(12)]
    write_parquet(path, posts, row_group_size=5, use_dictionary=False, compression="none")
    data = bytearray(path.read_bytes())
    # The header of its one page: its kind becomes one that Arrow passes over.
    page = pq.ParquetFile(path).metadata.row_group(1).column(0).data_page_offset
    assert data[page : page + 2] == b"\x15\x00"
    data[page + 1] = 2
    path.write_bytes(data)
    with pytest.raises(
        InputError, match=r"p\.parquet is not whole Parquet \(row group 1 gives 0 rows of 5\)"
    ):
        read(str(path))


def test_row_groups_that_are_not_all_rows_are_an_error(tmp_path: Path) -> None:
    path = tmp_path / "p.parquet"
    write_parquet(path, [{"caption": "#a"}] * 60)
    data = path.read_bytes()
    # In the footer, a zigzag integer of its own field: 60 rows in the file become 61.
    footer = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    place = data.index(b"\x16\x78", footer)
    path.write_bytes(data[:place] + b"\x16\x7a" + data[place + 2 :])
    with pytest.raises(
        InputError, match=r"not whole Parquet \(its row groups have 60 rows of 61\): write or"
    ):
        read(str(path))
