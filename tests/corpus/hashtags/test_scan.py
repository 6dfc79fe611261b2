import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reference_hashtags import by_post, fresh, in_caption, names_of, nasty, posts
from weakly.corpus.hashtags.extract import extract


@settings(deadline=None)
@given(st.lists(nasty | st.none(), min_size=1, max_size=8), st.data())
def test_a_slice_has_the_hashtags_of_its_posts(captions, data):
    start = data.draw(st.integers(0, len(captions)))
    stop = data.draw(st.integers(start, len(captions)))
    lists = [["Cat"], None, [], [None, "dog", "1"]] * 2
    batch = posts(captions, lists[: len(captions)])
    whole = by_post(extract(batch, *fresh()), len(captions))
    assert by_post(extract(batch.slice(start, stop - start), *fresh()), stop - start) == whole[start:stop]


def test_what_lies_under_nulls_is_not_read():
    bytes_of_null = pa.StringArray.from_buffers(
        3,
        pa.py_buffer(np.array([0, 4, 8, 12], np.int32)),
        pa.py_buffer(b"#cat#dog#owl"),
        pa.py_buffer(np.array([0b101], np.uint8)),
    )
    values_of_null = pa.ListArray.from_arrays(
        pa.array([0, 1, 2, 3], pa.int32()),
        pa.array(["elk", "ape", "hen"]),
        mask=pa.array([False, True, False]),
    )
    batch = pa.record_batch([bytes_of_null, values_of_null], names=["caption", "hashtags"])
    assert by_post(extract(batch, *fresh()), 3) == [{"cat", "elk"}, set(), {"owl", "hen"}]
    assert by_post(extract(batch.slice(1), *fresh()), 2) == [set(), {"owl", "hen"}]


def test_nothing_is_read_across_the_border_of_two_posts():
    captions = [
        "see http:",
        "//a.b#cat",
        "www",
        ".a#dog",
        "&",
        "#x27;",
        "&#x27",
        "; #owl",
        "#",
        "elk",
        "",
        "#ape",
    ]
    expected = [
        set(),
        {"cat"},
        set(),
        {"dog"},
        set(),
        {"x27"},
        {"x27"},
        {"owl"},
        set(),
        set(),
        set(),
        {"ape"},
    ]
    assert by_post(extract(posts(captions), *fresh()), len(captions)) == expected
    assert in_caption("www.a.b") == []


@pytest.mark.parametrize("text", [pa.string(), pa.large_string()])
def test_chunks_and_large_types_make_no_difference(text):
    caption = pa.chunked_array([["#cat", None], [], ["#dog #cat"]], text)
    lists = pa.chunked_array([[["a b"]], [None, ["elk"]]], pa.large_list(text))
    table = pa.table({"caption": caption, "hashtags": lists})
    assert by_post(extract(table, *fresh()), 3) == [{"cat", "ab"}, set(), {"dog", "cat", "elk"}]


@pytest.mark.parametrize("size", [0, 3])
def test_no_hashtags_at_all(size):
    for batch in (
        posts([None] * size),
        posts([""] * size, [[]] * size),
        pa.table({"caption": pa.nulls(size), "hashtags": pa.nulls(size)}),
    ):
        found = extract(batch, *fresh())
        assert (found.offsets[-1], len(found.tag), names_of(found), found.occurrences) == (0, 0, [], 0)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "glue", ["#tag{}", "＃tag{}", " #tag{}", "#tag{} :// ", "#tag{} www. ", "&#xtag{};", "&#x{}; #tag{}"]
)
def test_a_caption_of_a_megabyte_takes_no_longer_than_many_short_ones(glue):
    count = 100_000
    found = extract(posts(["".join(glue.format(i, i) for i in range(count))]), *fresh())
    assert found.occurrences == len(names_of(found)) == count


@pytest.mark.timeout(20)
def test_a_link_of_a_megabyte():
    assert in_caption("http" + "://#tag" * 100_000 + " #cat") == ["cat"]
    assert in_caption("xwww.#tag" * 100_000) == ["tagxwww", "tag"]
