import gc
import io
import itertools
import multiprocessing
import subprocess
import tarfile
import time

import numpy as np
import pytest
import torch
from PIL import Image

from tests.reference_sampling import SmallTrainingSet, crop_of, list_of_pass
from weakly.corpus.training_set.training_set import open_training_set
from weakly.errors import InputError
from weakly.images.decode import decode
from weakly.sampling.loader import Batch, CorruptLimit, batches
from weakly.sampling.order import Order
from weakly.sampling.plan import SamplingPlan
from weakly.sampling.resampling import parse_rule

ROWS, SIZE, BATCH = 40, 16, 10
MISSING, CUT, GARBAGE = 7, 8, 39


def jpeg(row):
    shape = (20 + row % 5, 24 + row % 3, 3)
    pixels = np.random.default_rng(row).integers(0, 256, shape, dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG")
    return file.getvalue()


def make_training_set(folder, broken=()):
    """Rows 0 to 19 in a tar, the others plain files; the broken ones spoilt in three ways."""
    files = []
    tar_path = folder / "shard.tar"
    with tarfile.open(tar_path, "w") as tar:
        for row in range(ROWS):
            data = jpeg(row)
            if row in broken and row == CUT:
                data = data[: len(data) // 2]
            if row < 20:
                info = tarfile.TarInfo(f"{row}.jpg")
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
                place = tar.fileobj.tell() - -(-len(data) // 512) * 512  # pyright: ignore[reportOptionalMemberAccess]
                files.append((tar_path, place, len(data)))
            else:
                path = folder / f"{row}.jpg"
                path.write_bytes(b"garbage" * 20 if row in broken else data)
                files.append((path, 0, path.stat().st_size))
    if MISSING in broken:
        files[MISSING] = (folder / "gone.tar", 512, 1000)
    label_lists = [sorted({row % 4, 4 + row % 3}) for row in range(ROWS)]
    return SmallTrainingSet(label_lists, files)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    training_set = make_training_set(tmp_path_factory.mktemp("images"))
    return training_set, SamplingPlan.build(training_set, parse_rule("sqrt:30"), seed=3)


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory):
    training_set = make_training_set(tmp_path_factory.mktemp("images"), broken={MISSING, CUT, GARBAGE})
    return training_set, SamplingPlan.build(training_set, parse_rule("sqrt:30"), seed=3)


def load(source, **options) -> list[Batch]:
    given = {"size": SIZE, "batch": BATCH, "seed": 5, "stop_step": 9, **options}
    return list(batches(*source, **given))


def as_rows(loaded: list[Batch]):
    """One (position, pixels, labels) an image."""
    found = []
    for batch in loaded:
        assert batch.images.is_contiguous(memory_format=torch.channels_last)
        assert batch.images.dtype == torch.uint8
        assert batch.labels.dtype == batch.offsets.dtype == batch.positions.dtype == torch.int64
        assert batch.images.shape == (len(batch.positions), 3, SIZE, SIZE)
        assert len(batch.offsets) == len(batch.positions) + 1
        assert batch.offsets[-1] == len(batch.labels)
        bounds = itertools.pairwise(batch.offsets.tolist())
        labels = [batch.labels[a:b].tolist() for a, b in bounds]
        pixels = [image.numpy().tobytes() for image in batch.images]
        found += zip(batch.positions.tolist(), pixels, labels, strict=True)
    return found


def naive(source, positions):
    """What a batch must hold, an image at a time."""
    training_set, plan = source
    passes = itertools.chain.from_iterable(list_of_pass(plan, number) for number in range(5))
    assert sum(1 for _ in passes) > max(positions)
    found = []
    for position, row in zip(positions, Order(plan).rows(np.array(positions)).tolist(), strict=True):
        image = crop_of(decode(jpeg(row)), SIZE, 5, position)
        found.append((position, image.numpy().tobytes(), training_set.label_lists[row]))
    return found


def test_batches_hold_the_rows_and_crops_of_their_positions(whole):
    loaded = load(whole)
    assert as_rows(loaded) == naive(whole, list(range(90)))
    assert [batch.corrupt for batch in loaded] == [[]] * 9


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("source", ["whole", "spoilt"])
def test_workers_change_nothing(source, workers, request):
    source = request.getfixturevalue(source)
    alone, shared = load(source), load(source, workers=workers)
    assert as_rows(shared) == as_rows(alone)
    assert [batch.corrupt for batch in shared] == [batch.corrupt for batch in alone]


@pytest.mark.parametrize("world", [2, 3, 10])
@pytest.mark.parametrize("source", ["whole", "spoilt"])
def test_processes_share_each_batch_without_changing_it(source, world, request):
    source = request.getfixturevalue(source)
    shares = [load(source, rank=rank, world=world, batch=11) for rank in range(world)]
    for whole_batch, *parts in zip(load(source, batch=11), *shares, strict=True):
        joined = [row for part in parts for row in as_rows([part])]
        assert joined == as_rows([whole_batch])
        assert [entry for part in parts for entry in part.corrupt] == whole_batch.corrupt


@pytest.mark.parametrize("start", [1, 4, 8, 9])
@pytest.mark.parametrize("workers", [0, 2])
def test_a_run_goes_on_from_any_step(whole, start, workers):
    assert as_rows(load(whole, start_step=start, workers=workers)) == as_rows(load(whole)[start:])


def test_a_far_step_and_no_end(whole):
    with_workers = batches(*whole, size=SIZE, batch=BATCH, seed=5, start_step=10**7, workers=1)
    first = [next(with_workers) for _ in range(5)]
    with_workers.close()
    assert as_rows(first) == as_rows(load(whole, start_step=10**7, stop_step=10**7 + 5))


def test_corrupt_images_are_counted_and_replaced_by_the_next_whole_one(spoilt, whole):
    _, plan = spoilt
    kinds = {MISSING: "missing", CUT: "truncated", GARBAGE: "not an image"}
    replacement = {MISSING: 9, CUT: 9, GARBAGE: 0}
    loaded = load(spoilt, stop_step=30)
    rows = Order(plan).rows(np.arange(300)).tolist()
    expected = [(position, row, kinds[row]) for position, row in enumerate(rows) if row in kinds]
    assert len({row for _, row, _ in expected}) == 3
    assert [entry for batch in loaded for entry in batch.corrupt] == expected
    for position, pixels, labels in as_rows(loaded):
        row = replacement.get(rows[position], rows[position])
        assert labels == whole[0].label_lists[row]
        assert pixels == crop_of(decode(jpeg(row)), SIZE, 5, position).numpy().tobytes()


@pytest.mark.parametrize("workers", [0, 1])
def test_a_wrong_folder_of_images_is_one_clear_line(whole, workers, tmp_path):
    training_set = SmallTrainingSet(whole[0].label_lists, [(tmp_path / "x.jpg", 0, 10)] * ROWS)
    with pytest.raises(
        InputError, match=r"none of 40 images from row \d+ .*x\.jpg.* can be decoded"
    ) as caught:
        load((training_set, whole[1]), workers=workers)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("workers", [0, 2])
def test_a_fault_of_ours_is_not_taken_for_a_corrupt_image(whole, workers):
    class Faulty(SmallTrainingSet):
        def location(self, row):
            raise RuntimeError("a fault of ours")

    with pytest.raises(RuntimeError, match="a fault of ours") as caught:
        load((Faulty(whole[0].label_lists), whole[1]), workers=workers)
    assert_no_children()
    assert caught.tb is not None, "held until here, with its frames"


def assert_no_children():
    gc.collect()
    deadline = time.monotonic() + 5
    while multiprocessing.active_children():
        assert time.monotonic() < deadline, "a worker outlived its loader"
        time.sleep(0.01)


def test_leaving_early_ends_the_workers(whole):
    began = time.monotonic()
    for batch in (loaded := batches(*whole, size=SIZE, batch=BATCH, seed=5, workers=2)):
        assert len(multiprocessing.active_children()) == 2
        assert len(batch.positions) == BATCH
        break
    loaded.close()
    assert_no_children()
    with pytest.raises(ZeroDivisionError):
        for _ in batches(*whole, size=SIZE, batch=BATCH, seed=5, workers=2):
            raise ZeroDivisionError
    assert_no_children()
    assert time.monotonic() - began < 10


def test_loading_leaves_torchs_random_numbers_alone(whole):
    torch.manual_seed(0)
    expected = torch.rand(3)
    for workers in (0, 1):
        torch.manual_seed(0)
        load(whole, workers=workers, stop_step=2)
        assert torch.equal(torch.rand(3), expected)


class Confession(SmallTrainingSet):
    """Tells through its error what the worker is like."""

    def location(self, row):
        raise InputError(f"{torch.get_num_threads()} threads of torch")


def test_workers_use_one_thread(whole):
    with pytest.raises(InputError, match="^1 threads of torch$"):
        load((Confession(whole[0].label_lists), whole[1]), workers=1)


def test_workers_end_with_a_process_that_forgets_them(whole):
    """Without a close: when Python ends, it sends its daemons SIGTERM and waits for them."""
    loaded = batches(*whole, size=SIZE, batch=BATCH, seed=5, workers=2)
    next(loaded)
    children = multiprocessing.active_children()
    for child in children:
        child.terminate()
    for child in children:
        child.join(5)
        assert not child.is_alive()
    with pytest.raises(RuntimeError, match="worker"):
        list(itertools.islice(loaded, 10))


def test_a_signal_to_the_whole_job_leaves_the_workers_working(whole):
    loaded = batches(*whole, size=SIZE, batch=BATCH, seed=5, workers=2)
    # One batch of each worker: both have begun, and so have settled what signals are to them.
    seen = [next(loaded), next(loaded)]
    for name in ("TERM", "INT"):
        # Sent by another process, as a scheduler or a terminal does.
        pids = [str(child.pid) for child in multiprocessing.active_children()]
        subprocess.run(["kill", f"-{name}", *pids], check=True)
        seen += itertools.islice(loaded, 5)
    loaded.close()
    assert as_rows(seen) == as_rows(load(whole, stop_step=12))
    assert_no_children()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rank": 3, "world": 3}, "process 3 of 3"),
        ({"batch": 2, "world": 3}, "batch of 2 cannot be shared"),
        ({"start_step": -1}, "got step -1"),
        ({"workers": -1}, "-1 workers"),
    ],
)
def test_arguments_that_do_not_fit_are_refused_at_once(whole, options, message):
    with pytest.raises(InputError, match=message):
        batches(*whole, **{"size": SIZE, "batch": BATCH, "seed": 0, **options})


