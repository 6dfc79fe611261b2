"""The task that every contestant does, and how one is started: `python -m corpus_peers.task NAME TASK.json`.

The task: find the hashtags of every caption; resolve each, in its normal form, to a candidate label; count
the posts that carry each candidate; keep the `keep` candidates of most posts (by name where they tie) and
number them in that order; write `post_id`, `image` and the sorted, distinct numbers of every post with one.

The rule for the generated posts, which is weakly's own on them: a hashtag is what follows `#` or `＃`, as
long as it is letters, digits and underscores of any script; none is in a link, which is `http://` or
`https://` and all up to the next white space. Its normal form is its lower case. A peer resolves by joining
`lexicon.parquet`, where plurals and accents are folded already; weakly resolves by itself.
"""

import importlib
import importlib.util
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

DISTRIBUTIONS = {
    "weakly": "weakly",
    "duckdb": "duckdb",
    "polars": "polars",
    "pyspark": "pyspark",
    "ray_data": "ray",
}
"""Contestants, and the distributions that they are."""


@dataclass(frozen=True)
class Task:
    """What to do, on which files.

    Attributes:
        posts: Parquet files.
        lexicon: Parquet file with `hashtag` and `candidate`.
        out: a folder of the contestant's own, empty at first; the result lies in `result` in it.
        keep: how many labels stay.
        cores: how many cores the contestant may use; it is also held to so many from outside.
        options: what one contestant alone understands.
    """

    posts: list[str]
    lexicon: str
    out: str
    keep: int
    cores: int
    options: dict[str, str]

    @property
    def result(self) -> str:
        """Where the rows go: a file, or a folder."""
        return str(Path(self.out) / "result")

    def save(self) -> Path:
        """Write the task where `main` reads it."""
        path = Path(self.out).with_suffix(".json")
        path.write_text(json.dumps(asdict(self)))
        return path


def missing(name: str) -> str | None:
    """What has to be installed for a contestant, or None."""
    if importlib.util.find_spec(DISTRIBUTIONS[name]) is None:
        return DISTRIBUTIONS[name]
    return "ray[data]" if name == "ray_data" and importlib.util.find_spec("pandas") is None else None


def read(name: str, task: Task) -> Iterator[pa.RecordBatch]:
    """The rows that a contestant wrote: `post_id`, `image`, `labels`."""
    module = importlib.import_module(f"corpus_peers.with_{name}")
    if hasattr(module, "read"):
        yield from module.read(task)
        return
    result = Path(task.result)
    files = [result] if result.is_file() else sorted(result.rglob("*.parquet"))
    for file in files:
        yield from pq.ParquetFile(file).iter_batches(columns=["post_id", "image", "labels"])


def main() -> None:
    name, path = sys.argv[1:]
    task = Task(**json.loads(Path(path).read_text()))
    importlib.import_module(f"corpus_peers.with_{name}").run(task)


if __name__ == "__main__":
    main()
