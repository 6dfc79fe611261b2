"""Batches of posts to numbered hashtags: as the reference has them, whatever a process knows or forgets."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import reference_hashtags
from tests.reference_hashtags import by_post, fresh, nasty, posts
from weakly.corpus import extraction, hash_table, hashtagged
from weakly.corpus.extraction import Hashtags, KnownHashtags, Numbering, extract
from weakly.corpus.posts.schema import SCHEMA


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(nasty | st.none(), st.lists(nasty | st.none(), max_size=3) | st.none()), max_size=6)
)
def test_extract_agrees_with_the_reference(rows):
    batch = posts([caption for caption, _ in rows], [entries for _, entries in rows])
    found = extract(batch, fresh())
    written = [
        reference_hashtags.hashtags(caption or "")
        + [form for entry in entries or [] if (form := reference_hashtags.normal_form(entry or ""))]
        for caption, entries in rows
    ]
    assert by_post(found, len(rows)) == [set(names) for names in written]
    assert found.occurrences == sum(map(len, written))
    assert sorted(found.names) == sorted({name for names in written for name in names})
    assert found.row.dtype == np.int64
    assert found.tag.dtype == np.int32
    pairs = list(zip(found.row.tolist(), found.tag.tolist(), strict=True))
    assert pairs == sorted(set(pairs))


def test_a_post_may_have_a_caption_a_list_both_or_neither():
    batch = posts(
        ["#Cat #cat #dog", "#owl", None, None], [["CAT", "Brown Bear"], None, ["elk", None, "7"], None]
    )
    found = extract(batch, fresh())
    assert by_post(found, 4) == [{"cat", "dog", "brownbear"}, {"owl"}, {"elk"}, set()]
    assert found.names == ["cat", "dog", "owl", "brownbear", "elk"]
    assert found.occurrences == 7


def some_posts() -> list[pa.RecordBatch]:
    captions = [f"#Tag{i % 40} ＃ＴＡＧ{i % 7} #{'x' * 70}{i} #{'y' * 64} #{'y' * 63}" for i in range(100)]
    lists = [[f"Tag {i % 30}", f"{'y ' * 40}{i}", "TAG\0 3", "tag\x01 3"] for i in range(100)]
    return [posts(captions[start : start + 20], lists[start : start + 20]) for start in range(0, 100, 20)]


def as_lists(found: Hashtags) -> tuple[object, ...]:
    arrays = (found.row.tolist(), found.tag.tolist(), found.resolved.tolist())
    return (*arrays, list(found.names), found.first, found.occurrences)


def test_what_is_forgotten_changes_nothing() -> None:
    forgetful, mindful = fresh(limit=5), fresh()
    for batch in some_posts():
        assert as_lists(extract(batch, forgetful)) == as_lists(extract(batch, mindful))
    known = forgetful.prepare()
    assert known.forgot == 5 and mindful.prepare().forgot == 0
    assert len(known.names) == len(mindful.names)  # those of the unit, and no others


def test_the_numbers_are_those_of_the_unit_alone() -> None:
    known = KnownHashtags(len)
    for batch in reversed(some_posts()):
        extract(batch, Numbering(known))
    later, alone = Numbering(known), fresh()
    for batch in some_posts():
        assert as_lists(extract(batch, later)) == as_lists(extract(batch, alone))


def test_names_are_numbered_on_over_batches_in_their_order() -> None:
    numbering = fresh()
    first = extract(posts(["#dog #cat", "#Dog #elk"]), numbering)
    assert (first.names, first.first, first.tag.tolist()) == (["dog", "cat", "elk"], 0, [0, 1, 0, 2])
    second = extract(posts(["#ape #elk #bee"], [["cow"]]), numbering)
    assert second.names == ["dog", "cat", "elk", "ape", "bee", "cow"]
    assert (second.first, second.tag.tolist()) == (3, [2, 3, 4, 5])
    assert second.resolved.tolist() == [3] * 6


def test_a_unit_of_too_many_names_begins_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(extraction, "MOST_NAMES", 3)
    numbering, read = fresh(), []
    captions = [["#a #b"], ["#c #a"], ["#d #a"], ["#e"], ["#f #d"]]
    with hashtagged.HashtaggedWriter(tmp_path, 0) as writer:
        for own in captions:
            tags = extract(posts(own), numbering)
            columns = {"post_id": ["1"], "image": [""], "caption": own}
            batch = pa.Table.from_pylist(
                [{name: values[0] for name, values in columns.items()}], schema=SCHEMA
            ).to_batches()[0]
            writer.write(hashtagged.compact(batch, tags), tags)
            read.append(as_lists(tags))
    assert [of_batch[3] for of_batch in read] == [
        ["a", "b"],
        ["a", "b", "c"],
        ["d", "a"],
        ["d", "a", "e"],
        ["f", "d"],
    ]
    assert [of_batch[4] for of_batch in read] == [0, 2, 0, 2, 0]
    # What was written reads the same, whatever the process that reads it knows and forgets.
    for limit in (2, 1000):
        known = KnownHashtags(len, limit)
        assert [as_lists(tags) for _, tags in hashtagged.read_part(tmp_path, 0, known)] == read


def test_a_hashtag_is_normalised_and_resolved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    resolved: list[str] = []
    monkeypatch.setattr(extraction, "caption_form", lambda raw: written.append(raw) or raw)
    known = KnownHashtags(lambda name: resolved.append(name) or 0)
    for _ in range(3):
        extract(posts(["#cat #Cat #猫 #猫", "#CAT #dog"]), Numbering(known))
    assert sorted(written) == sorted(resolved) == ["cat", "dog", "猫"]


def test_hashtags_of_one_hash_are_told_apart_by_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one assumption: where hashes are equal, so is the text. So it is what all else rests on."""
    monkeypatch.setattr(hash_table, "_mixed", np.zeros_like)
    assert by_post(extract(posts(["#cat", "#dog"]), fresh()), 2) == [{"cat"}, {"cat"}]
