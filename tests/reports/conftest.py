"""A run with everything a page shows, made by the verbs themselves from posts that mean harm."""

import contextlib
import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from weakly.corpus.options import LabelOptions, VocabOptions
from weakly.corpus.training_set.build import label_posts
from weakly.corpus.vocabulary.build import build_vocabulary
from weakly.training.loop import pretrain
from weakly.training.options import PretrainOptions
from weakly.transfer.options import ProbeOptions
from weakly.transfer.probe import probe

COLOURS = {"koala": (200, 30, 50), "grass": (40, 170, 60), "sea": (40, 70, 190)}
SPELLINGS = {"koala": ["koala", "KoalaBears"], "grass": ["grass"], "sea": ["sea"]}
POSTS = 48
HOSTILE = "<script>alert('post')</script>"


def _photo(path: Path, colour: tuple[int, int, int], seed: int) -> None:
    noise = np.random.default_rng(seed).normal(0, 25, (20, 24, 3)) + colour
    Image.fromarray(noise.clip(0, 255).astype(np.uint8)).save(path, quality=90)


def _write_posts(world: Path) -> None:
    photos = world / "photos"
    photos.mkdir(parents=True)
    names = list(COLOURS)
    posts = []
    for row in range(POSTS):
        name = names[min(row % 5, 2)]
        image = f"{row:02d}.jpg"
        _photo(photos / image, COLOURS[name], row)
        spelling = SPELLINGS[name][row % len(SPELLINGS[name])]
        posts.append({"post_id": f"{HOSTILE}{row}", "image": image, "hashtags": [spelling, "instagood"]})
    posts.append({"post_id": HOSTILE, "image": "<img src=x onerror=alert(1)>.jpg", "hashtags": ["sea"]})
    posts.append({"post_id": "plain", "image": "00.jpg", "hashtags": ["instagood"]})
    (world / "posts.jsonl").write_text("".join(json.dumps(post) + "\n" for post in posts))


def _write_target(world: Path) -> Path:
    target = world / "target <u>"
    for part, seed in (("train", 1000), ("test", 2000)):
        for place, (name, colour) in enumerate(COLOURS.items()):
            folder = target / part / f"{name} <b>"
            folder.mkdir(parents=True)
            for i in range(10):
                _photo(folder / f"{i}.jpg", colour, seed + 100 * place + i)
    return target


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with vocabulary, set, `run <i>` (trained and probed twice) and `bare` (trained only).

    Tests must not write in it.
    """
    world = tmp_path_factory.mktemp("world")
    _write_posts(world)
    posts = (str(world / "posts.jsonl"),)
    target = _write_target(world)
    with contextlib.redirect_stdout(io.StringIO()):
        build_vocabulary(VocabOptions(posts, world / "vocabulary"))
        label_posts(
            LabelOptions(posts, world / "vocabulary", world / "set", images=world / "photos", noise=0.1)
        )
        for name, seed in (("run <i>", 0), ("bare", 1)):
            pretrain(
                PretrainOptions(
                    world / "set", world / name, model="test_resnet", size=16, batch=8, images=160, workers=0,
                    log_every=2, precision="fp32", seed=seed,
                )
            )  # fmt: skip
        for untrained in (False, True):
            probe(ProbeOptions(world / "run <i>", (f"folder:{target}",), untrained=untrained, workers=0))
    return world
