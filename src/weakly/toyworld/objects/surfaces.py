"""What textures are painted with: the points of a picture, noise, grids and soft edges.

In: a side in pixels and draws. Out: arrays over the picture's points. They are functions of where a point
lies, from 0 to 1 each way, and not of pixels, so a picture is the same at any size.
"""

from functools import lru_cache
from math import cos, pi, sin

import numpy as np
from PIL import Image

from weakly.hashing import uniform
from weakly.toyworld.draws import Draws
from weakly.toyworld.objects.colours import Colour, darker, lighter


class Surface:
    """The points of a picture that a texture is laid on, x and y float32 [size, size] in 0..1."""

    def __init__(self, size: int, draws: Draws) -> None:
        self.size, self.draws = size, draws
        self.x, self.y = _points(size)

    def turned(self, degrees: float, scale: float) -> tuple[np.ndarray, np.ndarray]:
        """The points' coordinates after turning by at most `degrees`, in units of 1 / scale."""
        angle = self.draws.between(-degrees, degrees) * pi / 180
        c, s = scale * cos(angle), scale * sin(angle)
        start_x, start_y = self.draws.unit() * 9, self.draws.unit() * 9
        return c * self.x - s * self.y + start_x, s * self.x + c * self.y + start_y

    def cloudy(self, cells: int, tall: int | None = None) -> np.ndarray:
        """Smooth noise in -1..1 with about so many ups and downs across (and down, if another number)."""
        tall = tall or cells
        values = uniform(int(self.draws.unit() * 2**53), np.arange(cells * tall)) * 2 - 1
        grid = Image.fromarray(values.astype(np.float32).reshape(tall, cells))
        return np.asarray(grid.resize((self.size, self.size), Image.Resampling.BICUBIC))

    def rough(self, cells: int = 5) -> np.ndarray:
        """Noise in about -1..1 at three scales."""
        return 0.55 * self.cloudy(cells) + 0.3 * self.cloudy(cells * 2) + 0.15 * self.cloudy(cells * 5)

    def paint(self, low: Colour, high: Colour, share: np.ndarray) -> np.ndarray:
        """Mix two colours, [size, size] giving the share of the second; clipped to 0..1."""
        share = np.clip(share, 0, 1)[..., None]
        a, b = np.array(low, np.float32), np.array(high, np.float32)
        return a + (b - a) * share

    def tones(self, colour: Colour, dark: float, light: float, share: np.ndarray) -> np.ndarray:
        """Mix a colour with a share of black in it and with a share of white, as `paint` does."""
        return self.paint(darker(colour, dark), lighter(colour, light), share)

    def soft(self, distance: np.ndarray, scale: float) -> np.ndarray:
        """0 to 1 over a pixel where `distance`, in units of 1 / scale, goes through 0: a soft edge."""
        return np.clip(distance * (self.size / scale) + 0.5, 0, 1)


@lru_cache(4)
def _points(size: int) -> tuple[np.ndarray, np.ndarray]:
    steps = (np.arange(size, dtype=np.float32) + 0.5) / size
    x, y = np.meshgrid(steps, steps)
    x.flags.writeable = y.flags.writeable = False
    return x, y


def wave(x: np.ndarray) -> np.ndarray:
    """A triangle wave of period 1, from -0.5 at whole numbers to 0.5 between them."""
    return 0.5 - 2 * np.abs(x - np.floor(x) - 0.5)


class Cells:
    """A draw in 0..1 for every cell of a grid."""

    def __init__(self, draws: Draws) -> None:
        self._table = uniform(int(draws.unit() * 2**53), np.arange(64 * 64)).astype(np.float32)

    def at(self, column: np.ndarray, row: np.ndarray) -> np.ndarray:
        """The draws of cells, float32, by their whole-numbered columns and rows; repeats every 64."""
        return self._table[(column.astype(np.int32) & 63) * 64 + (row.astype(np.int32) & 63)]
