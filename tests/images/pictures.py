"""Pictures to encode, for tests of what decodes them."""

import io

import numpy as np
import torch
from PIL import Image

HEIGHT, WIDTH = 30, 40


def photo(height=HEIGHT, width=WIDTH, mode="RGB"):
    """A smooth picture with some noise, so that no two rows are alike."""
    y, x = np.mgrid[0:height, 0:width] / max(height, width)
    noise = np.random.default_rng(0).random((height, width, 3)) * 30
    array = np.stack([x, y, (x + y) / 2], -1) * 200 + noise
    return Image.fromarray(array.astype(np.uint8)).convert(mode)


def encode(picture, form, **options):
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def tensor(picture):
    return torch.from_numpy(np.array(picture.convert("RGB"))).permute(2, 0, 1)
