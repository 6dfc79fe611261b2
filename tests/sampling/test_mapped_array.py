import mmap
from pathlib import Path

import numpy as np
import pytest

from weakly.sampling.mapped_array import open_mapped, read_ahead
from weakly.sampling.order import Order
from weakly.sampling.plan import SamplingPlan

ROWS, COUNT = 100_000, 4096
HEADER = 128
"""Bytes before the first element of an `.npy`."""


class Asked(mmap.mmap):
    """Remembers which bytes it was asked to read ahead, and asks as well."""

    def __init__(self, *_: object) -> None:
        self.ranges: list[tuple[int, int]] = []

    def madvise(self, option: int, start: int, length: int) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        assert option == mmap.MADV_WILLNEED
        super().madvise(option, start, length)
        self.ranges.append((start, start + length))


@pytest.fixture
def array(tmp_path: Path) -> np.ndarray:
    np.save(tmp_path / "a.npy", np.arange(ROWS, dtype=np.uint64))
    return open_mapped(tmp_path / "a.npy")


def watch(array: np.ndarray, path: Path) -> Asked:
    with path.open("rb") as file:
        asked = Asked(file.fileno(), 0, mmap.MAP_SHARED, mmap.PROT_READ)
    array.base._mmap = asked  # pyright: ignore
    return asked


def test_a_mapped_array_is_the_saved_one_and_plain(array: np.ndarray) -> None:
    assert type(array) is np.ndarray
    assert array.tolist() == list(range(ROWS))
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1


def test_the_pages_of_every_stretch_are_asked_for(array: np.ndarray, tmp_path: Path) -> None:
    asked = watch(array, tmp_path / "a.npy")
    firsts = np.array([0, 3 * COUNT, ROWS - 5])
    read_ahead(array, firsts, COUNT)
    assert len(asked.ranges) == len(firsts)
    for first, (start, end) in zip(firsts.tolist(), asked.ranges, strict=True):
        wanted = HEADER + 8 * first, HEADER + 8 * min(first + COUNT, ROWS)
        assert start % mmap.PAGESIZE == 0
        assert start <= wanted[0] < start + mmap.PAGESIZE
        assert end == wanted[1]


def test_an_array_in_memory_needs_no_reading() -> None:
    read_ahead(np.arange(10), np.array([0, 5]), 4096)
    read_ahead(np.arange(10)[2:], np.array([0]), 4096)


def test_the_order_asks_for_the_blocks_that_it_searches(tmp_path: Path) -> None:
    made = SamplingPlan.from_factors(np.full(ROWS, 1.5), seed=3)
    made.save(tmp_path / "plan.npy")
    plan = SamplingPlan.open(tmp_path / "plan.npy")
    asked = watch(plan.cumulative, tmp_path / "plan.npy")
    positions = np.array([5, 77_777, 149_000])
    rows = Order(plan).rows(positions)
    assert rows.tolist() == Order(made).rows(positions).tolist()
    for row in rows.tolist():
        byte = HEADER + 8 * row
        assert any(start <= byte < end for start, end in asked.ranges)
    assert len(asked.ranges) == len({row // COUNT for row in rows.tolist()})
