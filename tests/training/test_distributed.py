import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from tests.training import watched_run
from tests.training.test_loop import final_weights
from weakly.corpus.training_set.training_set import open_training_set
from weakly.errors import InputError
from weakly.machine import choose_device
from weakly.sampling.loader import Batch, batches
from weakly.sampling.plan import SamplingPlan
from weakly.training import checkpoint, distributed
from weakly.training.loop import pretrain

TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--standalone"]


def run_processes(world: int, training_set: Path, out: Path, *, die_at: int = -1) -> list[list[dict]]:
    """Pretrain under torchrun; what every process saw, by rank (nothing where they died)."""
    command = [*TORCHRUN, f"--nproc-per-node={world}", "-m", "tests.training.watched_run"]
    done = subprocess.run(
        [*command, str(training_set), str(out), str(die_at)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parent.parent.parent,
    )
    if die_at >= 0:
        assert done.returncode != 0
        return []
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads((out / f"seen-{rank}.json").read_text()) for rank in range(world)]


@pytest.fixture(scope="module")
def alone(colour_set: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pretrain(watched_run.options(colour_set, tmp_path_factory.mktemp("runs") / "alone"))


def expected_batches(training_set: Path, run: Path, start_step: int) -> list[Batch]:
    steps = watched_run.IMAGES // watched_run.BATCH
    plan = SamplingPlan.open(run / "sampling_plan.npy")
    return list(
        batches(
            open_training_set(training_set),
            plan,
            size=watched_run.SIZE,
            batch=watched_run.BATCH,
            start_step=start_step,
            stop_step=steps,
            workers=0,
            seed=0,
        )
    )


def assert_shares_make_up(seen: list[list[dict]], expected: list[Batch]) -> None:
    assert {len(steps) for steps in seen} == {len(expected)}
    for step, batch in enumerate(expected):
        whole = {
            key: [value for rank in seen for value in rank[step][key]]
            for key in ("positions", "pixels", "labels")
        }
        assert whole["positions"] == batch.positions.tolist()
        assert whole["pixels"] == watched_run.digests(batch.images)
        assert whole["labels"] == batch.labels.tolist()


def assert_close_weights(first: Path, second: Path) -> None:
    a, b = final_weights(first), final_weights(second)
    for name, tensor in a.items():
        torch.testing.assert_close(
            tensor, b[name], rtol=2e-3, atol=2e-5, msg=lambda text, n=name: f"{n}: {text}"
        )


@pytest.mark.parametrize("world", [2, 3])
def test_processes_share_every_batch_and_agree_on_the_gradient(
    world: int, colour_set: Path, alone: Path, tmp_path: Path
) -> None:
    """At 3 processes the shares of a batch of 16 are 5, 5 and 6 images."""
    seen = run_processes(world, colour_set, tmp_path / "run")
    assert [len(rank[0]["positions"]) for rank in seen] == {2: [8, 8], 3: [5, 5, 6]}[world]
    assert_shares_make_up(seen, expected_batches(colour_set, alone, 0))
    assert_close_weights(alone, tmp_path / "run")


def test_a_run_of_two_processes_goes_on_with_three(colour_set: Path, alone: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    run_processes(2, colour_set, out, die_at=7)
    assert checkpoint.load_pretrained(out).images_seen == watched_run.SAVE_IMAGES
    seen = run_processes(3, colour_set, out)
    assert_shares_make_up(seen, expected_batches(colour_set, alone, 5))
    assert_close_weights(alone, out)


def test_processes_average_buffers_and_agree() -> None:
    script = """
import torch
from torch import nn
from weakly.training import distributed
with distributed.started("cpu") as processes:
    norm = nn.BatchNorm1d(3)
    norm.running_mean.fill_(processes.rank)
    processes.average_buffers(norm)
    assert norm.running_mean.tolist() == [0.5] * 3, norm.running_mean
    assert processes.any(processes.rank == 1, False) == [True, False]
    assert processes.total(torch.tensor([1.0, processes.rank])).tolist() == [2.0, 1.0]
    processes.wait()
"""
    command = [*TORCHRUN, "--nproc-per-node=2", "--no-python", sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]


def test_alone_there_is_nothing_to_agree_on() -> None:
    with distributed.started("cpu") as processes:
        assert processes.first
        assert processes.any(True, False) == [True, False]
        assert processes.total(torch.tensor([2.0])).tolist() == [2.0]


@pytest.mark.skipif(torch.cuda.is_available(), reason="needs a machine without a GPU")
def test_a_gpu_that_is_not_there_is_said() -> None:
    with pytest.raises(InputError, match="torch sees no CUDA device"):
        choose_device("cuda")
    assert choose_device("auto").type == "cpu"
