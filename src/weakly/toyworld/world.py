"""A whole world on disk: posts with their photos, a target to judge a backbone on, and the truth about both.

In: options. Out: the folder of a `ToyWorld`. It stands in for the paper's data (sections 1 and 3), so that
the whole pipeline can be run, tested and measured without any.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TextIO, TypeVar

from weakly import artifacts
from weakly.errors import InputError
from weakly.progress import Meter
from weakly.toyworld.annotations import AnnotationWriter
from weakly.toyworld.objects.catalogue import KINDS
from weakly.toyworld.options import ToyWorldOptions
from weakly.toyworld.posts import DUPLICATE_COLUMNS, SHARD, TRUTH_COLUMNS, Shard, draw_shard
from weakly.toyworld.target import TARGET, draw_class, target_kinds

KIND = "toy-world"

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
        photos = 2 * options.target_per_class
        with Meter("drawing", "photos of the target", photos * len(kinds)) as meter:
            for digest in _in_order(partial(draw_class, options, folder), kinds, options.workers):
                tables.digests.append(digest)
                meter.add(photos)
        facts = {**tables.facts(), "target": {"classes": len(kinds), "photos": photos * len(kinds)}}
        fingerprint = artifacts.fingerprint(*tables.digests)
        artifacts.write_manifest(folder, artifacts.Manifest(KIND, fingerprint, asdict(options), facts=facts))
    for line in _describe(options, facts):
        print(line)
    out, tars = options.out, options.format == "tars"
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


def _in_order(draw: Callable[[Task], Drawn], tasks: Sequence[Task], workers: int) -> Iterator[Drawn]:
    """What each task draws, in the order of the tasks."""
    if workers == 1 or len(tasks) < 2:
        yield from map(draw, tasks)
        return
    # A forked process may hang where the parent has threads, as it has once torch was used.
    with ProcessPoolExecutor(min(workers, len(tasks)), get_context("spawn")) as pool:
        yield from pool.map(draw, tasks)


class _Tables(ExitStack):
    """The files of a world that have a line a post or an object, written and counted as shards come."""

    def __init__(self, folder: Path, options: ToyWorldOptions) -> None:
        super().__init__()
        self._folder = folder
        self._posts = self._open("posts.jsonl") if options.format == "files" else None
        self._truth = csv.writer(self._open("truth.csv"), lineterminator="\n")
        self._truth.writerow(TRUTH_COLUMNS)
        self._duplicates = csv.writer(self._open("duplicates.csv"), lineterminator="\n")
        self._duplicates.writerow(DUPLICATE_COLUMNS)
        self._annotations = self.enter_context(closing(AnnotationWriter(folder / "annotations.json")))
        self.counts: Counter[str] = Counter()
        self.kinds: Counter[str] = Counter()
        self.digests: list[str] = []

    def _open(self, name: str) -> TextIO:
        return self.enter_context((self._folder / name).open("w", encoding="utf-8", newline=""))

    def add(self, shard: Shard) -> None:
        """Write what a shard says of its posts, and count."""
        if self._posts:
            self._posts.writelines(f"{line}\n" for line in shard.posts)
        self._truth.writerows(shard.truth)
        self._annotations.add(shard.images, shard.annotations)
        self.digests.append(shard.digest)
        for values in shard.truth:
            row = dict(zip(TRUTH_COLUMNS, values, strict=True))
            if row["copy_of"]:
                self._duplicates.writerow((row["image"], row["copy_of"], row["edit"]))
            numbers = {name: len(row[name].split()) for name in ("right", "wrong", "noise", "objects")}
            self.counts.update({**numbers, row["state"]: 1, "copies": bool(row["copy_of"])})
            self.counts["without"] += not (row["right"] or row["wrong"] or row["noise"])
            self.kinds.update([*dict.fromkeys(row["objects"].split())])

    def facts(self) -> dict[str, Any]:
        """Counts of posts, photos, hashtags and objects so far."""
        counts = self.counts
        photos = {state: counts[state] for state in ("whole", "corrupt", "missing")}
        return {
            "posts": sum(photos.values()),
            "posts_without_hashtag": counts["without"],
            "photos": photos,
            "copies_of_test_photos": counts["copies"],
            "hashtags": {name: counts[name] for name in ("right", "wrong", "noise")},
            "objects": counts["objects"],
            "photos_with": dict(self.kinds.most_common()),
        }


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
