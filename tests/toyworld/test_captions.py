from dataclasses import replace
from pathlib import Path

import pytest

from weakly.corpus.hashtags.normal_form import normal_form
from weakly.corpus.wordnet.lexicon import load
from weakly.toyworld.captions import write_caption
from weakly.toyworld.draws import Draws
from weakly.toyworld.hashtags import plural, write_hashtag
from weakly.toyworld.objects.catalogue import KINDS
from weakly.toyworld.objects.grounds import GROUNDS
from weakly.toyworld.options import ToyWorldOptions
from weakly.toyworld.photos import KIND_WEIGHTS, draw_photo


def test_hashtags_lead_back_to_their_synsets() -> None:
    lexicon = load()
    nouns = [(kind.synset, kind.name) for kind in (*KINDS, *GROUNDS)]
    nouns += [(c.synset, c.name) for kind in KINDS for c in kind.colours]
    nouns += [(kind.family, kind.family.partition(".")[0]) for kind in KINDS if kind.family]
    for synset, name in set(nouns):
        for number in range(12):
            hashtag = write_hashtag(synset, name, Draws(9, number))
            spelling = lexicon.resolve(normal_form(hashtag) or "")
            assert spelling is not None, hashtag
            assert lexicon.find(synset) in lexicon.spellings[spelling], hashtag
    assert len({kind.name for kind in KINDS}) == len(KINDS) >= 40
    assert [plural(noun) for noun in ("leaf", "cup", "cherry", "scissors")] == [
        "leaves",
        "cups",
        "cherries",
        "scissors",
    ]
    written = {write_hashtag("ladybug.n.01", "ladybug", Draws(1, number)) for number in range(300)}
    assert {"ladybug", "ladybugs", "LADYBUG", "ladybeetle", "lady_beetle", "LadyBeetle"} <= written


def test_rates_are_what_was_asked_for() -> None:
    asked = ToyWorldOptions(out=Path(), wrong_tags=0.3, absent_tags=0.25, noise_tags=1.5)
    photos = [draw_photo(0, index, 16) for index in range(40)]
    captions = [
        write_caption(photo, asked, index + 40 * n) for n in range(40) for index, photo in enumerate(photos)
    ]
    posts = len(captions)
    shown = 40 * sum(len({thing.name for thing in photo.objects}) for photo in photos)
    wrong = sum(len(caption.wrong) for caption in captions)
    # Some wrong draws hit an object that is there after all.
    assert 0.24 < wrong / (shown * 0.75) < 0.31
    assert sum(len(caption.noise) for caption in captions) / posts == pytest.approx(1.5, abs=0.1)
    none = replace(asked, wrong_tags=0, absent_tags=0, noise_tags=0, without_hashtag=0)
    for index, photo in enumerate(photos):
        caption = write_caption(photo, none, index)
        assert not caption.wrong and not caption.noise and caption.right
    assert all(not write_caption(photo, replace(asked, without_hashtag=1), 3).right for photo in photos)
    assert KIND_WEIGHTS[0] > 20 * KIND_WEIGHTS[-1]
