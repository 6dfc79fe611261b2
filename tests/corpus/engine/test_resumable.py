"""A verb's work in units: what was done before a kill is not done again, and the bytes are the same."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.corpus.small_posts import DRIVER, FILES, UNIT, content, write_posts
from weakly import atomic
from weakly.artifacts import Manifest, read_manifest, write_manifest
from weakly.corpus.engine import resumable
from weakly.corpus.engine.resumable import Plan, Unfinished, begin
from weakly.corpus.options import LabelOptions, PostColumns, VocabOptions
from weakly.corpus.posts import units
from weakly.corpus.posts.remote import facts_of
from weakly.corpus.training_set.build import label_posts
from weakly.corpus.vocabulary.build import build_vocabulary
from weakly.errors import InputError, Stopped


@pytest.fixture(autouse=True)
def _every_file_is_a_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(units, "UNIT_BYTES", UNIT)


def options(folder: Path, out: str, **others: object) -> VocabOptions:
    columns = PostColumns(author="who", caption="text")
    posts = (str(folder / "posts-*.jsonl"),)
    return VocabOptions(posts=posts, out=folder / out, columns=columns, **others)  # pyright: ignore[reportArgumentType]


class Killed(BaseException):
    pass


def break_off(monkeypatch: pytest.MonkeyPatch, after: int) -> list[int]:
    """Let `after` units be finished, then fail as a kill does; returns the list of the units finished."""
    finished: list[int] = []
    finish = Unfinished.finish

    def finish_or_die(self: Unfinished, unit: int, found: dict, beside: Sequence[str]) -> None:
        if len(finished) == after:
            raise Killed
        finish(self, unit, found, beside)
        finished.append(unit)

    monkeypatch.setattr(Unfinished, "finish", finish_or_die)
    return finished


def test_what_is_done_is_not_done_again_and_the_bytes_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_posts(tmp_path)
    whole = build_vocabulary(options(tmp_path, "whole"))
    label = {"posts": (), "vocab": tmp_path / "whole", "images": tmp_path / "images"}
    rows = label_posts(LabelOptions(**label, out=tmp_path / "rows"))
    with monkeypatch.context() as patch:
        break_off(patch, 3)
        with pytest.raises(Killed):
            build_vocabulary(options(tmp_path, "broken"))
        assert not (tmp_path / "broken").exists()
    with monkeypatch.context() as patch:
        break_off(patch, 5)
        with pytest.raises(Killed):
            label_posts(LabelOptions(**label, out=tmp_path / "broken rows"))
    finished = break_off(monkeypatch, 100)
    capsys.readouterr()
    again = build_vocabulary(options(tmp_path, "broken"))
    assert f"going on: 3 of {FILES} units are done" in capsys.readouterr().out
    assert finished == list(range(3, FILES))
    again_rows = label_posts(LabelOptions(**label, out=tmp_path / "broken rows"))
    assert finished[FILES - 3 :] == list(range(5, FILES))
    assert again.facts == whole.facts
    assert again_rows.fingerprint == rows.fingerprint
    assert again_rows.manifest.facts == rows.manifest.facts
    for made in ("", " rows"):
        ours = content(tmp_path / f"broken{made}")
        assert len(ours) > FILES
        assert ours == content(tmp_path / f"whole{made}" if not made else tmp_path / "rows")
    assert not list(tmp_path.glob(".*"))


def test_a_process_that_is_killed_leaves_what_it_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(units, "UNIT_BYTES", 100 * UNIT)
    posts = write_posts(tmp_path, posts_a_file=4000, images=False)
    whole = build_vocabulary(options(tmp_path, "whole", min_authors=2))
    command = [sys.executable, "-c", DRIVER, str(tmp_path / "killed"), "serial", "1", str(100 * UNIT), *posts]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    done_units = tmp_path / ".killed.unfinished" / "units"
    deadline = time.monotonic() + 60
    while len(list(done_units.glob("*[0-9].json"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    done = len(list(done_units.glob("*[0-9].json")))
    assert 2 <= done < FILES
    again = subprocess.run(command, capture_output=True, text=True, check=True)
    assert f"going on: {done} of {FILES} units are done" in again.stdout
    assert content(tmp_path / "killed") == content(tmp_path / "whole")
    assert read_manifest(tmp_path / "killed").facts == dict(whole.facts)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("append", r"posts-5\.jsonl changed since an earlier try .* \(it had [\d,]+ bytes and has [\d,]+\)"),
        ("rewrite", r"posts-5\.jsonl changed since .* \(its content is another\)"),
        ("touch", r"posts-5\.jsonl changed since .* \(it was written again\)"),
        ("remove", r"posts-5\.jsonl is no longer among the posts"),
        ("add", r"posts-9\.jsonl was not among the posts when it was begun"),
        ("options", r"it was made otherwise \(--min-count was 1, now 3\)"),
    ],
)
def test_a_changed_input_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str, words: str
) -> None:
    posts = [Path(name) for name in write_posts(tmp_path)]
    with monkeypatch.context() as patch:
        break_off(patch, 2)
        with pytest.raises(Killed):
            build_vocabulary(options(tmp_path, "v"))
    text = posts[5].read_text()
    match change:
        case "append":
            posts[5].write_text(text + text)
        case "rewrite":
            posts[5].write_text(text.replace("dog", "god"))
        case "touch":
            os.utime(posts[5], (1, 1))
        case "remove":
            posts[5].unlink()
        case "add":
            (tmp_path / "posts-9.jsonl").write_text(text)
    more = {"min_count": 3} if change == "options" else {}
    with pytest.raises(
        InputError, match=words + ".*: to go on with it, undo that; or begin anew with --overwrite"
    ):
        build_vocabulary(options(tmp_path, "v", **more))
    assert len(list((tmp_path / ".v.unfinished" / "units").glob("*[0-9].json"))) == 2
    build_vocabulary(options(tmp_path, "v", overwrite=True, **more))
    assert not list(tmp_path.glob(".*"))


def test_an_input_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("one")
    plan = Plan("test", {}, [facts_of(path)], [3])
    with (
        pytest.raises(InputError, match=r"a\.jsonl changed while it was read \(it had 3 bytes and has 5\)"),
        begin(tmp_path / "out", plan, False, lambda: [facts_of(path)]) as stage,
    ):
        write_manifest(stage.folder, Manifest(kind="test", fingerprint=""))
        path.write_text("three")
    assert not (tmp_path / "out").exists()


def test_two_processes_do_not_make_the_same_folder(tmp_path: Path) -> None:
    plan = Plan("test", {}, [], [])
    with begin(tmp_path / "out", plan, False, list) as stage:
        with (
            pytest.raises(InputError, match="out is being made by another process"),
            begin(tmp_path / "out", plan, True, list),
        ):
            pass
        write_manifest(stage.folder, Manifest(kind="test", fingerprint=""))
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["manifest.json"]


def test_after_an_error_what_is_done_stays_and_nothing_where_nothing_is(tmp_path: Path) -> None:
    posts = [Path(name) for name in write_posts(tmp_path)]
    posts[4].write_bytes(b"\xff\xfe" + posts[4].read_text().encode("utf-16le"))
    with pytest.raises(InputError, match=r"posts-4\.jsonl is UTF-16"):
        build_vocabulary(options(tmp_path, "v"))
    assert (tmp_path / ".v.unfinished" / "units" / "00003.json").is_file()
    posts[0].write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match=r"posts-0\.jsonl changed since"):
        build_vocabulary(options(tmp_path, "v"))
    with pytest.raises(InputError, match=r"posts-0\.jsonl is UTF-16"):
        build_vocabulary(options(tmp_path, "w"))
    assert not list(tmp_path.glob(".w*"))


def test_a_try_that_fails_at_the_end_leaves_nothing(tmp_path: Path) -> None:
    write_posts(tmp_path)
    with pytest.raises(InputError, match="no label is left of .* and --min-count 99999, --min-authors 3"):
        build_vocabulary(options(tmp_path, "v", min_count=99_999, min_authors=3))
    assert not list(tmp_path.glob(".*"))


def test_a_folder_of_another_kind_is_neither_replaced_nor_read(tmp_path: Path) -> None:
    write_posts(tmp_path)
    build_vocabulary(options(tmp_path, "v"))
    label = LabelOptions((), tmp_path / "v", tmp_path / "t", images=tmp_path / "images")
    label_posts(label)
    with pytest.raises(InputError, match="v is a vocabulary, which --overwrite does not replace by a train"):
        label_posts(replace(label, out=tmp_path / "v", overwrite=True))
    with pytest.raises(InputError, match="t is a training-set, which --overwrite does not replace by a voc"):
        build_vocabulary(options(tmp_path, "t", overwrite=True))
    with pytest.raises(InputError, match="t is a training-set; expected posts, or the vocabulary that was"):
        label_posts(replace(label, posts=(str(tmp_path / "t"),), out=tmp_path / "u"))
    with pytest.raises(InputError, match=r"jsonl/v cannot be made \(Not a directory\): --out names a folder"):
        build_vocabulary(options(tmp_path, "posts-0.jsonl/v"))
    label_posts(replace(label, overwrite=True))


def test_what_a_unit_found_is_on_disk_before_it_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    sync = atomic.sync
    monkeypatch.setattr(atomic, "sync", lambda path: synced.append(path.name) or sync(path))
    write_posts(tmp_path)
    build_vocabulary(options(tmp_path, "v"))
    label_posts(LabelOptions((), tmp_path / "v", tmp_path / "rows", images=tmp_path, trust_images=True))
    for suffixes in ((".labels", ".counts.npz", ".authors.npz", ".left_out.arrow"), (".label_counts.npy",)):
        done = next(i for i, name in enumerate(synced) if name.startswith(".00003.json"))
        assert {f"00003{suffix}" for suffix in suffixes} <= set(synced[:done])
        synced = synced[done + 1 :]


def test_what_units_found_comes_in_order_while_others_are_at_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []

    def out_of_order(task: Callable[[int], None], units: Sequence[int], **_: object) -> Iterator[int]:
        for unit in (2, 0, 1, 3):
            assert unit in units
            task(unit)
            events.append(f"done {unit}")
            yield unit

    monkeypatch.setattr(resumable.engines, "run", out_of_order)
    with begin(tmp_path / "out", Plan("vocab", {}, [], [1] * 4), False, list) as begun:
        found = begun.run(
            lambda unit: begun.unfinished.finish(unit, {"rows": 1, "own": unit}),
            engine="serial",
            workers=None,
            title="counting",
        )
        events += (f"found {of_unit['own']}" for of_unit in found)
        write_manifest(begun.folder, Manifest(kind="vocabulary", fingerprint=""))
    assert events == [
        *("done 2", "done 0", "found 0", "done 1", "found 1", "found 2", "done 3", "found 3"),
    ]


@pytest.mark.parametrize("left", ["plan.json", "units/00000.json"])
def test_what_a_kill_after_the_rename_left_is_swept(tmp_path: Path, left: str) -> None:
    plan, root = Plan("test", {}, [], [1]), tmp_path / ".out.unfinished"
    with begin(tmp_path / "out", plan, False, list) as stage:
        write_manifest(stage.folder, Manifest(kind="test", fingerprint=""))
    (root / left).parent.mkdir(parents=True)
    (root / left).write_text("{}")
    with (
        pytest.raises(InputError, match="out already holds something"),
        begin(tmp_path / "out", plan, False, list),
    ):
        pass
    assert not root.exists()


def test_a_link_in_the_place_of_the_unfinished_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine" / "units").mkdir(parents=True)
    (tmp_path / "mine" / "units" / "precious").touch()
    (tmp_path / ".out.unfinished").symlink_to(tmp_path / "mine")
    with (
        pytest.raises(InputError, match=r"\.out\.unfinished is a link, where .*out is to grow: remove it"),
        begin(tmp_path / "out", Plan("test", {}, [], []), True, list),
    ):
        pass
    assert (tmp_path / "mine" / "units" / "precious").exists()


def test_what_another_process_made_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    with (
        pytest.raises(InputError, match="out already holds something"),
        begin(tmp_path / "out", Plan("test", {}, [], []), False, list) as stage,
    ):
        write_manifest(stage.folder, Manifest(kind="test", fingerprint="ours"))
        (tmp_path / "out").mkdir()
        write_manifest(tmp_path / "out", Manifest(kind="test", fingerprint="theirs"))
    assert read_manifest(tmp_path / "out").fingerprint == "theirs"
    assert not (tmp_path / ".out.unfinished").exists()


def test_ctrl_c_is_one_line_and_ends_the_work_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []

    def endless(task: Callable[[int], None], units: Sequence[int], **_: object) -> Iterator[int]:
        try:
            for unit in units:
                task(unit)
                yield unit
        finally:
            events.append("ended")

    monkeypatch.setattr(resumable.engines, "run", endless)
    with (
        pytest.raises(Stopped, match="what is done stays, and the same command goes on with it") as stopped,
        begin(tmp_path / "out", Plan("vocab", {}, [], [1] * 4), False, list) as begun,
    ):
        finish = begun.unfinished.finish
        found = begun.run(
            lambda unit: finish(unit, {"rows": 1}), engine="serial", workers=None, title="counting"
        )
        next(found)
        raise KeyboardInterrupt
    assert stopped.value.signal == signal.SIGINT
    assert events == ["ended"]
    assert (tmp_path / ".out.unfinished" / "units" / "00000.json").is_file()
