"""Posts to labelled images: this project beside DuckDB, Polars, PySpark and Ray Data, in one run.

    python benchmarks/corpus.py --posts 1000000                 (needs duckdb, polars, pyspark, ray[data])
    python benchmarks/corpus.py --scale 1e6,1e7,1e8             this project alone: memory against posts
    python benchmarks/corpus.py --cores 1,2 --posts 1e7         this project alone: seconds against cores

Every contestant does the task of `corpus_peers/task.py` on the same files in a fresh process held to so many
cores, in turns; what they write must have the same digest, which is taken outside the timed part. CPU seconds
are user and system time of all its processes, from start to end, so starting up counts. Memory is PSS of all
its processes at its highest, seen every 50 ms or somewhat less often. Linux only.
"""

import argparse
import contextlib
import platform
import shutil
import statistics
import sys
import tempfile
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import records
from corpus_peers.digest import digest
from corpus_peers.measure import measure
from corpus_peers.posts import lexicon_of, make_posts
from corpus_peers.task import DISTRIBUTIONS, Task, missing, read

OWN = "weakly"
KEEP = 17_000


def one_run(name: str, posts: int, cores: int, arguments: argparse.Namespace) -> dict[str, Any]:
    """Run one contestant once; its cost, and the digest of what it wrote."""
    files = make_posts(arguments.folder / "posts", posts)
    out = arguments.folder / "out" / f"{name}-{cores}"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    options = dict(option.split("=", 1) for option in arguments.options)
    if name == OWN and cores > 1:
        options.setdefault("engine", "native")
    task = Task(
        posts=[str(file) for file in files],
        lexicon=str(lexicon_of(arguments.folder / "posts")),
        out=str(out),
        keep=KEEP,
        cores=cores,
        options=options,
    )
    command = [sys.executable, "-m", "corpus_peers.task", name, str(task.save())]
    path = {"PYTHONPATH": str(Path(__file__).parent)}
    try:
        cost = measure(command, cores, path, arguments.timeout)
        figures = {"contestant": name, "posts": posts, "cores": cores, **asdict(cost)}
        figures["posts_a_cpu_second"] = posts / cost.cpu
        figures["digest"] = digest(read(name, task))
    finally:
        shutil.rmtree(out, ignore_errors=True)
    print(
        f"  {name:9} {posts:>12,} posts, {cores} core{'s' * (cores > 1)}: {cost.cpu:8.1f} CPU s  "
        f"{cost.wall:8.1f} s  {cost.memory / 2**30:5.2f} GiB  {figures['digest']}",
        flush=True,
    )
    return figures


def run_all(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """All runs that were asked for, in turns."""
    if arguments.scale:
        return [one_run(OWN, posts, 1, arguments) for posts in arguments.scale]
    runs = []
    for number in range(arguments.rounds):
        print(f"round {number + 1} of {arguments.rounds}", flush=True)
        for cores in arguments.cores:
            runs += [one_run(name, arguments.posts, cores, arguments) for name in arguments.contestants]
    return runs


def check_digests(runs: list[dict[str, Any]]) -> None:
    """Raise SystemExit where two runs on the same posts differ."""
    for posts in {run["posts"] for run in runs}:
        digests = {run["digest"]: run["contestant"] for run in runs if run["posts"] == posts}
        if len(digests) > 1:
            raise SystemExit(f"results differ on {posts:,} posts: {digests}")


def summary(runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Medians over the rounds, by contestant, posts and cores."""
    groups: dict[tuple[str, int, int], list[dict[str, Any]]] = {}
    for run in runs:
        groups.setdefault((run["contestant"], run["posts"], run["cores"]), []).append(run)
    measured = ("wall", "cpu", "memory", "posts_a_cpu_second")
    return [
        {
            **dict(zip(("contestant", "posts", "cores"), key, strict=True)),
            **{name: statistics.median(run[name] for run in own) for name in measured},
        }
        for key, own in groups.items()
    ]


def table(rows: list[dict[str, Any]]) -> list[str]:
    """The rows as text, with how they compare to the fastest peer, or to one core."""
    peers = [row["posts_a_cpu_second"] for row in rows if row["contestant"] != OWN]
    one_core = {row["contestant"]: row["wall"] for row in rows if row["cores"] == 1}
    by_cores = len({row["cores"] for row in rows}) > 1
    last = "times one core" if by_cores else "ratio to the fastest peer"
    lines = [
        f"{'':16}{'posts':>12}  cores  thousand posts a CPU-second  {'seconds':>8}  peak PSS GiB  {last}"
    ]
    for row in rows:
        name, ratio = row["contestant"], ""
        if by_cores and name in one_core:
            ratio = f"{one_core[name] / row['wall']:.2f}"
        elif peers and not by_cores:
            ratio = f"{row['posts_a_cpu_second'] / max(peers):.2f}"
        what = f"{name} {version(DISTRIBUTIONS[name])}"
        lines.append(
            f"{what:16}{row['posts']:>12,}  {row['cores']:>5}  "
            f"{row['posts_a_cpu_second'] / 1000:>27,.1f}  {row['wall']:>8.1f}  "
            f"{row['memory'] / 2**30:>12.2f}  {ratio:>{len(last)}}".rstrip()
        )
    return lines


def parse(given: list[str] | None = None) -> argparse.Namespace:
    def numbers(text: str) -> list[int]:
        return [int(float(number)) for number in text.split(",")]

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--posts", type=lambda text: int(float(text)), default=1_000_000)
    parser.add_argument(
        "--contestants", type=lambda text: text.split(","), help="[all; this project's modes: it]"
    )
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--cores", type=numbers, help="how many cores each is held to [1]")
    parser.add_argument("--scale", type=numbers, help="numbers of posts for this project alone")
    parser.add_argument("--folder", type=Path, help="where posts are made and kept [a temporary one]")
    parser.add_argument("--options", nargs="*", default=[], help="NAME=VALUE for the contestants, see there")
    parser.add_argument("--timeout", type=float, default=7200, help="seconds a run may take")
    records.add_options(parser)
    arguments = parser.parse_args(given)
    alone = arguments.scale or arguments.cores
    arguments.contestants = arguments.contestants or ([OWN] if alone else list(DISTRIBUTIONS))
    arguments.cores = arguments.cores or [1]
    for name in arguments.contestants:
        if name not in DISTRIBUTIONS:
            parser.error(f"no contestant {name!r}: expected some of {', '.join(DISTRIBUTIONS)}")
        if needed := missing(name):
            parser.error(f"{name} needs `pip install {needed}`; or name others with --contestants")
    return arguments


def main() -> None:
    arguments = parse()
    with contextlib.ExitStack() as stack:
        if arguments.folder is None:
            arguments.folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        runs = run_all(arguments)
    rows = summary(runs)
    records.keep(arguments, {"runs": runs, "summary": rows})
    check_digests(runs)
    print(f"{platform.machine()}, Python {platform.python_version()}; equal digests; medians of the rounds")
    for line in table(rows):
        print(line)


if __name__ == "__main__":
    main()
