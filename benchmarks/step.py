"""What a training step costs: weakly's own beside timm's, on the same batch, in turns, in one run.

    PYTHONPATH=src python benchmarks/step.py
    PYTHONPATH=src python benchmarks/step.py --widths 8d 16d --profile --json step.json

On a GPU that is the paper's five widths at 224 px, on a CPU one small network. It needs torch, torchvision,
timm and numpy, and what these bring along themselves (pillow comes with torchvision). Each width gets an equal share of what is left of --minutes:
first the eager steps, then the compiled ones while there is time to compile them (what is left out is
said), then rounds in turns, then the largest batch. Images a second are medians over rounds after warm-up,
by CUDA events on a GPU. Utilisation counts two operations a multiply-add of convolutions and head, forward
and backward, against the 989 TFLOP/s of dense bf16 on an H100 or H200, elsewhere against a large matrix
product timed in this run.
"""

import argparse
import gc
import json
import platform
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch
from torch.utils.flop_counter import FlopCounterMode

from step_kinds import KINDS, time_by_kind
from step_rivals import Rival, Shape, auto_layout
from timing import in_turns, peak_bytes, seconds
from weakly.training import models
from weakly.training.arithmetic import autocast_type

BATCHES = {"4d": 128, "8d": 128, "16d": 64, "32d": 64, "48d": 32}
"""Images a step at each width: all the steps compared fit beside each other in 80 GB."""

HOPPER_FLOPS = 989e12
WARMUP = 3
COMPILING, MEASURING = 75.0, 30.0
"""Seconds: what compiling is thought to take until it has been seen, and what is kept for measuring."""


@dataclass
class Cell:
    """What was measured of one way to take a step.

    Attributes:
        model: the network.
        rival: whose step, which layout, eager or compiled.
        batch: images a step.
        images_per_second: median over rounds; None where it was not measured.
        spread: largest minus smallest round, as a share of the median.
        utilisation: share of the peak, 0 to 1.
        peak_gib: most memory allocated during a step, its own weights and momentum with it; GPU only.
        largest_batch: the most images a step that fit; GPU only.
        prepared: seconds to make it and take its first steps, compiling with it.
        missing: why it was not measured.
        kinds: milliseconds a step by kind of work.
    """

    model: str
    rival: str
    batch: int
    images_per_second: float | None = None
    spread: float | None = None
    utilisation: float | None = None
    peak_gib: float | None = None
    largest_batch: int | None = None
    prepared: float | None = None
    missing: str = ""
    kinds: dict[str, float] | None = None


def flops_an_image(shape: Shape) -> float:
    """Operations to train on one image, two a multiply-add.

    The backward pass is two products for each of the forward, except that the image needs no gradient.
    """
    with torch.device("meta"):
        network = models.create(shape.model, shape.labels).eval()
        image = torch.empty(1, 3, shape.size, shape.size)
    with FlopCounterMode(display=False) as whole:
        network(image)
    stem = next(module for module in network.modules() if isinstance(module, torch.nn.Conv2d))
    with FlopCounterMode(display=False) as first:
        stem(image)
    return 3 * whole.get_total_flops() - first.get_total_flops()


def peak_flops(device: torch.device) -> float:
    """Operations a second that utilisation is measured against."""
    if device.type == "cuda" and any(name in torch.cuda.get_device_name() for name in ("H100", "H200")):
        return HOPPER_FLOPS
    side = 8192 if device.type == "cuda" else 2048
    matrix = torch.randn(side, side, device=device, dtype=autocast_type("auto", device))
    seconds(lambda: matrix @ matrix, 2, device)
    return 2 * side**3 / min(seconds(lambda: matrix @ matrix, 3, device) for _ in range(5))


