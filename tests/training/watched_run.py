"""Pretrain and note what this process saw of every batch; `test_distributed.py` starts it under torchrun.

Options: training set, run, and the step at which to die (-1: never). With a run that is there, it resumes.
"""

import hashlib
import json
import os
import sys
import warnings
from pathlib import Path

from torch import Tensor

from weakly.sampling.loader import Batch
from weakly.training import loop
from weakly.training.options import PretrainOptions

BATCH, IMAGES, SAVE_IMAGES, SIZE = 16, 160, 80, 32
# Without batch norm, whose statistics are each process's own: so processes must agree on the gradient.
MODEL = "test_convnext"


def options(training_set: Path, out: Path) -> PretrainOptions:
    return PretrainOptions(
        training_set,
        out,
        model=MODEL,
        size=SIZE,
        batch=BATCH,
        images=IMAGES,
        save_images=SAVE_IMAGES,
        workers=0,
        precision="fp32",
        device="cpu",
        resume=True,
    )


def digests(images: Tensor) -> list[str]:
    return [hashlib.sha256(image.contiguous().numpy().tobytes()).hexdigest() for image in images]


def main(training_set: Path, out: Path, die_at: int) -> None:
    seen: list[dict] = []
    train_on = loop._Trainer._train_on

    def watch(self: loop._Trainer, batch: Batch, step: int, rate: float) -> None:
        if step == die_at:
            os._exit(9)
        train_on(self, batch, step, rate)
        pixels = digests(batch.images)
        seen.append(
            {"positions": batch.positions.tolist(), "pixels": pixels, "labels": batch.labels.tolist()}
        )

    loop._Trainer._train_on = watch
    # What torch is about to take away must not be in use.
    for kind in (FutureWarning, DeprecationWarning):
        warnings.simplefilter("error", kind)
    loop.pretrain(options(training_set, out))
    (out / f"seen-{os.environ['RANK']}.json").write_text(json.dumps(seen))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
