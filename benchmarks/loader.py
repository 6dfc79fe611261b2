"""What loading costs: weakly's loader beside timm's and torchvision's, the same JPEGs and crops, in one run.

    python benchmarks/loader.py
    python benchmarks/loader.py --folder PHOTOS --json loader.json

Photos are drawn, of 500 x 375 pixels and 107 KB, as ImageNet's are, or taken from a folder. Each loader
makes uint8 batches of 224-pixel crops, in turns for several rounds: in this process on one core, by the
processor's seconds, which other work on the machine disturbs least; and with one and two workers by the
wall clock, after its first batches, and by the processor's seconds of all its processes. Then a run is
resumed at position 10^9 of a plan of 3.5 billion images. Goals: 1.5 times the better of timm and
torchvision's usual pipeline, and the first batch in under 5 seconds.

At last photos of 12 megapixels are loaded, and the small copies that `weakly shrink` makes of them; with
`--before`, the `src` of a checkout that decoded them whole, also by that, in turns. Goals: 2.5 and 20 times.
"""

import argparse
import json
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch

import loader_camera
import loader_far
import records
from loader_rivals import PEERS, RIVALS, SEED, Load, Photos, draw_photos, torchvision_pil, weakly
from weakly.sampling.plan import SamplingPlan

GOAL, FIRST_BATCH_GOAL = 1.5, 5.0
CAMERA_GOALS = {"12 megapixels": 2.5, "shrunk": 20.0}
"""Times what the loader did with photos of 12 megapixels when it decoded them whole."""
Loader = Callable[[Load, int], Iterator[torch.Tensor]]


def rates(loader: Loader, load: Load, workers: int) -> dict[str, float]:
    """Images a second of the clock and of the processor, by the heading of the table's column."""
    if not workers:
        return {"one core, CPU": _after_the_first(time.process_time, loader(load, 0), 0)}
    named = f"{workers} worker{'s' * (workers > 1)}"
    began = _processor_seconds()
    clock = _after_the_first(time.perf_counter, loader(load, workers), workers)
    # The workers have ended with the last batch.
    return {named: clock, f"{named}, CPU": load.batch * load.batches / (_processor_seconds() - began)}


def _processor_seconds() -> float:
    """What this process and those that it has started and seen end have used of the processor."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _after_the_first(clock: Callable[[], float], batches: Iterator[torch.Tensor], workers: int) -> float:
    """Images a second, after what was loaded ahead."""
    # Workers start at once and run ahead by two batches each: the first ones cost no waiting.
    ahead = 3 * workers or 1
    for _ in range(ahead):
        next(batches)
    began = clock()
    images = sum(len(images) for images in batches)
    return images / (clock() - began)


def compare(load: Load, workers: list[int], rounds: int) -> dict[str, dict[str, list[float]]]:
    """Images a second of every rival, a value a round, by the heading of the table's column."""
    found: dict[str, dict[str, list[float]]] = {}
    for count in workers:
        for number in range(rounds):
            # Backwards every second time, so that a slow drift favours none.
            for name in list(RIVALS) if number % 2 == 0 else reversed(list(RIVALS)):
                for heading, rate in rates(RIVALS[name], load, count).items():
                    found.setdefault(heading, {name: [] for name in RIVALS})[name].append(rate)
        print(f"{count} workers done", flush=True)
    return found


def difference(load: Load) -> float:
    """Mean difference between a pixel of ours and of torchvision's by Pillow, in levels of 255."""
    ours, theirs = (next(loader(load, 0)).float() for loader in (weakly, torchvision_pil))
    return float((ours - theirs).abs().mean())


def resume_far(photos: Path, rows: int, position: int, batch: int) -> dict[str, Any]:
    """Resume in a new process, and check that it read the rows of the plan that were worked out."""
    step = position // batch
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.npy"
        expected = loader_far.write_plan(path, rows, np.arange(step * batch, (step + 1) * batch))
        size = path.stat().st_size
        given = [str(value) for value in (path, photos, position, batch)]
        script = str(Path(loader_far.__file__))
        done = subprocess.run([sys.executable, script, *given], check=True, capture_output=True, text=True)
    found = json.loads(done.stdout)
    assert (found["first_row"], found["last_row"]) == (expected[0], expected[-1]), "another order"
    return {**found, "rows": rows, "plan_bytes": size}