class Width:
    """One network's part of the grid."""

    def __init__(self, shape: Shape, rivals: list[Rival], device: torch.device, until: float) -> None:
        self.shape, self.device, self.until = shape, device, until
        self.cells = {rival: Cell(shape.model, str(rival), shape.batch) for rival in rivals}
        self.steps: dict[Rival, Callable[[], torch.Tensor]] = {}
        self.own: dict[Rival, int] = {}
        self.flops = flops_an_image(shape)

    def prepare(self, compiling: float) -> float:
        """Make every rival ready and warm; returns seconds that compiling took, for the next width."""
        for rival, cell in self.cells.items():
            if rival.compiled and time.monotonic() + compiling + MEASURING > self.until:
                cell.missing = "no time left to compile"
                continue
            _free(self.device)
            began, held = time.monotonic(), _allocated(self.device)
            try:
                step = rival.prepare(self.shape, self.device)
                for _ in range(WARMUP):
                    step()
                _wait(self.device)
            except RuntimeError as error:
                # Of memory or of the compiler; the other rows still count.
                cell.missing = str(error).partition("\n")[0][:60]
                continue
            cell.prepared = time.monotonic() - began
            self.steps[rival], self.own[rival] = step, _allocated(self.device) - held
            if rival.compiled:
                compiling = cell.prepared
        return compiling

    def measure(self, rounds: int, calls: int, peak: float) -> None:
        """Time all that are ready, in turns, and each one's memory."""
        names = {str(rival): step for rival, step in self.steps.items()}
        for rival, timing in zip(
            self.steps, in_turns(names, rounds, calls, self.device).values(), strict=True
        ):
            cell = self.cells[rival]
            cell.images_per_second = self.shape.batch / timing.median
            cell.spread = timing.spread
            cell.utilisation = cell.images_per_second * self.flops / peak
            if self.device.type == "cuda":
                used = peak_bytes(self.steps[rival], self.device) + self.own[rival]
                cell.peak_gib = used / 2**30

    def profile(self, steps: int) -> None:
        """Split each one's time by kind."""
        for rival, step in self.steps.items():
            self.cells[rival].kinds = time_by_kind(step, steps, self.shape.labels, self.device)

    def find_largest(self, rivals: list[Rival]) -> None:
        """Find the largest batch of these, each alone on the GPU; the others are given up first."""
        self.steps.clear()
        torch._dynamo.reset()
        for rival in rivals:
            if self.cells[rival].images_per_second:
                self.cells[rival].largest_batch = _largest_batch(rival, self.shape, self.device, self.until)


def _largest_batch(rival: Rival, shape: Shape, device: torch.device, until: float) -> int | None:
    """Double until memory ends, then halve the gap until it is a sixteenth; None where time ends first."""
    fits, too_many = shape.batch, 0
    while not too_many or too_many - fits > fits // 16:
        if time.monotonic() > until:
            return None
        tried = (fits + too_many) // 2 if too_many else 2 * fits
        _free(device)
        # Trying kernels takes memory and time that training spends once.
        torch.backends.cudnn.benchmark = False
        try:
            step = rival.prepare(replace(shape, batch=tried), device)
            torch.backends.cudnn.benchmark = False
            step()
            _wait(device)
            fits = tried
        except torch.cuda.OutOfMemoryError:
            too_many = tried
        step = None
    _free(device)
    return fits


def _allocated(device: torch.device) -> int:
    return torch.cuda.memory_allocated() if device.type == "cuda" else 0


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize()


def _free(device: torch.device) -> None:
    gc.collect()
    if device.type == "cuda":
        torch.cuda.empty_cache()


def rivals_of(layouts: list[str], modes: list[str], auto: str) -> list[Rival]:
    """The rows of one width, those that matter most first: eager ones, then the layout that `auto` takes."""
    ours = sorted(layouts, key=lambda layout: layout != auto)
    sides = [("weakly", ours[0]), ("timm", "channels_last"), *(("weakly", layout) for layout in ours[1:])]
    return [Rival(who, layout, mode == "compiled") for mode in modes for who, layout in sides]  # pyright: ignore[reportArgumentType]


