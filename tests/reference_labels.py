"""Plain versions of what `weakly.corpus` does with labels, post by post, to compare with."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import pyarrow as pa

from weakly import hashing
from weakly.corpus.hashtags.normal_form import normal_form
from weakly.corpus.wordnet.lexicon import Lexicon

Post = Sequence[str]
"""The hashtags of one post, as written."""


def label_key(spelling: str, merge: str, lexicon: Lexicon) -> object:
    senses = lexicon.spellings.get(spelling)
    if senses is None or merge == "none":
        return spelling
    return senses[0] if merge == "first-sense" else tuple(sorted(senses))


@cache
def merged(selected: frozenset[str], merge: str, lexicon: Lexicon) -> dict[str, frozenset[str]]:
    """Every selected spelling's label, as the set of its spellings."""
    groups: dict[object, set[str]] = {}
    for spelling in selected:
        groups.setdefault(label_key(spelling, merge, lexicon), set()).add(spelling)
    return {spelling: frozenset(own) for own in groups.values() for spelling in own}


def lies_below(synset: int, root: int, lexicon: Lexicon) -> bool:
    return synset == root or any(lies_below(parent, root, lexicon) for parent in lexicon.hypernyms[synset])


def listed(lines: Sequence[str], merge: str, lexicon: Lexicon) -> tuple[set[int], set[str]]:
    """The synsets and the words of a list; a synset is written by its name here."""
    synsets, words = set(), set()
    for line in lines:
        name = line.removesuffix("/**")
        if name in lexicon.names:
            root = lexicon.names.index(name)
            rows = range(len(lexicon.names)) if line != name else [root]
            synsets |= {row for row in rows if lies_below(row, root, lexicon)}
        else:
            hashtag = normal_form(line)
            assert hashtag is not None
            spelling = lexicon.resolve(hashtag) or hashtag.replace("_", "")
            key = label_key(spelling, merge, lexicon)
            words |= {spelling, *(o for o in lexicon.spellings if label_key(o, merge, lexicon) == key)}
    return synsets, words


def selected(
    lists: Sequence[Sequence[str] | None], under: Sequence[str], merge: str, lexicon: Lexicon
) -> tuple[set[str], set[str]]:
    """The spellings that (selected, included, excluded) lists leave, and those included; None is no list."""

    def means(spelling: str, synsets: set[int]) -> list[bool]:
        senses = lexicon.spellings.get(spelling, ())
        return [sense in synsets for sense in (senses[:1] if merge == "first-sense" else senses)]

    def chosen(lines: Sequence[str]) -> set[str]:
        synsets, words = listed(lines, merge, lexicon)
        return words | {s for s, senses in lexicon.spellings.items() if synsets & set(senses)}

    spellings = set(lexicon.spellings) if lists[0] is None else chosen(lists[0])
    if under:
        below, _ = listed([f"{name}/**" for name in under], merge, lexicon)
        spellings = {s for s in spellings if any(means(s, below))}
    included = chosen(lists[1] or [])
    synsets, words = listed(lists[2] or [], merge, lexicon)
    gone = words | {s for s in lexicon.spellings if all(means(s, synsets))}
    return (spellings | included) - gone, included - gone


def vocabulary(
    posts: Sequence[Post], selected: frozenset[str], merge: str, min_count: int, lexicon: Lexicon
) -> tuple[dict[frozenset[str], tuple[int, dict[str, int]]], Counter[str], Counter[int]]:
    """Labels by their spellings (posts, posts a spelling); hashtags by their fate; posts by labels kept."""

    def spelling_of(name: str) -> str | None:
        own = name.replace("_", "")
        return own if own in selected else lexicon.resolve(name)

    label_of = merged(selected, merge, lexicon)
    posts_of, posts_of_spelling = Counter(), Counter()
    for post in posts:
        found = {spelling_of(name) for tag in post if (name := normal_form(tag))} & selected
        posts_of_spelling.update(found)
        posts_of.update({label_of[spelling] for spelling in found if spelling is not None})
    kept = {label for label in label_of.values() if posts_of[label] >= min_count}
    fates, labels_a_post = Counter(), Counter()
    for post in posts:
        seen_names, seen_labels = set(), set()
        for name in filter(None, map(normal_form, post)):
            spelling = spelling_of(name)
            if name in seen_names:
                fates["repeated in the post"] += 1
            elif spelling is None:
                fates["not in the lexicon"] += 1
            elif spelling not in selected:
                fates["not selected"] += 1
            elif label_of[spelling] not in kept:
                fates["below --min-count or --min-authors"] += 1
            elif label_of[spelling] in seen_labels:
                fates["repeated in the post"] += 1
            else:
                fates["kept"] += 1
                seen_labels.add(label_of[spelling])
            seen_names.add(name)
        labels_a_post[len(seen_labels)] += 1
    labels = {label: (posts_of[label], {s: posts_of_spelling[s] for s in label}) for label in kept}
    return labels, fates, labels_a_post


def labels(posts: Sequence[Post], resolve: Callable[[str], int]) -> list[list[int]]:
    """The labels of every post, sorted, by what each hashtag means alone."""
    names = [list(filter(None, map(normal_form, post))) for post in posts]
    return [sorted({label for name in own if (label := resolve(name)) >= 0}) for own in names]


def noisy(post_id: str, own: Sequence[int], share: float, seed: int, counts: np.ndarray) -> list[int]:
    """Labels of one post after noise: the others written out as often as they count, one of them picked."""
    key = hashing.hash_strings(pa.array([post_id]))
    result = set()
    for label in own:
        if hashing.uniform(seed, 0, key, label)[0] < share:
            others = [other for other in range(len(counts)) if other != label for _ in range(counts[other])]
            label = others[int(hashing.uniform(seed, 1, key, label)[0] * len(others))]
        result.add(label)
    return sorted(result)
