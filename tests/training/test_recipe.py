from dataclasses import replace
from pathlib import Path

import pytest
import torch

from weakly import machine
from weakly.training import recipe
from weakly.training.compute import Arithmetic
from weakly.training.distributed import Processes
from weakly.training.options import PretrainOptions

CPU, GPU = torch.device("cpu"), torch.device("cuda")
BF16, FP32 = (Arithmetic(dtype, torch.channels_last, False) for dtype in (torch.bfloat16, torch.float32))
SMALL = PretrainOptions(Path(), Path(), model="resnext14_32x4d", size=32, batch=64)


@pytest.fixture(autouse=True)
def no_word_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.delenv("LOCAL_WORLD_SIZE", raising=False)


@pytest.mark.parametrize(
    ("cores", "local_world", "on_gpu", "on_cpu"),
    [(1, 1, 1, 0), (2, 1, 1, 0), (8, 1, 7, 1), (64, 1, 16, 8), (64, 8, 7, 1), (8, 8, 1, 0), (32, 4, 7, 1)],
)
def test_workers_are_as_many_as_the_cores_feed(
    cores: int, local_world: int, on_gpu: int, on_cpu: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "cores", lambda: cores)
    monkeypatch.setenv("LOCAL_WORLD_SIZE", str(local_world))
    assert recipe.default_workers(GPU) == on_gpu
    assert recipe.default_workers(CPU) == on_cpu


def test_bf16_computes_on_the_cores_that_are_idle_when_the_run_begins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(machine, "cores", lambda: 8)
    monkeypatch.setattr(recipe, "idle_cores", lambda: 3)
    alone = Processes(0, 1, CPU)
    assert recipe.threads(SMALL, BF16, alone) == 3
    assert recipe.threads(SMALL, FP32, alone) == 8
    assert recipe.threads(SMALL, BF16, Processes(0, 1, GPU)) == 8
    assert recipe.threads(replace(SMALL, threads=6), BF16, alone) == 6
    assert recipe.threads(SMALL, BF16, alone, "bf16, channels_last, eager, 5 threads") == 5
    assert recipe.threads(SMALL, FP32, alone, "fp32, channels_last, eager, 1 thread") == 1
    assert recipe.threads(SMALL, BF16, alone, "bf16, channels_last, eager") == 3, "of an older run"
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "4")
    assert recipe.threads(SMALL, BF16, Processes(0, 4, CPU)) == 2
