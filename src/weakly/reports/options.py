"""What `weakly report` and `weakly show` can be told; the standard library only."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from weakly.options import BY_PLACE, SEED, AtLeast, Options


@dataclass(frozen=True)
class ReportOptions(Options):
    """One HTML page about one or more pretraining runs: what went in, what happened, what it is worth."""

    runs: Annotated[tuple[Path, ...], BY_PLACE]
    """Folders that `weakly pretrain` wrote; with several, the page compares them in the order given."""
    out: Path
    """Folder to make; the page is index.html in it and needs no other file."""
    overwrite: bool = False
    """Replace an earlier report at --out."""
    image_root: Path | None = None
    """Where the photos are now, if they moved since `weakly label`."""
    held_out: Path | None = None
    """A training set of photos the runs never saw, labelled with the same vocabulary; labels are then judged
    on it instead of on the training photos."""
    sample: Annotated[int, AtLeast(1)] = 2000
    """Photos on which each label is judged."""
    minimum: Annotated[int, AtLeast(1)] = 5
    """Judge a label only where at least this many photos of the sample carry it."""
    seed: Annotated[int, SEED] = 0
    """Chooses the sample."""
    device: str = "cpu"
    """Where the network runs to judge the labels: cpu, cuda, cuda:1, ..."""


@dataclass(frozen=True)
class ShowOptions(Options):
    """What a folder that weakly wrote holds: its manifest and a few samples, as plain text."""

    artifact: Annotated[Path, BY_PLACE]
    """A vocabulary, training set, run, toy world, report or any other folder with a manifest."""
    samples: Annotated[int, AtLeast(1)] = 10
    """Rows to show of each kind."""
