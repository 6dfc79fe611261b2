"""Data sets to transfer to: their classes, their images, and the part held out to choose by.

In: `folder:DIR`. Out: a `Target` with the images of its training and test part (section 3 of the paper; its
targets, ImageNet, CUB and Places, are such folders once unpacked).
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from weakly.artifacts import fingerprint
from weakly.errors import InputError
from weakly.hashing import hash_strings, mix

_DECODED = ("jpg", "jpeg", "jpe", "jfif", "png", "gif", "webp", "bmp", "tif", "tiff")
_NOT_DECODED = ("avif", "heic", "heif", "jp2", "jxl", "ppm", "pgm")
IMAGE_SUFFIXES = frozenset(f".{suffix}" for suffix in (*_DECODED, *_NOT_DECODED))
"""Names of files that are images, in letters of either case. Those that we cannot decode are among them: such
a file is an image that cannot be read, which is counted, and not one that is overlooked."""

HELD_OUT_SHARE = 0.1
"""Share of each class's training images that is held out to choose hyper-parameters by."""


class Example(NamedTuple):
    """An image file and the index of its class."""

    path: Path
    label: int


@dataclass(frozen=True)
class Target:
    """A data set with a training and a test part.

    Attributes:
        name: what results call it.
        root: the folder it lies in.
        classes: class names, sorted; an example's label is an index into them.
        train: examples to learn from, by class and then by path.
        test: examples to be judged on, in the same order.
        skipped: files in the class folders that are no images, by their names.
        fingerprint: digest of the classes and of every image's path within `root` and size in bytes.
    """

    name: str
    root: Path
    classes: tuple[str, ...]
    train: tuple[Example, ...]
    test: tuple[Example, ...]
    skipped: int
    fingerprint: str

    def relative(self, path: Path) -> str:
        """Where an image lies within the data set, the same on every machine."""
        return path.relative_to(self.root).as_posix()


def open_target(text: str) -> Target:
    """Find the data set that `SCHEME:WHERE` names.

    Raises:
        InputError: there is no such scheme, or what it names is not a whole data set.
    """
    scheme, colon, where = text.partition(":")
    if not colon or scheme != "folder":
        cure = f" (did you mean folder:{text}?)" if Path(text).is_dir() else ""
        raise InputError(f"--to {text}: no such kind of data set; expected one of folder:DIR{cure}")
    return open_folder(where)


def open_folder(where: str) -> Target:
    """Read a folder with `train` and `test`, each with a folder of images for every class.

    Raises:
        InputError: a part is missing, the parts differ in their classes, or a class has no image.
    """
    root = Path(where)
    layout = f"{root}/train/CLASS/*.jpg and {root}/test/CLASS/*.jpg"
    if not root.is_dir():
        raise InputError(f"--to folder:{where}: no such folder; expected {layout}")
    for part in ("train", "test"):
        if not (root / part).is_dir():
            there = ", ".join(sorted(path.name for path in root.iterdir())[:5]) or "nothing"
            raise InputError(f"{root} has no folder {part} (it has {there}); expected {layout}")
    classes = _class_names(root / "train")
    _check_same_classes(root, classes, _class_names(root / "test"))
    train, skipped_train = _read_part(root / "train", classes)
    test, skipped_test = _read_part(root / "test", classes)
    digests = [f"{path.relative_to(root).as_posix()} {path.stat().st_size}" for path, _ in train + test]
    skipped, digest = skipped_train + skipped_test, fingerprint(*classes, "", *digests)
    return Target(root.resolve().name, root, tuple(classes), tuple(train), tuple(test), skipped, digest)


def _class_names(part: Path) -> list[str]:
    names = sorted(path.name for path in part.iterdir() if path.is_dir() and not path.name.startswith("."))
    if len(names) < 2:
        raise InputError(
            f"{part} holds fewer than two class folders ({', '.join(names) or 'none'}); "
            "expected one for each class, with its images"
        )
    return names


def _check_same_classes(root: Path, train: list[str], test: list[str]) -> None:
    for own, others, part, other in ((train, test, "train", "test"), (test, train, "test", "train")):
        if only := sorted(set(own) - set(others)):
            names = ", ".join(only[:5]) + (f" and {len(only) - 5} more" if len(only) > 5 else "")
            raise InputError(
                f"{root}: {part} has classes that {other} lacks ({names}); "
                "expected the same class folders in both: rename, add or remove them"
            )


def _read_part(part: Path, classes: list[str]) -> tuple[list[Example], int]:
    """The examples of a part by class and path, and how many files were no images."""
    examples: list[Example] = []
    skipped = 0
    for label, name in enumerate(classes):
        files = _files(part / name)
        images = [path for path in files if path.suffix.lower() in IMAGE_SUFFIXES]
        if not images:
            found = f"{len(files)} files, none of them an image by its name" if files else "no file"
            raise InputError(
                f"{part / name} holds {found}; expected at least one image a class: add or remove"
            )
        skipped += len(files) - len(images)
        examples += [Example(path, label) for path in images]
    return examples, skipped


def _files(folder: Path) -> list[Path]:
    """All files below a folder, sorted; linked folders are followed, each once."""

    def refuse(error: OSError) -> None:
        raise InputError(f"{error.filename}: {error.strerror}; expected a folder that can be read") from error

    found: list[Path] = []
    seen: set[str] = set()
    for parent, folders, files in os.walk(folder, onerror=refuse, followlinks=True):
        real = os.path.realpath(parent)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        for name in files:
            try:
                name.encode()
            except UnicodeEncodeError:
                raise InputError(
                    f"{parent}: file name {name!r} is not UTF-8; expected one that is: rename it"
                ) from None
            found.append(Path(parent, name))
    return sorted(found)


def hold_out(names: list[str], labels: np.ndarray, seed: int) -> np.ndarray:
    """Choose which of n training examples to hold out, bool [n]: a tenth of each class, by name and seed.

    Of a class of m examples round(m/10) are held out, at least 1 if m >= 2, and none if m = 1. Names are as
    `Target.relative` gives them, so the choice does not hang on where they lie; labels are int64 [n].
    """
    draws = mix(seed, hash_strings(pa.array(names, pa.string())))
    sizes = np.bincount(labels)
    wanted = np.maximum(np.rint(sizes * HELD_OUT_SHARE).astype(np.int64), np.minimum(1, sizes - 1))
    order = np.lexsort((draws, labels))
    place = np.arange(len(names)) - (np.cumsum(sizes) - sizes)[labels[order]]
    held_out = np.zeros(len(names), bool)
    held_out[order] = place < wanted[labels[order]]
    return held_out
