"""`weakly shrink`: a training set whose images are small copies, for photos as cameras make them.

In: a training set. Out: another with the same rows, its images in uncompressed tars inside its folder, a tar
and a part for every unit of rows. Where the short side is longer than asked, the copy is a JPEG of that side,
upright; other images are copied byte by byte. Rows whose image cannot be decoded are dropped and counted.
"""

import io
import tarfile
from dataclasses import asdict, dataclass
from typing import Any

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
from weakly.corpus.training_set.writer import Part, Parts, PartWriter, finish
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
_LABEL_COUNTS = ".label_counts.npy"


def shrink(options: ShrinkOptions) -> TrainingSet:
    """Write the folder `options.out`.

    Raises:
        InputError: the training set cannot be read, or not one of its images can be decoded.
    """
    before = open_training_set(options.training_set, options.image_root)
    firsts = _firsts(len(before))
    manifest = before.folder / artifacts.MANIFEST
    decisions = {
        "training_set": before.fingerprint,
        "image_root": str(before.root),
        "side": options.side,
        "quality": options.quality,
    }
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
            parts.add(Part(**of_unit["part"]), np.load(stage.unfinished.unit_path(unit, _LABEL_COUNTS)))
            copied += of_unit["copied"]
        images = sum(parts.rows)
        if not images:
            raise InputError(
                f"none of {plural(len(before), 'image')} of {options.training_set} can be decoded "
                f"({_reasons(dropped)}): check that {before.root} is the right folder (--image-root)"
            )
        reading.merge(dropped)
        facts: dict[str, Any] = {
            **{name: before.manifest.facts[name] for name in ("noise", "excluded_ids")},
            "reading": reading.as_dict(),
            "shrunk": {"of": len(before), "to": images, "copied_whole": copied},
        }
        inputs = {**before.manifest.inputs, "training_set": before.fingerprint}
        described = {**before.manifest.options, **asdict(options)}
        finish(stage.folder, parts, before.vocabulary, options.out, described, inputs, facts)
    print(
        f"{images:,} of {plural(len(before), 'image')} kept, {copied:,} of them as they were"
        + (f"; dropped: {_reasons(dropped)}" if images < len(before) else "")
    )
    return open_training_set(options.out)


def plan(options: ShrinkOptions) -> str:
    """What `shrink` would do, in a line."""
    before = open_training_set(options.training_set, options.image_root)
    units = len(_firsts(len(before)))
    return (
        f"{plural(len(before), 'image')} to a short side of at most {options.side} pixels, "
        f"in {plural(units, 'tar')} under {options.out / FOLDER}"
    )


def _firsts(rows: int) -> list[int]:
    """The first row of every unit: a matter of the training set alone, so that a copy is always the same."""
    return list(range(0, rows, min(max(rows // _UNITS, _FEWEST), _MOST)))


def _reasons(dropped: Ledger) -> str:
    return "; ".join(f"{n:,} {reason}" for reason, n in dropped.dropped.most_common())


@dataclass(frozen=True)
class _ShrinkUnit:
    """What a worker does with a unit."""

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
                    offset, size = _append(tar, f"{row:09d}{suffix}", data)
                    kept.append(
                        {
                            "post_id": self.before.post_id(row),
                            "path": place,
                            "offset": offset,
                            "size": size,
                            "labels": self.before.labels(row).tolist(),
                        }
                    )
        finally:
            torch.set_num_threads(threads)
        atomic.settle(path)
        with PartWriter(self.unfinished.folder, unit, len(self.before.vocabulary)) as writer:
            writer.write(pa.RecordBatch.from_pylist(kept, schema=SCHEMA))
        np.save(self.unfinished.unit_path(unit, _LABEL_COUNTS), writer.label_counts)
        found = {
            "rows": len(rows),
            "dropped": dropped.as_dict(),
            "copied": copied,
            "part": vars(writer.part),
        }
        self.unfinished.finish(unit, found, (_LABEL_COUNTS,))

    def _copy(self, row: int) -> tuple[bytes, str, bool]:
        """The bytes of a row's small copy, how its name ends, and whether they are the image's own."""
        data = read_bytes(*self.before.location(row))
        pixels = shorten(data, self.options.side)
        if pixels is None:
            return data, ".jpg" if is_jpeg(data) else ".image", True
        file = io.BytesIO()
        Image.fromarray(pixels.permute(1, 2, 0).numpy()).save(file, "JPEG", quality=self.options.quality)
        return file.getvalue(), ".jpg", False


def _append(tar: tarfile.TarFile, name: str, data: bytes) -> tuple[int, int]:
    """Add a file; returns where in the tar its bytes begin, and how many they are."""
    member = tarfile.TarInfo(name)
    member.size = len(data)
    offset = tar.offset + tarfile.BLOCKSIZE
    tar.addfile(member, io.BytesIO(data))
    return offset, len(data)
