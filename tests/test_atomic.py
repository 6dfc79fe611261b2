import errno
import os
import threading
import time
from pathlib import Path

import pytest

from weakly import atomic
from weakly.atomic import Flusher, aside, replace_folder, sweep


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


def folder(path: Path, text: str) -> Path:
    path.mkdir()
    (path / "data").write_text(text)
    return path


@pytest.mark.parametrize("can_exchange", [True, False])
def test_a_folder_is_replaced_whole(
    can_exchange: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not can_exchange:
        monkeypatch.setattr(atomic, "_exchange", lambda one, other: False)
    out = folder(tmp_path / "out", "old")
    replace_folder(folder(aside(out), "new"), out)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (out / "data").read_text() == "new"


def test_where_folders_can_change_places_none_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = folder(tmp_path / "out", "old")
    monkeypatch.setattr(Path, "rename", None)  # exchanged, or not at all
    replace_folder(folder(aside(out), "new"), out)
    assert (out / "data").read_text() == "new"


def test_what_was_about_to_be_replaced_comes_back(tmp_path: Path) -> None:
    folder(tmp_path / ".out.old-999999999", "old")
    folder(tmp_path / ".out.partial-999999999", "new")
    sweep(tmp_path, "out")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out" / "data").read_text() == "old"
    folder(tmp_path / ".out.old-999999999", "older")
    sweep(tmp_path, "out")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out" / "data").read_text() == "old"
