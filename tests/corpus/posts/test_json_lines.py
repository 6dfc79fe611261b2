import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.corpus.posts.files import POSTS, as_json_lines, captions, read, write
from tests.reference_posts import json_line_is_post
from weakly.corpus.options import PostColumns
from weakly.corpus.posts import schema
from weakly.errors import InputError

GOOD = b'{"caption": "good"}\n'


def dropped(path: Path, *lines: bytes) -> dict[str, int]:
    """Reasons for which lines beside a good one are dropped."""
    write(path, GOOD + b"\n".join(lines) + b"\n" + GOOD)
    rows, ledger = read(str(path))
    assert [row["caption"] for row in rows] == ["good", "good"]
    return dict(ledger.dropped)


@pytest.mark.parametrize("name", ["p.jsonl", "p.ndjson", "p.jsonl.gz"])
def test_posts_are_read_as_they_were_written(tmp_path: Path, name: str) -> None:
    rows, ledger = read(write(tmp_path / name, as_json_lines(POSTS)))
    assert rows == [{**post, "offset": None, "size": None} for post in POSTS]
    assert (ledger.rows_read, ledger.kept) == (3, 3)
    assert ledger.files == {str(tmp_path / name): (tmp_path / name).stat().st_size}


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b'{"caption": "a"',
        b'{"caption": "a"}}',
        b'{"caption": "a"} {"caption": "b"}',
        b"[1]",
        b"[]",
        b'"text"',
        b"5",
        b"null",
        b"[" * 1_000_000,
        b'{"a":' * 100_000,
        b"x" * 1_000_000,
        b'{"caption": "\\ud800"}',
        b'{"hashtags": ["\\udc00a"]}',
        b'{"hashtags": "\\ud800 a"}',
        b'{"post_id": "\\ud83c"}',
        b'{"image": "\\ud83c.jpg"}',
        b'{"caption": "a", "caption": "a"}',
        b'{"caption": "a\x00"}',
        b"\0",
        b'{"caption": ' + b"9" * 5000 + b"}",
    ],
    ids=lambda line: repr(line[:30]),
)
def test_a_malformed_line_is_a_counted_drop(tmp_path: Path, line: bytes) -> None:
    assert dropped(tmp_path / "p.jsonl", line) == {"malformed JSON": 1}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"hashtags": 5}', "hashtags are not a list of text"),
        (b'{"hashtags": ["a", 5]}', "hashtags are not a list of text"),
        (b'{"hashtags": {"a": 1}}', "hashtags are not a list of text"),
        (b'{"hashtags": "[a"}', "hashtags are not a JSON array"),
        (b'{"caption": 5}', "caption is not text"),
        (b'{"caption": ["a"]}', "caption is not text"),
        (b'{"image": 5}', "image is not text"),
        (b'{"post_id": [5]}', "post_id is not a single value"),
        (b'{"post_id": {"a": 5}}', "post_id is not a single value"),
        (b'{"caption": "\xff"}', "invalid UTF-8"),
        (b'{"caption": "\xed\xa0\x80"}', "invalid UTF-8"),
    ],
)
def test_a_wrong_value_is_a_counted_drop(tmp_path: Path, line: bytes, reason: str) -> None:
    assert dropped(tmp_path / "p.jsonl", line) == {reason: 1}


def test_drops_name_their_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    write(path, GOOD + b"\n \r\n" + b"[5]\n" + b'{"caption": 5}\n' + b'{"x": 1, "y": 1, "x": 2}')
    _, ledger = read(str(path))
    assert ledger.rows_read == 4
    assert ledger.examples == {
        "malformed JSON": [
            f"{path}:4 expected an object, found a list",
            f"{path}:6 key 'x' is given twice",
        ],
        "caption is not text": [f"{path}:5 5"],
    }


