"""A handful of photos and posts, and the commands that take them from posts to a report in seconds."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

TAGS = ("dog", "cat", "beach", "tree")
PHOTOS = 24


@dataclass(frozen=True)
class Command:
    """One verb as a user gives it.

    Attributes:
        name: of the step.
        arguments: of `weakly`.
        out: what it makes, in the working folder.
        again: what is added to go on after a kill.
        replaces: whether it takes --overwrite.
    """

    name: str
    arguments: str
    out: str
    again: str = ""
    replaces: bool = True


_TRAINING = "--model test_resnet --size 32 --batch 8 --workers 0 --device cpu --precision fp32 --seed 3"
COMMANDS = (
    Command("vocab", "vocab posts.csv --out vocabulary", "vocabulary"),
    Command("label", "label --vocab vocabulary --images photos --out set", "set"),
    Command("takedown", "takedown set --ids ids.txt --out fewer", "fewer"),
    Command(
        "pretrain",
        f"pretrain set --out run --images 48 --save-images 16 --keep 2 --log-every 2 {_TRAINING}",
        "run",
        "--resume",
    ),
    Command("probe", "probe run --to folder:target --device cpu --workers 0", "run", replaces=False),
    Command("report", "report run --out report --sample 8 --minimum 1", "report"),
)


def make(folder: Path) -> Path:
    """Write posts, photos and a target; returns the folder."""
    (folder / "photos").mkdir(parents=True)
    lines = ["post_id,image,caption"]
    for row in range(PHOTOS):
        tag = TAGS[row % len(TAGS)]
        _draw(row).save(folder / "photos" / f"{row}.jpg", quality=90)
        lines.append(f"p{row},{row}.jpg,a photo #{tag} #{TAGS[row % 3]}")
    (folder / "posts.csv").write_text("\n".join(lines) + "\n")
    (folder / "ids.txt").write_text("p3\np7\n")
    for part in ("train", "test"):
        for kind in range(2):
            place = folder / "target" / part / f"class{kind}"
            place.mkdir(parents=True)
            for row in range(6):
                _draw(100 * kind + row).save(place / f"{row}.png")
    return folder


def _draw(row: int) -> Image.Image:
    random = np.random.default_rng(row)
    return Image.fromarray(random.integers(0, 256, (40, 40, 3), dtype=np.uint8) // (1 + row % 4))
