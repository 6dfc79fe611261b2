"""A run resumed far inside a huge plan: for `benchmarks/loader.py`.

The plan is a real file of 8 bytes an image, 28 GB for 3.5 billion, opened and mapped as any other. It is
sparse: only the stretches that the batch reads are written, so that it needs neither the disk nor the hour
that all of it would; a read outside of them would find zeros and give a wrong row, which is checked. Every
image has the same factor. The images themselves are a few photos over and over: finding and decoding a
batch is timed, the table of 3.5 billion paths (memory-mapped like the plan) is not.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch

from loader_rivals import Photos
from timing import resident
from weakly.sampling import plan as plans
from weakly.sampling.loader import batches
from weakly.sampling.order import Order
from weakly.sampling.plan import BLOCK, FRACTION_BITS, SamplingPlan

FACTOR = 3 << (FRACTION_BITS - 1)
"""One and a half copies an image, in fixed point."""
SEED = 0


class Cumulative:
    """The plan's array where every image has the factor `FACTOR`: worked out where it is asked for."""

    def __init__(self, rows: int) -> None:
        self.rows = rows

    base = None
    """No file is mapped."""

    def __len__(self) -> int:
        return self.rows

    def __getitem__(self, row: np.ndarray) -> np.ndarray:
        return (np.asarray(row).astype(np.uint64) + np.uint64(1)) * np.uint64(FACTOR)


def write_plan(path: Path, rows: int, positions: np.ndarray) -> np.ndarray:
    """Write the plan of so many rows at `path`, true where these positions read it; returns their rows."""
    worked_out: Any = Cumulative(rows)
    ends = worked_out[np.minimum(np.arange(BLOCK, rows + BLOCK, BLOCK), rows) - 1]
    facts = {"rows": rows, "expected_pass_size": rows * FACTOR / 2**FRACTION_BITS}
    found = Order(SamplingPlan(worked_out, ends, SEED, "far", facts)).rows(positions)
    partial = path.with_name("partial.npy")
    mapped = np.lib.format.open_memmap(partial, mode="w+", dtype=np.uint64, shape=(rows,))
    for block in {*(found // BLOCK).tolist(), (rows - 1) // BLOCK}:
        stretch = np.arange(block * BLOCK, min((block + 1) * BLOCK, rows))
        mapped[stretch] = worked_out[stretch]
    mapped.flush()
    del mapped
    plans._publish(path, partial, ends, SEED, "far", facts)
    with path.open("rb") as file:
        # What was just written lies in memory; a run resumed on another day reads it from the disk.
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return found


def first_batch(plan: Path, photos: Path, position: int, batch: int) -> dict[str, float]:
    """Open a plan and load the batch at a position in this process; seconds, and the memory it took."""
    before, began = resident("VmRSS"), time.perf_counter()
    opened = SamplingPlan.open(plan)
    source = Photos.of(sorted(photos.glob("*.jpg")), len(opened))
    loaded = batches(source, opened, size=224, batch=batch, start_step=position // batch, seed=SEED)
    first = next(loaded)
    seconds = time.perf_counter() - began
    mib = (resident("VmHWM") - before) / 2**20
    rows = Order(opened).rows(first.positions.numpy())
    return {
        "seconds": seconds,
        "mib": mib,
        "first_position": int(first.positions[0]),
        "first_row": int(rows[0]),
        "last_row": int(rows[-1]),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("plan", type=Path)
    parser.add_argument("photos", type=Path)
    parser.add_argument("position", type=int)
    parser.add_argument("batch", type=int)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    json.dump(first_batch(**vars(arguments)), sys.stdout)
