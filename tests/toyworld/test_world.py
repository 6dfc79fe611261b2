import csv
import io
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.corpus.posts.files import read_posts
from tests.reference_hashtags import by_post, fresh
from tests.toyworld.test_photos import likeness, resized
from weakly.artifacts import read_manifest
from weakly.corpus.hashtags.extract import extract
from weakly.corpus.hashtags.normal_form import normal_form
from weakly.corpus.options import PostColumns
from weakly.corpus.posts.ledger import Ledger
from weakly.errors import InputError
from weakly.evaluation_sets.class_folders import open_target
from weakly.toyworld import posts as posts_module
from weakly.toyworld import world as world_module
from weakly.toyworld.options import ToyWorldOptions
from weakly.toyworld.world import ToyWorld, make_world

SMALL = ToyWorldOptions(
    out=Path(),
    images=60,
    size=32,
    wrong_tags=0.3,
    without_hashtag=0.1,
    missing_images=0.1,
    corrupt_images=0.1,
    duplicates=0.2,
    target_classes=4,
    target_per_class=3,
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> ToyWorld:
    return make_world(replace(SMALL, out=tmp_path_factory.mktemp("toy") / "world"))


@pytest.fixture
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posts_module, "SHARD", 25)
    monkeypatch.setattr(world_module, "SHARD", 25)


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file but the manifest, which says where the world lies."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "manifest.json"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def pixels(data: bytes | Path) -> np.ndarray:
    file = io.BytesIO(data) if isinstance(data, bytes) else data
    return np.asarray(Image.open(file).convert("RGB"), np.float64)


def best_likeness(copy: np.ndarray, original: np.ndarray) -> float:
    """Of a copy to any part of the original of its size."""
    high, wide = copy.shape[:2]
    tops, lefts = range(original.shape[0] - high + 1), range(original.shape[1] - wide + 1)
    return max(
        likeness(copy, original[top : top + high, left : left + wide]) for top in tops for left in lefts
    )


def test_the_same_world_comes_out_byte_for_byte_whatever_draws_it(world: ToyWorld, tmp_path: Path) -> None:
    again = make_world(replace(SMALL, out=tmp_path / "again", workers=2))
    assert files_of(again.folder) == files_of(world.folder)
    assert read_manifest(again.folder).fingerprint == read_manifest(world.folder, "toy-world").fingerprint
    other = make_world(replace(SMALL, out=tmp_path / "other", seed=1))
    assert read_manifest(other.folder).fingerprint != read_manifest(world.folder).fingerprint
    assert other.posts[0].read_bytes() != world.posts[0].read_bytes()


def test_a_bigger_world_begins_with_the_smaller(world: ToyWorld, tmp_path: Path, small_shards: None) -> None:
    smaller = make_world(replace(SMALL, out=tmp_path / "smaller", images=30))
    for name in ("posts.jsonl", "truth.csv", "duplicates.csv"):
        whole, part = ((at / name).read_text().splitlines() for at in (world.folder, smaller.folder))
        # The shards differ here, and with them the folders of the photos.
        assert [line.replace("0001/", "0000/") for line in part] == whole[: len(part)]
        assert name == "duplicates.csv" or len(part) in (30, 31)
    photos = {path.name: path.read_bytes() for path in smaller.images.rglob("*.jpg")}
    assert len(list(smaller.images.iterdir())) == 2
    assert photos == {
        path.name: path.read_bytes() for path in world.images.rglob("*.jpg") if int(path.stem) < 30
    }


def test_annotations_hold_the_boxes_of_every_photo_that_can_be_read(world: ToyWorld) -> None:
    annotations = json.loads(world.annotations.read_text())
    truth = {row["image"]: row for row in rows_of(world.truth)}
    images = {image["id"]: image for image in annotations["images"]}
    assert {image["file_name"] for image in images.values()} == {
        name for name, row in truth.items() if row["state"] == "whole"
    }
    names = {category["id"]: category["name"] for category in annotations["categories"]}
    found: dict[str, list[str]] = {image["file_name"]: [] for image in images.values()}
    assert len({entry["id"] for entry in annotations["annotations"]}) == len(annotations["annotations"])
    for entry in annotations["annotations"]:
        image = images[entry["image_id"]]
        found[image["file_name"]].append(names[entry["category_id"]])
        left, top, wide, high = entry["bbox"]
        assert 0 <= left < left + wide <= image["width"] and 0 <= top < top + high <= image["height"]
        assert entry["segmentation"]["size"] == [image["height"], image["width"]]
        assert sum(entry["segmentation"]["counts"][1::2]) == entry["area"] <= wide * high
        assert sum(entry["segmentation"]["counts"]) == image["height"] * image["width"]
    for name, kinds in found.items():
        assert kinds == truth[name]["objects"].split()
        assert pixels(world.images / name).shape[:2] == tuple(
            next(i[side] for i in images.values() if i["file_name"] == name) for side in ("height", "width")
        )


