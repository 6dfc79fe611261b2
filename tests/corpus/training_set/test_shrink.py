"""Small copies of a training set's images: rows stay, a kill costs nothing, what is dropped is counted."""

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from tests.corpus.small_posts import content
from tests.images.pictures import encode, photo
from weakly.corpus.options import LabelOptions, ShrinkOptions, TakedownOptions, VocabOptions
from weakly.corpus.training_set import shrink as module
from weakly.corpus.training_set.build import label_posts
from weakly.corpus.training_set.shrink import FOLDER, plan, shrink
from weakly.corpus.training_set.takedown import take_down
from weakly.corpus.training_set.training_set import TrainingSet, open_training_set
from weakly.corpus.vocabulary.build import build_vocabulary
from weakly.errors import InputError, Stopped
from weakly.images.decode import decode
from weakly.images.location import read_bytes

ROWS, SIDE = 30, 32
SMALL, PNG, LARGE_PNG, TURNED, CUT, GONE, TEXT, CUT_SMALL = 3, 4, 5, 6, 10, 11, 12, 13
DROPPED = {CUT: "truncated", GONE: "missing", TEXT: "not an image", CUT_SMALL: "truncated"}


def image(row: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encode(photo(90 + row, 120), "JPEG", quality=95)
    if row in (SMALL, CUT_SMALL):
        data = encode(photo(SIDE, 50), "JPEG", exif=exif)
    elif row == TURNED:
        data = encode(photo(90, 121), "JPEG", exif=exif)
    elif row in (PNG, LARGE_PNG):
        data = encode(photo(20 if row == PNG else 70, 200), "PNG")
    return {TEXT: b"<html>not found</html>"}.get(row, data[:-50] if row in (CUT, CUT_SMALL) else data)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> TrainingSet:
    folder = tmp_path_factory.mktemp("before")
    posts = []
    for row in range(ROWS):
        (folder / f"{row}.jpg").write_bytes(image(row))
        posts.append({"post_id": f"p{row}", "image": f"{row}.jpg", "hashtags": ["dog", "cat"][: 1 + row % 2]})
    posts.append({"post_id": "without", "image": "0.jpg"})
    (folder / "posts.jsonl").write_text("\n".join(map(json.dumps, posts)))
    build_vocabulary(VocabOptions((str(folder / "posts.jsonl"),), folder / "v"))
    training_set = label_posts(LabelOptions((), folder / "v", folder / "t"))
    (folder / f"{GONE}.jpg").unlink()
    return training_set


@pytest.fixture(autouse=True)
def units(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FEWEST", 8)


def small_options(before: TrainingSet, out: Path, **options: Any) -> ShrinkOptions:
    return ShrinkOptions(before.folder, out, **{"side": SIDE, "engine": "serial", **options})


def naive(row: int) -> torch.Tensor:
    """The pixels of a small copy, all of the image decoded."""
    pixels = decode(image(row))
    picture = Image.fromarray(pixels.permute(1, 2, 0).numpy())
    short = min(picture.size)
    width, height = (max(SIDE, round(side * SIDE / short)) for side in picture.size)
    small = picture.resize((width, height), Image.Resampling.BILINEAR)
    return torch.from_numpy(np.array(small)).permute(2, 0, 1)


def test_rows_stay_and_images_are_small(tmp_path: Path, before: TrainingSet) -> None:
    after = shrink(small_options(before, tmp_path / "small"))
    kept = [row for row in range(ROWS) if row not in DROPPED]
    assert [after.post_id(i) for i in range(len(after))] == [f"p{row}" for row in kept]
    assert [after.labels(i).tolist() for i in range(len(after))] == [before.labels(r).tolist() for r in kept]
    assert after.vocabulary.fingerprint == before.vocabulary.fingerprint
    assert after.fingerprint != before.fingerprint
    assert after.root == tmp_path / "small"
    for place, row in enumerate(kept):
        data = read_bytes(*after.location(place))
        if row in (SMALL, PNG):
            assert data == image(row), "never enlarged, and not encoded again"
            continue
        assert Image.open(io.BytesIO(data)).format == "JPEG"
        assert not Image.open(io.BytesIO(data)).getexif()
        found, expected = decode(data), naive(row)
        assert found.shape == expected.shape
        assert min(found.shape[1:]) == SIDE
        assert (found.int() - expected.int()).abs().float().mean() < 6
    assert decode(read_bytes(*after.location(kept.index(TURNED)))).shape == (3, 43, SIDE)


def test_what_is_dropped_is_counted(tmp_path: Path, before: TrainingSet, capsys) -> None:
    after = shrink(small_options(before, tmp_path / "small"))
    reasons = {"cannot be decoded: truncated": 2, "cannot be decoded: missing": 1}
    reasons["cannot be decoded: not an image"] = 1
    reading = after.manifest.facts["reading"]
    assert reading["dropped"] == {**reasons, "no hashtag": 1}
    assert reading["kept"] == len(after) == ROWS - 4
    assert reading["rows_read"] == reading["kept"] + sum(reading["dropped"].values())
    assert "post p12: begins with" in reading["examples"]["cannot be decoded: not an image"][0]
    assert after.manifest.facts["shrunk"] == {"of": ROWS, "to": ROWS - 4, "copied_whole": 2}
    assert after.manifest.inputs["training_set"] == before.fingerprint
    assert "26 of 30 images kept, 2 of them as they were; dropped: 2 cannot be" in capsys.readouterr().out


def test_tars_are_plain(tmp_path: Path, before: TrainingSet) -> None:
    after = shrink(small_options(before, tmp_path / "small"))
    tars = sorted((after.root / FOLDER).iterdir())
    assert [tar.name for tar in tars] == [f"{unit:05d}.tar" for unit in range(4)]
    members = []
    for path in tars:
        with tarfile.open(path) as tar:
            members += [(path, member.offset_data, member.size) for member in tar]
            assert all(name.endswith((".jpg", ".image")) for name in tar.getnames())
    assert members == [after.location(i) for i in range(len(after))]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_kill_costs_nothing(tmp_path: Path, before: TrainingSet, monkeypatch, workers: int) -> None:
    whole, again = (small_options(before, tmp_path / name / "small") for name in "ab")
    shrink(whole)
    copy, calls = module._ShrinkUnit._copy, []

    def killed(self, row):
        calls.append(row)
        if row == 20:
            raise KeyboardInterrupt
        return copy(self, row)

    monkeypatch.setattr(module._ShrinkUnit, "_copy", killed)
    with pytest.raises(Stopped):
        shrink(again)
    assert not again.out.exists()
    monkeypatch.setattr(module._ShrinkUnit, "_copy", copy)
    engine = "serial" if workers == 1 else "native"
    after = shrink(small_options(before, again.out, engine=engine, workers=workers))
    first, second = (content(path) for path in (whole.out, again.out))
    assert first == second
    assert after.fingerprint == open_training_set(whole.out).fingerprint


def test_other_options_do_not_go_on(tmp_path: Path, before: TrainingSet, monkeypatch) -> None:
    def killed(self, row):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module._ShrinkUnit, "_copy", killed)
        with pytest.raises(Stopped):
            shrink(small_options(before, tmp_path / "small"))
    with pytest.raises(InputError, match="--quality was 90, now 50"):
        shrink(small_options(before, tmp_path / "small", quality=50))


def test_posts_are_taken_down_of_it(tmp_path: Path, before: TrainingSet) -> None:
    after = shrink(small_options(before, tmp_path / "small"))
    (tmp_path / "ids").write_text("p0\np29\n")
    left = take_down(TakedownOptions(after.folder, tmp_path / "ids", tmp_path / "left"))
    assert len(left) == len(after) - 2
    assert left.location(0) == after.location(1)


def test_the_plan_and_a_wrong_folder(tmp_path: Path, before: TrainingSet) -> None:
    options = small_options(before, tmp_path / "small", side=384, image_root=tmp_path)
    assert plan(options).startswith("30 images to a short side of at most 384 pixels, in 4 tars under ")
    with pytest.raises(InputError, match=r"none of 30 images .*30 cannot be decoded: missing.*--image-root"):
        shrink(options)
    assert not (tmp_path / "small").exists()
    with pytest.raises(InputError, match="--quality 101: expected 1 to 100"):
        ShrinkOptions(before.folder, tmp_path / "small", quality=101)
