"""Where the objects are: boxes and masks in the JSON of COCO.

In: photos and their numbers. Out: lines of JSON for `annotations.json`, which tools for COCO read.
"""

import json
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import numpy as np

from weakly.toyworld.objects.catalogue import KINDS
from weakly.toyworld.photos import Photo

_line = partial(json.dumps, separators=(",", ":"))

_MOST_OBJECTS = 16
"""More than a photo can hold: an annotation's id is its photo's times this, and its place there."""


def run_lengths(mask: np.ndarray) -> list[int]:
    """COCO's uncompressed run lengths of a mask, bool [h, w], by columns; the first of pixels outside it."""
    flat = np.concatenate(([False], mask.ravel(order="F")))
    ends = np.append(np.flatnonzero(flat[1:] != flat[:-1]), mask.size)
    return np.diff(ends, prepend=0).tolist()


def describe(photo: Photo, number: int, file_name: str) -> tuple[str, list[str]]:
    """JSON of one photo's entry among `images`, and of its objects' among `annotations`."""
    high, wide = photo.image.shape[:2]
    entries = [
        {
            "id": number * _MOST_OBJECTS + place,
            "image_id": number,
            "category_id": KINDS.index(thing.kind) + 1,
            "bbox": thing.box,
            "area": thing.area,
            "iscrowd": 0,
            "segmentation": {"size": [high, wide], "counts": run_lengths(thing.mask)},
        }
        for place, thing in enumerate(photo.objects)
    ]
    image = {"id": number, "file_name": file_name, "width": wide, "height": high}
    return _line(image), [_line(entry) for entry in entries]


class AnnotationWriter:
    """Writes `annotations.json` as photos come; only the short entries of the photos wait in memory."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8")
        self._images: list[str] = []
        self._separator = ""
        categories = [{"id": rank + 1, "name": kind.name} for rank, kind in enumerate(KINDS)]
        self._file.write(f'{{"categories": {_line(categories)},\n"annotations": [')

    def add(self, images: Iterable[str], annotations: Iterable[str]) -> None:
        """Add the entries of some photos, as `describe` gives them."""
        self._images += images
        for entry in annotations:
            self._file.write(f"{self._separator}\n{entry}")
            self._separator = ","

    def close(self) -> None:
        """Write the rest."""
        with self._file:
            self._file.write('\n],\n"images": [\n' + ",\n".join(self._images) + "\n]}\n")
