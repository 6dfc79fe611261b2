"""A training set small enough to make in every test session, and able to be learnt."""

import os
from pathlib import Path

# Before torch is imported, here and in what tests start: their networks are too small to be shared by cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import settings
from PIL import Image

from tests.training_sets import write_parts
from weakly.corpus.training_set.training_set import SCHEMA
from weakly.corpus.vocabulary.vocabulary import Label, Vocabulary

# Machines are noisy: how long an example takes says nothing. In CI the same examples come every time.
settings.register_profile("weakly", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("weakly")

COLOURS = {
    "red": (200, 40, 40),
    "green": (40, 180, 60),
    "blue": (40, 60, 200),
    "yellow": (220, 210, 50),
    "grey": (120, 120, 120),
}
IMAGES = 90


def colour_labels(row: int) -> list[int]:
    """Labels of row `row`: mostly one, sometimes two; the first colours are commoner."""
    first = min(int(abs(np.sin(row * 12.9898)) ** 1.7 * len(COLOURS)), len(COLOURS) - 1)
    return sorted({first, (row * 7) % len(COLOURS)}) if row % 4 == 0 else [first]


def draw_colours(row: int, size: int = 24) -> Image.Image:
    """A noisy picture in the colours of its labels, side by side."""
    own = [list(COLOURS.values())[label] for label in colour_labels(row)]
    noise = np.random.default_rng(row).normal(0, 20, (size, size + row % 5, 3))
    bands = np.array_split(np.arange(size + row % 5), len(own))
    for colour, band in zip(own, bands, strict=True):
        noise[:, band] += colour
    return Image.fromarray(noise.clip(0, 255).astype(np.uint8))


def write_training_set(folder: Path, images: int = IMAGES) -> Path:
    """Write photos and a training set of them; returns the training set's folder."""
    photos = folder / "photos"
    photos.mkdir(parents=True)
    counts = np.bincount([label for row in range(images) for label in colour_labels(row)], minlength=5)
    names = [f"{rank}{name}" for rank, name in enumerate(COLOURS)]
    # Counts fall with the label's number, so that labels keep the numbers that `colour_labels` gives them.
    vocabulary = Vocabulary.from_labels(
        [Label(name, (), {name: 10_000 - rank}, 10_000 - rank) for rank, name in enumerate(names)],
        "nouns",
        "none",
    )
    assert counts.min() > 0
    rows = []
    for row in range(images):
        path = photos / f"{row:03d}.jpg"
        draw_colours(row).save(path, quality=90)
        rows.append(
            {
                "post_id": f"p{row}",
                "path": path.name,
                "offset": 0,
                "size": path.stat().st_size,
                "labels": colour_labels(row),
            }
        )
    batch = pa.RecordBatch.from_pylist(rows, schema=SCHEMA)
    parts = [[batch.slice(start, 40)] for start in range(0, images, 40)]
    write_parts(folder / "training_set", vocabulary, photos, parts)
    return folder / "training_set"


@pytest.fixture(scope="session")
def colour_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a training set of 90 small photos under 5 labels; tests must not write in it."""
    return write_training_set(tmp_path_factory.mktemp("colours"))
