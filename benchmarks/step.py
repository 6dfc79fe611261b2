"""What a training step costs: weakly's own beside timm's, on the same batch, in turns, in one run.

    PYTHONPATH=src python benchmarks/step.py
    PYTHONPATH=src python benchmarks/step.py --widths 8d 16d --profile --json step.json

On a GPU that is the paper's five widths at 224 px, on a CPU one small network. It needs torch, torchvision,
timm and numpy, and what these require themselves. Each width gets an equal share of what is left of
--minutes: first the eager steps, then the compiled ones while there is time to compile them (what is left
out is said), all in turns, then the largest batch. Images a second are medians over rounds after
warm-up, by CUDA events on a GPU. Utilisation counts two operations a multiply-add of convolutions and head,
forward and backward, against the 989 TFLOP/s of dense bf16 on an H100 or H200, elsewhere against a large
matrix product timed in this run. A row that fails says why; the JSON is written anew after every part.
"""

import argparse
import platform
import time
from dataclasses import asdict
from typing import Any

import torch

import records
from step_grid import Cell, Width
from step_kinds import KINDS
from step_rivals import Rival, Shape, auto_layout
from timing import seconds
from weakly.training.compute import autocast_type

BATCHES = {"4d": 128, "8d": 128, "16d": 64, "32d": 64, "48d": 32}
"""Images a step at each width: all the steps compared fit beside each other in 80 GB."""

HOPPER_FLOPS = 989e12
COMPILING = 75.0
"""Seconds that compiling is thought to take until it has been seen."""


def peak_flops(device: torch.device) -> float:
    """Operations a second that utilisation is measured against."""
    name = torch.cuda.get_device_name() if device.type == "cuda" else ""
    # As SXM modules; cards of the same name are clocked lower.
    if any(chip in name for chip in ("H100", "H200")) and not any(card in name for card in ("PCIe", "NVL")):
        return HOPPER_FLOPS
    side = 8192 if device.type == "cuda" else 2048
    matrix = torch.randn(side, side, device=device, dtype=autocast_type("auto", device))
    seconds(lambda: matrix @ matrix, 2, device)
    return 2 * side**3 / min(seconds(lambda: matrix @ matrix, 3, device) for _ in range(5))


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
        print(f"\n{cell.model}, {cell.rival}: {whole:.1f} ms a step, by kind")
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
        largest = f"{'>=' if cell.larger_may_fit else ''}{cell.largest_batch or '-'}"
        print(
            f"{head}{cell.images_per_second:10.1f}{cell.spread:8.1%}{cell.utilisation:7.1%}{memory}"
            f"{largest:>9}{'  ' if cell.missing else ''}{cell.missing}"
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
    records.add_options(parser)
    return parser.parse_args()


def keep(arguments: argparse.Namespace, facts: dict[str, Any], cells: list[Cell]) -> None:
    """Keep what is known so far: a run that is cut off has measured something too."""
    records.keep(arguments, {**facts, "cells": [asdict(cell) for cell in cells]})


def main() -> None:
    arguments = parse()
    end = time.monotonic() + 60 * arguments.minutes
    device = torch.device(arguments.device)
    name = torch.cuda.get_device_name() if device.type == "cuda" else f"{platform.machine()} CPU"
    peak = peak_flops(device)
    facts = {"device": name, "torch": torch.__version__, "peak_flops": peak, "size": arguments.size}
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
        width = Width(shape, rivals, device, time.monotonic() + left / (len(widths) - number))
        cells += width.cells.values()
        # The eager steps are timed before anything is compiled, and again in turns with what was.
        for compiled in (False, True):
            ready = len(width.steps)
            compiling = width.prepare(compiled, compiling)
            if len(width.steps) > ready:
                width.measure(arguments.rounds, arguments.calls, peak)
            keep(arguments, facts, cells)
        if arguments.profile:
            width.profile(steps=3)
            keep(arguments, facts, cells)
        if device.type == "cuda":
            width.find_largest(rivals[:2])
            keep(arguments, facts, cells)
        del width
        print(f"{model} done, {end - time.monotonic():.0f} s left", flush=True)
    show(cells)


if __name__ == "__main__":
    main()
