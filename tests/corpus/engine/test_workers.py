"""Who does the units changes nothing: not how many, not on what engine, not when one of them is killed."""

import contextlib
import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest

from tests.corpus.small_posts import DRIVER, FILES, UNIT, content, write_posts
from weakly.artifacts import read_manifest
from weakly.corpus.engine import workers
from weakly.errors import InputError

has_ray = importlib.util.find_spec("ray") is not None


def make(out: Path, engine: str, workers: int, posts: list[str], unit: int = UNIT) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", DRIVER, str(out), engine, str(workers), str(unit), *posts]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def said_by(process: subprocess.Popen[str]) -> str:
    said = process.communicate(timeout=200)[0]
    assert process.returncode == 0, said[-3000:]
    return said


def workers_of(process: int, named: Callable[[str], bool]) -> list[int]:
    """Processes below `process` whose command line is so named."""
    parents, lines = {}, {}
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            number = int(folder.name)
            parents[number] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            lines[number] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    below = {process}
    while more := {child for child, parent in parents.items() if parent in below} - below:
        below |= more
    return sorted(child for child in below if named(lines.get(child, "")))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    folder = tmp_path_factory.mktemp("whole")
    posts = write_posts(folder, posts_a_file=12_000, images=False)
    said_by(make(folder / "v", "serial", 1, posts, 300 * UNIT))
    assert len(list((folder / "v" / "posts").glob("*.names.arrow"))) == FILES
    return folder / "v", posts


def assert_same(folder: Path, whole: Path) -> None:
    assert content(folder) == content(whole)
    assert read_manifest(folder).facts == read_manifest(whole).facts


def killed_midway(process: subprocess.Popen[str], out: Path, named: Callable[[str], bool]) -> int:
    """Kill a worker once two units are done; returns its number."""
    units = out.parent / f".{out.name}.unfinished" / "units"
    deadline = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < deadline:
        done = len(list(units.glob("*[0-9].json")))
        if done >= 2 and (found := workers_of(process.pid, named)):
            os.kill(found[0], signal.SIGKILL)
            return found[0]
        time.sleep(0.005)
    raise AssertionError(f"there was nothing to kill: {process.communicate()[0][-3000:]}")


def is_worker(line: str) -> bool:
    return "weakly.corpus.engine.processes" in line


def test_processes_give_the_same_bytes_though_one_is_killed(
    tmp_path: Path, whole: tuple[Path, list[str]]
) -> None:
    process = make(tmp_path / "v", "native", 2, whole[1], 300 * UNIT)
    killed = killed_midway(process, tmp_path / "v", is_worker)
    said = said_by(process)
    assert "a worker was lost (it was killed by SIGKILL); " in said, killed
    assert_same(tmp_path / "v", whole[0])


def is_alive(process: int) -> bool:
    """Whether a process runs; one that ended has no command line, though nobody may have asked how."""
    try:
        return bool(Path(f"/proc/{process}/cmdline").read_bytes())
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_signal_ends_this_process_and_its_workers(
    tmp_path: Path, whole: tuple[Path, list[str]], number: signal.Signals
) -> None:
    process = make(tmp_path / "v", "native", 2, whole[1], 300 * UNIT)
    units = tmp_path / ".v.unfinished" / "units"
    while process.poll() is None and not list(units.glob("*[0-9].json")):
        time.sleep(0.005)
    workers = workers_of(process.pid, is_worker)
    # The pipe that all of them write to ends with the last of them. Ctrl-C goes to the whole group.
    for one in (process.pid, *workers) if number == signal.SIGINT else (process.pid,):
        os.kill(one, number)
    said = process.communicate(timeout=60)[0]
    assert len(workers) == 2
    assert process.returncode
    assert ("Traceback" in said) == (number == signal.SIGINT)  # of the error `Stopped`, which the verbs catch
    assert "in serve" not in said
    assert not [one for one in workers if is_alive(one)]
    assert "going on: " in said_by(make(tmp_path / "v", "native", 2, whole[1], 300 * UNIT))
    assert_same(tmp_path / "v", whole[0])


RAY_NODES = """
import json, sys
from ray.cluster_utils import Cluster
cluster = Cluster()
for _ in range(2):
    cluster.add_node(num_cpus=1, include_dashboard=False, object_store_memory=100 << 20)
print(cluster.address, *(node.all_processes["raylet"][0].process.pid for node in cluster.list_all_nodes()))
sys.stdout.flush()
sys.stdin.read()
cluster.shutdown()
"""


