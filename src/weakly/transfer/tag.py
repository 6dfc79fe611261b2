"""What the hashtag head says about photos.

In: a checkpoint and photos. Out: for each photo its most probable labels (section 2 of the paper: the head
that pretraining learns, which the paper throws away before it transfers).
"""

import glob
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch

from weakly.errors import InputError
from weakly.evaluation_sets.class_folders import IMAGE_SUFFIXES
from weakly.machine import choose_device
from weakly.training.checkpoint import Pretrained, load_pretrained
from weakly.transfer.inference import Network
from weakly.transfer.options import TagOptions


@dataclass(frozen=True)
class TaggedPhoto:
    """A photo as it was given, or as its folder or pattern gave it, and its labels, or why it cannot be read.

    Attributes:
        labels: names and probabilities, the most probable first; ties in label order. Empty where there is an
            error. After a softmax they are shares of one, after a sigmoid each is of its own.
    """

    path: Path
    labels: tuple[tuple[str, float], ...]
    error: str | None = None


def tag(options: TagOptions) -> list[TaggedPhoto]:
    """Tag photos and print each as it is done: its path, then a line a label.

    Raises:
        InputError: there is no checkpoint, or no photo is named; and at the end, after the others were
            printed, where a photo could not be read. `tag_photos` gives such photos back instead.
    """
    photos = []
    for photo in tag_photos(options):
        if photo.error is not None:
            print(f"{photo.path}: {photo.error}", file=sys.stderr, flush=True)
        else:
            lines = [f"  {probability:6.1%}  {name}" for name, probability in photo.labels]
            print("\n".join([str(photo.path), *lines]), flush=True)
        photos.append(photo)
    failed = sum(photo.error is not None for photo in photos)
    if failed:
        raise InputError(f"{failed} of {len(photos)} photos could not be read; expected photos: see above")
    return photos


def tag_photos(options: TagOptions) -> Iterator[TaggedPhoto]:
    """Tag photos one after the other; of one that cannot be read, its error.

    Raises:
        InputError: there is no checkpoint, or no photo is named.
    """
    if not options.photos:
        raise InputError("no photo is named; expected photos, folders of photos or patterns")
    device = choose_device(options.device)
    pretrained = load_pretrained(options.run)
    network = Network(pretrained, device, head=True, threads=options.threads)
    for text in options.photos:
        paths = expand(text)
        if isinstance(paths, str):
            yield TaggedPhoto(Path(text), (), paths)
            continue
        for output in network.over(paths, batch=options.batch, workers=0):
            tagged = {
                row: TaggedPhoto(paths[row], (), str(fault).replace(f"{paths[row]}: ", ""))
                for row, fault in output.faults.items()
            }
            for row, logits in zip(output.rows.tolist(), output.values.double().cpu(), strict=True):
                tagged[row] = TaggedPhoto(paths[row], _best(logits, pretrained, options.top))
            yield from (tagged[row] for row in sorted(tagged))


def expand(text: str) -> list[Path] | str:
    """The photos that a path, a folder or a pattern stands for, sorted; or why there is none.

    A file is taken whatever its name; of a folder and what lies below it, the files that are images by name.
    """
    path = Path(text)
    if path.is_dir():
        found = sorted(p for p in path.rglob("*") if p.suffix.lower() in IMAGE_SUFFIXES and p.is_file())
        return found or "the folder holds no image"
    if not path.exists() and glob.has_magic(text):
        matches = map(Path, sorted(glob.glob(text, recursive=True)))  # noqa: PTH207 - it may be absolute
        return [match for match in matches if match.is_file()] or "the pattern matches no file"
    return [path]


def _best(logits: torch.Tensor, pretrained: Pretrained, top: int) -> tuple[tuple[str, float], ...]:
    # A head that was trained with a sigmoid a label gives a probability a label, not shares of one.
    sigmoid = pretrained.config["loss"] == "sigmoid"
    probabilities = logits.sigmoid() if sigmoid else logits.softmax(0)
    order = torch.argsort(probabilities, descending=True, stable=True)[:top].tolist()
    return tuple((pretrained.names[label], float(probabilities[label])) for label in order)
