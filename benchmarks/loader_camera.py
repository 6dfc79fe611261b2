"""Photos as cameras make them: weakly's loader on 12 megapixels, as it was, as it is, and on small copies.

In: a few photos, drawn. Out: images a second of the processor, each loader in a process of its own, in turns.
Run by `benchmarks/loader.py`; by itself it loads what lies at the places of a file, `[path, offset, size]`
each. Nothing is imported at its top that an older weakly has not.
"""

import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from loader_rivals import SEED, Load, Photos, weakly
from weakly.sampling.plan import SamplingPlan
from weakly.toyworld.photos import draw_photo

HEIGHT, WIDTH, QUALITY = 3000, 4000, 90
_DRAWN = 1000
_TEXTURE = ((8, 12.0), (3, 8.0), (1, 5.0))
"""Pixels that a grain spans, and its deviation: detail as of leaves and cloth, and a sensor's noise."""


def draw_camera_photos(folder: Path, count: int) -> list[Path]:
    """Draw photos of 12 megapixels and some 3 MB."""
    paths = [folder / f"{number}.jpg" for number in range(count)]
    for number, path in enumerate(paths):
        draws = np.random.default_rng(number)
        drawn = Image.fromarray(draw_photo(SEED, number, _DRAWN).image).resize((WIDTH, WIDTH))
        pixels = np.asarray(drawn)[:HEIGHT].astype(np.float32)
        for span, deviation in _TEXTURE:
            shape = (HEIGHT // span + 1, WIDTH // span + 1, 3 if span == 1 else 1)
            grain = draws.normal(0, deviation, shape).astype(np.float32)
            if span > 1:
                grain = np.asarray(Image.fromarray(grain[..., 0]).resize((WIDTH, HEIGHT)))[..., None]
            pixels += grain[:HEIGHT, :WIDTH]
        file = io.BytesIO()
        Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(file, "JPEG", quality=QUALITY)
        path.write_bytes(file.getvalue())
    return paths


def shrunk(photos: Path, folder: Path) -> list[tuple[Path, int, int]]:
    """Make a training set of the photos, and the small copies that `weakly shrink` makes; where these lie."""
    from weakly.corpus.options import LabelOptions, ShrinkOptions, VocabOptions
    from weakly.corpus.training_set.build import label_posts
    from weakly.corpus.training_set.shrink import shrink
    from weakly.corpus.vocabulary.build import build_vocabulary

    lines = [json.dumps({"image": path.name, "hashtags": ["dog"]}) for path in sorted(photos.glob("*.jpg"))]
    (photos / "posts.jsonl").write_text("\n".join(lines))
    build_vocabulary(VocabOptions((str(photos / "posts.jsonl"),), folder / "vocabulary"))
    label_posts(LabelOptions((), folder / "vocabulary", folder / "large"))
    small = shrink(ShrinkOptions(folder / "large", folder / "small", engine="serial"))
    return [small.location(row) for row in range(len(small))]


def compare(count: int, size: int, batch: int, rounds: int, before: Path | None) -> dict[str, list[float]]:
    """Images a second of the processor by what is loaded, a value a round.

    Args:
        count: photos to draw.
        size: side of the crops in pixels.
        batch: images a batch; as many batches are loaded as make each photo come several times.
        rounds: how often.
        before: the `src` of an older weakly, whose loader comes first.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "photos").mkdir()
        large = Photos.of(draw_camera_photos(folder / "photos", count)).places
        small = shrunk(folder / "photos", folder)
        loads = {"12 megapixels": (large, "", 6), "shrunk": (small, "", 30)}
        if before:
            loads = {"12 megapixels, before": (large, str(before), 6), **loads}
        found: dict[str, list[float]] = {what: [] for what in loads}
        for number in range(rounds):
            for what in list(loads) if number % 2 == 0 else reversed(list(loads)):
                places, source, batches = loads[what]
                (folder / "places.json").write_text(json.dumps(places, default=str))
                path = os.pathsep.join([*filter(None, [source, os.environ.get("PYTHONPATH")])])
                command = [sys.executable, __file__, folder / "places.json", size, batch, batches]
                done = subprocess.run(
                    list(map(str, command)),
                    check=True,
                    stdout=subprocess.PIPE,
                    env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
                )
                found[what].append(float(done.stdout))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("places", type=Path)
    parser.add_argument("size", type=int)
    parser.add_argument("batch", type=int)
    parser.add_argument("batches", type=int)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    places = [(Path(path), offset, size) for path, offset, size in json.loads(arguments.places.read_text())]
    plan = SamplingPlan.from_factors(np.ones(len(places)), SEED)
    load = Load(Photos(places, len(places)), plan, arguments.size, arguments.batch, arguments.batches)
    batches = weakly(load, 0)
    next(batches)
    began = time.process_time()
    images = sum(len(images) for images in batches)
    print(images / (time.process_time() - began))


if __name__ == "__main__":
    main()
