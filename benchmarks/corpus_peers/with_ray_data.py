"""The task in Ray Data: `map_batches` over Arrow tables, on one local node.

Captions are searched in Python, which beats any chain of Arrow's string functions here, and resolved with a
dictionary; what each post resolves to is kept in the object store, so captions are read once. Counts are
summed from one small table a block.
"""

# pyright: reportMissingImports=false

import os
import re
from functools import cache, partial

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from corpus_peers.task import Task

_FIND = re.compile(r"https?://\S+|[#＃](\w+)").findall


def run(task: Task) -> None:
    """Tag, count, then label."""
    os.environ["RAY_DATA_DISABLE_PROGRESS_BARS"] = "1"
    import ray

    ray.init(
        num_cpus=task.cores,
        include_dashboard=False,
        object_store_memory=int(task.options.get("store", str(2 << 30))),
        _temp_dir=task.options.get("temp"),
    )
    posts = ray.data.read_parquet(task.posts, columns=["post_id", "image", "caption"])
    tagged = posts.map_batches(
        partial(_tag, lexicon=task.lexicon), batch_format="pyarrow", batch_size=None, zero_copy_batch=True
    ).materialize()
    counted = tagged.select_columns("candidates").map_batches(_count, batch_format="pyarrow", batch_size=None)
    counts = np.zeros(0, np.int64)
    for batch in counted.iter_batches(batch_size=None, batch_format="pyarrow"):
        found = np.asarray(batch["posts"])
        counts = np.pad(counts, (0, max(len(found) - len(counts), 0)))
        counts[: len(found)] += found
    label = np.full(len(counts), -1, np.int32)
    kept = np.lexsort((np.arange(len(counts)), -counts))[: task.keep]
    kept = kept[counts[kept] > 0]
    label[kept] = np.arange(len(kept))
    labelled = tagged.map_batches(partial(_label, label=label), batch_format="pyarrow", batch_size=None)
    labelled.write_parquet(task.result)
    ray.shutdown()


@cache
def _candidates(lexicon: str) -> dict[str, int]:
    """Read once a worker. An actor would do so too, but it holds a core, and there may be only one."""
    table = pq.read_table(lexicon)
    return dict(zip(table["hashtag"].to_pylist(), table["candidate"].to_pylist(), strict=True))


def _tag(batch: pa.Table, lexicon: str) -> pa.Table:
    """Candidates of every post, sorted and distinct, in place of its caption."""
    candidate_of = _candidates(lexicon).get
    values, ends = [], [0]
    for caption in batch["caption"].to_pylist():
        found = {candidate_of(hashtag) for hashtag in _FIND(caption.lower())}
        found.discard(None)
        values += sorted(found)  # pyright: ignore[reportArgumentType]
        ends.append(len(values))
    lists = pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.array(values, pa.int32()))
    return batch.drop_columns(["caption"]).append_column("candidates", lists)


def _count(batch: pa.Table) -> pa.Table:
    values = pa.concat_arrays(chunk.flatten() for chunk in batch["candidates"].chunks)
    return pa.table({"posts": np.bincount(values.to_numpy())})


def _label(batch: pa.Table, label: np.ndarray) -> pa.Table:
    lists = batch["candidates"].combine_chunks()
    found = label[lists.flatten().to_numpy()]
    row = np.repeat(np.arange(len(lists)), np.diff(lists.offsets.to_numpy()))[found >= 0]
    found = found[found >= 0]
    order = np.lexsort((found, row))
    rows, first = np.unique(row, return_index=True)
    labels = pa.ListArray.from_arrays(
        pa.array(np.append(first, len(row)).astype(np.int32)), pa.array(found[order])
    )
    return batch.select(["post_id", "image"]).take(pa.array(rows)).append_column("labels", labels)
