"""Which part of an image a random-resized crop takes: a pure function of (seed, position) (paper, section 2).

In: the seed and positions in the order of images. Out: for each position the random numbers of its crop and
flip, all of a batch at once; and from these and an image's size, a box. The rule is that of torchvision's
RandomResizedCrop: an area from a least share (8% where nothing is said) to all of the image, an aspect ratio
of 3/4 to 4/3, ten tries for a box that fits, then the largest central box of an allowed ratio.
"""

import math

import numpy as np

from weakly.hashing import uniform
from weakly.images.transform import Box

_CROP = int.from_bytes(b"crop")
_FLIP = int.from_bytes(b"flip")
_TRIES = 10
MIN_AREA = 0.08
"""Least share of the image's area that a crop takes, where nothing is said: torchvision's."""
_LOG_RATIO = (math.log(3 / 4), math.log(4 / 3))


def crop_draws(seed: int, positions: np.ndarray) -> np.ndarray:
    """Return float64[n, 10, 4] in [0, 1): area, ratio, top and left of each try, for positions int64[n]."""
    tries, numbers = np.arange(_TRIES)[:, None], np.arange(4)
    return uniform(seed, _CROP, positions[:, None, None], tries, numbers)


def flips(seed: int, positions: np.ndarray) -> np.ndarray:
    """Return bool[n], whether the image at each position (int64[n]) is mirrored: half of them are."""
    return uniform(seed, _FLIP, positions) < 0.5


def crop_box(height: int, width: int, draws: np.ndarray, min_area: float = MIN_AREA) -> Box:
    """Return the box of an image of this size, given its draws (float64[10, 4]).

    Its area is between `min_area`, a share above 0 and at most 1, and all of the image's.
    """
    for area_draw, ratio_draw, top_draw, left_draw in draws.tolist():
        area = height * width * (min_area + area_draw * (1.0 - min_area))
        ratio = math.exp(_LOG_RATIO[0] + ratio_draw * (_LOG_RATIO[1] - _LOG_RATIO[0]))
        box_width = round(math.sqrt(area * ratio))
        box_height = round(math.sqrt(area / ratio))
        if 0 < box_width <= width and 0 < box_height <= height:
            top = int(top_draw * (height - box_height + 1))
            left = int(left_draw * (width - box_width + 1))
            return top, left, box_height, box_width
    return _central_box(height, width)


def _central_box(height: int, width: int) -> Box:
    """Return the largest box in the middle whose ratio of width to height lies within 3/4 and 4/3."""
    box_height, box_width = height, width
    if width / height < 3 / 4:
        box_height = round(width / (3 / 4))
    elif width / height > 4 / 3:
        box_width = round(height * (4 / 3))
    return (height - box_height) // 2, (width - box_width) // 2, box_height, box_width
