import numpy as np
import pytest
import torch
import torchvision.transforms.v2.functional as reference

from tests.images.pictures import encode, photo
from weakly.errors import InputError
from weakly.images.decode import decode
from weakly.images.transform import Transform, prepare_crop
from weakly.sampling.crops import crop_box, crop_draws

BOXES = [(0, 0, 57, 91), (3, 10, 32, 32), (20, 30, 9, 12), (0, 0, 1, 1), (5, 0, 52, 40)]


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
@pytest.mark.parametrize("box", BOXES)
def test_a_crop_is_torchvisions_of_the_same_box(form, box):
    data, asked = encode(photo(57, 91), form), []
    crop = prepare_crop(data, 32, lambda *size: asked.append(size) or box)
    assert asked == [(57, 91)]
    assert torch.equal(crop, reference.resized_crop(decode(data), *box, [32, 32], antialias=True))
    assert crop.dtype == torch.uint8


def test_a_crop_of_all_of_a_square_photo_is_the_photo():
    data = encode(photo(32, 32), "PNG")
    assert torch.equal(prepare_crop(data, 32, lambda height, width: (0, 0, height, width)), decode(data))


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 200), (300, 2), (3, 3)])
def test_odd_shapes_are_cropped(height, width):
    data = encode(photo(height, width), "JPEG")
    for draws in crop_draws(0, np.arange(20)):
        assert prepare_crop(data, 24, lambda *size: crop_box(*size, draws)).shape == (3, 24, 24)  # noqa: B023
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
