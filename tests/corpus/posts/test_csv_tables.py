import bz2
import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.corpus.posts.files import POSTS, as_table, captions, read, write
from tests.real_data import real_data
from tests.reference_posts import table_rows
from weakly.corpus.options import PostColumns
from weakly.corpus.posts import csv_records, schema, text_lines
from weakly.errors import InputError

KINDS = [("p.csv", ","), ("p.tsv", "\t"), ("p.csv.gz", ","), ("p.tsv.gz", "\t")]


@pytest.mark.parametrize(("name", "delimiter"), KINDS)
def test_posts_are_read_as_they_were_written(tmp_path: Path, name: str, delimiter: str) -> None:
    rows, ledger = read(write(tmp_path / name, as_table(POSTS, delimiter)))
    assert rows == [{**post, "offset": None, "size": None} for post in POSTS]
    assert ledger.rows_read == 3


def test_cells_hold_newlines_quotes_delimiters_and_nul(tmp_path: Path) -> None:
    data = b'caption,x\r\n"a\r\n\n""b"", c",1\r\nplain "quoted" text,2\r\n"d"e,\x00\r\n\xc3\xa9,4'
    rows, ledger = read(write(tmp_path / "p.csv", data))
    assert [row["caption"] for row in rows] == ['a\r\n\n"b", c', 'plain "quoted" text', "de", "é"]
    assert [row["post_id"] for row in rows] == ["p.csv:2", "p.csv:5", "p.csv:6", "p.csv:7"]
    assert not ledger.dropped


def test_empty_cells_are_null_and_blank_lines_are_no_rows(tmp_path: Path) -> None:
    data = b"\n\r\npost_id,image,caption,hashtags\n\n,,,\n,1.jpg,,\n\n"
    rows, ledger = read(write(tmp_path / "p.csv", data))
    nothing = {"caption": None, "hashtags": None, "offset": None, "size": None}
    assert rows == [
        {"post_id": "p.csv:5", "image": "", **nothing},
        {"post_id": "1.jpg", "image": "1.jpg", **nothing},
    ]
    assert ledger.rows_read == 2


def test_hashtags_are_an_array_or_separated(tmp_path: Path) -> None:
    data = b'hashtags\n"[""a b"", ""c"", null]"\n"#a,#b; c"\n[\n"[1]"\n'
    data += b"\"['a', None, 'b c']\"\n['a' 'b']\nnan\nNone\n"
    rows, ledger = read(write(tmp_path / "p.csv", data))
    assert [row["hashtags"] for row in rows] == [
        ["a b", "c"],
        ["#a", "#b", "c"],
        ["a", "b c"],
        None,
        None,
    ]
    assert ledger.dropped == {"hashtags are not a JSON array": 2, "hashtags are not a list of text": 1}
    assert ledger.examples["hashtags are not a list of text"] == [f"{tmp_path / 'p.csv'}:5 [1]"]


def test_a_wrong_number_of_cells_and_bad_bytes_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    rows, ledger = read(write(path, b"caption,x\na,1\nb\nc,1,2\n \n\xff,1\nd,1\ne\rf,1\n"))
    assert [row["caption"] for row in rows] == ["a", "d"]
    assert ledger.dropped == {"wrong number of cells": 3, "invalid UTF-8": 1, "malformed CSV": 1}
    assert ledger.examples["wrong number of cells"][0] == f"{path}:3 1 instead of 2"
    assert ledger.examples["invalid UTF-8"][0].startswith(f"{path}:6 'utf-8' codec")
    assert ledger.examples["malformed CSV"][0].startswith(f"{path}:8 ")


