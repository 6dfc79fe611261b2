"""How many posts carry every candidate label and spelling, unit by unit (paper, section 1).

In come posts with their hashtags and the candidate labels; out go counts that add up over units, the same
whatever the units. Beside its counts a unit leaves 4 bytes a label of a post: once it is known which labels
stay, they tell exactly how many posts keep one, though the posts are read once.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from weakly.corpus.candidates import Candidates
from weakly.corpus.hashtags import Hashtags
from weakly.corpus.memo import Memo
from weakly.corpus.pairs import add_histograms, distinct_pairs, distinct_sorted

LEFT_OUT_HASHTAGS = 1 << 18
"""Most hashtags without a label that a unit remembers at a time."""
LEFT_OUT_OF_A_UNIT = 1 << 14
"""The commonest of these that it hands on."""
REASONS = 4
"""One more than there are reasons why a hashtag has no candidate: -1, -2, ... of `Candidates.resolve`."""

_STARTS_POST = np.uint32(1 << 31)
_LABELS_AT_ONCE = 1 << 22


@dataclass
class Counts:
    """What is counted; all of it adds up.

    Attributes:
        posts_with_hashtag: int64[1], posts with at least one hashtag.
        written: int64[1], hashtags written, repetitions counted.
        distinct: int64[1], hashtags left when each counts once a post.
        unresolved: int64[REASONS], of these, those that are no candidate, by the reason's number.
        spelling_posts: int64[S], posts that carry each spelling.
        label_posts: int64[C], posts that carry each candidate label.
        label_hashtags: int64[C], hashtags (distinct within their post) that resolve to each.
    """

    posts_with_hashtag: np.ndarray
    written: np.ndarray
    distinct: np.ndarray
    unresolved: np.ndarray
    spelling_posts: np.ndarray
    label_posts: np.ndarray
    label_hashtags: np.ndarray

    @staticmethod
    def zero(candidates: Candidates) -> "Counts":
        """Nothing counted yet."""
        lengths = (1, 1, 1, REASONS, len(candidates.spellings), *2 * (len(candidates.names),))
        return Counts(*(np.zeros(length, np.int64) for length in lengths))

    def save(self, path: Path) -> None:
        """Write the counts; most of them are 0, and are left out."""
        arrays = {}
        for field in fields(self):
            counted = getattr(self, field.name)
            where = np.flatnonzero(counted)
            arrays[field.name], arrays[f"{field.name} at"] = counted[where], where.astype(np.int32)
        np.savez(path, **arrays)

    def add_saved(self, path: Path) -> None:
        """Add what another unit counted."""
        with np.load(path) as saved:
            for field in fields(self):
                getattr(self, field.name)[saved[f"{field.name} at"]] += saved[field.name]


class LabelCounter:
    """Counts one unit, batch by batch; used with `with`.

    Args:
        candidates: the labels there may be.
        resolved: what `candidates.resolve` says of a hashtag; kept from unit to unit, for speed.
        labels_file: a file to be made: the candidate labels of every post that has one (see `labels_a_post`).

    Attributes:
        counts: so far.
        left_out: the hashtags that resolve to no candidate.
    """

    def __init__(self, candidates: Candidates, resolved: Memo[int], labels_file: Path) -> None:
        self._candidates, self._resolved = candidates, resolved
        self._file = labels_file.open("wb")
        self.counts = Counts.zero(candidates)
        self.left_out = LeftOut(LEFT_OUT_HASHTAGS)

    def __enter__(self) -> "LabelCounter":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, tags: Hashtags) -> tuple[np.ndarray, np.ndarray]:
        """Count the posts of a batch; returns (row int64[n], candidate label int64[n]), distinct, sorted."""
        counts = self.counts
        resolved = np.fromiter(map(self._resolved.__getitem__, tags.names), np.int32, len(tags.names))
        of_pair = resolved[tags.tag]
        counts.posts_with_hashtag += len(distinct_sorted(tags.row))
        counts.written += tags.occurrences
        counts.distinct += len(tags.row)
        found = of_pair >= 0
        counts.unresolved += np.bincount(-of_pair[~found], minlength=REASONS)
        self._count_left_out(tags, resolved)
        row, spelling = tags.row[found], of_pair[found].astype(np.int64)
        label = self._candidates.label[spelling].astype(np.int64)
        _, once = distinct_pairs(row, spelling, len(counts.spelling_posts))
        counts.spelling_posts += np.bincount(once, minlength=len(counts.spelling_posts))
        counts.label_hashtags += np.bincount(label, minlength=len(counts.label_hashtags))
        row, label = distinct_pairs(row, label, len(counts.label_posts))
        counts.label_posts += np.bincount(label, minlength=len(counts.label_posts))
        first = np.diff(row, prepend=-1) != 0
        (label.astype(np.uint32) | np.where(first, _STARTS_POST, np.uint32(0))).tofile(self._file)
        return row, label

    def _count_left_out(self, tags: Hashtags, resolved: np.ndarray) -> None:
        posts = np.bincount(tags.tag, minlength=len(tags.names))
        without = np.flatnonzero(resolved < 0)
        self.left_out.add(zip([tags.names[i] for i in without], posts[without].tolist(), strict=True))


def labels_a_post(labels_file: Path, kept: np.ndarray) -> np.ndarray:
    """Histogram int64[k + 1] of the number of labels a post keeps, over posts with a candidate.

    Args:
        labels_file: what a `LabelCounter` left.
        kept: bool[C], which candidate labels stay.
    """
    histogram, begun = np.zeros(1, np.int64), None
    with labels_file.open("rb") as file:
        while len(coded := np.fromfile(file, np.uint32, _LABELS_AT_ONCE)):
            post = np.cumsum((coded & _STARTS_POST) != 0)  # 0: the post that the last stretch broke off in
            each = np.bincount(post, kept[coded & ~_STARTS_POST]).astype(np.int64)
            if begun is not None:
                each[0] += begun
            histogram = add_histograms(histogram, np.bincount(each[(begun is None) : -1]))
            begun = each[-1]
    return histogram if begun is None else add_histograms(histogram, np.bincount([begun]))


class LeftOut:
    """The commonest hashtags of those that are no label, in bounded memory.

    Exact until more than `capacity` distinct hashtags were met. Then the rarest are forgotten until at most
    half are left, so that a count is too low by `undercount` at most, and no hashtag of more posts than that
    is missing.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._posts: Counter[str] = Counter()
        self.undercount = 0

    def add(self, hashtags: Iterable[tuple[str, int]]) -> None:
        """Add posts to hashtags."""
        posts = self._posts
        for hashtag, n in hashtags:
            posts[hashtag] = posts.get(hashtag, 0) + n
        if len(posts) > self._capacity:
            ordered = sorted(posts.values(), reverse=True)
            rarest = ordered[self._capacity // 2]
            self._posts = Counter({hashtag: n for hashtag, n in posts.items() if n > rarest})
            self.undercount += rarest

    def most_common(self, n: int) -> list[tuple[str, int]]:
        """The n hashtags of most posts and their posts, by name where they tie."""
        return sorted(self._posts.items(), key=lambda item: (-item[1], item[0]))[:n]

    def handed_on(self, n: int) -> tuple[list[tuple[str, int]], int]:
        """The n commonest, and by how much a count of any hashtag at all may be too low in them."""
        ordered = self.most_common(n + 1)
        return ordered[:n], self.undercount + (ordered[n][1] if len(ordered) > n else 0)
