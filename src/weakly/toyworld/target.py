"""The target: class folders to judge a backbone on, drawn from the same world.

In: options. Out: `target/train/CLASS/*.png` and `target/test/CLASS/*.png`, one object a photo, as many photos
of one class as of another; `weakly probe --to folder:DIR` reads it.
"""

import hashlib
from pathlib import Path
from typing import Literal

from weakly.toyworld.camera import encode
from weakly.toyworld.objects.catalogue import KINDS, Kind
from weakly.toyworld.options import ToyWorldOptions
from weakly.toyworld.photos import draw_target_photo

TARGET = "target"
"""Folder in the world."""


def target_kinds(options: ToyWorldOptions) -> tuple[Kind, ...]:
    """The target's classes, spread evenly from the commonest kind of object to the rarest."""
    count = options.target_classes
    return tuple(KINDS[place * len(KINDS) // count] for place in range(count))


def target_path(part: Literal["train", "test"], kind: Kind, number: int) -> str:
    """Where a photo of the target lies in the target's folder."""
    return f"{part}/{kind.name}/{number:05d}.png"


def draw_class(options: ToyWorldOptions, folder: Path, kind: Kind) -> str:
    """Draw both parts of one class into the world's folder; returns a digest of the photos' bytes."""
    digest = hashlib.sha256()
    for part in ("train", "test"):
        (folder / TARGET / part / kind.name).mkdir(parents=True)
        for number in range(options.target_per_class):
            photo = draw_target_photo(options.seed, part, kind, number, options.size)
            data = encode(photo.image, "PNG", compress_level=1)
            digest.update(data)
            (folder / TARGET / target_path(part, kind, number)).write_bytes(data)
    return digest.hexdigest()
