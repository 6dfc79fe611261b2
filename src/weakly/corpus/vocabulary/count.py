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
import pyarrow as pa

from weakly.corpus.arrays.numba_loops import compiled
from weakly.corpus.hashtags.extract import Hashtags, Names
from weakly.corpus.vocabulary.merge import Candidates

LEFT_OUT_HASHTAGS, LEFT_OUT_OF_A_UNIT = 1 << 18, 1 << 14
"""Most hashtags without a label that are remembered at a time, and that a unit hands on, the commonest."""
REASONS = 4
"""One more than there are reasons why a hashtag has no candidate: -1, -2, ... of `Resolver.resolve`."""
_STARTS_POST = np.uint32(1 << 31)
_PENDING_AUTHORS = 1 << 20
_NO_TAGS = np.empty((0, 2), np.int32)
_UNDERCOUNT = b"undercount"
_LEFT_OUT = pa.schema({"hashtag": pa.string(), "posts": pa.int64()})


@dataclass
class Counts:
    """What is counted; all of it adds up. In arrays int64 of S spellings and C candidate labels."""

    posts_with_hashtag: np.ndarray  # [1]
    written: np.ndarray  # [1], hashtags, repetitions counted
    distinct: np.ndarray  # [1], hashtags left when each counts once a post
    unresolved: np.ndarray  # [REASONS], of these, those that are no candidate, by the reason's number
    spelling_posts: np.ndarray  # [S], posts that carry each
    label_posts: np.ndarray  # [C], posts that carry each
    label_hashtags: np.ndarray  # [C], hashtags (distinct within their post) that resolve to each

    @staticmethod
    def zero(candidates: Candidates) -> "Counts":
        """Nothing counted yet."""
        lengths = (1, 1, 1, REASONS, len(candidates.spellings), *2 * (len(candidates.keys),))
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
                _add(getattr(self, field.name), saved[f"{field.name} at"], saved[field.name])


class LabelCounter:
    """Counts one unit, batch by batch; its `counts` and what is `left_out` are whole after its `with` block.

    It makes `labels_file`: the candidate labels of every post that has one (see `labels_a_post`).
    """

    def __init__(self, candidates: Candidates, labels_file: Path) -> None:
        self._file = labels_file.open("wb")
        self.counts = Counts.zero(candidates)
        self.left_out = LeftOut()
        self._label = candidates.label
        self._rows = 0
        # The rows of the unit where each label and each spelling was last.
        self._labels = np.full(len(candidates.keys), -1, np.int64)
        self._spellings = np.full(len(candidates.label), -1, np.int64)
        self._names: Names | None = None
        self._tags = _NO_TAGS  # of each name, looked at together: the label or -1, and its posts so far

    def __enter__(self) -> "LabelCounter":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._file.close()
        if kind is None:
            self._count_names()

    def add(self, tags: Hashtags) -> tuple[np.ndarray, np.ndarray]:
        """Count the posts of the next batch, of which these are the hashtags, resolved to candidates.

        Returns row int32 [n] and candidate label int32 [n] of posts with one, distinct, sorted by row.
        """
        if tags.names is not self._names:
            self._count_names()
            self._names = tags.names
        counts, resolved = self.counts, tags.names.resolved
        new = resolved[len(self._tags) :]
        label = np.where(new >= 0, self._label[np.maximum(new, 0)], -1)
        self._tags = np.concatenate((self._tags, np.stack((label, np.zeros_like(label)), axis=1)))
        rows, labels = np.empty(len(tags.tag), np.int32), np.empty(len(tags.tag), np.int32)
        coded = np.empty(len(tags.tag), np.uint32)
        n = _count(
            *(tags.offsets, tags.tag, self._tags, resolved, self._rows, self._labels, self._spellings),
            *(counts.label_posts, counts.spelling_posts, rows, labels, coded),
        )
        self._rows += len(tags.offsets) - 1
        counts.posts_with_hashtag += np.count_nonzero(np.diff(tags.offsets))
        counts.written += tags.occurrences
        counts.distinct += len(tags.tag)
        coded[:n].tofile(self._file)
        return rows[:n], labels[:n]

    def _count_names(self) -> None:
        """Count what is a sum over the posts of every hashtag, once for all batches that share names."""
        if self._names is None:
            return
        counts, resolved = self.counts, self._names.resolved
        label, posts = self._tags.T.astype(np.int64)
        found = resolved >= 0
        _add(counts.unresolved, -resolved[~found], posts[~found])
        _add(counts.label_hashtags, label[found], posts[found])
        _add(counts.label_posts, label[found], posts[found])
        _add(counts.spelling_posts, resolved[found], posts[found])
        without, posts = np.flatnonzero(~found), posts[~found]
        if len(posts) > LEFT_OUT_OF_A_UNIT:
            most_forgotten = np.partition(posts, -LEFT_OUT_OF_A_UNIT - 1)[-LEFT_OUT_OF_A_UNIT - 1]
            without, posts = without[posts > most_forgotten], posts[posts > most_forgotten]
            self.left_out.undercount += int(most_forgotten)
        hashtags = self._names.strings().take(pa.array(without)).to_pylist()
        self.left_out.add(zip(hashtags, posts.tolist(), strict=True))
        self._names, self._tags = None, _NO_TAGS


