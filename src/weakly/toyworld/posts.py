"""A run of posts: their photos on disk, and everything that is to be written about them.

In: options and the number of a shard. Out: a folder of JPEG files or a WebDataset tar, and a `Shard` of lines
for `posts.jsonl`, `truth.csv`, `duplicates.csv` and `annotations.json`. Shards know nothing of each other, so
several processes can draw them.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from weakly.corpus.wordnet.lexicon import load
from weakly.toyworld.annotations import describe
from weakly.toyworld.camera import encode
from weakly.toyworld.captions import Caption, write_caption
from weakly.toyworld.draws import Draws
from weakly.toyworld.edits import EDITS
from weakly.toyworld.options import ToyWorldOptions
from weakly.toyworld.photos import Photo, draw_photo, draw_target_photo
from weakly.toyworld.target import target_kinds, target_path

Write = Callable[[str, bytes, str], object]
"""Writes a photo, given its name and bytes, unless there are none, and its post."""

SHARD = 1000
"""Posts in a folder of images or in a tar."""
FATE, COPY = 5, 6
"""Second keys of the draws of what befalls a photo, and of whether it is a copy."""

TRUTH_COLUMNS = (
    *("post_id", "image", "state", "objects", "wnids", "colours", "grounds"),
    *("right", "wrong", "noise", "copy_of", "edit"),
)
"""`state` is whole, corrupt or missing; `right`, `wrong` and `noise` are the hashtags as written. Columns of
several values part them by spaces, objects from the largest to the smallest."""
DUPLICATE_COLUMNS = ("train", "test", "edit")
"""The photo as its post names it, the test photo's path in the target, and what was done to it."""


@dataclass
class Shard:
    """What is to be written about a run of posts.

    Lines of `posts.jsonl` (none where a tar holds them), rows of `truth.csv`, entries of `annotations.json`;
    and a digest of the posts and the bytes of their photos, in order.
    """

    posts: list[str] = field(default_factory=list)
    truth: list[tuple[str, ...]] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    annotations: list[str] = field(default_factory=list)
    digest: str = ""


def draw_shard(options: ToyWorldOptions, folder: Path, number: int) -> Shard:
    """Draw posts [number * SHARD, (number + 1) * SHARD), or as far as there are, into the world's folder."""
    shard, digest = Shard(), hashlib.sha256()
    with (_tar if options.format == "tars" else _files)(folder, number) as write:
        for index in range(number * SHARD, min((number + 1) * SHARD, options.images)):
            photo, copy_of, edit = _photo_of(options, index)
            caption = write_caption(photo, options, index)
            name = f"{index:08d}.jpg"
            image = f"{number:04d}/{name}"
            post = {"post_id": f"p{index:08d}", "image": image, "caption": caption.text}
            state, data = _fate_of(photo, options, index)
            line = json.dumps(post, ensure_ascii=False)
            digest.update(line.encode() + data)
            write(name, data, line)
            if options.format == "files":
                shard.posts.append(line)
            if state == "whole":
                entry, entries = describe(photo, index, image)
                shard.images.append(entry)
                shard.annotations += entries
            shard.truth.append((post["post_id"], image, state, *_truth_of(photo, caption), copy_of, edit))
    shard.digest = digest.hexdigest()
    return shard


def _photo_of(options: ToyWorldOptions, index: int) -> tuple[Photo, str, str]:
    """The photo of a post; where it is a copy, also the test photo's path in the target and the edit."""
    draws = Draws(options.seed, COPY, index)
    if not options.target_per_class or not draws.chance(options.duplicates):
        return draw_photo(options.seed, index, options.size), "", ""
    kind, number = draws.choose(target_kinds(options)), draws.whole(0, options.target_per_class - 1)
    edit = draws.choose(EDITS)
    photo = edit(draw_target_photo(options.seed, "test", kind, number, options.size), draws)
    return photo, target_path("test", kind, number), edit.__name__


def _fate_of(photo: Photo, options: ToyWorldOptions, index: int) -> tuple[str, bytes]:
    """Whether a photo is whole, and its bytes; none where it is missing."""
    draws = Draws(options.seed, FATE, index)
    if draws.chance(options.missing_images):
        return "missing", b""
    data = encode(photo.image, "JPEG", quality=photo.quality)
    if draws.chance(options.corrupt_images):
        return "corrupt", data[: round(len(data) * draws.between(0.1, 0.7))]
    return "whole", data


def _truth_of(photo: Photo, caption: Caption) -> Iterator[str]:
    """The columns of truth from `objects` to `noise`."""
    lexicon = load()
    columns = (
        [thing.name for thing in photo.objects],
        [lexicon.wnids[lexicon.find(thing.kind.synset)] for thing in photo.objects],
        [thing.colour.name for thing in photo.objects],
        [ground.name for ground in photo.grounds],
        *(caption.right, caption.wrong, caption.noise),
    )
    return map(" ".join, columns)


@contextmanager
def _files(folder: Path, number: int) -> Iterator[Write]:
    """Photos as files in `images/0012`; the lines of their posts are kept elsewhere."""
    images = folder / "images" / f"{number:04d}"
    images.mkdir(parents=True)
    yield lambda name, data, _: data and (images / name).write_bytes(data)


@contextmanager
def _tar(folder: Path, number: int) -> Iterator[Write]:
    """Photos and posts in `shards/0012.tar`, as WebDataset has them: `key.jpg` beside `key.json`."""
    path = folder / "shards" / f"{number:04d}.tar"
    path.parent.mkdir(exist_ok=True)
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:

        def write(name: str, data: bytes, post: str) -> None:
            members = [(name, data)] if data else []
            for member, content in (*members, (name.replace(".jpg", ".json"), post.encode())):
                info = tarfile.TarInfo(member)
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))

        yield write
