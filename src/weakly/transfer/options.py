"""What `weakly probe` and `weakly tag` take; the standard library only."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from weakly.options import BY_PLACE, SEED, AtLeast, Options


@dataclass(frozen=True)
class ProbeOptions(Options):
    """Measure how good the backbone's features are: a linear classifier on them, the backbone itself frozen.

    The penalty of the classifier is chosen on a held-out tenth of the target's training images; then it is
    fitted to all of them and judged once on the test images. The result is a file in RUN/results.
    """

    run: Annotated[Path, BY_PLACE]
    """The folder that `weakly pretrain` wrote, or one of its checkpoints."""
    to: tuple[str, ...]
    """Data sets to measure on: folder:DIR, where DIR/train and DIR/test hold a folder of images a class."""
    untrained: bool = False
    """Measure the same network at its initialisation, to show what training bought."""
    size: Annotated[int | None, AtLeast(1)] = None
    """Side of the square the network sees, in pixels. [that of the run]"""
    seed: Annotated[int, SEED] = 0
    """Decides which tenth of the training images is held out."""
    batch: Annotated[int, AtLeast(1)] = 64
    """Images that go through the network at a time."""
    workers: Annotated[int | None, AtLeast(0)] = None
    """Processes that decode images; 0 decodes in this one. [by the cores there are]"""
    threads: Annotated[int | None, AtLeast(1)] = None
    """Threads that compute on the CPU. [OMP_NUM_THREADS, else all cores]"""
    precision: Literal["fp32", "bf16"] = "fp32"
    """Numbers that the network computes with; bf16 is quicker. (On a GPU, torch's fp32 convolutions are
    TF32.) The classifier is fitted in float64 either way."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    """Where the network runs and the classifier is fitted."""
    results: Path | None = None
    """Folder for the result. [RUN/results]"""


@dataclass(frozen=True)
class TagOptions(Options):
    """Say which hashtags the network would give to photos: its best labels, and their probabilities."""

    run: Annotated[Path, BY_PLACE]
    """The folder that `weakly pretrain` wrote, or one of its checkpoints."""
    photos: Annotated[tuple[str, ...], BY_PLACE]
    """Photos, folders of photos, or patterns such as 'trip/*.jpg'."""
    top: Annotated[int, AtLeast(1)] = 5
    """How many labels to give for each photo."""
    batch: Annotated[int, AtLeast(1)] = 16
    """Photos that go through the network at a time."""
    threads: Annotated[int | None, AtLeast(1)] = None
    """Threads that compute on the CPU. [OMP_NUM_THREADS, else all cores]"""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    """Where the network runs."""
