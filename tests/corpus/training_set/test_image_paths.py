"""Where an image lies: places in tars, and what cannot be read (paths and links: `test_labels.py`)."""

import errno
import os
import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weakly.corpus.training_set.image_paths import ImagePlaces


def test_a_place_beyond_the_end_of_its_tar_is_refused(tmp_path: Path) -> None:
    tar = tmp_path / "one.tar"
    tar.write_bytes(bytes(100))
    places = ImagePlaces(tmp_path)
    assert places.find(str(tar), 90, 10) == ("one.tar", 90, 10)
    assert places.find(str(tar), 91, 10) == "image lies beyond the end of its tar"
    assert places.find(str(tar), 91, 0) == "image is empty"
    assert places.find(str(tmp_path / "two.tar"), 0, 10) == "image missing"


def test_an_image_in_a_closed_folder_is_a_counted_drop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.jpg").write_bytes(b"x")
    look = os.lstat

    def lstat(path: str) -> os.stat_result:
        # As the system answers anyone but root, whom it refuses nothing.
        if path.endswith("closed/a.jpg"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return look(path)

    monkeypatch.setattr(os, "lstat", lstat)
    places = ImagePlaces(tmp_path)
    assert places.find("closed/a.jpg") == "image is not permitted to be read"
    assert places.find("a.jpg") == ("a.jpg", 0, 1)


def test_one_image_is_found_however_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/a.jpg").write_bytes(b"abc")
    (tmp_path / "b.jpg").write_bytes(b"ab")
    places = ImagePlaces(tmp_path)
    for image in ("sub/a.jpg", "./sub//a.jpg", f"{tmp_path}/sub/a.jpg", "sub/../sub/a.jpg"):
        assert places.find(image) == ("sub/a.jpg", 0, 3)
    assert places.find("b.jpg") == places.find(f"{tmp_path}/b.jpg") == ("b.jpg", 0, 2)
    # `/b.jpg` is a path from the top of the file system, not from the root folder of the images.
    assert places.find("/b.jpg") == "image outside the root"
    assert ImagePlaces(Path("/")).find(f"{tmp_path}/b.jpg") == (f"{tmp_path}/b.jpg"[1:], 0, 2)


def test_a_video_is_no_image(tmp_path: Path) -> None:
    for name in ("a.mp4", "B.MOV", "c.webm", "mp4"):
        (tmp_path / name).write_bytes(b"x")
    places = ImagePlaces(tmp_path)
    found = [places.find(name) for name in ("a.mp4", "B.MOV", "c.webm", "none.mp4", "mp4")]
    assert found == ["a video"] * 4 + [("mp4", 0, 1)]


@given(st.lists(st.text("a./\0é.", max_size=6)), st.integers(0, 3))
def test_trusted_paths_of_plain_names_alone_are_taken_at_their_word(paths: list[str], first: int) -> None:
    images = pa.array(paths, pa.string())[first:]
    offsets = pa.array([None if i % 3 else i for i in range(len(images))], pa.int64())
    found = ImagePlaces(Path("/"), look=False).needs_no_look(images, offsets)
    odd = re.compile(r"^$|^/|\x00|(^|/)\.{0,2}(/|$)")
    assert found.tolist() == [
        not odd.search(path) and offset is None
        for path, offset in zip(paths[first:], offsets.to_pylist(), strict=True)
    ]
    assert not np.any(ImagePlaces(Path("/")).needs_no_look(images, offsets))
