"""From the parts of an object to pixels.

In: parts in the object's units, and its pose. Out: a `Patch`, the object alone, smooth at its edges.
"""

from dataclasses import dataclass
from math import ceil, floor, sqrt

import numpy as np
from PIL import Image, ImageDraw

from weakly.toyworld.objects.colours import Colour

Point = tuple[float, float]

_SUPERSAMPLES = 3
"""Sub-pixels a pixel is averaged from, each way."""
_THIN = 0.075
"""Lines up to this width are details inside an object: they get no outline."""


@dataclass(frozen=True)
class Part:
    """An area of one colour; a line along the points, in the object's units, where it has a width."""

    points: list[Point]
    fill: Colour
    width: float = 0.0


@dataclass(frozen=True)
class Pose:
    """An object's centre in pixels, and a 2 by 2 matrix from its units to pixels, row by row."""

    x: float
    y: float
    matrix: tuple[float, float, float, float]

    @property
    def unit(self) -> float:
        """About how many pixels a unit of the object has."""
        a, b, c, d = self.matrix
        return sqrt(abs(a * d - b * c))


@dataclass(frozen=True)
class Patch:
    """What was drawn, in the pixels of a rectangle that lies within the picture.

    Attributes:
        colour: float32 [h, w, 3] in 0..255, times `cover`.
        cover: float32 [h, w, 1] in 0..1, share of each pixel that is drawn on.
        left, top: the rectangle's corner in pixels of the picture.
        area: pixels drawn on, what lies outside the picture included.
    """

    colour: np.ndarray
    cover: np.ndarray
    left: int
    top: int
    area: float

    @property
    def where(self) -> tuple[slice, slice]:
        """The rectangle in an array of the picture: rows and columns."""
        high, wide = self.cover.shape[:2]
        return slice(self.top, self.top + high), slice(self.left, self.left + wide)


def render(
    parts: list[Part], pose: Pose, size: int, ink: Colour | None = None, ink_width: float = 0.0
) -> Patch:
    """Draw parts in a picture.

    Args:
        parts: back to front; at least one.
        pose: where and how.
        size: side of the picture in pixels.
        ink: colour of the outline of every part; none without.
        ink_width: width of the outline in the object's units.
    """
    a, b, c, d = pose.matrix
    corners = np.array([point for part in parts for point in part.points])
    corners = corners @ np.array([[a, c], [b, d]]) + (pose.x, pose.y)
    margin = pose.unit * (max(part.width for part in parts) / 2 + ink_width) + 1
    left, top = (floor(edge - margin) for edge in corners.min(0))
    right, bottom = (ceil(edge + margin) for edge in corners.max(0))
    flat = ((corners - (left, top)) * _SUPERSAMPLES).ravel().tolist()
    # RGBX keeps the fourth channel apart: averaging gives colours already times their cover.
    image = Image.new("RGBX", ((right - left) * _SUPERSAMPLES, (bottom - top) * _SUPERSAMPLES))
    canvas = ImageDraw.Draw(image)
    unit, begin = pose.unit * _SUPERSAMPLES, 0
    for part in parts:
        end = begin + 2 * len(part.points)
        if ink is not None and (not part.width or part.width > _THIN):
            _put(canvas, flat[begin:end], ink, unit * part.width, 2 * unit * ink_width)
        _put(canvas, flat[begin:end], part.fill, unit * part.width, 0.0)
        begin = end
    pixels = np.asarray(image.reduce(_SUPERSAMPLES), np.float32)
    area = float(pixels[..., 3].sum()) / 255
    pixels = pixels[max(0, -top) : max(0, size - top), max(0, -left) : max(0, size - left)]
    return Patch(pixels[..., :3], pixels[..., 3:] / np.float32(255), max(0, left), max(0, top), area)


def _put(canvas: ImageDraw.ImageDraw, flat: list[float], fill: Colour, width: float, extra: float) -> None:
    """Draw one part in sub-pixels, `extra` wider than it is."""
    colour = (*fill, 255)
    if not width:
        canvas.polygon(flat, fill=colour)
        if extra:
            canvas.line(flat + flat[:2], fill=colour, width=max(1, round(extra)))
        return
    width = max(width + extra, 2.0)
    canvas.line(flat, fill=colour, width=round(width), joint="curve")
    radius = width / 2
    for x, y in ((flat[0], flat[1]), (flat[-2], flat[-1])):
        canvas.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