def test_a_quote_that_is_never_closed_costs_its_line_only(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    rows, ledger = read(write(path, b'caption,x\na,1\n"b,1\nc,1\nd,1\n'))
    assert [row["caption"] for row in rows] == ["a", "c", "d"]
    assert ledger.dropped == {"quote never closed": 1}
    assert ledger.examples["quote never closed"] == [f"{path}:3 the lines after it are read by themselves"]


def test_two_stray_quotes_do_not_swallow_what_lies_between(tmp_path: Path) -> None:
    lines = ['1\t"best day'] + [f"{i}\tphoto {i}" for i in range(2, 1000)] + ['1000\t"again']
    rows, ledger = read(write(tmp_path / "p.tsv", "\n".join(["post_id\tcaption", *lines]).encode()))
    assert [row["caption"] for row in rows] == [f"photo {i}" for i in range(2, 1000)]
    assert ledger.dropped == {"quote never closed": 2}


def test_an_open_quote_does_not_hold_the_file_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_records, "MAX_POST_BYTES", 1000)
    lines = iter([(1, b'"a'), *((i, b"photo") for i in range(2, 5000)), (5000, b'"b'), (5001, b'c"')])
    records = csv_records.read_records(lines, ",")
    assert next(records).problem is not None
    assert next(lines)[0] < 300
    rest = [(record.number, record.cells, record.problem) for record in records]
    assert [row[0] for row in rest[:3]] == [2, 3, 4]
    assert rest[-1] == (5000, ["b\nc"], None)
    assert all(cells == ["photo"] and problem is None for _, cells, problem in rest[:-1])


def test_many_open_quotes_are_each_looked_at_less_far(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_records, "MAX_POST_BYTES", 1 << 16)
    monkeypatch.setattr(csv_records, "_LEAST_LIMIT", 1 << 8)
    looks = 0

    class Watched(bytes):
        def decode(self, *arguments: str, **options: str) -> str:
            nonlocal looks
            looks += 1
            return super().decode(*arguments, **options)

    # Every line closes the quote of the one before and opens one of its own.
    lines = ((number, Watched(b'b","c')) for number in range(1, 3000))
    records = list(csv_records.read_records(lines, ","))
    assert [record.number for record in records] == list(range(1, 3000))
    assert {record.problem.reason for record in records if record.problem} == {"quote never closed"}
    assert looks < 300_000


@pytest.mark.parametrize("name", ["p.csv", "p.tsv.gz"])
def test_a_caption_of_a_megabyte_is_a_caption(tmp_path: Path, name: str) -> None:
    caption = "#sea é\n" * 200_000
    delimiter = "," if "csv" in name else "\t"
    assert captions(write(tmp_path / name, as_table([{"caption": caption}], delimiter))) == [caption]


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    assert captions(write(tmp_path / "p.csv", b"\xef\xbb\xbfcaption,x\na,1\n")) == ["a"]


def test_columns_are_named_by_options_or_the_header_is_given(tmp_path: Path) -> None:
    source = write(tmp_path / "p.tsv", b"1\tsea\tsea sun\n2\tsea\tlove\n")
    columns = PostColumns(header=("post_id", "search", "hashtags"))
    rows, _ = read(source, columns=columns)
    assert [(row["post_id"], row["hashtags"]) for row in rows] == [("1", ["sea", "sun"]), ("2", ["love"])]
    rows, _ = read(source, columns=PostColumns(post_id="x", caption="c", header=("x", "c", "y")))
    assert [(row["post_id"], row["caption"]) for row in rows] == [("1", "sea"), ("2", "sea")]
    with pytest.raises(InputError, match=r"p\.tsv has neither .* it has '1', 'sea', 'sea sun': give"):
        read(source)


