"""Verbs run in processes that are forked from this one, so that a thousand of them take minutes; and what may
happen to them there: a kill before any change of a file, a signal, a full disk.

Everything a verb may need is imported once, before the first fork. A child has its own session, its own
working folder and its output in files; it is ended after `PATIENCE` seconds.
"""

import hashlib
import importlib
import json
import os
import resource
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE = 60.0
"""Seconds after which a verb is said to hang."""
LONG = int(os.environ.get("WEAKLY_FAULTS", "0"))
"""How many of each fault the long form tries; 0 is the quick form."""
_NEEDED = (
    *("weakly.cli", "weakly.corpus.vocabulary.build", "weakly.corpus.training_set.build"),
    *("weakly.corpus.training_set.takedown", "weakly.training.loop", "weakly.transfer.probe"),
    *(
        "weakly.transfer.tag",
        "weakly.corpus.training_set.shrink",
        "weakly.reports.report",
        "weakly.reports.show",
        "matplotlib.pyplot",
        "tyro",
    ),
)
_CHANGES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate", "os.link", "os.symlink"}
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@dataclass(frozen=True)
class Outcome:
    """How a verb ended.

    Attributes:
        status: its exit status, or minus the signal that ended it; None where it hung.
        out: what it printed.
        err: what it printed of errors.
    """

    status: int | None
    out: str
    err: str

    @property
    def is_one_line(self) -> bool:
        """Whether it refused, in lines that all name the verb and hold no traceback."""
        lines = self.err.strip().splitlines()
        return self.status == 2 and bool(lines) and lines[-1].startswith("weakly ")

    def __str__(self) -> str:
        return f"status {self.status}\n{self.out[-500:]}\n{self.err[-2000:]}"


def run(arguments: Sequence[str], folder: Path, *before: Callable[[], None]) -> Outcome:
    """Run a verb in a forked process.

    Args:
        arguments: of `weakly`.
        folder: its working folder.
        before: called in the child first, to bring about what is to happen there.
    """
    for name in _NEEDED:
        importlib.import_module(name)
    printed = [folder / ".printed", folder / ".errors"]
    child = os.fork()
    if child == 0:
        _be(arguments, folder, printed, before)
    status = _wait(child)
    out, err = (path.read_text(errors="replace") for path in printed)
    for path in printed:
        path.unlink()
    return Outcome(status, out, err)


def _be(arguments: Sequence[str], folder: Path, printed: Sequence[Path], before: Sequence[Any]) -> None:
    """Be the child: never returns."""
    status = 1
    try:
        os.setsid()
        for number, path in zip((1, 2), printed, strict=True):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        sys.stdout, sys.stderr = (
            os.fdopen(number, "w", encoding="utf-8", closefd=False) for number in (1, 2)
        )
        os.chdir(folder)
        from weakly import cli

        for act in before:
            act()
        cli.main(list(arguments))
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - what a user would see
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(status)


def _wait(child: int) -> int | None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            # What it started and left behind ends with it, as a terminal's window does.
            _end_group(child)
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.002)
    _end_group(child)
    os.waitpid(child, 0)
    return None


def _end_group(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def at_change(number: int, act: Callable[[], None]) -> Callable[[], None]:
    """Do something right before the `number`-th change of a file that Python makes, counted from 0."""
    return _Changes(number, act).watch


def killed() -> None:
    """End this process as a power cut does."""
    os.kill(os.getpid(), signal.SIGKILL)


def counted(path: Path) -> Callable[[], None]:
    """Write to `path`, when the process ends, how many changes of files it made."""
    return _Changes(-1, killed, path).watch


class _Changes:
    """Counts the changes of files that a process makes: opened for writing, renamed, removed, synced."""

    def __init__(self, number: int, act: Callable[[], None], count: Path | None = None) -> None:
        self._left, self._act, self._count, self._seen = number, act, count, 0

    def watch(self) -> None:
        sys.addaudithook(self._hear)
        fsync = os.fsync

        def sync(descriptor: int) -> None:
            self._change()
            fsync(descriptor)

        os.fsync = sync
        if self._count is not None:
            end = os._exit

            def leave(status: int) -> None:
                descriptor = os.open(str(self._count), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
                os.write(descriptor, str(self._seen).encode())
                end(status)

            os._exit = leave

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in _CHANGES or (event == "open" and self._is_write(*arguments)):
            self._change()

    @staticmethod
    def _is_write(path: Any, mode: Any, flags: Any) -> bool:
        if str(path).startswith(("/dev/", "/proc/")):
            return False
        return bool(isinstance(flags, int) and flags & _WRITES)

    def _change(self) -> None:
        self._seen += 1
        if self._left == 0:
            self._left = -1
            self._act()
        elif self._left > 0:
            self._left -= 1


def file_limit(size: int) -> Callable[[], None]:
    """No file may grow beyond so many bytes, as under `ulimit -f`."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


TIMES = {
    "seconds",
    "seconds_on_features",
    "images_per_second",
    "waiting",
    "mfu",
    "peak_memory",
    "date",
    "took",
}
"""What differs between two runs of the same."""


def content(folder: Path) -> dict[str, str]:
    """A digest of every file below a folder, hidden ones too; less what tells the time."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            if path.suffix == ".jsonl":
                data = "\n".join(_timeless(json.loads(line)) for line in data.splitlines()).encode()
            elif path.suffix == ".json":
                data = _timeless(json.loads(data)).encode()
            found[str(path.relative_to(folder))] = hashlib.sha256(data).hexdigest()
    return found


def _timeless(value: Any) -> str:
    if isinstance(value, dict):
        value = {key: own for key, own in value.items() if key not in TIMES}
        if "options" in value:
            value = {**value, "options": _without_ways(value["options"])}
    return json.dumps(_rounded(value), sort_keys=True)


def _rounded(value: Any) -> Any:
    """Numbers to five digits: the last bits of a fitted classifier hang on where its memory lies."""
    if isinstance(value, dict):
        return {key: _rounded(own) for key, own in value.items()}
    if isinstance(value, list):
        return [_rounded(own) for own in value]
    return f"{value:.5g}" if isinstance(value, float) else value


def _without_ways(options: Any) -> Any:
    """Options less those that say how and not what."""
    return {key: own for key, own in options.items() if key not in ("resume", "overwrite")}


def left_over(folder: Path) -> list[str]:
    """What a verb should not leave beside its folder: hidden files and folders."""
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("."))


def fresh(given: Path, folder: Path) -> Path:
    """A copy of a folder, in the place of an earlier one."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(given, folder, symlinks=True)
    return folder
