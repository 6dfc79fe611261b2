import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from weakly.toyworld.annotations import run_lengths
from weakly.toyworld.draws import Draws
from weakly.toyworld.edits import EDITS, flipped
from weakly.toyworld.objects.catalogue import KINDS
from weakly.toyworld.photos import draw_photo, draw_target_photo


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


def resized(image: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    small = Image.fromarray(image.astype(np.uint8)).resize((shape[1], shape[0]))
    return np.asarray(small, np.float64)


def test_a_picture_is_the_same_scene_at_any_size() -> None:
    for index in range(6):
        large, small = draw_photo(3, index, 128), draw_photo(3, index, 48)
        assert [(thing.name, thing.colour) for thing in large.objects] == [
            (thing.name, thing.colour) for thing in small.objects
        ]
        assert likeness(resized(large.image, small.image.shape), small.image) > 0.8
        for one, other in zip(large.objects, small.objects, strict=True):
            assert one.area / 128**2 == pytest.approx(other.area / 48**2, rel=0.25, abs=0.01)


def test_every_object_can_be_told_from_the_ground_and_fills_its_frame() -> None:
    for kind in KINDS:
        photo = draw_target_photo(0, "train", kind, 0, 64)
        (thing,) = photo.objects
        assert thing.kind is kind and thing.visible > 0.4
        _, _, wide, high = thing.box
        assert max(wide, high) > 16, f"{kind.name} is drawn too small in its square"
        assert thing.area > 60, f"{kind.name} is nothing but lines"


@pytest.mark.parametrize("size", [16, 33, 224])
def test_any_size_can_be_drawn(size: int) -> None:
    photo = draw_photo(0, 5, size)
    assert photo.image.shape == (size, size, 3) and photo.image.dtype == np.uint8
    assert photo.objects[0].mask.shape == (size, size)


def test_masks_show_what_is_seen_after_what_hides_it() -> None:
    hidden = 0
    for index in range(60):
        objects = draw_photo(0, index, 48).objects
        assert np.sum([thing.mask for thing in objects], axis=0).max() == 1, "two objects at one place"
        assert [thing.area for thing in objects] == sorted((thing.area for thing in objects), reverse=True)
        for thing in objects:
            left, top, wide, high = thing.box
            inside = np.zeros_like(thing.mask)
            inside[top : top + high, left : left + wide] = True
            assert not (thing.mask & ~inside).any()
            assert thing.mask[top].any() and thing.mask[top + high - 1].any()
            assert thing.mask[:, left].any() and thing.mask[:, left + wide - 1].any()
            hidden += thing.visible < 0.8
    assert hidden > 3, "nothing hides anything"


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**36 - 1))
def test_run_lengths_are_those_of_coco(high: int, wide: int, bits: int) -> None:
    mask = np.array([bits >> place & 1 for place in range(high * wide)], bool).reshape(high, wide)
    decoded: list[bool] = []
    for place, length in enumerate(run_lengths(mask)):
        assert length > 0 or place == 0
        decoded += [place % 2 == 1] * length
    assert np.array_equal(np.array(decoded).reshape(wide, high).T, mask)


def test_edits_move_the_masks_with_the_pixels() -> None:
    photo = draw_target_photo(0, "test", KINDS[3], 1, 64)
    for edit in EDITS:
        edited = edit(photo, Draws(2))
        assert edited.objects[0].mask.shape == edited.image.shape[:2]
        assert edited.image.dtype == np.uint8
    assert np.array_equal(flipped(photo, Draws(0)).objects[0].mask, photo.objects[0].mask[:, ::-1])
    assert np.array_equal(flipped(photo, Draws(0)).image, photo.image[:, ::-1])
