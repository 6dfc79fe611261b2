import numpy as np
import pytest
import torch
import torchvision.transforms.v2.functional as reference
from PIL import Image

from tests.images.pictures import encode, photo
from weakly.errors import InputError
from weakly.images.decode import Encoded, decode
from weakly.images.transform import Transform, prepare_crop
from weakly.sampling.crops import crop_box, crop_draws

BOXES = [(0, 0, 57, 91), (3, 10, 32, 32), (20, 30, 9, 12), (0, 0, 1, 1), (5, 0, 52, 40)]


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
@pytest.mark.parametrize("box", BOXES)
def test_a_crop_is_torchvisions_of_the_same_box(form, box):
    data, asked = encode(photo(57, 91), form), []
    top, left, height, width = box
    crop = prepare_crop(data, 32, lambda h, w: asked.append((h, w)) or box)
    assert asked == [(57, 91)]
    expected = reference.resized_crop(decode(data), top, left, height, width, [32, 32], antialias=True)
    assert torch.equal(crop, expected)
    assert crop.dtype == torch.uint8


def test_a_crop_of_all_of_a_square_photo_is_the_photo():
    data = encode(photo(32, 32), "PNG")
    assert torch.equal(prepare_crop(data, 32, lambda height, width: (0, 0, height, width)), decode(data))


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 200), (300, 2), (3, 3)])
def test_odd_shapes_are_cropped(height, width):
    data = encode(photo(height, width), "JPEG")
    for draws in crop_draws(0, np.arange(20)):
        assert prepare_crop(data, 24, lambda h, w: crop_box(h, w, draws)).shape == (3, 24, 24)  # noqa: B023
    assert Transform.for_size(24).prepare(data).shape == (3, 24, 24)


def test_very_long_images_do_not_grow_without_bound():
    # Resized whole, it would take 500 GB.
    image = torch.zeros(3, 1, 3_000_000, dtype=torch.uint8)
    image[:, :, 1_500_000] = 255
    assert Transform(224, 256).evaluation(image).max() > 0


@pytest.mark.parametrize("shape", [(57, 91), (91, 57), (64, 64), (256, 300), (20, 20)])
@pytest.mark.parametrize("size", [32, 224])
def test_evaluation_is_torchvisions_resize_and_centre_crop(shape, size):
    image = decode(encode(photo(*shape), "JPEG"))
    transform = Transform.for_size(size)
    expected = reference.center_crop(
        reference.resize(image, [transform.resize], antialias=True), [size, size]
    )
    assert torch.equal(transform.evaluation(image), expected)


def test_the_papers_evaluation_at_224_is_256():
    assert Transform.for_size(224) == Transform(224, 256)
    assert Transform.for_size(64).resize == 73
    with pytest.raises(InputError, match="cannot be cut"):
        Transform(224, 200)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize("layout", [torch.channels_last, torch.contiguous_format])
def test_normalising(dtype, layout):
    images = torch.randint(0, 256, (4, 3, 8, 8), dtype=torch.uint8).contiguous(memory_format=layout)
    transform = Transform.for_size(8)
    mean, std = (torch.tensor(x).view(3, 1, 1) for x in (transform.mean, transform.std))
    result = transform.normalise(images, dtype)
    assert result.dtype == dtype
    assert result.is_contiguous(memory_format=layout)
    expected = ((images.double() / 255 - mean) / std).to(dtype)
    assert torch.allclose(result.float(), expected.float(), rtol=torch.finfo(dtype).eps * 2, atol=1e-6)


def test_a_transform_survives_json():
    transform = Transform(32, 40, (0.1, 0.2, 0.3), (0.4, 0.5, 0.6))
    raw = transform.to_dict()
    assert Transform.from_dict({**raw, "mean": list(raw["mean"]), "std": list(raw["std"])}) == transform
    for bad in ({}, {**raw, "mean": [1, 2]}, {**raw, "more": 1}, {**raw, "size": "x"}):
        with pytest.raises(InputError, match="expected size, resize, mean and std"):
            Transform.from_dict(bad)


def camera_photo(height=1200, width=1600, **options):
    """A photo with structures of all sizes, as large as a camera's."""
    y, x = np.mgrid[0:height, 0:width]
    waves = [np.sin(x / s + y / (2 * s)) for s in (3, 11, 40, 150)]
    pixels = 128 + 25 * np.stack([sum(waves), sum(waves[1:]), sum(waves[2:])], -1)
    return encode(Image.fromarray(pixels.clip(0, 255).astype(np.uint8)), "JPEG", quality=92, **options)


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize(
    "box", [(0, 0, 1200, 1600), (101, 203, 448, 448), (333, 77, 450, 600), (700, 1001, 447, 500)]
)
def test_a_large_box_is_decoded_small_to_nearly_the_same_pixels(box, orientation, monkeypatch):
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = camera_photo(exif=exif)
    top, left, height, width = box
    if orientation == 6:
        top, left, height, width = left, top, width, height
    decoded, pixels = [], Encoded.pixels
    monkeypatch.setattr(Encoded, "pixels", lambda self, by=1: decoded.append(by) or pixels(self, by))
    crop = prepare_crop(data, 224, lambda h, w: (top, left, height, width))
    assert decoded == [max(by for by in (1, 2, 4, 8) if min(height, width) >= 224 * by)]
    expected = reference.resized_crop(
        pixels(Encoded(data)), top, left, height, width, [224, 224], antialias=True
    )
    difference = (crop.int() - expected.int()).abs().float()
    if decoded == [1]:
        assert torch.equal(crop, expected)
    else:
        assert 0 < difference.mean() < 3


def test_evaluation_is_decoded_small_to_nearly_the_same_pixels():
    data = camera_photo()
    for size, by in ((224, 4), (512, 2), (600, 1)):
        evaluation = Transform(size, size)
        assert Encoded(data).reduction(1200 / size) == by
        found, expected = evaluation.prepare(data), evaluation.evaluation(decode(data))
        difference = (found.int() - expected.int()).abs().float().mean()
        assert (difference == 0) if by == 1 else (0 < difference < 3), (size, difference)
