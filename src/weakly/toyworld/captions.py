"""What the author of a post wrote under the photo: a few words, and hashtags that are mostly true.

In: the truth about a photo. Out: a caption as people write them, with links, character references, emoji and
several scripts in it, and which of its hashtags are true.
"""

from dataclasses import dataclass

from weakly.toyworld.draws import Draws
from weakly.toyworld.hashtags import noise_hashtags, write_hashtag
from weakly.toyworld.objects.catalogue import KINDS
from weakly.toyworld.options import ToyWorldOptions
from weakly.toyworld.photos import KIND_WEIGHTS, Photo

CAPTION = 4
"""Second key of the draws of a caption."""

GROUND_TAGS, COLOUR_TAGS, FAMILY_TAGS = 0.35, 0.15, 0.1
"""Shares of the posts that name the ground, the main object's colour, and what it is in wider words."""

SENTENCES = (
    "{thing} on {ground}",
    "my new {thing} {emoji}",
    "Look at this {thing}!",
    "can't stop looking at this {thing} {emoji}{emoji}",
    "it&#39;s a {thing} &amp; I love it",
    "A {colour} {thing}, as found on {ground} today",
    "day 12: {thing}",
    "no. #1 {thing} in town",
    "{emoji} {thing} of the week {emoji}",
    "more of the {colour} {thing}: https://example.com/p/{number}#comments",
    "see www.example.com/#{thing}s for the rest",
    "今日の一枚 {emoji}",
    "фото дня {emoji}",
    "오늘의 사진",
    "صورة اليوم {emoji}",
    "{thing}…",
    "&quot;{thing}&quot; {emoji}",
    "{emoji}",
)
EMOJI = ("😍", "✨", "📷", "🌿", "❤️", "🙌", "👨‍👩‍👧", "🔥", "😂", "🌞")

HASHTAG_SIGNS = "#########＃"


@dataclass(frozen=True)
class Caption:
    """A caption and its hashtags as written: `right` ones name something in the photo, `wrong` ones an object
    that is not in it, and `noise` says nothing of it."""

    text: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]
    noise: tuple[str, ...]


def write_caption(photo: Photo, options: ToyWorldOptions, index: int) -> Caption:
    """Write the caption of post `index` under its photo."""
    draws = Draws(options.seed, CAPTION, index)
    right, wrong = _hashtags_of_objects(photo, options, draws)
    main, ground = photo.objects[0], photo.grounds[0]
    if draws.chance(GROUND_TAGS):
        right.append(write_hashtag(ground.synset, ground.name, draws))
    if draws.chance(COLOUR_TAGS):
        right.append(write_hashtag(main.colour.synset, main.colour.name, draws))
    if draws.chance(FAMILY_TAGS) and main.kind.family:
        right.append(write_hashtag(main.kind.family, main.kind.family.partition(".")[0], draws))
    noise = noise_hashtags(options.noise_tags, draws)
    if draws.chance(options.without_hashtag):
        right, wrong, noise = [], [], []
    sentence = draws.choose(SENTENCES).format(
        thing=main.name.replace("_", " "),
        ground=ground.name.replace("_", " "),
        colour=main.colour.name,
        emoji=draws.choose(EMOJI),
        number=index,
    )
    text = _lay_out(sentence, [*draws.shuffled([*right, *wrong]), *noise], draws)
    return Caption(text, tuple(right), tuple(wrong), tuple(noise))


def _hashtags_of_objects(photo: Photo, options: ToyWorldOptions, draws: Draws) -> tuple[list[str], list[str]]:
    right: list[str] = []
    wrong: list[str] = []
    shown = dict.fromkeys(thing.kind for thing in photo.objects)
    for kind in shown:
        if draws.chance(options.absent_tags):
            continue
        if draws.chance(options.wrong_tags):
            other = draws.weighted(KINDS, KIND_WEIGHTS)
            (right if other in shown else wrong).append(write_hashtag(other.synset, other.name, draws))
        else:
            times = 1 + draws.chance(0.25)
            right += [write_hashtag(kind.synset, kind.name, draws) for _ in range(times)]
    return right, wrong


def _lay_out(sentence: str, hashtags: list[str], draws: Draws) -> str:
    """Put a sentence and hashtags together: in a row, glued, below dots, or on their own."""
    if not hashtags:
        return sentence
    signed = [draws.choose(HASHTAG_SIGNS) + hashtag for hashtag in hashtags]
    row = " ".join(signed)
    glued, dots = f"{sentence} {''.join(signed)}", f"{sentence}\n.\n.\n.\n{row}"
    layouts = (f"{sentence} {row}", glued, dots, row, f"{row} {sentence}")
    return draws.weighted(layouts, (0.6, 0.08, 0.1, 0.12, 0.1))