@pytest.mark.parametrize(
    ("data", "columns", "message"),
    [
        (b"caption,caption\na,b\n", PostColumns(), r"2 columns named 'caption': rename"),
        (b"id,captoin\n1,b\n", PostColumns(), r"it has 'id', 'captoin': give --columns\.caption 'captoin'"),
        (b"caption\na\n", PostColumns(hashtags="tags"), r"no column 'tags'"),
        (
            b'"caption,x\na,b\n',
            PostColumns(),
            r"p\.csv:1 cannot be read as the first line \(quote never closed\)",
        ),
        (b"caption,\xff\na,b\n", PostColumns(), r"p\.csv:1 cannot be read .*invalid UTF-8"),
        (
            b"a,b\n",
            PostColumns(header=("caption",)),
            r"p\.csv:1 has 2 cells, --columns\.header names 1: name every",
        ),
        (
            b"caption\na\n",
            PostColumns(header=("caption",)),
            r"is a header line already: leave out --columns\.header",
        ),
    ],
)
def test_faults_of_the_header_are_errors(
    tmp_path: Path, data: bytes, columns: PostColumns, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read(write(tmp_path / "p.csv", data), columns=columns)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("p.csv", b"filepath\ttitle\na\tb\n", r"p\.csv:1: .* separated by tabs: name the file \.tsv"),
        (
            "p.csv",
            b'\xef\xbb\xbfimage;caption\na.jpg;"#dog"\n',
            r"by semicolons: write it with commas",
        ),
        ("p.tsv", b"image,caption\na,b\n", r"p\.tsv:1: .* separated by commas: name the file \.csv"),
        (
            "p.csv",
            b"sep=,\nimage,caption\na,b\n",
            r"p\.csv:1 is a line for Excel alone \(sep=,\): take",
        ),
        ("p.csv", b"image,caption\ra,b\r", r"p\.csv:1: its lines end as those of old Macs"),
        ("p.csv", "image,caption\n".encode("utf-16-le"), r"p\.csv is UTF-16; expected UTF-8: convert"),
        ("p.csv", gzip.compress(b"image,caption\n"), r"p\.csv is gzip: add \.gz to its name"),
        ("p.csv", bz2.compress(b"image,caption\n"), r"p\.csv is bzip2: add \.bz2 to its name"),
        ("p.csv", b"PK\x03\x04rest", r"p\.csv is compressed, which is not read: unpack it"),
    ],
)
def test_another_separator_or_encoding_is_named_with_its_cure(
    tmp_path: Path, name: str, data: bytes, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read(write(tmp_path / name, data))


def test_one_column_may_hold_any_mark(tmp_path: Path) -> None:
    data = b"a;b|c\n1\n"
    assert captions(write(tmp_path / "p.csv", data), columns=PostColumns(caption="a;b|c")) == ["1"]


def test_a_gzip_cut_short_keeps_the_records_before_the_cut(tmp_path: Path) -> None:
    path = tmp_path / "p.csv.gz"
    write(path, as_table([{"caption": f"{i} {i * i % 9973}", "x": "y"} for i in range(20_000)]))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    rows, ledger = read(str(path))
    assert len(rows) > 1000
    assert [row["caption"] for row in rows] == [f"{i} {i * i % 9973}" for i in range(len(rows))]
    assert list(ledger.faults) == ["cut short"]
    assert ledger.dropped == {"cut short": 1}


def test_batches_are_bounded_and_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "BATCH_ROWS", 4)
    posts = [{"caption": str(i)} for i in range(10)]
    assert captions(write(tmp_path / "p.csv", as_table(posts))) == [str(i) for i in range(10)]


def test_the_real_posts_of_harrison_are_read_whole() -> None:
    columns = PostColumns(header=("post_id", "search", "hashtags"))
    rows, ledger = read(str(real_data("hashtags/harrison_posts.tsv")), columns=columns)
    assert (ledger.rows_read, len(rows), dict(ledger.dropped)) == (28_732, 28_732, {})
    assert (rows[2]["post_id"], rows[2]["hashtags"]) == ("3", ["beach", "sea", "trip", "island", "japan"])
    assert len({tag for row in rows for tag in row["hashtags"]}) == 996


pieces = st.sampled_from(["a", '"', '""', ",", "\n", "\r\n", "é", "[", "\0", "b c", ',"', '"\n'])


@settings(max_examples=400, deadline=None)
@given(
    st.lists(pieces, max_size=40).map(lambda parts: "".join(parts).encode()),
    st.lists(st.tuples(st.integers(0, 40), st.sampled_from([b"\xff", b"\r", b"\xef\xbb\xbf"])), max_size=2),
    st.sampled_from([1, 2, 3]),
)
def test_records_are_those_of_the_naive_reading(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, edits: list[tuple[int, bytes]], width: int
) -> None:
    data = bytearray(body)
    for at, put in edits:
        data[at:at] = put
    header = ",".join(["caption", "x", "y"][:width]).encode() + b"\n"
    source = write(
        tmp_path_factory.getbasetemp() / "p.csv", header + b"good" + b"," * (width - 1) + b"\n" + data
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_lines, "_BLOCK_BYTES", 7)
        rows, ledger = read(source)
    expected = table_rows(header + bytes(data), ",")
    assert ledger.rows_read == 1 + len(expected)
    assert [row["caption"] for row in rows[1:]] == [cells[0] or None for cells in expected if cells]
