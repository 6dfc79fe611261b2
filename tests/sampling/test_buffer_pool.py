import gc
import itertools
import multiprocessing
import os
import pickle
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.sampling.test_loader import BATCH, SIZE, as_rows, load, whole  # noqa: F401 - a fixture among them
from weakly.sampling.batch import Sent
from weakly.sampling.buffer_pool import Ring
from weakly.sampling.loader import batches

FORKS = pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="needs fork")


def fill_in_child(ring: Ring, slot: int, value: int) -> None:
    child = os.fork()
    if child == 0:
        ring.fill(slot).fill_(value)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0


@FORKS
def test_what_a_child_fills_is_read_here_until_nobody_holds_it() -> None:
    ring = Ring(2, 12)
    first, second = ring.take(), ring.take()
    assert {first, second} == {0, 1}
    assert ring.take() is None
    assert first is not None
    fill_in_child(ring, first, 7)
    lent = ring.lend(first)
    assert lent.tolist() == [7] * 12
    # A view of a view, then an array: each alone keeps the slot from being used again.
    part = lent.view(3, 4)[1].permute(0)
    del lent
    assert ring.take() is None
    array = part.numpy()[1:]
    del part
    gc.collect()
    assert ring.take() is None
    assert array.tolist() == [7] * 3
    del array
    assert ring.take() == first
    assert ring.take() is None


def test_memory_outlives_its_ring() -> None:
    ring = Ring(1, 5)
    slot = ring.take()
    assert slot is not None
    ring.fill(slot).copy_(torch.arange(5))
    lent = ring.lend(slot)
    del ring
    gc.collect()
    assert lent.tolist() == [0, 1, 2, 3, 4]


def test_a_ring_is_sent_by_its_name_alone() -> None:
    ring, other = Ring(1, 10_000), Ring(1, 10_000)
    sent = pickle.dumps(ring)
    assert len(sent) < 200
    assert pickle.loads(sent) is ring
    assert pickle.loads(pickle.dumps(other)) is other


def test_a_batch_that_is_pinned_gives_its_slot_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.Tensor, "pin_memory", torch.Tensor.clone)
    ring = Ring(1, 2 * SIZE * SIZE * 3)
    slot = ring.take()
    assert slot is not None
    ring.fill(slot).copy_(torch.arange(2 * SIZE * SIZE * 3) % 251)
    sent = Sent(ring, slot, SIZE, np.array([3, 1, 4]), np.array([0, 1, 3]), np.array([5, 6]), [])
    batch = sent.pin_memory()
    assert ring.take() == slot
    ring.fill(slot).zero_()
    assert batch.images.is_contiguous(memory_format=torch.channels_last)
    assert batch.images.permute(0, 2, 3, 1).reshape(-1)[:300].tolist() == [i % 251 for i in range(300)]
    assert [batch.labels.tolist(), batch.offsets.tolist(), batch.positions.tolist()] == [
        [3, 1, 4],
        [0, 1, 3],
        [5, 6],
    ]


@FORKS
@pytest.mark.parametrize("workers", [1, 2])
def test_workers_fill_a_few_buffers_again_and_again(whole, workers: int) -> None:  # noqa: F811
    loaded = batches(*whole, size=SIZE, batch=BATCH, seed=5, stop_step=30, workers=workers)
    seen, places, descriptors = [], set(), set()
    for batch in loaded:
        seen += as_rows([batch])
        places.add(batch.images.data_ptr())
        descriptors.add(len(list(Path("/proc/self/fd").iterdir())))
    assert seen == as_rows(load(whole, stop_step=30))
    assert len(places) <= 2 * workers + 2
    assert max(descriptors) - min(descriptors) <= 1, "a batch brings no file"


@FORKS
def test_no_image_that_is_held_is_written_over(whole) -> None:  # noqa: F811
    expected = as_rows(load(whole, stop_step=30))
    kept, seen = [], []
    for number, batch in enumerate(batches(*whole, size=SIZE, batch=BATCH, seed=5, stop_step=30, workers=2)):
        seen += as_rows([batch])
        if number < 2:
            # In part, by a tensor or by an array.
            kept.append(batch.images[3] if number else batch.images.numpy()[3])
    assert seen == expected
    assert [np.asarray(image).tobytes() for image in kept] == [expected[3][1], expected[BATCH + 3][1]]


@FORKS
def test_batches_that_are_all_held_come_in_memory_of_their_own(whole) -> None:  # noqa: F811
    loaded = list(batches(*whole, size=SIZE, batch=BATCH, seed=5, stop_step=12, workers=1))
    assert as_rows(loaded) == as_rows(load(whole, stop_step=12))
    assert len({batch.images.data_ptr() for batch in loaded}) == 12
    for one, other in itertools.combinations(loaded, 2):
        assert not np.shares_memory(one.images.numpy(), other.images.numpy())
