"""A run and data sets small enough to make in every test session."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import torch
from PIL import Image

from weakly.images.transform import Transform
from weakly.training import checkpoint, models
from weakly.training.options import PretrainOptions
from weakly.training.run_folder import as_config

LABELS = ("koala", "grass", "sea", "sand", "night", "rose", "brick")
COLOURS = {
    "blue": (40, 60, 200),
    "green": (40, 180, 60),
    "grey": (120, 120, 120),
    "orange": (240, 140, 30),
    "red": (200, 40, 40),
    "white": (240, 240, 240),
}


def draw(colour: tuple[int, int, int], seed: int, size: tuple[int, int] = (20, 26)) -> Image.Image:
    """A noisy picture of one colour."""
    noise = np.random.default_rng(seed).normal(0, 25, (*size, 3)) + colour
    return Image.fromarray(noise.clip(0, 255).astype(np.uint8))


def write_target(root: Path, classes: int = 6, train: int = 12, test: int = 4) -> Path:
    """Write class folders of coloured pictures; returns `root`."""
    for part, count, first in (("train", train, 0), ("test", test, 500)):
        for place, (name, colour) in enumerate(list(COLOURS.items())[:classes]):
            folder = root / part / name
            folder.mkdir(parents=True)
            for i in range(count):
                draw(colour, 1000 * place + first + i).save(folder / f"{i:02d}.png")
    return root


def write_run(out: Path, *, loss: str = "softmax", size: int = 24) -> Path:
    """Write a run with one checkpoint of a network whose weights were moved from where they began."""
    options = PretrainOptions(
        training_set=Path("set"),
        out=out,
        model="test_resnet",
        size=size,
        loss=loss,  # pyright: ignore[reportArgumentType]
    )
    model = models.create(options.model, len(LABELS), seed=options.seed)
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += 0.05 * torch.randn(parameter.shape, generator=generator)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    labels = pa.table({"name": LABELS, "synsets": [[]] * 7, "images": [1] * 7})
    companions = checkpoint.Companions(as_config(options), labels, Transform.for_size(size))
    state = checkpoint.State(10, 2560, 1.0, {}, "run", "set", "plan")
    checkpoint.save(out, model, optimizer, state, companions, keep=1)
    return out


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run; tests must give --results, and not write in it."""
    return write_run(tmp_path_factory.mktemp("runs") / "run")


@pytest.fixture(scope="session")
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data set of 6 classes, 12 + 4 images each; tests must not write in it."""
    return write_target(tmp_path_factory.mktemp("targets") / "colours")
