import json

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reference_posts import split_hashtags
from weakly.corpus.posts import schema
from weakly.corpus.posts.schema import BadPost, PostRows, bounded, hashtags_of, single_value, text_of


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


@pytest.mark.parametrize("text", ["['a', 'b']", "[a]", "[", "[" * 100_000, '["a"] b'])
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
    assert [single_value("post_id", v) for v in ("a", 7, 2**70, 1.5, True, None)] == [
        "a",
        "7",
        str(2**70),
        "1.5",
        "true",
        None,
    ]
    for value in ([1], (("a", 1),)):
        with pytest.raises(BadPost) as error:
            single_value("post_id", value)
        assert error.value.reason == "post_id is not a single value"


def test_texts_are_texts() -> None:
    assert (text_of("image", "a"), text_of("image", None)) == ("a", None)
    with pytest.raises(BadPost, match="5") as error:
        text_of("image", 5)
    assert error.value.reason == "image is not text"


def test_a_post_is_named_by_its_id_else_its_image_else_its_row() -> None:
    rows = PostRows("p.csv")
    for post_id, image in (("a", "1.jpg"), (None, "1.jpg"), ("", ""), (None, None)):
        rows.add(post_id, image, None, None, row=4, size_read=1)
    rows.add("t", "t.tar", "c", ["x"], row=0, size_read=1, location=(512, 9))
    batch = rows.take()
    assert batch.column("post_id").to_pylist() == ["a", "1.jpg", "p.csv:4", "p.csv:4", "t"]
    assert batch.column("image").to_pylist() == ["1.jpg", "1.jpg", "", "", "t.tar"]
    assert batch.column("offset").to_pylist() == [None] * 4 + [512]
    assert batch.column("size").to_pylist() == [None] * 4 + [9]
    assert len(rows) == 0
    assert rows.take().num_rows == 0


def test_a_batch_is_full_by_rows_or_by_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "BATCH_ROWS", 3)
    monkeypatch.setattr(schema, "BATCH_BYTES", 100)
    rows = PostRows("p")
    for size, full in ((10, False), (10, False), (10, True)):
        rows.add("a", "", None, None, row=1, size_read=size)
        assert rows.full == full
    rows.take()
    rows.add("a", "", None, None, row=1, size_read=99)
    assert not rows.full
    rows.add("a", "", None, None, row=1, size_read=1)
    assert rows.full


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
