"""Posts with their hashtags become rows of a training set: the labels of every image (paper, section 1).

In come batches of posts and the labels of their hashtags; out goes a row for every post that carries a label
and has an image. Every other post is dropped for one counted reason: the first that applies of "excluded",
"no hashtag", "no hashtag in the vocabulary", and what `image_paths.py` says of its image. `build.py`
is the verb.
"""

import numpy as np
import pyarrow as pa

from weakly.corpus.arrays.ragged import sorted_sets, taken_sets
from weakly.corpus.hashtags.extract import Hashtags
from weakly.corpus.posts.ledger import EXAMPLES, Ledger
from weakly.corpus.training_set.image_paths import UNKNOWN, ImagePlaces
from weakly.corpus.training_set.label_noise import LabelNoise
from weakly.corpus.training_set.training_set import SCHEMA

EXCLUDED, NO_HASHTAG, NO_LABEL = "excluded", "no hashtag", "no hashtag in the vocabulary"
TOO_SMALL = "image smaller than --min-side"


class Labeller:
    """Turns batches of posts into rows of a training set.

    Args:
        places: finds the images.
        noise: replaces labels; of share 0 it changes nothing.
        excluded: ids of posts to leave out; `excluded_found` are those that posts had, until it is cleared.
        min_side: pixels of the shorter side below which an image is left out, where its size is known.
    """

    def __init__(
        self,
        places: ImagePlaces,
        noise: LabelNoise,
        excluded: frozenset[str] = frozenset(),
        min_side: int = 0,
    ) -> None:
        self._places, self.noise = places, noise
        self._excluded, self._min_side = excluded, min_side
        self.excluded_found: set[str] = set()

    def label(self, batch: pa.RecordBatch, tags: Hashtags, ledger: Ledger) -> pa.RecordBatch:
        """Label a batch of `compact_posts.SCHEMA`; returns rows of the training set's `SCHEMA`, in its order.

        `tags` are resolved to labels of the vocabulary; posts dropped here move in the ledger of the reading
        from kept to dropped.
        """
        drops = _Drops(batch, ledger)
        if self._excluded:
            ids = [post_id.strip() for post_id in batch.column("post_id").to_pylist()]
            drops.drop(EXCLUDED, np.array([post_id in self._excluded for post_id in ids], bool))
            self.excluded_found |= self._excluded.intersection(ids)
        drops.drop(NO_HASHTAG, np.diff(tags.offsets) == 0)
        offsets, label = sorted_sets(tags.offsets, tags.tag, tags.names.resolved)
        drops.drop(NO_LABEL, np.diff(offsets) == 0)
        if self._min_side:
            sides = [batch.column(name).fill_null(1 << 30).to_numpy() for name in ("width", "height")]
            drops.drop(TOO_SMALL, np.minimum(*sides) < self._min_side)
        places = self._find_images(batch, drops)
        offsets, label = taken_sets(offsets, label, drops.candidates)
        post_ids = batch.column("post_id").take(pa.array(np.flatnonzero(drops.candidates)))
        offsets, label = self.noise.replace(post_ids, offsets, label)
        lists = pa.ListArray.from_arrays(pa.array(offsets), pa.array(label), type=SCHEMA.field("labels").type)
        return pa.record_batch([post_ids, *places, lists], schema=SCHEMA)

    def _find_images(self, batch: pa.RecordBatch, drops: "_Drops") -> list[pa.Array]:
        """Paths, offsets and sizes of the images of the candidates that have one; the others are dropped."""
        rows = np.flatnonzero(drops.candidates)
        images, offsets, sizes = (
            batch.column(name).take(pa.array(rows)) for name in ("image", "offset", "size")
        )
        starts, lengths = np.zeros(len(rows), np.int64), np.full(len(rows), UNKNOWN, np.int64)
        # Most of what is trusted needs no look at all; it is told apart by the column, not post by post.
        looked_at = np.flatnonzero(~self._places.needs_no_look(images, offsets))
        if len(looked_at):
            paths = images.to_pylist()
            columns = (column.take(pa.array(looked_at)).to_pylist() for column in (offsets, sizes))
            refused: dict[str, list[int]] = {}
            for i, offset, size in zip(looked_at.tolist(), *columns, strict=True):
                place = self._places.find(paths[i], offset, size)
                if isinstance(place, str):
                    refused.setdefault(place, []).append(int(rows[i]))
                else:
                    paths[i], starts[i], lengths[i] = place
            for reason, of_reason in refused.items():
                drops.drop(reason, np.isin(np.arange(batch.num_rows), of_reason))
            images = pa.array(paths, pa.string())
        kept = drops.candidates[rows]
        return [images.filter(pa.array(kept)), pa.array(starts[kept]), pa.array(lengths[kept])]


class _Drops:
    """Which posts of a batch may still become rows; the others are counted."""

    def __init__(self, batch: pa.RecordBatch, ledger: Ledger) -> None:
        self._batch, self._ledger = batch, ledger
        self.candidates = np.ones(batch.num_rows, bool)

    def drop(self, reason: str, mask: np.ndarray) -> None:
        rows = np.flatnonzero(self.candidates & mask)
        self.candidates[rows] = False
        self._ledger.kept -= len(rows)
        if not len(rows):
            return
        shown = rows[: max(EXAMPLES - len(self._ledger.examples.get(reason, ())), 0)].tolist()
        for row in shown:
            post_id, image = (self._batch.column(name)[row].as_py() for name in ("post_id", "image"))
            self._ledger.drop(reason, 1, f"post {post_id}: image {image}")
        self._ledger.drop(reason, len(rows) - len(shown))
