import json
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reference_posts import split_hashtags
from weakly.corpus.options import PostColumns
from weakly.corpus.posts import rows, schema
from weakly.corpus.posts.ledger import Ledger
from weakly.corpus.posts.rows import BadPost, Post, hashtags_of, in_batches, post_of_fields
from weakly.corpus.posts.schema import bounded


@given(st.text(alphabet=st.sampled_from("ab#é제 ,;\t\n\u3000\x1c\x00，"), max_size=20))
def test_a_string_is_split_on_white_space_commas_and_semicolons(text: str) -> None:
    assert (hashtags_of(text) or []) == split_hashtags(text)


@given(st.lists(st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"])))))
def test_a_list_and_its_json_are_the_same_without_nulls(values: list[str | None]) -> None:
    expected = [value for value in values if value is not None]
    assert hashtags_of(values) == hashtags_of(" " + json.dumps(values)) == expected


@pytest.mark.parametrize(
    "value", [5, True, 1.5, {"a": 1}, (("a", 1),), ["a", 5], [["a"]], "[5]", '["a", {}]']
)
def test_anything_else_is_a_bad_post(value: object) -> None:
    with pytest.raises(BadPost) as error:
        hashtags_of(value)
    assert error.value.reason == "hashtags are not a list of text"


@pytest.mark.parametrize("text", ["['a' 'b']", "['a', nan]", "[a]", "[", "[" * 100_000, '["a"] b'])
def test_a_string_that_starts_as_an_array_must_be_one(text: str) -> None:
    with pytest.raises(BadPost) as error:
        hashtags_of(text)
    assert error.value.reason == "hashtags are not a JSON array"


def test_half_a_surrogate_pair_in_an_array_in_a_string_is_no_text() -> None:
    with pytest.raises(BadPost, match="half a surrogate pair"):
        hashtags_of('["a", "\\ud83c"]')
    assert hashtags_of('["\\ud83c\\udf0a"]') == ["🌊"]


def test_null_and_blank_strings_are_no_hashtags_but_an_empty_list_is_a_list() -> None:
    assert hashtags_of(None) is hashtags_of("") is hashtags_of(" ,; ") is None
    assert hashtags_of([]) == []


def test_ids_are_of_any_single_value() -> None:
    found = [post_of_fields({"post_id": v}, PostColumns()).post_id for v in ("a", 7, 2**70, 1.5, True, None)]
    assert found == ["a", "7", str(2**70), "1.5", "true", None]
    for value in ([1], (("a", 1),)):
        with pytest.raises(BadPost) as error:
            post_of_fields({"post_id": value}, PostColumns())
        assert error.value.reason == "post_id is not a single value"


def test_texts_are_texts() -> None:
    assert [post_of_fields({"image": v}, PostColumns()).image for v in ("a", None)] == ["a", None]
    with pytest.raises(BadPost, match="5") as error:
        post_of_fields({"image": 5}, PostColumns())
    assert error.value.reason == "image is not text"


def test_a_column_without_a_name_is_none() -> None:
    found = post_of_fields({"": "index", "caption": "a"}, PostColumns(post_id="", hashtags="", author=""))
    assert found == Post(None, None, None, "a", None)


def batches_of(rows: list[tuple[int, Post]]) -> list[pa.RecordBatch]:
    """Rows of the size given, the first of number 4."""
    numbered = ((number, size, post) for number, (size, post) in enumerate(rows, 4))
    return list(in_batches(Path("p.csv"), numbered, lambda post: post, Ledger()))


@pytest.mark.parametrize("at_once", [1, 2, 512])
def test_a_post_is_named_by_its_id_else_its_image_else_its_row(
    monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(rows, "_AT_ONCE", at_once)
    given = (("a", "1.jpg"), (None, "1.jpg"), ("", ""), (None, None))
    posts = [Post(post_id, image, None, None, None) for post_id, image in given]
    posts.append(Post("t", "t.tar", "someone", "c", ["x"], 512, 9, 30, 40))
    (batch,) = batches_of([(1, post) for post in posts])
    assert batch.schema == schema.SCHEMA
    assert batch.column("post_id").to_pylist() == ["a", "1.jpg", "p.csv:6", "p.csv:7", "t"]
    assert batch.column("image").to_pylist() == ["1.jpg", "1.jpg", "", "", "t.tar"]
    assert batch.column("offset").to_pylist() == [None] * 4 + [512]
    assert batch.slice(4).to_pylist() == [posts[4]._asdict()]
    assert batches_of([]) == []


def test_a_batch_is_full_by_rows_or_by_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "BATCH_ROWS", 3)
    monkeypatch.setattr(schema, "BATCH_BYTES", 100)
    post = Post("a", None, None, None, None)
    for sizes, n in (([10] * 4, [3, 1]), ([99, 1, 1], [2, 1]), ([100, 1], [1, 1]), ([10] * 3, [3])):
        assert [batch.num_rows for batch in batches_of([(size, post) for size in sizes])] == n


def test_a_bad_row_is_counted_and_what_is_required_is_asked_before_each_batch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(schema, "BATCH_ROWS", 2)
    ledger, asked = Ledger(), []

    def post_of(content: str) -> Post:
        if content == "bad":
            raise BadPost("odd", "why")
        return Post(content, None, None, None, None)

    numbered = ((number, 1, content) for number, content in enumerate(["a", "bad", "b", "c"], 1))
    found = in_batches(Path("x/p.csv"), numbered, post_of, ledger, asked.append)
    assert next(found).num_rows == 2
    assert asked == ["x/p.csv"]
    assert [batch.num_rows for batch in found] == [1]
    assert asked == ["x/p.csv"] * 2
    assert (ledger.rows_read, ledger.kept, ledger.dropped) == (4, 0, {"odd": 1})
    assert ledger.examples == {"odd": ["x/p.csv:2 why"]}


@given(st.lists(st.integers(0, 40), max_size=60))
def test_slices_keep_all_rows_within_both_bounds(lengths: list[int]) -> None:
    batch = pa.record_batch({"caption": ["x" * n for n in lengths], "row": range(len(lengths))})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "BATCH_ROWS", 16)
        patch.setattr(schema, "BATCH_BYTES", 200)
        parts = list(bounded(batch))
    assert [row for part in parts for row in part.column("row").to_pylist()] == list(range(len(lengths)))
    assert all(
        part.num_rows == 1 or (part.num_rows <= 16 and part.nbytes <= 200) for part in parts if lengths
    )