def show(cells: list[Cell]) -> None:
    """Print the short table, and the time by kind where it was taken."""
    profiled = [cell for cell in cells if cell.kinds]
    for cell in profiled:
        whole = sum((cell.kinds or {}).values())
        print(f"\n{cell.model}, {cell.rival}: {whole:.1f} ms a step under the profiler")
        for kind in KINDS:
            print(f"  {kind:22} {(cell.kinds or {})[kind]:9.2f} ms  {(cell.kinds or {})[kind] / whole:6.1%}")
    print(
        f"\n{'model':18}{'step':32}{'batch':>6}{'images/s':>10}{'spread':>8}{'use':>7}{'GiB':>7}{'largest':>9}"
    )
    for cell in cells:
        head = f"{cell.model:18}{cell.rival:32}{cell.batch:6}"
        if cell.images_per_second is None:
            print(f"{head}  {cell.missing}")
            continue
        memory = f"{cell.peak_gib:7.1f}" if cell.peak_gib else f"{'-':>7}"
        print(
            f"{head}{cell.images_per_second:10.1f}{cell.spread:8.1%}{cell.utilisation:7.1%}{memory}"
            f"{cell.largest_batch or '-':>9}"
        )


def parse() -> argparse.Namespace:
    gpu = torch.cuda.is_available()
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--device", default="cuda" if gpu else "cpu")
    parser.add_argument("--widths", nargs="+", choices=[*BATCHES], default=[*BATCHES], help="on a GPU")
    parser.add_argument("--model", help="one network of the family, instead of the widths")
    parser.add_argument("--size", type=int, default=224 if gpu else 64, help="side of the images")
    parser.add_argument("--batch", type=int, help="images a step [by width; 32 on a CPU]")
    parser.add_argument("--labels", type=int, default=17_000 if gpu else 1_000)
    parser.add_argument("--layouts", nargs="+", default=["nchw", "channels_last"])
    parser.add_argument("--modes", nargs="+", choices=["eager", "compiled"], default=["eager", "compiled"])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--calls", type=int, default=5, help="steps a round, of each")
    parser.add_argument("--minutes", type=float, default=8.0, help="for the whole grid")
    parser.add_argument("--profile", action="store_true", help="also split the time by kind of work")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    return parser.parse_args()


def main() -> None:
    arguments = parse()
    end = time.monotonic() + 60 * arguments.minutes
    device = torch.device(arguments.device)
    name = torch.cuda.get_device_name() if device.type == "cuda" else f"{platform.machine()} CPU"
    peak = peak_flops(device)
    print(
        f"{name}, torch {torch.__version__}, {torch.get_num_threads()} threads, "
        f"{autocast_type('auto', device)}, peak {peak / 1e12:.3g} TFLOP/s",
        flush=True,
    )
    widths = {f"resnext101_32x{width}": BATCHES[width] for width in arguments.widths}
    if arguments.model or device.type != "cuda":
        widths = {arguments.model or "resnext14_32x4d": 32}
    cells: list[Cell] = []
    compiling = COMPILING if device.type == "cuda" else 0.0
    for number, (model, batch) in enumerate(widths.items()):
        left = end - time.monotonic()
        shape = Shape(model, arguments.size, arguments.batch or batch, arguments.labels)
        rivals = rivals_of(arguments.layouts, arguments.modes, auto_layout(model, device))
        torch._dynamo.reset()
        width = Width(shape, rivals, device, time.monotonic() + left / (len(widths) - number))
        compiling = width.prepare(compiling)
        width.measure(arguments.rounds, arguments.calls, peak)
        if arguments.profile:
            width.profile(steps=3)
        if device.type == "cuda":
            width.find_largest(rivals[:2])
        cells += width.cells.values()
        del width
        _free(device)
        print(f"{model} done, {end - time.monotonic():.0f} s left", flush=True)
        if arguments.json:
            facts = {"device": name, "torch": torch.__version__, "peak_flops": peak, "size": arguments.size}
            measured = {**facts, "cells": [asdict(cell) for cell in cells]}
            arguments.json.write_text(json.dumps(measured, indent=2) + "\n")
    show(cells)


if __name__ == "__main__":
    main()
