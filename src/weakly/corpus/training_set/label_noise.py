"""Label noise, as the paper's study of it defines it (section 1): some labels are replaced by random ones.

In come the labels of posts, out come labels of which a share was replaced. Every label of a post is, with the
probability asked for, replaced by a draw from the marginal distribution (the vocabulary's counts) without the
label itself. A draw that a post already carries merges with it, so a post may end with fewer labels, never
with none. What happens to a label is a function of the seed, the post's id and the label only.
"""

from collections import Counter

import numpy as np
import pyarrow as pa

from weakly import hashing
from weakly.corpus.arrays.ragged import sorted_sets
from weakly.errors import InputError

_WHETHER, _WHICH = 0, 1
"""Streams of random numbers."""


class LabelNoise:
    """Replaces a share of labels, 0 to 1; each is drawn in proportion to its `counts`, int64[L].

    `found` counts `labels` seen since it was last cleared, those `replaced` of them, and those `merged`: lost
    because a replacement was already there.

    Raises:
        InputError: fewer than two labels can be drawn.
    """

    def __init__(self, share: float, seed: int, counts: np.ndarray) -> None:
        if share > 0 and np.count_nonzero(counts) < 2:
            raise InputError(
                f"--noise {share}: a label is replaced by another one, and the vocabulary has "
                f"{np.count_nonzero(counts)} that posts carry: make one with more, or leave the noise out"
            )
        self.share, self.seed = share, seed
        self._counts = counts.astype(np.int64)
        self._ends = np.cumsum(self._counts)
        self.found = Counter(labels=0, replaced=0, merged=0)

    def replace(
        self, post_ids: pa.StringArray, offsets: np.ndarray, label: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Replace labels, int32[m], of n posts; those of each begin and end at offsets, int32[n + 1].

        They are sorted and distinct within a post, before and after.
        """
        self.found["labels"] += len(label)
        if self.share == 0 or not len(label):
            return offsets, label
        post = np.repeat(hashing.hash_strings(post_ids), np.diff(offsets))
        hit = hashing.uniform(self.seed, _WHETHER, post, label) < self.share
        mixed = label.copy()
        mixed[hit] = self._draw(label[hit], hashing.uniform(self.seed, _WHICH, post[hit], label[hit]))
        offsets, mixed = sorted_sets(offsets, mixed)
        self.found.update(replaced=int(np.count_nonzero(hit)), merged=len(label) - len(mixed))
        return offsets, mixed

    def _draw(self, label: np.ndarray, uniform: np.ndarray) -> np.ndarray:
        """One other label for each, int32[m], by m numbers in [0, 1)."""
        # The labels' counts are intervals end to end; what is left without the label's own is as long as the
        # others together, and a point at or beyond its place moves on by its length.
        own = self._counts[label]
        others = self._ends[-1] - own
        point = np.minimum((uniform * others).astype(np.int64), others - 1)
        point += np.where(point >= self._ends[label] - own, own, 0)
        return np.searchsorted(self._ends, point, side="right").astype(np.int32)
