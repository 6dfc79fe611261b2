"""From a scene to a photo of it: light, lens and sensor.

In: float32 [size, size, 3] in 0..255. Out: uint8 of the same shape, and bytes of JPEG or PNG.
"""

import io
from math import cos, pi, sin
from typing import Literal

import numpy as np
from PIL import Image, ImageFilter

from weakly.hashing import mix
from weakly.toyworld.draws import Draws
from weakly.toyworld.objects.surfaces import Surface


def develop(scene: np.ndarray, draws: Draws) -> np.ndarray:
    """Light a scene from one side, give it a cast, blur it a little, and add the sensor's noise."""
    size = len(scene)
    surface = Surface(size, draws)
    angle, strength = draws.between(0, 2 * pi), draws.between(0, 0.55)
    light = 1 + strength * (cos(angle) * (surface.x - 0.5) + sin(angle) * (surface.y - 0.5))
    if draws.chance(0.4):
        light -= draws.between(0.2, 0.9) * ((surface.x - 0.5) ** 2 + (surface.y - 0.5) ** 2)
    if draws.chance(0.25):
        light += draws.between(0.1, 0.25) * surface.cloudy(3)
    cast = np.array([draws.between(0.86, 1.12) for _ in range(3)], np.float32)
    contrast, exposure = draws.between(0.8, 1.15), draws.between(-14, 16)
    photo = (scene - 128) * (light[..., None] * cast * contrast) + (128 + exposure) * light[..., None]
    if draws.chance(0.3):
        grey = photo.mean(-1, keepdims=True)
        photo = grey + (photo - grey) * draws.between(0.25, 0.8)
    if draws.chance(0.25):
        lens = ImageFilter.GaussianBlur(size * draws.between(0.004, 0.012))
        sharp = Image.fromarray(np.clip(photo, 0, 255).astype(np.uint8))
        photo = np.array(sharp.filter(lens), np.float32)
    photo += draws.between(1, 10) * _noise(photo.shape, int(draws.unit() * 2**53))
    return np.clip(np.rint(photo), 0, 255).astype(np.uint8)


def _noise(shape: tuple[int, ...], key: int) -> np.ndarray:
    """Noise of mean 0 and deviation 1, float32: the sum of two bytes of a hash."""
    count = int(np.prod(shape))
    both = mix(key, np.arange((count + 3) // 4)).astype("<u8").view(np.uint8)[: 2 * count]
    total = both[:count].astype(np.float32) + both[count:]
    return ((total - 255) / np.float32(104.5)).reshape(shape)


def encode(image: np.ndarray, kind: Literal["JPEG", "PNG"], **settings: int) -> bytes:
    """Bytes of uint8 [h, w, 3]; settings as Pillow has them."""
    file = io.BytesIO()
    Image.fromarray(image).save(file, kind, **settings)
    return file.getvalue()
