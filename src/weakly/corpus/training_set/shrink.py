"""`weakly shrink`: a training set whose images are small copies, for photos as cameras make them.

In: a training set. Out: another with the same rows, its images in uncompressed tars inside its folder, a tar
and a part for every unit of rows. Where the short side is longer than asked, the copy is a JPEG of that side,
upright; other images are copied byte by byte. Rows whose image cannot be decoded are dropped and counted.
"""

import io
import tarfile
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import torch
from PIL import Image

from weakly import artifacts, atomic
from weakly.corpus.engine.resumable import Plan, Unfinished, begin, is_made
from weakly.corpus.options import ShrinkOptions
from weakly.corpus.posts.ledger import Ledger
from weakly.corpus.posts.remote import facts_of
from weakly.corpus.training_set.training_set import KIND, SCHEMA, TrainingSet, open_training_set
from weakly.corpus.training_set.writer import Parts, PartWriter, finish_derived
from weakly.errors import InputError
from weakly.images.headers import is_jpeg
from weakly.images.image_error import ImageError
from weakly.images.location import read_bytes
from weakly.images.transform import shorten
from weakly.progress import plural

FOLDER = "images"
"""Where the tars lie in the training set's folder."""

_FEWEST, _MOST, _UNITS = 64, 4096, 64
"""Rows of a unit, and how many units there should be at least where rows allow."""
_LARGE_BYTES = 4_000_000
"""Of a photo as a camera makes it; an image counts as one in the size of a unit."""


def shrink(options: ShrinkOptions) -> TrainingSet:
    """Write the folder `options.out`.

    Raises:
        InputError: the training set cannot be read, or not one of its images can be decoded.
    """
    before = open_training_set(options.training_set, options.image_root)
    firsts = _firsts(len(before))
    manifest = before.folder / artifacts.MANIFEST
    decisions = {"training_set": before.fingerprint, "image_root": str(before.root)}
    decisions |= {"side": options.side, "quality": options.quality}
    sizes = (np.diff([*firsts, len(before)]) * _LARGE_BYTES).tolist()
    plan = Plan("shrink", decisions, [facts_of(manifest)], sizes, KIND)
    if is_made(options.out, plan, options.overwrite):
        return open_training_set(options.out)
    with begin(options.out, plan, options.overwrite, lambda: [facts_of(manifest)]) as stage:
        (stage.folder / FOLDER).mkdir(exist_ok=True)
        task = _ShrinkUnit(options, before, firsts, stage.unfinished)
        found = stage.run(
            task, engine=options.engine, workers=options.workers, title="shrinking", what="images"
        )
        reading, parts = Ledger.from_dict(before.manifest.facts["reading"]), Parts(len(before.vocabulary))
        dropped, copied = Ledger(), 0
        for unit, of_unit in enumerate(found):
            dropped.merge(Ledger.from_dict(of_unit["dropped"]))
            parts.add_unit(stage.unfinished, unit, of_unit["part"])
            copied += of_unit["copied"]
        images = sum(parts.rows)
        if not images:
            raise InputError(
                f"none of {plural(len(before), 'image')} of {options.training_set} can be decoded "
                f"({_reasons(dropped)}): check that {before.root} is the right folder (--image-root)"
            )
        reading.merge(dropped)
        shrunk = {"of": len(before), "to": images, "copied_whole": copied}
        finish_derived(stage.folder, parts, before, options.out, options, reading, shrunk=shrunk)
    print(
        f"{images:,} of {plural(len(before), 'image')} kept, {copied:,} of them as they were"
        + (f"; dropped: {_reasons(dropped)}" if images < len(before) else "")
    )
    return open_training_set(options.out)


def plan(options: ShrinkOptions) -> str:
    """What `shrink` would do, in a line."""
    images = len(open_training_set(options.training_set, options.image_root))
    return (
        f"{plural(images, 'image')} to a short side of at most {options.side} pixels, "
        f"in {plural(len(_firsts(images)), 'tar')} under {options.out / FOLDER}"
    )


def _firsts(rows: int) -> list[int]:
    """The first row of every unit: a matter of the training set alone, so that a copy is always the same."""
    return list(range(0, rows, min(max(rows // _UNITS, _FEWEST), _MOST)))


def _reasons(dropped: Ledger) -> str:
    return "; ".join(f"{n:,} {reason}" for reason, n in dropped.dropped.most_common())


@dataclass(frozen=True)
class _ShrinkUnit:
    options: ShrinkOptions
    before: TrainingSet
    firsts: list[int]
    unfinished: Unfinished

    def __call__(self, unit: int) -> None:
        rows = range(self.firsts[unit], [*self.firsts, len(self.before)][unit + 1])
        dropped, copied, kept = Ledger(), 0, []
        place = f"{FOLDER}/{unit:05d}.tar"
        path = self.unfinished.folder / place
        threads = torch.get_num_threads()
        # Units are what runs side by side; and a forked worker must not wait for threads that it has not.
        torch.set_num_threads(1)
        try:
            with tarfile.open(atomic.aside(path), "w", format=tarfile.USTAR_FORMAT) as tar:
                for row in rows:
                    try:
                        data, suffix, whole = self._copy(row)
                    except ImageError as error:
                        dropped.kept -= 1
                        example = f"post {self.before.post_id(row)}: {error.detail}"
                        dropped.drop(f"cannot be decoded: {error.kind}", 1, example)
                        continue
                    copied += whole
                    member = tarfile.TarInfo(f"{row:09d}{suffix}")
                    member.size = len(data)
                    offset = tar.offset + tarfile.BLOCKSIZE
                    tar.addfile(member, io.BytesIO(data))
                    labels = self.before.labels(row).tolist()
                    kept.append((self.before.post_id(row), place, offset, member.size, labels))
        finally:
            torch.set_num_threads(threads)
        atomic.settle(path)
        with PartWriter(self.unfinished.folder, unit, len(self.before.vocabulary)) as writer:
            rows_kept = [dict(zip(SCHEMA.names, values, strict=True)) for values in kept]
            writer.write(pa.RecordBatch.from_pylist(rows_kept, schema=SCHEMA))
        found = {"rows": len(rows), "dropped": dropped.as_dict(), "copied": copied}
        writer.finish(self.unfinished, unit, found)

    def _copy(self, row: int) -> tuple[bytes, str, bool]:
        """The bytes of a row's small copy, how its name ends, and whether they are the image's own."""
        data = read_bytes(*self.before.location(row))
        pixels = shorten(data, self.options.side)
        if pixels is None:
            return data, ".jpg" if is_jpeg(data) else ".image", True
        file = io.BytesIO()
        Image.fromarray(pixels.permute(1, 2, 0).numpy()).save(file, "JPEG", quality=self.options.quality)
        return file.getvalue(), ".jpg", False
