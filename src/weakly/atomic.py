"""Files and folders that are whole or not there, whenever the machine stops.

What is written goes aside, under a hidden name beside its place; it is synced to disk and renamed once. What
a killed process left aside is swept by the next.
"""

import json
import os
import shutil
import threading
from pathlib import Path
from typing import Any

_FLUSH_SECONDS = 0.1
"""How often what a growing file holds is brought to disk."""


def aside(path: Path) -> Path:
    """Where a file or folder is written before it is renamed to `path`; the same name for this process."""
    return path.with_name(f".{path.name}.partial-{os.getpid()}")


def settle(path: Path) -> None:
    """Sync what was written at `aside(path)` and rename it to `path`, replacing what is there."""
    sync(aside(path))
    aside(path).rename(path)


def write_json(path: Path, value: Any) -> None:
    """Write `value` as indented JSON in one rename, so that no reader ever sees half of it."""
    text = json.dumps(value, indent=2, ensure_ascii=False, default=str)
    aside(path).write_text(text + "\n", encoding="utf-8")
    settle(path)


def replace_folder(partial: Path, out: Path) -> None:
    """Sync `partial` to disk and rename it to `out`, replacing what is there."""
    for path in sorted(partial.rglob("*")):
        if path.is_file():
            sync(path)
    sync(partial)
    if out.exists():
        old = out.parent / f".{out.name}.old-{os.getpid()}"
        out.rename(old)
        partial.rename(out)
        shutil.rmtree(old)
    else:
        partial.rename(out)
    sync(out.parent)


def sweep(folder: Path, name: str, *, alone: bool = False) -> None:
    """Remove what killed processes left aside in a folder.

    Args:
        folder: where.
        name: what it was to be, or a pattern.
        alone: nobody else writes there, so that what another process has aside is stale too.
    """
    for stale in folder.glob(f".{name}.partial-*"):
        owner = stale.name.rpartition("-")[2]
        if alone or owner == str(os.getpid()) or (owner.isdigit() and not _alive(int(owner))):
            shutil.rmtree(stale)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def sync(path: Path) -> None:
    """Flush a file or a folder's entries to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Flusher:
    """Brings a file to disk from a thread while it grows, so that `settle` has to wait for its end only.

    Args:
        path: a file that is there.
    """

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDONLY)
        self._is_whole = threading.Event()
        self._error: OSError | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            while not self._is_whole.wait(_FLUSH_SECONDS):
                os.fsync(self._descriptor)
        except OSError as error:
            self._error = error

    def close(self) -> None:
        """End; raises the OSError that flushing met, which the system tells once."""
        self._is_whole.set()
        self._thread.join()
        os.close(self._descriptor)
        if self._error:
            raise self._error
