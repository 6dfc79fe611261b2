"""The task by this project's own two verbs: captions are read by the first, the second reads what it left."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

import weakly
from corpus_peers.task import Task


def run(task: Task) -> None:
    """Make a vocabulary, then a training set."""
    out = Path(task.out)
    images = out / "images"
    images.mkdir()
    how = {"engine": task.options.get("engine", "serial"), "workers": task.cores}
    weakly.vocab(weakly.VocabOptions(tuple(task.posts), out / "vocabulary", select=f"top:{task.keep}", **how))
    weakly.label(
        weakly.LabelOptions(
            (), out / "vocabulary", Path(task.result), images=images, trust_images=True, **how
        )
    )


def read(task: Task) -> Iterator[pa.RecordBatch]:
    """The rows of the training set; its images' paths are relative to the root, as those of the posts are."""
    for part in sorted(Path(task.result).glob("part-*.arrow")):
        with pa.memory_map(str(part)) as file:
            reader = pa.ipc.open_file(file)
            for i in range(reader.num_record_batches):
                batch = reader.get_batch(i)
                yield pa.record_batch(
                    [batch.column(name) for name in ("post_id", "path", "labels")],
                    names=["post_id", "image", "labels"],
                )
