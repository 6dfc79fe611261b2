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
    """Sync `partial` to disk and rename it to `out`; what was there is removed.

    Whenever the machine stops, `out` is the old folder or the new one. Where a system cannot exchange two
    folders in one step, it may be neither for a moment, until the next `sweep` brings the old one back.
    """
    for path in sorted(partial.rglob("*")):
        if path.is_file():
            sync(path)
    sync(partial)
    if out.exists():
        if not _exchange(partial, out):
            old = _old(out)
            out.rename(old)
            partial.rename(out)
            partial = old
        sync(out.parent)
        shutil.rmtree(partial)
    else:
        partial.rename(out)
        sync(out.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; returns whether this system could."""
    # Linux has renameat2(AT_FDCWD, ..., RENAME_EXCHANGE), macOS renamex_np(..., RENAME_SWAP).
    import ctypes

    library = ctypes.CDLL(None, use_errno=True)
    names = os.fsencode(one), os.fsencode(other)
    if hasattr(library, "renameat2"):
        return library.renameat2(-100, names[0], -100, names[1], 2) == 0
    return hasattr(library, "renamex_np") and library.renamex_np(*names, 2) == 0


def _old(out: Path) -> Path:
    return out.parent / f".{out.name}.old-{os.getpid()}"


def sweep(folder: Path, name: str, *, alone: bool = False) -> None:
    """Remove what killed processes left aside in a folder, and bring back what one was about to replace.

    Args:
        folder: where.
        name: what it was to be, or a pattern.
        alone: nobody else writes there, so that what another process has aside is stale too.
    """
    for stale in folder.glob(f".{name}.*-*"):
        kept, _, owner = stale.name.rpartition("-")
        if not kept.endswith((".old", ".partial")) or not owner.isdigit():
            continue
        if not alone and int(owner) != os.getpid() and _alive(int(owner)):
            continue
        place = folder / kept[1:].removesuffix(".old")
        if kept.endswith(".old") and not place.exists():
            stale.rename(place)
        elif stale.is_dir():
            shutil.rmtree(stale)
        else:
            stale.unlink()


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
