"""Who does the units changes nothing: not how many, not on what engine, not when one of them is killed."""

import contextlib
import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
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


def kill_one_midway(process: subprocess.Popen[str], out: Path, named: Callable[[str], bool]) -> int:
    """Kill a worker once two units are done; returns how many were by then, all where it was too late."""
    units = out.parent / f".{out.name}.unfinished" / "units"
    deadline = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < deadline:
        done = len(list(units.glob("*[0-9].json")))
        if done >= 2 and (found := workers_of(process.pid, named)):
            os.kill(found[0], signal.SIGKILL)
            return done
        time.sleep(0.005)
    return FILES


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


def test_processes_give_the_same_bytes_though_one_is_killed(
    tmp_path: Path, whole: tuple[Path, list[str]]
) -> None:
    process = make(tmp_path / "v", "native", 2, whole[1], 300 * UNIT)
    done = kill_one_midway(process, tmp_path / "v", lambda line: "udf_worker" in line)
    said = said_by(process)
    # A quick machine may be at the last units by then, and not notice.
    assert "a worker was lost" in said or done > FILES - 4
    assert_same(tmp_path / "v", whole[0])


@pytest.mark.skipif(not has_ray, reason="ray is not installed")
@pytest.mark.timeout(400)
def test_a_ray_cluster_gives_the_same_bytes_though_a_worker_is_killed(
    tmp_path: Path, whole: tuple[Path, list[str]]
) -> None:
    process = make(tmp_path / "v", "ray", 2, whole[1], 300 * UNIT)
    kill_one_midway(process, tmp_path / "v", lambda line: line.startswith("ray::UDFActor"))
    said_by(process)
    assert_same(tmp_path / "v", whole[0])


def write_number(folder: Path, unit: int) -> None:
    if unit == 3:
        raise InputError("posts.jsonl:7 is at fault: mend it")
    (folder / str(unit)).write_text(str(os.getpid()))


def divide(unit: int) -> None:
    print(1 / unit)


def test_errors_of_a_task_come_back_as_they_are(tmp_path: Path) -> None:
    script = f"""
from pathlib import Path
import pytest
from tests.corpus.engine.test_workers import divide, write_number
from weakly.corpus.engine.workers import run
from weakly.errors import InputError
from functools import partial
folder = Path({str(tmp_path)!r})
how = dict(engine="native", workers=2, is_done=lambda unit: False)
with pytest.raises(InputError, match=r"^posts.jsonl:7 is at fault: mend it$"):
    list(run(partial(write_number, folder), range(8), **how))
with pytest.raises(RuntimeError, match=r"(?s)unit 0: .*ZeroDivisionError"):
    list(run(divide, [2, 1, 0], **how))
assert sorted(run(partial(write_number, folder), [0, 1, 2, 4], **how)) == [0, 1, 2, 4]
"""
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=root, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert {path.name for path in tmp_path.iterdir()} >= {"0", "1", "2", "4"}


def test_workers_lost_again_and_again_are_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[int]] = []

    def lose(task: object, is_done: object, units: list[int], *_: object) -> list[int]:
        asked.append(list(units))
        if len(asked) == 2:
            (tmp_path / "1").touch()
        raise RuntimeError("it is\ngone")

    monkeypatch.setattr(workers, "_by_daft", lose)
    monkeypatch.setattr(workers, "_start", lambda engine, workers: workers)
    is_done = lambda unit: (tmp_path / str(unit)).exists()  # noqa: E731
    with pytest.raises(InputError, match=r"lost 4 times without a unit done \(gone\).*fewer --workers"):
        list(
            workers.run(
                partial(write_number, tmp_path), [0, 1, 2], engine="native", workers=2, is_done=is_done
            )
        )
    assert asked == [[0, 1, 2], [0, 1, 2], *4 * [[0, 2]]]


def test_what_daft_left_without_a_word_is_done_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[list[int]] = []

    def end_early(
        task: Callable[[int], None], is_done: object, units: list[int], *_: object
    ) -> Iterator[int]:
        asked.append(list(units))
        for unit in units[:2]:
            task(unit)
            yield unit

    monkeypatch.setattr(workers, "_by_daft", end_early)
    monkeypatch.setattr(workers, "_start", lambda engine, workers: workers)
    task = partial(write_number, tmp_path)
    done = workers.run(task, [0, 1, 2, 4, 5], engine="ray", workers=2, is_done=lambda unit: False)
    assert list(done) == [0, 1, 2, 4, 5]
    assert asked == [[0, 1, 2, 4, 5], [2, 4, 5], [5]]
    assert (
        "a worker was lost (it ended without a word); 3 units are left, going on" in capsys.readouterr().err
    )


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


def test_the_makers_of_daft_are_told_nothing() -> None:
    assert os.environ["DO_NOT_TRACK"] == "true"
    assert os.environ["DAFT_ANALYTICS_ENABLED"] == "0"
    script = "import sys, weakly.corpus.vocabulary.build; assert 'daft' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], check=True)
