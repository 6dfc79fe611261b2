"""Makes the posts of the corpus benchmark: Parquet files of captions, the same for the same seed.

In come a folder and a number of posts; out go files with `post_id` (int64), `image` and `caption`: some 117
bytes with five hashtags on average, drawn by a Zipf law, with links, emoji and character references around
them. Beside them goes `lexicon.parquet`, which the peers join with (see `inventory.py`). A file once made is
kept for the next run, and shared by all sizes.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from corpus_peers.inventory import CASES, SEPARATORS, TAILS, Inventory, make_inventory

ROWS_A_FILE = 250_000
ROWS_A_GROUP = 62_500
MOST_HASHTAGS = 10
SEED = 7


def make_posts(folder: Path, posts: int) -> list[Path]:
    """Make what is not there yet, and return the files that hold the first `posts` posts."""
    folder.mkdir(parents=True, exist_ok=True)
    starts = range(0, posts, ROWS_A_FILE)
    rows = [min(ROWS_A_FILE, posts - start) for start in starts]
    files = [folder / f"posts-{index:05d}-{n}.parquet" for index, n in enumerate(rows)]
    missing = [index for index, file in enumerate(files) if not file.is_file()]
    lexicon = lexicon_of(folder)
    if missing or not lexicon.is_file():
        inventory = make_inventory(SEED)
        _write_whole(lexicon, lambda path: pq.write_table(inventory.lexicon, path))
        for index in missing:
            _write_whole(files[index], _writer(inventory, index, rows[index]))
    return files


def lexicon_of(folder: Path) -> Path:
    """The file of the peers' lexicon."""
    return folder / "lexicon.parquet"


def images_of(post_id: np.ndarray) -> pa.Array:
    """The `image` of posts by their ids, int64 [n] of up to 12 digits: `017/000000001014.jpg`."""
    text = np.tile(np.frombuffer(b"000/000000000000.jpg", np.uint8), (len(post_id), 1))
    for digits, last in ((post_id % 997, 2), (post_id, 15)):
        rest = digits.copy()
        for place in range(3 if last == 2 else 12):
            text[:, last - place] += (rest % 10).astype(np.uint8)
            rest //= 10
    offsets = np.arange(len(post_id) + 1, dtype=np.int32) * text.shape[1]
    return pa.StringArray.from_buffers(len(post_id), pa.py_buffer(offsets), pa.py_buffer(text.tobytes()))


def captions(inventory: Inventory, random: np.random.Generator, posts: int) -> pa.Array:
    """Captions, string [posts]: a phrase, then hashtags, then a tail."""
    pool = pa.concat_arrays(
        [inventory.written, inventory.phrases, *(_strings(named) for named in (SEPARATORS, TAILS))]
    )
    phrase0 = len(inventory.written)
    separator0 = phrase0 + len(inventory.phrases)
    tail0 = separator0 + len(SEPARATORS)
    number = random.integers(0, MOST_HASHTAGS + 1, posts)
    total = int(number.sum())
    # A caption is a run of pieces of the pool: phrase, (separator, hashtag) * number, tail.
    start = np.concatenate(([0], np.cumsum(2 * number + 2)))
    piece = np.empty(start[-1], np.int64)
    piece[start[:-1]] = phrase0 + random.integers(0, len(inventory.phrases), posts)
    piece[start[1:] - 1] = tail0 + _choose(random, TAILS, posts)
    within = np.arange(total) - np.repeat(np.cumsum(number) - number, number)
    at = np.repeat(start[:-1] + 1, number) + 2 * within
    piece[at] = separator0 + _choose(random, SEPARATORS, total)
    distinct = len(inventory.cumulative)
    hashtag = np.minimum(np.searchsorted(inventory.cumulative, random.random(total)), distinct - 1)
    piece[at + 1] = distinct * _choose(random, CASES, total) + hashtag
    _, offsets, text = pool.take(pa.array(piece)).buffers()
    # The pieces lie one after another, so a caption is from its first piece's offset to the next one's.
    ends = np.frombuffer(offsets, np.int64)[start].astype(np.int32)
    return pa.StringArray.from_buffers(posts, pa.py_buffer(ends), text)


def _strings(named: dict[str, float]) -> pa.Array:
    return pa.array(list(named), pa.large_string())


def _choose(random: np.random.Generator, chances: dict[str, float], size: int) -> np.ndarray:
    cumulative = np.cumsum(list(chances.values()))
    return np.minimum(np.searchsorted(cumulative, random.random(size)), len(cumulative) - 1)


def _writer(inventory: Inventory, index: int, rows: int) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        post_id = np.arange(index * ROWS_A_FILE, index * ROWS_A_FILE + rows)
        table = pa.table(
            {
                "post_id": post_id,
                "image": images_of(post_id),
                "caption": captions(inventory, np.random.default_rng((SEED, index)), rows),
            }
        )
        pq.write_table(table, path, compression="zstd", row_group_size=ROWS_A_GROUP)

    return write


def _write_whole(path: Path, write: Callable[[Path], None]) -> None:
    aside = path.with_suffix(".part")
    write(aside)
    aside.replace(path)
