"""Near-duplicates: copies of a photo that someone edited before posting it again (paper, section 4: the test
photos that are also among the training photos).

In: a `Photo`. Out: another, with the boxes and masks where they now are.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PIL import Image

from weakly.toyworld.draws import Draws
from weakly.toyworld.photos import Photo


def _map(photo: Photo, change: Callable[[Image.Image], Image.Image]) -> Photo:
    """Move the pixels of a photo and of its masks alike; objects that leave the picture are dropped."""
    moved = [replace(thing, mask=np.array(change(Image.fromarray(thing.mask)))) for thing in photo.objects]
    image = np.array(change(Image.fromarray(photo.image)))
    return replace(photo, image=image, objects=tuple(thing for thing in moved if thing.mask.any()))


def reencoded(photo: Photo, draws: Draws) -> Photo:
    """The same pixels, in a much smaller JPEG."""
    return replace(photo, quality=draws.whole(18, 35))


def cropped(photo: Photo, draws: Draws) -> Photo:
    """About a fifth of the picture cut off at its edges."""
    high, wide = photo.image.shape[:2]
    share = draws.between(0.82, 0.94)
    new = (round(wide * share), round(high * share))
    left, top = draws.whole(0, wide - new[0]), draws.whole(0, high - new[1])
    return _map(photo, lambda image: image.crop((left, top, left + new[0], top + new[1])))


def resized(photo: Photo, draws: Draws) -> Photo:
    """Smaller or larger."""
    share = draws.choose((draws.between(0.6, 0.8), draws.between(1.25, 1.6)))
    high, wide = photo.image.shape[:2]
    size = (round(wide * share), round(high * share))
    return _map(photo, lambda image: image.resize(size))


def flipped(photo: Photo, draws: Draws) -> Photo:
    """Mirrored."""
    return _map(photo, lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT))


def brightened(photo: Photo, draws: Draws) -> Photo:
    """Brighter, as by a filter."""
    brighter = photo.image * draws.between(1.1, 1.3) + draws.between(5, 20)
    return replace(photo, image=np.clip(np.rint(brighter), 0, 255).astype(np.uint8))


EDITS = (reencoded, cropped, resized, flipped, brightened)
