"""A digest of labelled posts that does not depend on their order or on how they were cut into files.

In come batches of `post_id`, `image` and `labels`; out goes a text that is equal for two results only if they
hold the same posts with the same labels: rows, labels, and two sums over all (post, label) of 64-bit hashes.
"""

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from corpus_peers.posts import images_of

_KEYS = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD1B54A32D192ED03))


def digest(batches: Iterable[pa.RecordBatch]) -> str:
    """Digest the rows.

    Raises:
        ValueError: labels are not sorted and distinct, a row has none, or an image is not its post's.
    """
    rows = labels = 0
    sums = [0, 0]
    for batch in batches:
        post_id = batch.column("post_id").cast(pa.int64()).to_numpy()
        if not batch.column("image").cast(pa.string()).equals(images_of(post_id)):
            raise ValueError("an image is not that of its post")
        lists = batch.column("labels").cast(pa.large_list(pa.int64()))
        length = lists.value_lengths().to_numpy(zero_copy_only=False)
        value = lists.flatten().to_numpy()
        row = np.repeat(np.arange(len(length)), length)
        if not (length > 0).all() or not ((np.diff(value) > 0) | (np.diff(row) > 0)).all():
            raise ValueError("labels are not sorted and distinct, at least one a post")
        rows, labels = rows + len(length), labels + len(value)
        for i, key in enumerate(_KEYS):
            hashed = _mix(_mix(post_id[row].astype(np.uint64) + key) + value.astype(np.uint64))
            sums[i] = (sums[i] + int(hashed.sum(dtype=np.uint64))) % 2**64
    return f"{rows}-{labels}-{sums[0]:016x}{sums[1]:016x}"


def _mix(value: np.ndarray) -> np.ndarray:
    """The finaliser of SplitMix64; uint64 [n]."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))
