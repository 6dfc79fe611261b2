"""A whole world on disk: posts with their photos, a target to judge a backbone on, and the truth about both.

In: options. Out: the folder of a `ToyWorld`. It stands in for the paper's data (sections 1 and 3), so that
the whole pipeline can be run, tested and measured without any.

A picture comes about in this order: `catalogue` says what there is, `animals`, `nature`, `food`, `vehicles`,
`things` and `tools` how it looks, in the parts of `drawing`, and `grounds` what it lies on, on the points of
`surfaces`; `photos` makes a scene of them, `camera` a photo of the scene, `edits` a near-duplicate of the
photo. `hashtags` and `captions` say something about it; `posts` and `target` write it to disk.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from weakly import artifacts
from weakly.errors import InputError
from weakly.progress import Meter
from weakly.toyworld.annotations import AnnotationWriter
from weakly.toyworld.objects.catalogue import KINDS
from weakly.toyworld.options import ToyWorldOptions
from weakly.toyworld.posts import DUPLICATE_COLUMNS, SHARD, TRUTH_COLUMNS, Shard, draw_shard
from weakly.toyworld.target import TARGET, draw_class, target_kinds

KIND = "toy-world"
"""Sides of photos, in pixels."""

Task = TypeVar("Task")
Drawn = TypeVar("Drawn")


@dataclass(frozen=True)
class ToyWorld:
    """Where everything of a world lies.

    Attributes:
        folder: the whole.
        posts: `posts.jsonl`, or the tars.
        images: the folder that the paths of the images start from.
        target: class folders, `train` and `test`; not there if none were asked for.
        truth: a row a post: what its photo shows, which of its hashtags are right (`posts.TRUTH_COLUMNS`).
        annotations: boxes and masks of the objects in every photo that is whole, as COCO has them.
        duplicates: which photos of posts are copies of which test photos (`posts.DUPLICATE_COLUMNS`).
        facts: counts of it all.
    """

    folder: Path
    posts: tuple[Path, ...]
    images: Path
    target: Path
    truth: Path
    annotations: Path
    duplicates: Path
    facts: dict[str, Any]


def make_world(options: ToyWorldOptions) -> ToyWorld:
    """Draw a world and write its folder.

    Raises:
        InputError: the folder is occupied, or an option is out of its range.
    """
    if options.target_classes > len(KINDS):
        raise InputError(f"--target-classes {options.target_classes}: expected 2 to {len(KINDS)}")
    kinds = target_kinds(options) if options.target_per_class else ()
    shards = range(-(-options.images // SHARD))
    with artifacts.publish(options.out, KIND, overwrite=options.overwrite) as folder:
        with _Tables(folder, options) as tables, Meter("drawing", "posts", options.images) as meter:
            for shard in _in_order(partial(draw_shard, options, folder), shards, options.workers):
                tables.add(shard)
                meter.add(len(shard.truth))
        digests = [*tables.digests]
        photos = 2 * options.target_per_class
        with Meter("drawing", "photos of the target", photos * len(kinds)) as meter:
            for digest in _in_order(partial(draw_class, options, folder), kinds, options.workers):
                digests.append(digest)
                meter.add(photos)
        facts = {**tables.facts(), "target": {"classes": len(kinds), "photos": photos * len(kinds)}}
        manifest = artifacts.Manifest(
            kind=KIND,
            fingerprint=artifacts.fingerprint(*digests),
            options=asdict(options),
            facts=facts,
        )
        artifacts.write_manifest(folder, manifest)
    for line in _describe(options, facts):
        print(line)
    return _world(options, facts)


def _in_order(draw: Callable[[Task], Drawn], tasks: Sequence[Task], workers: int) -> Iterator[Drawn]:
    """What each task draws, in the order of the tasks."""
    if workers == 1 or len(tasks) < 2:
        yield from map(draw, tasks)
        return
    # A forked process may hang where the parent has threads, as it has once torch was used.
    with ProcessPoolExecutor(min(workers, len(tasks)), get_context("spawn")) as pool:
        yield from pool.map(draw, tasks)


class _Tables:
    """The files of a world that have a line a post or an object, written as shards come.

    Args:
        folder: of the world.
        options: what was asked for.

    Attributes:
        digests: of the shards so far.
    """

    def __init__(self, folder: Path, options: ToyWorldOptions) -> None:
        self._posts = None
        if options.format == "files":
            self._posts = (folder / "posts.jsonl").open("w", encoding="utf-8")
        self._truth = (folder / "truth.csv").open("w", encoding="utf-8", newline="")
        self._duplicates = (folder / "duplicates.csv").open("w", encoding="utf-8", newline="")
        self._annotations = AnnotationWriter(folder / "annotations.json")
        self._counts: Counter[str] = Counter()
        self._kinds: Counter[str] = Counter()
        self.digests: list[str] = []

    def __enter__(self) -> "_Tables":
        for file, columns in ((self._truth, TRUTH_COLUMNS), (self._duplicates, DUPLICATE_COLUMNS)):
            csv.writer(file, lineterminator="\n").writerow(columns)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in (self._posts, self._truth, self._duplicates, self._annotations):
            if file is not None:
                file.close()

    def add(self, shard: Shard) -> None:
        """Write what a shard says of its posts."""
        if self._posts is not None:
            self._posts.writelines(f"{line}\n" for line in shard.posts)
        csv.writer(self._truth, lineterminator="\n").writerows(shard.truth)
        csv.writer(self._duplicates, lineterminator="\n").writerows(shard.duplicates)
        self._annotations.add(shard.images, shard.annotations)
        self._counts += shard.counts
        self._kinds += shard.kinds
        self.digests.append(shard.digest)

    def facts(self) -> dict[str, Any]:
        """Counts of posts, photos, hashtags and objects so far."""
        counts = self._counts
        photos = {state: counts[state] for state in ("whole", "corrupt", "missing")}
        return {
            "posts": sum(photos.values()),
            "posts_without_hashtag": counts["without_hashtag"],
            "photos": photos,
            "copies_of_test_photos": counts["copies"],
            "hashtags": {name: counts[name] for name in ("right", "wrong", "noise")},
            "objects": counts["objects"],
            "photos_with": dict(self._kinds.most_common()),
        }


def _world(options: ToyWorldOptions, facts: dict[str, Any]) -> ToyWorld:
    out = options.out
    tars = options.format == "tars"
    return ToyWorld(
        folder=out,
        posts=tuple(sorted((out / "shards").glob("*.tar"))) if tars else (out / "posts.jsonl",),
        images=out / ("shards" if tars else "images"),
        target=out / TARGET,
        truth=out / "truth.csv",
        annotations=out / "annotations.json",
        duplicates=out / "duplicates.csv",
        facts=facts,
    )


def _describe(options: ToyWorldOptions, facts: dict[str, Any]) -> list[str]:
    where = "shards/*.tar" if options.format == "tars" else "posts.jsonl"
    photos, hashtags, target = facts["photos"], facts["hashtags"], facts["target"]
    return [
        f"{facts['posts']:,} posts in {options.out / where}: {photos['missing']:,} photos are missing, "
        f"{photos['corrupt']:,} cut short, {facts['copies_of_test_photos']:,} copies of test photos",
        f"{sum(hashtags.values()):,} hashtags: {hashtags['right']:,} right, {hashtags['wrong']:,} wrong, "
        f"{hashtags['noise']:,} of no meaning; {facts['posts_without_hashtag']:,} posts have none",
        f"{target['photos']:,} photos of {target['classes']:,} classes in {options.out / TARGET}",
    ]
