import json
import subprocess
import sys
from pathlib import Path

import pytest

from weakly.artifacts import (
    MANIFEST,
    Manifest,
    fingerprint,
    make_folder,
    publish,
    read_manifest,
    refuse_occupied,
    write_manifest,
)
from weakly.errors import InputError


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def make(out: Path, text: str = "rows", *, overwrite: bool = False) -> None:
    with publish(out, overwrite=overwrite) as folder:
        (folder / "data.txt").write_text(text)
        write_manifest(folder, Manifest(kind="vocabulary", fingerprint=fingerprint(text)))


def test_what_overwriting_must_not_replace_is_refused(tmp_path: Path) -> None:
    with publish(tmp_path / "t", "training-set") as folder:
        (folder / "data").write_text("x")
        write_manifest(folder, Manifest(kind="training-set", fingerprint="f"))
    words = r"t is a training-set, which --overwrite does not replace by a run: name another --out"
    with pytest.raises(InputError, match=words), publish(tmp_path / "t", "run", overwrite=True):
        raise AssertionError("it was begun")
    assert (tmp_path / "t" / "data").read_text() == "x"
    (tmp_path / "t" / "manifest.json").write_text("{")
    with pytest.raises(InputError, match="t is a folder of unknown kind, which"):
        refuse_occupied(tmp_path / "t", True, "training-set")


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("file/out", "Not a directory|File exists"),
        ("file/x/out", "Not a directory"),
        ("x" * 300, "too long"),
    ],
)
def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path, place: str, reason: str) -> None:
    (tmp_path / "file").write_text("x")
    words = rf"cannot be made \(.*({reason})\): --out names a folder to be made, where you may write$"
    with pytest.raises(InputError, match=words), publish(tmp_path / place, "run"):
        raise AssertionError("it was begun")
    with pytest.raises(InputError, match=r"\): --results names a folder"):
        make_folder(tmp_path / place, "--results")


def test_a_folder_appears_whole(tmp_path: Path) -> None:
    make(tmp_path / "v")
    manifest = read_manifest(tmp_path / "v", "vocabulary")
    assert manifest.files == {"data.txt": 4}
    assert manifest.fingerprint == fingerprint("rows")
    assert names(tmp_path) == ["v"]


def test_an_error_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyError), publish(tmp_path / "v") as folder:
        (folder / "data.txt").write_text("half")
        raise KeyError
    assert names(tmp_path) == []


def test_an_error_leaves_what_was_there(tmp_path: Path) -> None:
    make(tmp_path / "v", "first")
    with pytest.raises(KeyError), publish(tmp_path / "v", overwrite=True):
        raise KeyError
    assert (tmp_path / "v" / "data.txt").read_text() == "first"
    make(tmp_path / "v", "second", overwrite=True)
    assert (tmp_path / "v" / "data.txt").read_text() == "second"
    assert names(tmp_path) == ["v"]


def test_what_a_killed_process_left_is_swept_away(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path; from weakly.artifacts import publish\n"
        "with publish(Path(sys.argv[1])) as folder:\n"
        "    (folder / 'half').write_text('x'); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "v")], check=False)
    assert not (tmp_path / "v").exists()
    (left,) = names(tmp_path)
    assert "partial" in left
    make(tmp_path / "v")
    assert names(tmp_path) == ["v"]


def test_an_occupied_folder_is_refused_with_both_cures(tmp_path: Path) -> None:
    make(tmp_path / "v")
    with pytest.raises(InputError, match=r"--overwrite.*name another --out"):
        make(tmp_path / "v")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "photo.jpg").write_text("precious")
    with pytest.raises(InputError, match="did not write it and will not replace it"):
        make(tmp_path / "mine", overwrite=True)
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="is a file"):
        make(tmp_path / "file")


def test_foreign_and_damaged_folders_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match="is not a folder; expected a vocabulary folder: make it with `weakly vocab`"
    ):
        read_manifest(tmp_path / "none", "vocabulary", verb="vocab")
    with pytest.raises(InputError, match="has no manifest"):
        read_manifest(tmp_path, "vocabulary")
    make(tmp_path / "v")
    with pytest.raises(InputError, match="is a vocabulary; expected a run"):
        read_manifest(tmp_path / "v", "run")
    (tmp_path / "v" / "data.txt").write_text("row")
    with pytest.raises(InputError, match=r"data.txt has 3 bytes, its manifest says 4"):
        read_manifest(tmp_path / "v")
    (tmp_path / "v" / "data.txt").unlink()
    with pytest.raises(InputError, match=r"data.txt is missing"):
        read_manifest(tmp_path / "v")
    path = tmp_path / "v" / MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 99}))
    with pytest.raises(InputError, match="of format 99"):
        read_manifest(tmp_path / "v")
    path.write_text("{")
    with pytest.raises(InputError, match="is not a weakly manifest"):
        read_manifest(tmp_path / "v")


def test_fingerprints_tell_parts_apart() -> None:
    assert fingerprint("ab", "c") != fingerprint("a", "bc")
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})