def test_a_plan_of_another_training_set_is_refused(whole):
    with pytest.raises(InputError, match="plan has 3 rows, the training set 40"):
        batches(whole[0], SamplingPlan.from_factors(np.ones(3), 0), size=SIZE, batch=BATCH, seed=0)


def test_the_limit_of_corrupt_images(spoilt):
    training_set, _ = spoilt
    limit = CorruptLimit(rate=0.02, at_least=200)
    for batch in load(spoilt, stop_step=30):
        limit.note(batch, training_set)
    limit.check(199, {"missing": 150})
    limit.check(200, {"missing": 4, "truncated": 0})
    with pytest.raises(InputError) as caught:
        limit.check(1000, {"missing": 5, "truncated": 16, "not an image": 0})
    message = str(caught.value)
    assert (
        "21 of 1,000 images cannot be decoded (16 truncated, 5 missing), above the limit of 2.00%" in message
    )
    assert message.count(str(training_set.files[GARBAGE][0].parent)) == 3
    assert "\n" not in message
    with pytest.raises(InputError, match=r"decoded \(3 empty\), above the limit of 0\.00%: mend"):
        CorruptLimit(rate=0, at_least=1).check(1, {"empty": 3})
    with pytest.raises(InputError, match="share from 0 to 1"):
        CorruptLimit(rate=1.5)


def test_a_training_set_on_disk_is_loaded_alike_by_workers(colour_set):
    training_set = open_training_set(colour_set)
    plan = SamplingPlan.build(training_set, parse_rule("sqrt"), seed=0)
    alone, shared = (load((training_set, plan), workers=workers) for workers in (0, 2))
    assert as_rows(alone) == as_rows(shared)
    rows = Order(plan).rows(np.arange(BATCH * 9)).tolist()
    assert [labels for _, _, labels in as_rows(alone)] == [training_set.labels(row).tolist() for row in rows]
