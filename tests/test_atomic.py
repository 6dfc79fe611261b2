import errno
import os
import threading
import time
from pathlib import Path

import pytest

from weakly import atomic
from weakly.atomic import Flusher, aside, replace_folder, settle, sweep
from weakly.corpus.engine.resumable import Unfinished


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


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[str, str]]:
    """What is synced and what is renamed to what, in order, by their names below `tmp_path`."""
    seen: list[tuple[str, str]] = []
    fsync, rename, exchange = os.fsync, Path.rename, atomic._exchange

    def name(path: Path) -> str:
        return str(path.relative_to(tmp_path)).replace(str(os.getpid()), "PID")

    def watched_fsync(descriptor: int) -> None:
        seen.append(("sync", name(Path(f"/proc/self/fd/{descriptor}").readlink())))
        fsync(descriptor)

    def watched_rename(self: Path, target: Path) -> Path:
        seen.append(("rename to", name(target)))
        return rename(self, target)

    def watched_exchange(one: Path, other: Path) -> bool:
        seen.append(("rename to", name(other)))
        return exchange(one, other)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(atomic, "_exchange", watched_exchange)
    monkeypatch.setattr(Path, "rename", watched_rename)
    return seen


needs_proc = pytest.mark.skipif(
    not Path("/proc/self/fd").is_dir(), reason="needs /proc to name what is synced"
)


@needs_proc
def test_a_file_is_on_disk_before_it_takes_its_name(tmp_path: Path, events: list[tuple[str, str]]) -> None:
    aside(tmp_path / "file").write_text("1")
    settle(tmp_path / "file")
    assert events == [("sync", ".file.partial-PID"), ("rename to", "file")]
    assert (tmp_path / "file").read_text() == "1"


@needs_proc
@pytest.mark.parametrize("occupied", [False, True])
def test_a_folder_is_on_disk_before_it_takes_its_name(
    occupied: bool, tmp_path: Path, events: list[tuple[str, str]]
) -> None:
    partial, out = tmp_path / "partial", tmp_path / "out"
    (partial / "below").mkdir(parents=True)
    (partial / "a").touch()
    (partial / "below" / "b").touch()
    if occupied:
        out.mkdir()
    replace_folder(partial, out)
    published = events.index(("rename to", "out"))
    assert {("sync", f"partial{name}") for name in ("/a", "/below/b", "")} <= set(events[:published])
    assert events[published + 1 :] == [("sync", ".")], "the name itself is brought to disk"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]


@needs_proc
def test_what_a_unit_wrote_is_on_disk_before_it_is_done(
    tmp_path: Path, events: list[tuple[str, str]]
) -> None:
    unfinished = Unfinished(tmp_path)
    (tmp_path / "units").mkdir()
    unfinished.unit_path(3, ".counts").write_bytes(b"1")
    unfinished.finish(3, {"rows": 5}, beside=(".counts",))
    assert events[0] == ("sync", "units/00003.counts")
    assert events[-1] == ("rename to", "units/00003.json")
    assert unfinished.found(3) == {"rows": 5}


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