@pytest.mark.parametrize(
    ("line", "post"),
    [
        (b'{"caption": "\\ud83c\\udf0a\\u0000"}', {"caption": "🌊\0"}),
        (b'{"caption": "a", "other": "\\ud800", "deep": {"a": 1, "a": 2}}', {"caption": "a"}),
        (b'{"caption": "a", "n": NaN, "m": 1e999}', {"caption": "a"}),
        (b'\t{"caption": "a\\nb"}  \r', {"caption": "a\nb"}),
        (
            b'{"post_id": 12345678901234567890, "caption": ""}',
            {"post_id": "12345678901234567890", "caption": ""},
        ),
        (b'{"hashtags": "a, b;c"}', {"hashtags": ["a", "b", "c"]}),
        (b'{"hashtags": "[\\"a b\\"]"}', {"hashtags": ["a b"]}),
        (b'{"hashtags": ["a", null]}', {"hashtags": ["a"]}),
        (b'{"hashtags": [], "image": "1.jpg"}', {"hashtags": [], "post_id": "1.jpg"}),
        (b'{"hashtags": null, "image": null}', {"hashtags": None, "image": "", "post_id": "p.jsonl:2"}),
        (b"{}", {"hashtags": None, "caption": None, "post_id": "p.jsonl:2"}),
    ],
)
def test_odd_but_whole_posts_are_kept(tmp_path: Path, line: bytes, post: dict[str, Any]) -> None:
    rows, ledger = read(write(tmp_path / "p.jsonl", GOOD + line + b"\n"))
    assert not ledger.dropped
    assert {key: rows[1][key] for key in post} == post


def test_a_caption_of_a_megabyte_is_a_caption(tmp_path: Path) -> None:
    caption = "#sea é" * 200_000
    assert captions(write(tmp_path / "p.jsonl", as_json_lines([{"caption": caption}]))) == [caption]


def test_keys_are_named_by_options(tmp_path: Path) -> None:
    source = write(tmp_path / "p.jsonl", as_json_lines([{"id": 1, "path": "a", "text": "t", "tags": ["x"]}]))
    rows, _ = read(source, columns=PostColumns("id", "path", "text", "tags"))
    expected = {"post_id": "1", "image": "a", "caption": "t", "hashtags": ["x"]}
    assert rows == [{**expected, "offset": None, "size": None}]


def test_a_key_that_no_object_of_the_first_batch_has_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts = [{"captions": "a"}] * 5 + [{"caption": "a"}]
    source = write(tmp_path / "p.jsonl", as_json_lines(posts))
    assert captions(source) == [None] * 5 + ["a"]
    monkeypatch.setattr(schema, "BATCH_ROWS", 5)
    with pytest.raises(
        InputError, match=r"p\.jsonl has neither.*it has 'captions': give --columns\.caption 'captions'"
    ):
        read(source)
    with pytest.raises(InputError, match=r"no column 'tags'; .* give --columns\.hashtags NAME"):
        read(source, columns=PostColumns(caption="captions", hashtags="tags"))


def test_a_later_file_may_lack_what_an_earlier_one_had(tmp_path: Path) -> None:
    first = write(tmp_path / "1.jsonl", as_json_lines([{"text": "a", "tags": ["b"]}]))
    second = write(tmp_path / "2.jsonl", as_json_lines([{"tags": ["c"]}, {"n": 1}]))
    columns = PostColumns(caption="text", hashtags="tags")
    assert captions(first, second, columns=columns) == ["a", None, None]
    with pytest.raises(InputError, match=r"2\.jsonl has no column 'text'"):
        read(second, first, columns=columns)


def test_batches_are_bounded_and_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "BATCH_ROWS", 4)
    posts = [{"caption": str(i)} for i in range(10)]
    assert captions(write(tmp_path / "p.jsonl", as_json_lines(posts))) == [str(i) for i in range(10)]


@pytest.mark.parametrize("data", [b'[\n {"caption": "a"}\n]', b' [{"caption": "a"},{"caption": "b"}]'])
def test_an_array_of_all_posts_is_named_with_its_cure(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(InputError, match=r"p\.jsonl is a JSON array; expected an object a line: .*jq -c"):
        read(write(tmp_path / "p.jsonl", data))


line_of_json = st.dictionaries(
    st.sampled_from(["caption", "hashtags", "image", "post_id", "x"]),
    st.one_of(st.none(), st.integers(), st.text(max_size=4), st.lists(st.text(max_size=3), max_size=3)),
    max_size=4,
).map(lambda post: json.dumps(post, ensure_ascii=len(post) % 2 == 0).encode(errors="surrogatepass"))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(line_of_json, min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 6), st.binary(max_size=5)), max_size=4),
)
def test_no_line_is_lost_whatever_the_corruption(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], edits: list[tuple[int, int, bytes]]
) -> None:
    data = bytearray(b"\n".join(lines))
    for at, length, put in edits:
        data[at : at + length] = put
    source = write(tmp_path_factory.getbasetemp() / "p.jsonl", GOOD + bytes(data))
    rows, ledger = read(source)
    expected = [line for line in bytes(data).split(b"\n") if line.strip()]
    assert ledger.rows_read == 1 + len(expected)
    assert len(rows) - 1 == sum(map(json_line_is_post, expected))
