"""The vocabulary: what is selected, what is merged, what is counted, and where every hashtag went."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import reference_labels as reference
from tests.corpus.posts.files import read_posts
from tests.real_data import real_data
from weakly import artifacts
from weakly.corpus.options import PostColumns, VocabOptions
from weakly.corpus.posts.ledger import Ledger
from weakly.corpus.vocabulary.build import build_vocabulary
from weakly.corpus.vocabulary.merge import choose
from weakly.corpus.vocabulary.select import NOT_IN_LEXICON, NOT_SELECTED, Resolver, open_resolver
from weakly.corpus.vocabulary.vocabulary import Label, Vocabulary, open_vocabulary, read_vocabulary
from weakly.corpus.wordnet import lexicon
from weakly.corpus.wordnet.spellings import to_spelling
from weakly.errors import InputError

MERGES = ("identical-synsets", "first-sense", "none")
ALL_NOUNS = frozenset(lexicon.load().spellings)


@pytest.fixture(autouse=True)
def _choose_all_nouns_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "weakly.corpus.vocabulary.build.choose",
        lambda select, *rest, **more: (choose_once if select == "nouns" else choose)(select, *rest, **more),
    )


choose_once = cache(choose)


def write_posts(path: Path, posts: list[list[str]], first: int = 0) -> str:
    lines = [
        json.dumps({"post_id": f"p{i}", "image": f"{i}.jpg", "hashtags": tags})
        for i, tags in enumerate(posts, start=first)
    ]
    path.write_text("\n".join(lines) + "\n")
    return str(path)


def build(folder: Path, posts: list[list[str]], **choices: object) -> Vocabulary:
    source = write_posts(folder / "posts.jsonl", posts)
    return build_vocabulary(
        VocabOptions(posts=(source,), out=folder / "vocabulary", overwrite=True, **choices)  # type: ignore
    )


def by_label(vocabulary: Vocabulary) -> list[list[str]]:
    return vocabulary.table["spellings"].to_pylist()


def keys_of(select: str, merge: str) -> dict[str, str]:
    """What breaks ties, by spelling."""
    candidates = (choose_once if select == "nouns" else choose)(select, merge, lexicon.load())
    return {s: candidates.keys[c] for s, c in zip(candidates.spellings, candidates.label, strict=True)}


def by_spelling(vocabulary: Vocabulary) -> dict[str, set[str]]:
    return {spelling: set(own) for own in by_label(vocabulary) for spelling in own}


@pytest.mark.parametrize("merge", MERGES)
def test_what_each_merge_does_to_crane_car_and_automobile(tmp_path: Path, merge: str) -> None:
    posts = [["crane"], ["car"], ["automobile"], ["auto"], ["motorcar"], ["stephencrane"]]
    vocabulary = build(tmp_path, posts, merge=merge)
    labels = by_spelling(vocabulary)
    together = {"auto", "automobile", "motorcar"}
    expected = {
        "identical-synsets": ({"crane"}, {"car"}, together),
        "first-sense": ({"crane", "stephencrane"}, {"car"} | together, {"car"} | together),
        "none": ({"crane"}, {"car"}, {"automobile"}),
    }[merge]
    assert (labels["crane"], labels["car"], labels["automobile"]) == expected
    synsets = dict(zip(vocabulary.names, vocabulary.table["synsets"].to_pylist(), strict=True))
    nouns = lexicon.load()
    senses = {name: [nouns.names[nouns.find(wnid)] for wnid in own] for name, own in synsets.items()}
    assert senses["Crane"] == (
        ["crane.n.01"]
        if merge == "first-sense"
        else ["crane.n.01", "crane.n.02", "grus.n.01", "crane.n.04", "crane.n.05"]
    )
    assert len(senses["car"]) == (1 if merge == "first-sense" else 5)
    counts = dict(zip(vocabulary.names, vocabulary.counts.tolist(), strict=True))
    assert (
        counts
        == {
            "identical-synsets": {"Crane": 1, "Stephen Crane": 1, "car": 1, "auto": 3},
            "first-sense": {"Crane": 2, "car": 4},
            "none": {"Crane": 1, "Stephen Crane": 1, "car": 1, "auto": 1, "automobile": 1, "motorcar": 1},
        }[merge]
    )


TAGS = """#Car cars auto Automobile motor_car brown_bear #BrownBear bruin ursusarctos crane cranes Love ootd
    OOTD happy dog dogs puppy cat kitty geese goose ootd_today 1 été café cafe"""
SELECTED = "car automobile n02132136 crane.n.05 dog.n.01 #ootd ootdtoday coffeebar goose kitty"


@settings(max_examples=20, deadline=None)
@given(
    posts=st.lists(st.lists(st.sampled_from(TAGS.split()), max_size=6), min_size=1, max_size=12),
    merge=st.sampled_from(MERGES),
    select=st.sampled_from(["nouns", "file"]),
    min_count=st.integers(1, 3),
    cuts=st.integers(1, 5),
)
def test_counts_are_those_of_the_plain_version(
    tmp_path_factory: pytest.TempPathFactory,
    posts: list[list[str]],
    merge: str,
    select: str,
    min_count: int,
    cuts: int,
) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "list").write_text("\n".join(SELECTED.split()))
    posts = [*posts, ["crane"] * 2, ["cranes"], ["crane"]]
    nouns = lexicon.load()
    chosen = str(folder / "list") if select == "file" else select
    selected = frozenset(choose(chosen, merge, nouns).spellings) if select == "file" else ALL_NOUNS
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("weakly.corpus.posts.schema.BATCH_ROWS", cuts)
        patch.setattr("weakly.corpus.hashtags.cache.MOST_KNOWN", 2)
        patch.setattr("weakly.corpus.hashtags.extract.MOST_NAMES", 3)
        vocabulary = build(folder, posts, merge=merge, select=chosen, min_count=min_count)
    wanted, fates, labels_a_post = reference.vocabulary(posts, selected, merge, min_count, nouns)
    rows = vocabulary.table.to_pylist()
    got = {
        frozenset(r["spellings"]): (r["count"], dict(zip(r["spellings"], r["spelling_counts"], strict=True)))
        for r in rows
    }
    assert got == wanted
    keys = keys_of(chosen, merge)
    order = [(-r["count"], keys[r["spellings"][0]]) for r in rows]
    assert order == sorted(order)
    for r in rows:
        commonest = dict(zip(r["spellings"], r["spelling_counts"], strict=True))
        assert commonest[to_spelling(r["name"])] == max(commonest.values())
    hashtags, facts = vocabulary.facts["hashtags"], vocabulary.facts["posts"]
    assert {k: v for k, v in hashtags["dropped"].items() if v} | {"kept": hashtags["kept"]} == dict(fates)
    assert sum(hashtags["dropped"].values()) + hashtags["kept"] == hashtags["written"]
    del labels_a_post[0]
    assert {int(k): n for k, n in facts["by_number_of_labels"].items()} == dict(labels_a_post)
    assert facts["with_a_label"] == labels_a_post.total()
    resolve = open_resolver(folder / "vocabulary", vocabulary.label_of_spelling).resolve
    for tag in {tag for post in posts for tag in post} - {"1"}:
        name = reference.normal_form(tag)
        assert name is not None
        label = max(resolve(name), -1)
        holders = [
            r["label"] for r in rows if (nouns.resolve(name) or name.replace("_", "")) in r["spellings"]
        ]
        assert label == (holders[0] if holders else -1)
    assert sorted(path.name for path in folder.iterdir()) == ["list", "posts.jsonl", "vocabulary"]


def test_a_label_is_named_as_most_posts_write_it_in_the_lexicons_writing(tmp_path: Path) -> None:
    posts = [["ursusarctos"], ["Brown_Bears"], ["brownbear"], ["OOTD", "lovely", "funny", "puma", "perfect"]]
    posts += [["turkey", "newyork", "cafés", "dogs"], ["bruin", "sweet", "china"]]
    vocabulary = build(tmp_path, posts, include=_list(tmp_path, "ootd"))
    named = {spelling: vocabulary.names[label] for spelling, label in vocabulary.label_of_spelling.items()}
    assert named["ursusarctos"] == named["brownbear"] == "brown bear" and named["bruin"] == "bruin"
    as_written = ("ootd", "lovely", "funny", "puma", "perfect", "turkey", "cafe", "dog", "sweet")
    assert [named[tag] for tag in as_written] == [*as_written]
    assert (named["newyork"], named["china"]) == ("New York", "China")
    latin = build(tmp_path, [["ursusarctos"], ["Ursus_Arctos"], ["brownbear"]])
    assert latin.names == ["Ursus arctos"]
    assert latin.table["synsets"].to_pylist() == [["n02132136"]]


def test_a_label_of_another_language_is_named_in_it_where_most_posts_are(tmp_path: Path) -> None:
    (tmp_path / "own.tsv").write_text("spelling\tsynset\noso pardo\tbrown_bear.n.01\n")
    more = {"lexicons": (str(tmp_path / "own.tsv"),)}
    assert build(tmp_path, [["osopardo"], ["oso_pardo"], ["brownbear"]], **more).names == ["osopardo"]
    assert build(tmp_path, [["osopardo"], ["brownbear"]], **more).names == ["brown bear"]


def test_names_do_not_decide_the_order_of_labels(tmp_path: Path) -> None:
    # By the first lemmas, which do not depend on the posts: cougar, zebra; yet the one is named puma.
    vocabulary = build(tmp_path, [["zebra", "puma", "perfect"]])
    assert vocabulary.names == ["puma", "perfect", "zebra"]
    assert build(tmp_path, [["zebra", "puma", "perfect"]], select="top:2").names == ["puma", "perfect"]


def _list(folder: Path, *lines: str) -> str:
    (folder / "list").write_text("\n".join(lines) + "\n")
    return str(folder / "list")


def test_top_keeps_the_most_frequent_by_name_where_they_tie(tmp_path: Path) -> None:
    posts = [["dog", "zebra"], ["dog", "apple"], ["dog"], ["mango"]]
    vocabulary = build(tmp_path, posts, select="top:2")
    assert vocabulary.names == ["dog", "apple"]
    assert vocabulary.facts["hashtags"]["dropped"]["not selected"] == 2
    assert vocabulary.facts["posts"]["with_a_label"] == 3
    left_out = [(row["hashtag"], row["posts"], row["reason"]) for row in vocabulary.facts["left_out"]]
    assert left_out == [("mango", 1, "not selected"), ("zebra", 1, "not selected")]
    assert (
        pq.read_table(tmp_path / "vocabulary" / "left_out.parquet").to_pylist()
        == vocabulary.facts["left_out"]
    )


def test_min_count_zero_keeps_labels_that_no_post_carries(tmp_path: Path) -> None:
    vocabulary = build(tmp_path, [["tench"]], select="imagenet-1k", min_count=0)
    assert len(vocabulary) == 1284 and vocabulary.counts.tolist() == [1] + [0] * 1283
    vocabulary = build(tmp_path, [["tench"]], select="imagenet-1k")
    assert vocabulary.names == ["tench"]


def test_content_decides_the_fingerprint_and_nothing_else_does(tmp_path: Path) -> None:
    posts = [["dog", "cat"], ["brownbear"], ["bruin", "love"], ["cars"]]
    one = build(tmp_path, posts)
    first = write_posts(tmp_path / "z.jsonl", posts[:3])
    second = write_posts(tmp_path / "a.jsonl", posts[3:], 3)
    options = VocabOptions(posts=(second, first), out=tmp_path / "other")
    other = build_vocabulary(options)
    assert other.fingerprint == one.fingerprint == open_vocabulary(tmp_path / "other").fingerprint
    different = [
        build(tmp_path, [*posts, ["dog"]]),
        build(tmp_path, posts, merge="none"),
        build(tmp_path, posts, select="top:100"),
        build(tmp_path, [["dog", "cat"], ["bruin"], ["bruin", "love"], ["cars"]]),
    ]
    assert len({v.fingerprint for v in [one, *different]}) == 5


def test_a_file_selects_by_synset_by_noun_and_by_its_own_words(tmp_path: Path) -> None:
    lines = ["n02132136", "", "car.n.01", "  #Geese ", "jack-o'-lantern", "#my_dog", "#", "été"]
    with pytest.raises(InputError, match=r"list:7: '#' is no wnid, synset name, noun or hashtag"):
        build(tmp_path, [["dog"]], select=_list(tmp_path, *lines))
    lines.remove("#")
    posts = [["car", "machine", "bruin", "goose", "jackolantern", "mydog", "my_dog", "été", "dog"]]
    vocabulary = build(tmp_path, posts, select=_list(tmp_path, *lines))
    assert sorted(vocabulary.names) == [
        "bruin", "car", "goose", "jack-o'-lantern", "machine", "mydog", "été",
    ]  # fmt: skip
    assert vocabulary.label_of_spelling["mydog"] == vocabulary.names.index("mydog")
    assert vocabulary.facts["labels_of_their_own"] == 2
    assert vocabulary.facts["hashtags"]["dropped"]["not selected"] == 1
    again = build(tmp_path, posts, select=_list(tmp_path, *reversed(lines), *lines))
    assert again.fingerprint == vocabulary.fingerprint


def test_a_noun_in_a_file_selects_its_whole_label(tmp_path: Path) -> None:
    posts = [["bruin"], ["automobile"]]
    for merge, car in (("identical-synsets", {"automobile", "auto", "motorcar"}), ("none", {"automobile"})):
        vocabulary = build(tmp_path, posts, select=_list(tmp_path, "automobile"), merge=merge)
        assert by_spelling(vocabulary)["automobile"] == car


@pytest.mark.parametrize(
    ("select", "words"),
    [
        ("noun", r"no such selection and no such file; expected imagenet-1k, nouns, top:N or a file"),
        ("top:0", r"expected top:N with a whole number N of at least 1"),
        ("top:many", r"expected top:N"),
        ("n99999999", r"list:2: no noun synset 'n99999999' in WordNet 3.0"),
        ("doge.n.01", r"list:2: no noun synset 'doge.n.01x?'"),
        ("", r"selects nothing"),
    ],
)
def test_a_selection_that_is_none_is_refused(tmp_path: Path, select: str, words: str) -> None:
    if select == "doge.n.01":
        select = "doge.n.07"
        words = words.replace("doge.n.01x?", "doge.n.07")
    listed = _list(tmp_path, "dog", select) if select[:2] in ("n9", "do") else _list(tmp_path, "")
    choice = select if select in ("noun", "top:0", "top:many") else listed
    with pytest.raises(InputError, match=words):
        build(tmp_path, [["dog"]], select=choice)
    assert not (tmp_path / "vocabulary").exists()


def test_posts_without_any_label_are_refused_and_leave_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no label is left of 2 hashtags in 1 posts: .*--min-count 1"):
        build(tmp_path, [["asdfgh", "qwertz"]])
    assert [path.name for path in tmp_path.iterdir()] == ["posts.jsonl"]
    with pytest.raises(InputError, match="--min-count -1"):
        build(tmp_path, [["dog"]], min_count=-1)


def test_what_is_saved_is_what_is_opened(tmp_path: Path) -> None:
    vocabulary = build(tmp_path, [["dog", "cat"], ["brownbear"]])
    opened = open_vocabulary(tmp_path / "vocabulary")
    assert opened == vocabulary
    assert opened.counts.dtype == np.int64 and len(opened) == 3
    pq.write_table(vocabulary.table, tmp_path / "bare.parquet")
    with pytest.raises(InputError, match=r"bare.parquet is not a weakly vocabulary"):
        read_vocabulary(tmp_path / "bare.parquet")
    manifest = artifacts.read_manifest(tmp_path / "vocabulary", "vocabulary")
    parts = {"posts/part-00000.arrow", "posts/part-00000.names.arrow", "posts/labels.npy"}
    assert set(manifest.files) == {"vocabulary.parquet", "left_out.parquet"} | parts


def test_labels_that_share_a_name_or_spelling_are_refused() -> None:
    with pytest.raises(ValueError, match="share"):
        Vocabulary.from_labels([Label("a", (), {"a": 1}, 1), Label("a", (), {"b": 1}, 1)], "nouns", "none")
    with pytest.raises(ValueError, match="share"):
        Vocabulary.from_labels([Label("a", (), {"a": 1}, 1), Label("b", (), {"a": 1}, 1)], "nouns", "none")


def test_real_posts_give_the_known_number_of_labels(tmp_path: Path) -> None:
    source = str(real_data("pretrain/posts.jsonl"))
    vocabulary = build_vocabulary(VocabOptions(posts=(source,), out=tmp_path / "v"))
    assert (len(vocabulary), int((vocabulary.counts >= 20).sum())) == (704, 237)
    posts = [b.column("hashtags").to_pylist() for b in read_posts([source], PostColumns(), Ledger())]
    nouns = lexicon.load()
    wanted, fates, _ = reference.vocabulary(
        [p for b in posts for p in b], ALL_NOUNS, "identical-synsets", 1, nouns
    )
    assert vocabulary.facts["hashtags"]["kept"] == fates["kept"] == int(vocabulary.counts.sum())
    assert sorted(n for n, _ in wanted.values()) == sorted(vocabulary.counts.tolist())


def test_a_vocabulary_of_own_words_labels_by_them() -> None:
    vocabulary = Vocabulary.from_labels([Label("ootd", (), {"ootd": 1}, 1)], "file:0", "none")
    resolver = Resolver(lexicon.load(), vocabulary.label_of_spelling)
    found = [resolver.resolve(name) for name in ("ootd", "oo_td", "ootds", "dog")]
    assert found == [0, 0, NOT_IN_LEXICON, NOT_SELECTED]