@pytest.mark.skipif(not has_ray, reason="ray is not installed")
@pytest.mark.timeout(400)
def test_a_ray_cluster_of_two_nodes_gives_the_same_bytes_though_workers_are_killed(
    tmp_path: Path, whole: tuple[Path, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    nodes = subprocess.Popen(
        [sys.executable, "-c", RAY_NODES], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert nodes.stdin and nodes.stdout
    try:
        address, *raylets = next(line for line in nodes.stdout if line[0].isdigit()).split()
        monkeypatch.setenv("RAY_ADDRESS", address)
        process = make(tmp_path / "v", "ray", 2, whole[1], 300 * UNIT)
        for raylet in map(int, raylets):
            killed_at_work(process, raylet)
        said = said_by(process)
    finally:
        nodes.communicate("", timeout=60)
    assert said.count("a worker was lost (") == 2, said[-3000:]
    assert_same(tmp_path / "v", whole[0])


def killed_at_work(process: subprocess.Popen[str], raylet: int) -> None:
    """Kill the worker of a node of a Ray cluster that does a unit."""
    deadline = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < deadline:
        if found := workers_of(raylet, lambda line: line.startswith("ray::unit ")):
            os.kill(found[0], signal.SIGKILL)
            return
        time.sleep(0.005)
    raise AssertionError(f"there was nothing to kill: {process.communicate()[0][-3000:]}")


def write_number(folder: Path, unit: int) -> None:
    if unit == 3:
        raise InputError("posts.jsonl:7 is at fault: mend it")
    (folder / str(unit)).write_text(str(os.getpid()))


def divide(unit: int) -> None:
    print(1 / unit)


def test_errors_of_a_task_come_back_as_they_are(tmp_path: Path) -> None:
    def run(task: Callable[[int], None], units: Sequence[int]) -> list[int]:
        return list(workers.run(task, units, engine="native", workers=2, is_done=never))

    with pytest.raises(InputError, match=r"^posts.jsonl:7 is at fault: mend it$"):
        run(partial(write_number, tmp_path), range(8))
    with pytest.raises(RuntimeError, match=r"(?s)unit 0: .*ZeroDivisionError"):
        run(divide, [2, 1, 0])
    assert sorted(run(partial(write_number, tmp_path), [0, 1, 2, 4])) == [0, 1, 2, 4]
    assert {path.name for path in tmp_path.iterdir()} >= {"0", "1", "2", "4"}


def die(unit: int) -> None:
    if unit == 3:
        os.kill(os.getpid(), signal.SIGSEGV)


def fails_to_end(unit: int) -> None:
    sys.exit(unit)


def never(unit: int) -> bool:
    return False


def test_workers_lost_again_and_again_are_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    done = []
    with pytest.raises(
        InputError, match=r"lost 4 times without a unit done \(it was killed by SIGSEGV\).*fewer --workers"
    ):
        done.extend(workers.run(die, range(6), engine="native", workers=2, is_done=never))
    assert sorted(done) == [0, 1, 2, 4, 5]
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1] == "a worker was lost (it was killed by SIGSEGV); 1 units are left, going on"
    assert len(lines) >= 3
    with pytest.raises(InputError, match=r"lost 4 times without a unit done \(it ended with 7\)"):
        list(workers.run(fails_to_end, [7], engine="native", workers=1, is_done=never))


def test_what_a_lost_worker_had_done_is_not_done_again() -> None:
    assert list(workers.run(die, [3], engine="native", workers=1, is_done=bool)) == [3]


def say(unit: int) -> None:
    os.write(1, f"a task may print {os.environ['OMP_NUM_THREADS']}\n".encode())  # in one piece


def test_what_a_task_prints_is_no_outcome(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    assert sorted(workers.run(say, range(4), engine="native", workers=2, is_done=never)) == [0, 1, 2, 3]
    assert capfd.readouterr().err.count("a task may print 1\n") == 4


def test_small_work_is_done_here_and_large_work_by_every_core(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(12), raising=False)
    large = 1 << 30
    assert workers.choose("auto", None, 100, large) == ("native", 12)
    assert workers.choose("auto", None, 5, large) == ("native", 5)
    assert workers.choose("auto", 3, 100, large) == ("native", 3)
    assert workers.choose("auto", None, 1, large) == ("serial", 1)
    assert workers.choose("auto", 1, 100, large) == ("serial", 1)
    assert workers.choose("auto", None, 100, 1 << 20) == ("serial", 1)
    assert workers.choose("native", None, 100, 1) == ("native", 12)
    assert workers.choose("ray", None, 100, 1) == ("ray", 0)
    assert workers.choose("ray://there:10001", 7, 100, 1) == ("ray://there:10001", 7)
    with pytest.raises(InputError, match="--engine spark: expected auto, serial, native, ray"):
        workers.choose("spark", None, 1, 1)


def test_ray_is_imported_where_it_is_asked_for() -> None:
    script = "import sys, weakly.corpus.vocabulary.build; assert 'ray' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], check=True)
