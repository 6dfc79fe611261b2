"""One reading of the posts: how many carry every candidate label and spelling (paper, section 1).

In come batches of posts and the candidate labels; out go counts. Nothing grows with the posts but a scratch
file of 4 bytes a label of a post. It is read back once it is known which labels stay, so that the posts
that keep one are counted exactly, though the posts are read once.
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa

from weakly.corpus.candidates import NOT_IN_LEXICON, NOT_SELECTED, Candidates
from weakly.corpus.hashtags import Hashtags, NormalForms, extract
from weakly.corpus.pairs import add_histograms, distinct_pairs, distinct_sorted

CACHED_HASHTAGS = 1 << 20
LEFT_OUT_HASHTAGS = 1 << 20

_STARTS_POST = np.uint32(1 << 31)


class LabelCounter:
    """Counts candidate labels, spellings and what is left out, batch by batch.

    Args:
        candidates: the labels there may be.
        scratch: a file to be made; `close` leaves it, the caller removes it.

    Attributes:
        posts_with_hashtag: posts with at least one hashtag.
        written: hashtags written, repetitions counted.
        distinct: hashtags left when each counts once a post.
        unresolved: int64[2], of these, those not in the lexicon and those not selected.
        spelling_posts: int64[S], posts that carry each spelling.
        label_posts: int64[C], posts that carry each candidate label.
        label_hashtags: int64[C], hashtags (distinct within their post) that resolve to each.
        left_out: the hashtags that resolve to no candidate.
    """

    def __init__(self, candidates: Candidates, scratch: Path) -> None:
        self._candidates, self._scratch = candidates, scratch
        self._rows: dict[str, int] = {}
        self._forms = NormalForms()
        self._file = scratch.open("wb")
        self._lengths: list[int] = []
        self.posts_with_hashtag = self.written = self.distinct = 0
        self.unresolved = np.zeros(2, np.int64)
        self.spelling_posts = np.zeros(len(candidates.spellings), np.int64)
        self.label_posts = np.zeros(len(candidates.names), np.int64)
        self.label_hashtags = np.zeros(len(candidates.names), np.int64)
        self.left_out = LeftOut(LEFT_OUT_HASHTAGS)

    def __enter__(self) -> "LabelCounter":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, batch: pa.RecordBatch) -> None:
        """Count the posts of one batch."""
        tags = extract(batch, self._forms)
        resolved = self._resolve(tags.names)
        of_pair = resolved[tags.tag]
        self.posts_with_hashtag += len(distinct_sorted(tags.row))
        self.written += tags.occurrences
        self.distinct += len(tags.row)
        self.unresolved += [(of_pair == NOT_IN_LEXICON).sum(), (of_pair == NOT_SELECTED).sum()]
        self._count_left_out(tags, resolved)
        found = of_pair >= 0
        row, spelling = tags.row[found], of_pair[found].astype(np.int64)
        label = self._candidates.label[spelling].astype(np.int64)
        _, once = distinct_pairs(row, spelling, len(self.spelling_posts))
        self.spelling_posts += np.bincount(once, minlength=len(self.spelling_posts))
        self.label_hashtags += np.bincount(label, minlength=len(self.label_hashtags))
        row, label = distinct_pairs(row, label, len(self.label_posts))
        self.label_posts += np.bincount(label, minlength=len(self.label_posts))
        first = np.diff(row, prepend=-1) != 0
        (label.astype(np.uint32) | np.where(first, _STARTS_POST, np.uint32(0))).tofile(self._file)
        self._lengths.append(len(label))

    def labels_a_post(self, kept: np.ndarray) -> np.ndarray:
        """Histogram int64[k + 1] of the number of labels a post keeps, over posts with a candidate.

        Args:
            kept: bool[C], which candidate labels stay.
        """
        self._file.flush()
        histogram = np.zeros(1, np.int64)
        with self._scratch.open("rb") as file:
            for length in self._lengths:
                coded = np.fromfile(file, np.uint32, length)
                post = np.cumsum((coded & _STARTS_POST) != 0) - 1
                each = np.bincount(post, kept[coded & ~_STARTS_POST]).astype(np.int64)
                histogram = add_histograms(histogram, np.bincount(each))
        return histogram

    def _resolve(self, names: list[str]) -> np.ndarray:
        """int32 [n]: rows of the candidates' spellings, or a negative reason, by name."""
        if len(self._rows) > CACHED_HASHTAGS:
            self._rows.clear()
        resolved = np.empty(len(names), np.int32)
        for i, name in enumerate(names):
            row = self._rows.get(name)
            if row is None:
                row = self._rows[name] = self._candidates.resolve(name)
            resolved[i] = row
        return resolved

    def _count_left_out(self, tags: Hashtags, resolved: np.ndarray) -> None:
        posts = np.bincount(tags.tag, minlength=len(tags.names))
        without = np.flatnonzero(resolved < 0)
        self.left_out.add(zip([tags.names[i] for i in without], posts[without].tolist(), strict=True))


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