def test_the_reader_finds_the_hashtags_that_the_truth_says(world: ToyWorld) -> None:
    truth = rows_of(world.truth)
    (batch,) = read_posts([str(world.posts[0])], PostColumns(), ledger := Ledger())
    assert (ledger.rows_read, ledger.kept) == (60, 60) and not ledger.dropped
    read = by_post(extract(batch, *fresh()), len(truth))
    written = [" ".join((row["right"], row["wrong"], row["noise"])).split() for row in truth]
    # No link, character reference or number in a caption may add a hashtag, and no layout may lose one.
    assert read == [{normal_form(hashtag) for hashtag in hashtags} for hashtags in written]
    assert batch.column("image").to_pylist() == [row["image"] for row in truth]
    assert sum(not hashtags for hashtags in written) == world.facts["posts_without_hashtag"] > 0


def test_photos_are_whole_cut_short_or_missing_as_the_truth_says(world: ToyWorld) -> None:
    states = Counter(row["state"] for row in rows_of(world.truth))
    assert states == Counter(world.facts["photos"]) and min(states.values()) >= 2
    for row in rows_of(world.truth):
        path = world.images / row["image"]
        assert path.exists() == (row["state"] != "missing")
        if row["state"] == "whole":
            assert pixels(path).std() > 1
        elif row["state"] == "corrupt":
            with pytest.raises(OSError):
                pixels(path)


def test_duplicates_are_the_edited_test_photos_they_are_said_to_be(world: ToyWorld) -> None:
    truth = {row["image"]: row for row in rows_of(world.truth)}
    listed = rows_of(world.duplicates)
    assert (
        len(listed)
        == world.facts["copies_of_test_photos"]
        == sum(bool(r["copy_of"]) for r in truth.values())
        > 4
    )
    others = [pixels(path) for path in sorted(world.target.glob("test/*/*.png"))]
    for row in listed:
        assert (truth[row["train"]]["copy_of"], truth[row["train"]]["edit"]) == (row["test"], row["edit"])
        assert truth[row["train"]]["objects"] == row["test"].split("/")[1]
        if truth[row["train"]]["state"] != "whole":
            continue
        copy, original = pixels(world.images / row["train"]), pixels(world.target / row["test"])
        copy = copy[:, ::-1] if row["edit"] == "flipped" else copy
        copy = resized(copy, original.shape) if row["edit"] == "resized" else copy
        like = [best_likeness(copy, other) for other in others]
        assert max(like) == best_likeness(copy, original) > 0.8, row


def test_the_target_is_balanced_and_no_photo_of_it_comes_twice(world: ToyWorld) -> None:
    target = open_target(f"folder:{world.target}")
    assert len(target.classes) == 4 and target.skipped == 0
    for part in (target.train, target.test):
        assert set(Counter(label for _, label in part).values()) == {3}
    everything = [path.read_bytes() for path, _ in target.train + target.test]
    assert len(set(everything)) == len(everything) == world.facts["target"]["photos"]


def test_tars_hold_what_the_files_do(world: ToyWorld, tmp_path: Path, small_shards: None) -> None:
    tarred = make_world(
        replace(SMALL, out=tmp_path / "tarred", format="tars", target_per_class=0, duplicates=0)
    )
    filed = make_world(replace(SMALL, out=tmp_path / "filed", target_per_class=0, duplicates=0))
    assert not tarred.target.exists() and len(tarred.posts) == 3
    assert read_manifest(tarred.folder).fingerprint == read_manifest(filed.folder).fingerprint
    tables = {}
    for at in (tarred, filed):
        ledger = Ledger()
        batches = list(read_posts([str(path) for path in at.posts], PostColumns(), ledger))
        tables[at.folder] = [row for batch in batches for row in batch.to_pylist()]
        if at is tarred:
            assert dict(ledger.dropped) == {"no image beside the text": at.facts["photos"]["missing"]}
    posts = {row["post_id"]: row for row in tables[filed.folder]}
    assert len(tables[tarred.folder]) == 60 - tarred.facts["photos"]["missing"]
    for row in tables[tarred.folder]:
        post = posts[row["post_id"]]
        assert row["caption"] == post["caption"]
        with Path(row["image"]).open("rb") as tar:
            tar.seek(row["offset"])
            assert tar.read(row["size"]) == (filed.images / post["image"]).read_bytes()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"images": 0}, "--images 0: expected 1 to"),
        ({"size": 8}, "--size 8: expected 16 to 2,048"),
        ({"wrong_tags": 1.5}, "--wrong-tags 1.5: expected a share from 0 to 1"),
        ({"target_classes": 1}, "--target-classes 1: expected 2 or more"),
        ({"workers": 0}, "--workers 0: expected 1 to"),
    ],
)
def test_an_option_out_of_its_range_is_refused(tmp_path: Path, changes: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        make_world(replace(SMALL, out=tmp_path / "world", **changes))
    assert not (tmp_path / "world").exists()


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="already holds something"):
        make_world(replace(SMALL, out=tmp_path))
    assert (tmp_path / "mine.txt").read_text() == "mine"
