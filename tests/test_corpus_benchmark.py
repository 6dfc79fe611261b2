"""The corpus benchmark in a smoke size: all contestants give what a plain reading of the posts gives.

PySpark and Ray Data take half a minute to start and are no part of the `dev` extra: where WEAKLY_SLOW_PEERS
is set (after `pip install 'weakly[bench]'`, with a Java beside it) they are contestants too.
"""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from weakly.corpus.hashtags.normal_form import normal_form
from weakly.corpus.vocabulary.merge import choose
from weakly.corpus.wordnet.lexicon import load

SCRIPT = Path(__file__).parent.parent / "benchmarks" / "corpus.py"
POSTS = 2000
CONTESTANTS = ["weakly", "duckdb", "polars"]
if os.environ.get("WEAKLY_SLOW_PEERS"):
    CONTESTANTS += ["pyspark", "ray_data"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="it measures by /proc"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("corpus_benchmark")


def digest_of(name: str, folder: Path) -> str:
    """Run one contestant through the script, and return the digest of what it wrote."""
    figures = folder / f"{name}.json"
    where = ["--folder", str(folder), "--json", str(figures)]
    command = [sys.executable, str(SCRIPT), "--posts", str(POSTS), "--contestants", name, *where]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-1000:] + done.stderr[-2000:]
    assert done.stdout.splitlines()[-1].startswith(name)
    (run,) = json.loads(figures.read_text())["runs"]
    assert run["cpu"] > 0
    assert run["wall"] > 0
    assert run["memory"] > 0
    return run["digest"]


def mix(value: np.ndarray) -> np.ndarray:
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        value = (value ^ (value >> np.uint64(shift))) * np.uint64(factor)
    return value ^ (value >> np.uint64(31))


def naive(folder: Path) -> str:
    """The digest by the rule of the task, post by post."""
    candidates = choose("nouns", "identical-synsets", load())
    (file,) = (folder / "posts").glob("posts-*.parquet")
    carried: dict[int, set[str]] = {}
    for post in pq.read_table(file).to_pylist():
        found = re.findall(r"[#＃](\w+)", re.sub(r"https?://\S+", "", post["caption"]))
        rows = [candidates.resolve(form) for form in map(normal_form, found) if form is not None]
        carried[post["post_id"]] = {candidates.keys[candidates.label[row]] for row in rows if row >= 0}
    posts = Counter(name for names in carried.values() for name in names)
    ordered = sorted(posts, key=lambda name: (-posts[name], name))[:17_000]
    label = {name: number for number, name in enumerate(ordered)}
    pairs = [(post, label[name]) for post, names in carried.items() for name in names if name in label]
    post, number = np.array(pairs, np.uint64).T
    keys = (0x9E3779B97F4A7C15, 0xD1B54A32D192ED03)
    sums = [int(mix(mix(post + np.uint64(key)) + number).sum(dtype=np.uint64)) for key in keys]
    return f"{len(set(post.tolist()))}-{len(pairs)}-{sums[0]:016x}{sums[1]:016x}"


@pytest.mark.parametrize("name", CONTESTANTS)
def test_every_contestant_gives_what_a_plain_reading_does(name: str, folder: Path) -> None:
    assert digest_of(name, folder) == naive(folder)
