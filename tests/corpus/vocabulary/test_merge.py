"""Candidate labels over all of WordNet: how many there are, their names, and the hashtags that find them."""

import pickle
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from weakly.corpus.vocabulary.merge import Candidates, choose
from weakly.corpus.vocabulary.select import (
    NOT_IN_LEXICON,
    NOT_SELECTED,
    STOPPED,
    Resolver,
    open_resolver,
)
from weakly.corpus.wordnet import lexicon
from weakly.errors import InputError

MERGES = ("identical-synsets", "first-sense", "none")


def test_imagenet_1k_and_nouns_have_the_sizes_counted_on_wordnet() -> None:
    nouns = lexicon.load()
    few = choose("imagenet-1k", "identical-synsets", nouns)
    assert (len(few.spellings), len(few.keys)) == (1804, 1284)
    many = choose("nouns", "identical-synsets", nouns)
    assert (len(many.spellings), len(many.keys)) == (116_654, 77_225)


@pytest.mark.parametrize("merge", MERGES)
def test_canonical_names_are_unique_and_belong_to_their_label(merge: str) -> None:
    candidates = choose("nouns", merge, lexicon.load())
    assert len(set(candidates.keys)) == len(candidates.keys)
    label_of = dict(zip(candidates.spellings, candidates.label.tolist(), strict=True))
    assert all(label_of[lexicon.to_spelling(name)] == i for i, name in enumerate(candidates.keys))
    assert np.array_equal(np.unique(candidates.label), np.arange(len(candidates.keys)))


def test_spellings_that_order_their_senses_differently_share_one_order() -> None:
    nouns = lexicon.load()
    # `armor` has the suit second, `armour` first; both put the vehicles' last.
    senses = {s: [nouns.names[x] for x in nouns.spellings[s]] for s in ("armor", "armour")}
    assert senses == {
        "armor": ["armor.n.01", "armor.n.02", "armor.n.03"],
        "armour": ["armor.n.02", "armor.n.01", "armor.n.03"],
    }
    candidates = choose("nouns", "identical-synsets", nouns)
    label = candidates.label[candidates.spellings.index("armour")]
    assert label == candidates.label[candidates.spellings.index("armor")]
    tied = sorted(nouns.spellings["armor"][:2])
    assert candidates.synsets[label] == (*tied, nouns.spellings["armor"][2])


BEAR, BROWN_BEAR, DOG, CANINE = "n02131653", "n02132136", "n02084071", "n02083346"


def with_other_words() -> lexicon.Lexicon:
    words = {
        "osopardo": [BROWN_BEAR],
        "곰": [BEAR],
        "perro": [DOG, CANINE],
        "dogo": [DOG, CANINE],
        "bruin": [BEAR],  # WordNet's own second sense is the brown bear
    }
    columns = {"spelling": list(words), "synsets": list(words.values())}
    return lexicon.load().extended(pa.table(columns, schema=lexicon.EXTENSION_SCHEMA))


def label(candidates: Candidates, spelling: str) -> int:
    return int(candidates.label[candidates.spellings.index(spelling)])


@pytest.mark.parametrize("merge", MERGES)
def test_names_stay_distinct_with_words_that_wordnet_lacks(merge: str) -> None:
    candidates = choose("nouns", merge, with_other_words())
    assert len(set(candidates.keys)) == len(candidates.keys)
    label_of = dict(zip(candidates.spellings, candidates.label.tolist(), strict=True))
    assert all(label_of[lexicon.to_spelling(name)] == i for i, name in enumerate(candidates.keys))


def test_other_words_join_labels_or_name_their_own() -> None:
    nouns = with_other_words()
    candidates = choose("nouns", "identical-synsets", nouns)
    named = {word: candidates.keys[label(candidates, word)] for word in ("osopardo", "곰", "perro", "dogo")}
    # Two of WordNet's, one that no lemma names, and two that share no word with WordNet: by alphabet.
    assert named == {"osopardo": "brown bear", "곰": "곰", "perro": "dogo", "dogo": "dogo"}
    assert label(candidates, "osopardo") == label(candidates, "ursusarctos") != label(candidates, "bruin")
    assert [nouns.wnids[synset] for synset in candidates.synsets[label(candidates, "perro")]] == [DOG, CANINE]
    first = choose("nouns", "first-sense", nouns)
    assert first.keys[label(first, "곰")] == "bear" and first.keys[label(first, "perro")] == "dog"