def show(found: dict[str, dict[str, list[float]]], far: dict[str, Any]) -> None:
    """Print the short table and the goals."""
    print(f"\n{'images a second':24}" + "".join(f"{heading:>28}" for heading in found))
    medians = {n: {name: statistics.median(of_all[name]) for name in RIVALS} for n, of_all in found.items()}
    for name in RIVALS:
        cells = ""
        for n in found:
            ours, theirs = found[n]["weakly"], found[n][name]
            ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
            cells += f"{medians[n][name]:12.0f}  (weakly {ratio:5.2f}x)"
        print(f"{name:24}{cells}")
    for heading, of_all in found.items():
        peer = max(PEERS, key=lambda name: medians[heading][name])
        ratio = statistics.median(a / b for a, b in zip(of_all["weakly"], of_all[peer], strict=True))
        verdict = "reached" if ratio >= GOAL else "missed"
        print(f"{heading}: {ratio:.2f} times the better peer, {peer}; goal {GOAL}: {verdict}")
    verdict = "reached" if far["seconds"] < FIRST_BATCH_GOAL else "missed"
    print(
        f"resumed at position {far['first_position']:,} of a plan of {far['rows']:,} images "
        f"({far['plan_bytes'] / 1e9:.1f} GB): first batch after {far['seconds']:.2f} s, "
        f"{far['mib']:.0f} MiB more memory; goal {FIRST_BATCH_GOAL:.0f} s: {verdict}"
    )


def show_camera(found: dict[str, list[float]]) -> None:
    """Print what becomes of large photos, and their goals."""
    before = found.get("12 megapixels, before")
    for what, rates in found.items():
        said = ""
        if before and what in CAMERA_GOALS:
            times = statistics.median(now / then for now, then in zip(rates, before, strict=True))
            verdict = "reached" if times >= CAMERA_GOALS[what] else "missed"
            said = f", {times:.2f} times as before; goal {CAMERA_GOALS[what]}: {verdict}"
        print(f"{what}: {statistics.median(rates):.1f} images a second of the processor{said}")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, help="JPEGs to load, instead of drawn ones")
    parser.add_argument("--photos", type=int, default=64, help="photos to draw")
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--batches", type=int, default=14, help="batches a round, of each loader")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--camera-photos", type=int, default=6, help="of 12 megapixels, to draw")
    parser.add_argument("--before", type=Path, help="src of an older weakly, for these photos")
    parser.add_argument("--rows", type=int, default=3_500_000_000, help="images of the huge plan")
    parser.add_argument("--position", type=int, default=1_000_000_000, help="where it is resumed")
    records.add_options(parser)
    return parser.parse_args()


def main() -> None:
    arguments = parse()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as drawn:
        folder = arguments.folder or Path(drawn)
        if not arguments.folder:
            draw_photos(folder, arguments.photos)
        photos = Photos.of(sorted(folder.glob("*.jpg")))
        plan = SamplingPlan.from_factors(np.ones(len(photos)), SEED)
        load = Load(photos, plan, arguments.size, arguments.batch, arguments.batches)
        mean = statistics.mean(size for _, _, size in photos.places)
        apart = difference(load)
        print(
            f"{len(photos)} photos of {mean / 1000:.0f} KB on average, crops of {arguments.size} px, torch "
            f"{torch.__version__}, {platform.machine()}; pixels differ from Pillow's by {apart:.3f} of 255",
            flush=True,
        )
        found = compare(load, arguments.workers, arguments.rounds)
        far = resume_far(folder, arguments.rows, arguments.position, batch=256)
    camera = loader_camera.compare(
        arguments.camera_photos, arguments.size, batch=8, rounds=arguments.rounds, before=arguments.before
    )
    records.keep(
        arguments, {"rates": found, "far": far, "camera": camera, "bytes": mean, "difference": apart}
    )
    show(found, far)
    show_camera(camera)


if __name__ == "__main__":
    main()
