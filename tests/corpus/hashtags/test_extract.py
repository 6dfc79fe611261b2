"""Batches of posts to numbered hashtags: as the reference has them, whatever a process knows or forgets."""

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import reference_hashtags
from tests.reference_hashtags import by_post, fresh, names_of, nasty, posts, rows_of
from weakly.corpus.hashtags import compact_posts, scan
from weakly.corpus.hashtags.cache import KnownHashtags
from weakly.corpus.hashtags.extract import Hashtags, Names, extract
from weakly.corpus.hashtags.normal_form import in_words
from weakly.corpus.posts.schema import SCHEMA


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(nasty | st.none(), st.lists(nasty | st.none(), max_size=3) | st.none()), max_size=6),
)
def test_extract_agrees_with_the_reference(rows):
    batch = posts([caption for caption, _ in rows], [entries for _, entries in rows])
    found = extract(batch, *fresh())
    written = [
        reference_hashtags.hashtags(caption or "")
        + [form for entry in entries or [] if (form := reference_hashtags.normal_form(entry or ""))]
        for caption, entries in rows
    ]
    assert by_post(found, len(rows)) == [set(names) for names in written]
    assert found.occurrences == sum(map(len, written))
    assert names_of(found) == list(dict.fromkeys(name for names in written for name in names))
    assert found.offsets.dtype == found.tag.dtype == np.int32
    assert len(found.offsets) == len(rows) + 1
    pairs = list(zip(rows_of(found), found.tag.tolist(), strict=True))
    assert len(pairs) == len(set(pairs))
    names = names_of(found)
    as_written = [list(dict.fromkeys(own)) for own in written]  # those of the caption first
    assert [names[tag] for tag in found.tag.tolist()] == [name for own in as_written for name in own]


def test_a_post_may_have_a_caption_a_list_both_or_neither():
    batch = posts(
        ["#Cat #cat #dog", "#owl", None, None], [["CAT", "Brown Bear"], None, ["elk", None, "7"], None]
    )
    found = extract(batch, *fresh())
    assert by_post(found, 4) == [{"cat", "dog", "brownbear"}, {"owl"}, {"elk"}, set()]
    assert names_of(found) == ["cat", "dog", "brownbear", "owl", "elk"]
    assert found.occurrences == 7


def some_posts() -> list[pa.RecordBatch]:
    captions = [f"#Tag{i % 40} ＃ＴＡＧ{i % 7} #{'x' * 70}{i} #{'y' * 64} #{'y' * 63}" for i in range(100)]
    lists = [[f"Tag {i % 30}", f"{'y ' * 40}{i}", "TAG\0 3", "tag\x01 3"] for i in range(100)]
    return [posts(captions[start : start + 20], lists[start : start + 20]) for start in range(0, 100, 20)]


def as_lists(found: Hashtags) -> tuple[object, ...]:
    arrays = (found.offsets, found.tag, found.names.resolved)
    return (names_of(found), *(array.tolist() for array in arrays), found.occurrences)


def test_what_is_forgotten_changes_nothing() -> None:
    known, all_known = knowing_at_most(5), KnownHashtags(len)
    forgetful, mindful = Names(), Names()
    remembered = {id(known.normal_forms): known.normal_forms}
    for batch in some_posts():
        assert as_lists(extract(batch, known, forgetful)) == as_lists(extract(batch, all_known, mindful))
        remembered[id(known.normal_forms)] = known.normal_forms
    assert len(remembered) == 5  # forgotten before each batch but the first
    assert len(known.normal_forms) == len(forgetful.resolved)  # those of the unit, and no others


def test_the_numbers_are_those_of_the_unit_alone() -> None:
    known = KnownHashtags(len)
    for batch in reversed(some_posts()):
        extract(batch, known, Names())
    later, (unknowing, alone) = Names(), fresh()
    for batch in some_posts():
        assert as_lists(extract(batch, known, later)) == as_lists(extract(batch, unknowing, alone))


def test_names_are_numbered_on_over_batches_in_their_order() -> None:
    known, names = fresh()
    first = extract(posts(["#dog #cat", "#Dog #elk"]), known, names)
    assert (names_of(first), first.tag.tolist()) == (["dog", "cat", "elk"], [0, 1, 0, 2])
    second = extract(posts(["#ape #elk #bee"], [["cow"]]), known, names)
    assert second.names is first.names is names
    assert names_of(second) == ["dog", "cat", "elk", "ape", "bee", "cow"]
    assert second.tag.tolist() == [3, 2, 4, 5]  # as they are written
    assert second.names.resolved.tolist() == [3] * 6


def knowing_at_most(limit: int) -> KnownHashtags:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("weakly.corpus.hashtags.cache.MOST_KNOWN", limit)
        return KnownHashtags(len)


