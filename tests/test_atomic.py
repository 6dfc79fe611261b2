import errno
import os
import threading
import time
from pathlib import Path

import pytest

from weakly.atomic import Flusher


def test_a_file_is_flushed_while_it_grows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    flushed, fsync = [0], os.fsync

    def seen(descriptor: int) -> None:
        size = os.fstat(descriptor).st_size
        fsync(descriptor)
        flushed.append(size)

    monkeypatch.setattr(os, "fsync", seen)
    with (tmp_path / "file").open("wb", buffering=0) as file:
        flusher = Flusher(tmp_path / "file")
        file.write(b"12345")
        until = time.monotonic() + 10
        while flushed[-1] < 5 and time.monotonic() < until:
            time.sleep(0.01)
        flusher.close()
    assert flushed[-1] == 5
    count = len(flushed)
    time.sleep(0.3)
    assert len(flushed) == count


def test_what_flushing_met_is_raised_once_the_file_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    tried = threading.Event()

    def broken(_: int) -> None:
        tried.set()
        raise OSError(errno.EIO, "the disk is broken")

    monkeypatch.setattr(os, "fsync", broken)
    (tmp_path / "file").write_bytes(b"1")
    flusher = Flusher(tmp_path / "file")
    assert tried.wait(10)
    with pytest.raises(OSError, match="the disk is broken"):
        flusher.close()
