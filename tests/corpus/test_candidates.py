"""Candidate labels over all of WordNet: how many there are, and what they are called."""

import numpy as np
import pytest

from weakly.corpus import lexicon
from weakly.corpus.candidates import choose

MERGES = ("identical-synsets", "first-sense", "none")


def test_imagenet_1k_and_nouns_have_the_sizes_counted_on_wordnet() -> None:
    nouns = lexicon.load()
    few = choose("imagenet-1k", "identical-synsets", nouns)
    assert (len(few.spellings), len(few.names)) == (1804, 1284)
    many = choose("nouns", "identical-synsets", nouns)
    assert (len(many.spellings), len(many.names)) == (116_654, 77_225)


@pytest.mark.parametrize("merge", MERGES)
def test_canonical_names_are_unique_and_belong_to_their_label(merge: str) -> None:
    candidates = choose("nouns", merge, lexicon.load())
    assert len(set(candidates.names)) == len(candidates.names)
    label_of = dict(zip(candidates.spellings, candidates.label.tolist(), strict=True))
    assert all(label_of[lexicon.to_spelling(name)] == i for i, name in enumerate(candidates.names))
    assert np.array_equal(np.unique(candidates.label), np.arange(len(candidates.names)))


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