def test_every_selection_has_the_other_words(tmp_path: Path) -> None:
    nouns = with_other_words()
    (tmp_path / "synset").write_text("bear.n.01")
    (tmp_path / "word").write_text("brown bear")
    (tmp_path / "other").write_text("#곰")
    for select, words in {
        "imagenet-1k": {"osopardo", "bruin"},  # brown_bear.n.01 is a class, bear.n.01 and dog.n.01 are none
        "nouns": {"osopardo", "곰", "perro", "dogo", "bruin"},
        "top:9": {"osopardo", "곰", "perro", "dogo", "bruin"},
        str(tmp_path / "synset"): {"곰", "bruin"},
        str(tmp_path / "word"): {"osopardo"},
        str(tmp_path / "other"): {"곰"},
    }.items():
        chosen = set(choose(select, "identical-synsets", nouns).spellings)
        assert chosen & {"osopardo", "곰", "perro", "dogo", "bruin"} == words, select
    animals = choose("nouns", "none", nouns, under=["canine.n.02"])
    assert {"perro", "dogo", "dog"} <= set(animals.spellings) and "곰" not in animals.spellings


def test_a_first_synset_without_a_word_of_the_label_does_not_name_it() -> None:
    # Both words mean the bear first, which neither is a lemma of, then the brown bear, which one is.
    nouns = lexicon.load()
    words = pa.table(
        {"spelling": ["bruin", "aloso"], "synsets": [[BEAR]] * 2}, schema=lexicon.EXTENSION_SCHEMA
    )
    spellings = {"bruin": (nouns.find(BROWN_BEAR),), "aloso": (nouns.find(BROWN_BEAR),)}
    own = lexicon.Lexicon(nouns.synsets, spellings, {}).extended(words)
    own.spellings.update({"bruin": own.spellings["bruin"][::-1], "aloso": own.spellings["aloso"][::-1]})
    candidates = choose("nouns", "identical-synsets", own)
    assert candidates.keys == ["bruin"] and len(candidates.synsets[0]) == 2


@pytest.mark.parametrize("stop", [frozenset(), frozenset({"dogs", "mycat", "곰"})])
@pytest.mark.parametrize("nouns", [lexicon.load(), with_other_words()], ids=["wordnet", "extended"])
def test_a_resolver_says_the_same_when_it_is_opened_again(
    tmp_path: Path, nouns: lexicon.Lexicon, stop: frozenset[str]
) -> None:
    numbers = {"dog": 0, "brownbear": 1, "osopardo": 1, "곰": 2, "ootd": 3}
    resolver = Resolver(nouns, numbers, stop)
    resolver.save(tmp_path)
    files = {path.name for path in tmp_path.iterdir()}
    assert files == {
        name for name, is_there in {"lexicon.parquet": nouns.base, "stop.txt": stop}.items() if is_there
    }
    tags = (
        "dog",
        "dogs",
        "my_cat",
        "cat",
        "brown_bears",
        "osopardo",
        "곰",
        "oo_td",
        "ootds",
        "perros",
        "zzz",
    )
    for again in (open_resolver(tmp_path, numbers), pickle.loads(pickle.dumps(resolver))):
        assert [again.resolve(tag) for tag in tags] == [resolver.resolve(tag) for tag in tags]
        assert (again.stopped, again.numbers, again.lexicon.digest) == (stop, numbers, nouns.digest)
    found = dict(zip(tags, map(resolver.resolve, tags), strict=True))
    assert found["dogs"] == (STOPPED if stop else 0) and found["dog"] == 0
    assert found["my_cat"] == (STOPPED if stop else NOT_IN_LEXICON) and found["cat"] == NOT_SELECTED
    assert found["perros"] == (NOT_SELECTED if nouns.base else NOT_IN_LEXICON)
    assert (found["oo_td"], found["brown_bears"], found["ootds"]) == (3, 1, NOT_IN_LEXICON)


def test_a_vocabulary_of_what_stays_resolves_as_the_candidates_do(tmp_path: Path) -> None:
    (tmp_path / "stop").write_text("dogs\n")
    (tmp_path / "more").write_text("ootd\nmydog\n")
    candidates = choose(
        "nouns", "identical-synsets", with_other_words(), include=tmp_path / "more", stop=tmp_path / "stop"
    )
    stays = {spelling for row, spelling in enumerate(candidates.spellings) if row % 2 or spelling == "ootd"}
    opened = Resolver(candidates.resolver.lexicon, dict.fromkeys(stays, 0), candidates.resolver.stopped)
    for tag in (*candidates.spellings[::7], "dogs", "ootd", "mydog", "perros", "my_dogs", "zzzz"):
        row = candidates.resolve(tag)
        if row >= 0:
            assert (opened.resolve(tag) >= 0) == (candidates.spellings[row] in stays)
        else:
            assert opened.resolve(tag) == row


def test_a_broken_saved_lexicon_is_refused(tmp_path: Path) -> None:
    (tmp_path / "stop.txt").write_text("#\n")
    with pytest.raises(InputError, match=r"stop.txt:1: '#' is no hashtag"):
        open_resolver(tmp_path, {})
