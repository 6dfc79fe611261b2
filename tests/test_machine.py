import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from weakly import machine


@pytest.fixture(autouse=True)
def eight_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "cores", lambda: 8)
    for name in ("OMP_NUM_THREADS", "LOCAL_WORLD_SIZE", "OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME"):
        # Set first, so that what a test or the code sets is taken away afterwards.
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


def test_threads_are_the_share_of_the_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    assert machine.default_threads() == 8
    assert machine.default_threads(most=3) == 3
    assert machine.default_threads(most=30) == 8
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "3")
    assert machine.default_threads() == machine.share_of_cores() == 2
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "30")
    assert machine.default_threads() == machine.share_of_cores() == 1


def test_threads_that_the_user_set_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "5")
    assert machine.default_threads(most=3) == 5
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert machine.default_threads() == 1
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "2")
    assert machine.default_threads() == 4, "torchrun sets 1 where nobody said anything"
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert machine.default_threads() == 3


@pytest.mark.skipif(not Path("/proc/stat").is_file(), reason="needs Linux")
def test_idle_cores_are_those_that_nobody_computes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    before = machine.idle_cores()
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(machine.cores())]
    try:
        time.sleep(0.5)
        assert machine.idle_cores() == 1
    finally:
        for process in busy:
            process.kill()
            process.wait()
    assert 1 <= before <= machine.cores()


@pytest.mark.parametrize("name", ["OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME"])
def test_threads_wait_briefly_unless_the_user_said_how(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.wait_briefly()
    assert os.environ["GOMP_SPINCOUNT"] == "10000"
    monkeypatch.delenv("GOMP_SPINCOUNT")
    monkeypatch.setenv(name, "77")
    machine.wait_briefly()
    assert os.environ.get("GOMP_SPINCOUNT") == ("77" if name == "GOMP_SPINCOUNT" else None)


def test_openmp_takes_it_when_torch_is_imported_afterwards() -> None:
    script = "from weakly.machine import wait_briefly; wait_briefly(); import torch"
    environment = {**os.environ, "OMP_DISPLAY_ENV": "verbose"}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert "GOMP_SPINCOUNT = '10000'" in done.stderr


def test_threads_are_given_back() -> None:
    before = torch.get_num_threads()
    with pytest.raises(ZeroDivisionError), machine.computing_threads(before + 1):
        assert torch.get_num_threads() == before + 1
        raise ZeroDivisionError
    assert torch.get_num_threads() == before