def written(folder: Path, captions: list[str], known: KnownHashtags) -> list[Hashtags]:
    """Write a batch a caption; return what was written."""
    tagged, names = [], Names()
    with compact_posts.HashtaggedWriter(folder, 0) as writer:
        for caption in captions:
            row = {"post_id": "1", "image": "", "caption": caption}
            batch = pa.Table.from_pylist([row], schema=SCHEMA).to_batches()[0]
            tags = extract(batch, known, names)
            names = tags.names
            writer.write(compact_posts.compact(batch, tags), tags)
            tagged.append(tags)
    return tagged


def test_a_unit_of_too_many_names_begins_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("weakly.corpus.hashtags.extract.MOST_NAMES", 3)
    for limit in (2, 1000):
        tagged = written(tmp_path, ["#a #bb", "#c #a", "#dd #a", "#e", "#f #dd"], knowing_at_most(limit))
        # All batches of one numbering share its names, which had grown by the end.
        assert ["".join(names_of(tags)) for tags in tagged] == ["abbc", "abbc", "ddae", "ddae", "fdd"]
        assert [tags.tag.tolist() for tags in tagged] == [[0, 1], [2, 0], [0, 1], [2], [0, 1]]
        for limit_of_reader in (2, 1000):
            known = knowing_at_most(limit_of_reader)
            read = [tags for _, tags in compact_posts.read_part(tmp_path, 0, known.resolve_names)]
            assert [*map(as_lists, read)] == [*map(as_lists, tagged)]


def test_a_unit_of_too_many_posts_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weakly.corpus.hashtags.extract._MOST_ROWS", 2)
    known, names = fresh()
    tagged = []
    for caption in ("#a #a", "#b #a", "#b #a"):
        tagged.append(extract(posts([caption]), known, names))
        names = tagged[-1].names
    assert [found.tag.tolist() for found in tagged] == [[0], [1, 0], [0, 1]]
    assert [names_of(found) for found in tagged] == [["a", "b"], ["a", "b"], ["b", "a"]]


def test_what_was_resolved_is_kept_with_the_names(tmp_path: Path) -> None:
    stands_for = {"cat": 1, "dog": 0, "owl": -3}
    written(tmp_path, ["#cat #dog", "#elk #owl"], KnownHashtags(lambda name: stands_for.get(name, -1)))
    np.save(tmp_path / compact_posts.LABELS_FILE, np.array([7, -1], np.int32))
    resolve = compact_posts.labels_of_spellings(tmp_path)
    for _, tags in compact_posts.read_part(tmp_path, 0, resolve):
        assert dict(zip(names_of(tags), tags.names.resolved.tolist(), strict=True)) == {
            "cat": -1,
            "dog": 7,
            "elk": -1,
            "owl": -1,
        }


def test_a_hashtag_is_normalised_and_resolved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    resolved: list[str] = []
    monkeypatch.setattr("weakly.corpus.hashtags.cache.normal_form", lambda raw: written.append(raw) or raw)
    known = KnownHashtags(lambda name: resolved.append(name) or 0)
    for _ in range(3):
        extract(posts(["#cat #Cat #猫 #猫", "#CAT #dog"]), known, Names())
    assert sorted(written) == sorted(resolved) == ["cat", "dog", "猫"]


def test_hashtags_are_told_apart_by_their_hashes_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one assumption: where hashes are equal, so is the text."""
    monkeypatch.setattr(scan, "_KEYS", np.zeros(2, np.uint64))  # with which every hash is 0
    assert by_post(extract(posts(["#cat", "#dog"]), *fresh()), 2) == [{"cat"}, {"cat"}]


def test_text_without_spaces_is_not_taken_for_new_hashtags(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    monkeypatch.setattr("weakly.corpus.hashtags.cache.normal_form", lambda raw: written.append(raw) or raw)
    captions = [f"#旅行{end}今天{i}去了北京。＃猫，{i}" for i in range(20) for end in "。，！🎉»—　"]
    assert by_post(extract(posts(captions), *fresh()), len(captions)) == [{"旅行", "猫"}] * len(captions)
    assert sorted(written) == ["旅行", "猫"]
    assert by_post(extract(posts(["#猫\U00020000。犬"]), *fresh()), 1) == [{"猫\U00020000"}]


def test_the_table_of_characters_has_all() -> None:
    kinds = scan._characters()
    assert all(
        (code < len(kinds) and kinds[code] == 1) == in_words(chr(code)) for code in range(sys.maxunicode + 1)
    )
    assert {code for code, kind in enumerate(kinds.tolist()) if kind == 2} == {
        code for code in range(sys.maxunicode + 1) if chr(code).isspace()
    }
