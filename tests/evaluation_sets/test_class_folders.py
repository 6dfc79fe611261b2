import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reference_transfer import naive_hold_out
from tests.transfer.conftest import COLOURS, write_target
from weakly.errors import InputError
from weakly.evaluation_sets.class_folders import hold_out, open_target


def refusal(text: str) -> str:
    with pytest.raises(InputError) as caught:
        open_target(text)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_folder_gives_its_classes_and_both_parts(target: Path) -> None:
    found = open_target(f"folder:{target}")
    assert found.name == "colours"
    assert found.classes == tuple(sorted(COLOURS))
    assert len(found.train) == 72
    assert len(found.test) == 24
    assert found.skipped == 0
    for part, examples in (("train", found.train), ("test", found.test)):
        for path, label in examples:
            assert path.is_file()
            assert path.parent == target / part / found.classes[label]
        assert list(examples) == sorted(examples, key=lambda example: (example.label, example.path))
    assert found.relative(found.test[0].path) == "test/blue/00.png"


def test_images_are_found_below_and_behind_links_and_other_files_counted(tmp_path: Path) -> None:
    root = write_target(tmp_path / "t", classes=2, train=2, test=1)
    deep = root / "train" / "blue" / "more" / "deep"
    deep.mkdir(parents=True)
    shutil.copy(root / "train" / "blue" / "00.png", deep / "UPPER.PNG")
    (root / "train" / "blue" / "Thumbs.db").write_text("x")
    (root / "test" / "green" / "notes.txt").write_text("x")
    outside = tmp_path / "elsewhere"
    outside.mkdir()
    shutil.copy(root / "train" / "green" / "00.png", outside / "linked.png")
    (root / "train" / "green" / "link").symlink_to(outside)
    (outside / "round").symlink_to(outside)
    (root / "train" / ".cache").mkdir()
    found = open_target(f"folder:{root}")
    assert found.skipped == 2
    names = [found.relative(path) for path, _ in found.train]
    assert names == [
        "train/blue/00.png",
        "train/blue/01.png",
        "train/blue/more/deep/UPPER.PNG",
        "train/green/00.png",
        "train/green/01.png",
        "train/green/link/linked.png",
    ]


def test_the_fingerprint_is_of_what_is_there_and_not_of_where(tmp_path: Path, target: Path) -> None:
    before = open_target(f"folder:{target}").fingerprint
    copy = tmp_path / "copy"
    shutil.copytree(target, copy)
    assert open_target(f"folder:{copy}").fingerprint == before
    (copy / "train" / "blue" / "notes.txt").write_text("no image, no difference")
    assert open_target(f"folder:{copy}").fingerprint == before
    image = copy / "test" / "red" / "00.png"
    image.write_bytes(image.read_bytes() + b"\0")
    longer = open_target(f"folder:{copy}").fingerprint
    image.rename(image.with_name("other.png"))
    renamed = open_target(f"folder:{copy}").fingerprint
    assert len({before, longer, renamed}) == 3


def test_what_is_no_data_set_is_refused_with_what_was_expected(tmp_path: Path) -> None:
    assert "expected one of folder:DIR" in refusal("imagenet")
    assert "expected one of folder:DIR" in refusal("hub:imagenet")
    assert f"did you mean folder:{tmp_path}?" in refusal(str(tmp_path))
    assert "no such folder" in refusal(f"folder:{tmp_path / 'none'}")
    root = write_target(tmp_path / "t", classes=3, train=1, test=1)
    (root / "test").rename(root / "val")
    message = refusal(f"folder:{root}")
    assert "has no folder test (it has train, val)" in message
    assert f"{root}/test/CLASS/*.jpg" in message


def test_parts_must_have_the_same_classes(tmp_path: Path) -> None:
    root = write_target(tmp_path / "t", classes=5, train=1, test=1)
    shutil.rmtree(root / "test" / "green")
    shutil.rmtree(root / "test" / "grey")
    assert "train has classes that test lacks (green, grey)" in refusal(f"folder:{root}")
    shutil.rmtree(root / "train" / "green")
    shutil.rmtree(root / "train" / "grey")
    shutil.rmtree(root / "train" / "blue")
    assert "test has classes that train lacks (blue)" in refusal(f"folder:{root}")
    shutil.rmtree(root / "test" / "blue")
    assert open_target(f"folder:{root}").classes == ("orange", "red")
    shutil.rmtree(root / "train" / "red")
    assert "holds fewer than two class folders (orange)" in refusal(f"folder:{root}")


def test_every_class_needs_an_image(tmp_path: Path) -> None:
    root = write_target(tmp_path / "t", classes=2, train=1, test=1)
    (root / "test" / "green" / "00.png").rename(root / "test" / "green" / "00.txt")
    assert "green holds 1 files, none of them an image by its name" in refusal(f"folder:{root}")
    (root / "test" / "green" / "00.txt").unlink()
    assert "green holds no file" in refusal(f"folder:{root}")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such a name themselves")
def test_a_name_that_no_text_can_hold_is_refused(tmp_path: Path) -> None:
    root = write_target(tmp_path / "t", classes=2, train=1, test=1)
    Path(os.fsdecode(os.fsencode(root / "train" / "blue") + b"/caf\xe9.png")).write_bytes(b"x")
    assert "is not UTF-8" in refusal(f"folder:{root}")


@given(st.lists(st.integers(0, 3), min_size=1, max_size=80), st.integers(0, 5))
def test_the_held_out_part_is_the_tenth_with_the_smallest_draws(labels: list[int], seed: int) -> None:
    names = [f"train/{label}/bild-ü{row}.jpg" for row, label in enumerate(labels)]
    chosen = hold_out(names, np.array(labels), seed)
    assert set(np.flatnonzero(chosen).tolist()) == naive_hold_out(names, labels, seed)


def test_the_held_out_part_hangs_on_names_and_seed_alone() -> None:
    names = [f"train/a/{row}.jpg" for row in range(200)]
    labels = np.zeros(200, np.int64)
    first = hold_out(names, labels, 0)
    assert first.sum() == 20
    order = np.random.default_rng(0).permutation(200)
    assert (hold_out([names[row] for row in order], labels, 0) == first[order]).all()
    assert (hold_out(names, labels, 1) != first).any()
    # Images that join later take the place of few.
    more = hold_out([*names, *(f"train/a/new{row}.jpg" for row in range(20))], np.zeros(220, np.int64), 0)
    assert (more[:200] & first).sum() >= 15