@compiled
def _count(
    offsets: np.ndarray,
    tag: np.ndarray,
    tags: np.ndarray,
    resolved: np.ndarray,
    rows: int,
    labels: np.ndarray,
    spellings: np.ndarray,
    label_posts: np.ndarray,
    spelling_posts: np.ndarray,
    out_row: np.ndarray,
    out_label: np.ndarray,
    coded: np.ndarray,
) -> int:
    """Count posts by tag and name each label of a post once; what a post repeats is taken off beforehand."""
    # First where there is a label, without a branch: which hashtags have one, no processor can foretell.
    found = 0
    for place in range(len(tag)):
        name = tag[place]
        tags[name, 1] += 1
        coded[found] = place
        found += tags[name, 0] >= 0
    n = own = 0
    labelled = -1
    for place in coded[:found]:
        while offsets[own + 1] <= place:
            own += 1
        label, spelling = tags[tag[place], 0], resolved[tag[place]]
        is_repeated = labels[label] == rows + own
        if is_repeated:  # rare, and there is no repeated spelling without a repeated label
            label_posts[label] -= 1
            spelling_posts[spelling] -= spellings[spelling] == rows + own
        labels[label] = spellings[spelling] = rows + own
        if is_repeated:
            continue
        out_row[n], out_label[n] = own, label
        coded[n] = np.uint32(label) | (_STARTS_POST if own != labelled else np.uint32(0))
        labelled = own
        n += 1
    return n


@compiled
def _add(sums: np.ndarray, index: np.ndarray, values: np.ndarray) -> None:
    for place in range(len(index)):
        sums[index[place]] += values[place]


def labels_a_post(labels_file: Path, kept: np.ndarray) -> np.ndarray:
    """Histogram int64[k + 1] of the number of labels a post keeps, over posts with a candidate, of a unit.

    It is of the candidate labels that are `kept`, bool[C].
    """
    coded = np.fromfile(labels_file, np.uint32)
    kept_of_post = np.empty(len(coded), np.int32)
    return np.bincount(kept_of_post[: _kept_of_posts(coded, kept, kept_of_post)], minlength=1)


@compiled
def _kept_of_posts(coded: np.ndarray, kept: np.ndarray, out: np.ndarray) -> int:
    n = 0
    for code in coded:
        if code & _STARTS_POST:
            out[n] = 0
            n += 1
        out[n - 1] += kept[code & ~_STARTS_POST]
    return n


class LeftOut:
    """The commonest hashtags of those that are no label, in bounded memory.

    Exact until more than `capacity` distinct hashtags were met. Then the rarest are forgotten until at most
    half are left, so that a count is too low by `undercount` at most, and no hashtag of more posts than that
    is missing.
    """

    def __init__(self, capacity: int = LEFT_OUT_HASHTAGS) -> None:
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

    def save(self, path: Path) -> None:
        """Write what is remembered, for `add_saved`."""
        table = pa.table({"hashtag": [*self._posts], "posts": [*self._posts.values()]}, schema=_LEFT_OUT)
        with pa.ipc.new_file(str(path), _LEFT_OUT.with_metadata({_UNDERCOUNT: str(self.undercount)})) as file:
            file.write_table(table)

    def add_saved(self, path: Path) -> None:
        """Add what another unit left out."""
        with pa.OSFile(str(path)) as file:
            table = pa.ipc.open_file(file).read_all()
        self.add(zip(table["hashtag"].to_pylist(), table["posts"].to_pylist(), strict=True))
        self.undercount += int(table.schema.metadata[_UNDERCOUNT])


class DistinctAuthors:
    """Whether enough different people use a label: its distinct authors, exact up to `most` (0: none).

    Only so many of a label are kept, those of the smallest hashes, so that what two workers kept adds up.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._label, self._author = np.empty(0, np.int64), np.empty(0, np.uint64)
        self._waiting: list[tuple[np.ndarray, np.ndarray]] = []

    def add(self, label: np.ndarray, author: np.ndarray) -> None:
        """Add n pairs: labels int64[n], and hashes of authors uint64[n]."""
        if self.most and len(label):
            self._waiting.append((label, author))
            if sum(len(labels) for labels, _ in self._waiting) > _PENDING_AUTHORS:
                self._settle()

    def counts(self, labels: int) -> np.ndarray:
        """int64[labels]: distinct authors of every label, or `most` where there are at least so many."""
        self._settle()
        return np.bincount(self._label, minlength=labels)

    def save(self, path: Path) -> None:
        """Write what is kept, for `add_saved`."""
        self._settle()
        np.savez(path, label=self._label, author=self._author)

    def add_saved(self, path: Path) -> None:
        """Add what another worker kept."""
        with np.load(path) as saved:
            self.add(saved["label"], saved["author"])

    def _settle(self) -> None:
        label, author = map(np.concatenate, zip((self._label, self._author), *self._waiting, strict=True))
        self._waiting.clear()
        order = np.lexsort((author, label))
        label, author = label[order], author[order]
        distinct = np.ones(len(label), bool)
        distinct[1:] = (label[1:] != label[:-1]) | (author[1:] != author[:-1])
        label, author = label[distinct], author[distinct]
        # A pair's place among its label's: how far it lies from the label's first.
        place = np.arange(len(label)) - np.searchsorted(label, label)
        self._label, self._author = label[place < self.most], author[place < self.most]
