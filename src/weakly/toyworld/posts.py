"""A run of posts: their photos on disk, and everything that is to be written about them.

In: options and the number of a shard. Out: a folder of JPEG files or a WebDataset tar, and a `Shard` of lines
for `posts.jsonl`, `truth.csv`, `duplicates.csv` and `annotations.json`. Shards know nothing of each other, so
several processes can draw them.
"""

import hashlib
import io
import json
import tarfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from weakly.corpus.wordnet.lexicon import load
from weakly.toyworld.annotations import describe
from weakly.toyworld.camera import to_jpeg
from weakly.toyworld.captions import Caption, write_caption
from weakly.toyworld.draws import Draws
from weakly.toyworld.edits import EDITS
from weakly.toyworld.options import ToyWorldOptions
from weakly.toyworld.photos import Photo, draw_photo
from weakly.toyworld.target import draw_test_photo, target_kinds, target_path

SHARD = 1000
"""Posts in a folder of images or in a tar."""

FATE, COPY = 5, 6
"""Second keys of the draws of what befalls a photo, and of whether it is a copy."""

TRUTH_COLUMNS = (
    "post_id",
    "image",
    "state",
    "objects",
    "wnids",
    "colours",
    "grounds",
    "right",
    "wrong",
    "noise",
    "copy_of",
    "edit",
)
"""`state` is whole, corrupt or missing; `right`, `wrong` and `noise` are the hashtags as written. Columns of
several values part them by spaces, objects from the largest to the smallest."""
DUPLICATE_COLUMNS = ("train", "test", "edit")
"""The photo as its post names it, the test photo's path in the target, and what was done to it."""


@dataclass
class Shard:
    """What is to be written about a run of posts.

    Attributes:
        posts: lines of `posts.jsonl`; none where a tar holds them.
        truth: rows of `truth.csv`.
        duplicates: rows of `duplicates.csv`.
        images: entries of `annotations.json`.
        annotations: entries of `annotations.json`.
        counts: posts, photos and hashtags by what they are.
        kinds: photos with an object of each kind.
        digest: of the posts and the bytes of their photos, in order.
    """

    posts: list[str] = field(default_factory=list)
    truth: list[tuple[str, ...]] = field(default_factory=list)
    duplicates: list[tuple[str, ...]] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    annotations: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    digest: str = ""


def draw_shard(options: ToyWorldOptions, folder: Path, number: int) -> Shard:
    """Draw posts [number * SHARD, (number + 1) * SHARD), or as far as there are, into the world's folder."""
    shard, digest = Shard(), hashlib.sha256()
    sink = _Tar(folder, number) if options.format == "tars" else _Files(folder, number)
    with sink:
        for index in range(number * SHARD, min((number + 1) * SHARD, options.images)):
            photo, copy_of, edit = _photo_of(options, index)
            caption = write_caption(photo, options, index)
            name = f"{index:08d}.jpg"
            image = f"{number:04d}/{name}"
            post = {"post_id": f"p{index:08d}", "image": image, "caption": caption.text}
            state, data = _fate_of(photo, options, index)
            line = json.dumps(post, ensure_ascii=False)
            digest.update(line.encode() + data)
            sink.write(name, data, line)
            if options.format == "files":
                shard.posts.append(line)
            if state == "whole":
                entry, entries = describe(photo, index, image)
                shard.images.append(entry)
                shard.annotations += entries
            if copy_of:
                shard.duplicates.append((image, copy_of, edit))
            _note(shard, photo, caption, (post["post_id"], image, state), (copy_of, edit))
    shard.digest = digest.hexdigest()
    return shard


def _photo_of(options: ToyWorldOptions, index: int) -> tuple[Photo, str, str]:
    """The photo of a post; where it is a copy, also the test photo's path in the target and the edit."""
    draws = Draws(options.seed, COPY, index)
    if not options.target_per_class or not draws.chance(options.duplicates):
        return draw_photo(options.seed, index, options.size), "", ""
    kind, number = draws.choose(target_kinds(options)), draws.whole(0, options.target_per_class - 1)
    edit = draws.choose(EDITS)
    photo = edit(draw_test_photo(options, kind, number), draws)
    return photo, target_path("test", kind, number), edit.__name__


def _fate_of(photo: Photo, options: ToyWorldOptions, index: int) -> tuple[str, bytes]:
    """Whether a photo is whole, and its bytes; none where it is missing."""
    draws = Draws(options.seed, FATE, index)
    if draws.chance(options.missing_images):
        return "missing", b""
    data = to_jpeg(photo.image, photo.quality)
    if draws.chance(options.corrupt_images):
        return "corrupt", data[: round(len(data) * draws.between(0.1, 0.7))]
    return "whole", data


def _note(
    shard: Shard, photo: Photo, caption: Caption, post: tuple[str, str, str], copy: tuple[str, str]
) -> None:
    """Add a row of truth, and count."""
    lexicon = load()
    things = photo.objects
    columns = (
        [thing.name for thing in things],
        [lexicon.wnids[lexicon.find(thing.kind.synset)] for thing in things],
        [thing.colour.name for thing in things],
        [ground.name for ground in photo.grounds],
        caption.right,
        caption.wrong,
        caption.noise,
    )
    shard.truth.append((*post, *map(" ".join, columns), *copy))
    shard.counts[post[2]] += 1
    shard.counts["objects"] += len(things)
    shard.counts["copies"] += bool(copy[0])
    for name, hashtags in (("right", caption.right), ("wrong", caption.wrong), ("noise", caption.noise)):
        shard.counts[name] += len(hashtags)
    shard.counts["without_hashtag"] += not (caption.right or caption.wrong or caption.noise)
    shard.kinds.update({thing.name for thing in things})


class _Files:
    """Photos as files in `images/0012`; the lines of their posts are kept elsewhere."""

    def __init__(self, folder: Path, number: int) -> None:
        self._folder = folder / "images" / f"{number:04d}"

    def __enter__(self) -> None:
        self._folder.mkdir(parents=True)

    def __exit__(self, *_: object) -> None:
        pass

    def write(self, name: str, data: bytes, post: str) -> None:
        """Write one photo, unless it is missing."""
        if data:
            (self._folder / name).write_bytes(data)


class _Tar:
    """Photos and posts in `shards/0012.tar`, as WebDataset has them: `key.jpg` beside `key.json`."""

    def __init__(self, folder: Path, number: int) -> None:
        self._path = folder / "shards" / f"{number:04d}.tar"

    def __enter__(self) -> None:
        self._path.parent.mkdir(exist_ok=True)
        self._tar = tarfile.open(self._path, "w", format=tarfile.USTAR_FORMAT)

    def __exit__(self, *_: object) -> None:
        self._tar.close()

    def write(self, name: str, data: bytes, post: str) -> None:
        """Write the photo, unless it is missing, and its post."""
        members = [(name, data)] if data else []
        for member, content in (*members, (name.replace(".jpg", ".json"), post.encode())):
            info = tarfile.TarInfo(member)
            info.size = len(content)
            self._tar.addfile(info, io.BytesIO(content))
