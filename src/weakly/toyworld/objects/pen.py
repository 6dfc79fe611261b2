"""Objects as parts of one colour each, and parts to pixels.

In: what an object's drawing function tells a `Pen`, in units of the object. Out: a `Patch`, the object alone,
smooth at its edges. Nothing here knows what is drawn.
"""

from dataclasses import dataclass
from math import ceil, cos, floor, pi, sin, sqrt

import numpy as np
from PIL import Image, ImageDraw

from weakly.toyworld.draws import Draws
from weakly.toyworld.objects.colours import Colour

Point = tuple[float, float]

_SUPERSAMPLES = 3
"""Sub-pixels a pixel is averaged from, each way."""
_THIN = 0.075
"""Lines up to this width are details inside an object: they get no outline."""
_CIRCLE = tuple((cos(2 * pi * step / 24), sin(2 * pi * step / 24)) for step in range(24))
_CURVE_STEPS = (0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Part:
    """An area, or a line where it has a width.

    Attributes:
        points: its corners in the object's units.
        fill: its colour.
        width: of the line; 0 for an area.
    """

    points: list[Point]
    fill: Colour
    width: float = 0.0


class Pen:
    """What an object is drawn with: parts, each over those before it.

    An object lies in a square from -1 to 1, x to the right and y down.

    Args:
        draws: decides what varies from one object of a kind to the next.
        main: the colour that people would name when asked for the object's.
        second: another.

    Attributes:
        parts: what was drawn so far.
    """

    def __init__(self, draws: Draws, main: Colour, second: Colour) -> None:
        self.draws, self.main, self.second = draws, main, second
        self.parts: list[Part] = []

    def area(self, points: list[Point], fill: Colour) -> None:
        """Fill a polygon."""
        self.parts.append(Part(points, fill))

    def smooth(self, points: list[Point], fill: Colour) -> None:
        """Fill a round shape whose edge goes through the points."""
        self.parts.append(Part(curve([*points, points[0]], closed=True), fill))

    def box(self, left: float, top: float, right: float, bottom: float, fill: Colour) -> None:
        """Fill an upright rectangle."""
        self.area([(left, top), (right, top), (right, bottom), (left, bottom)], fill)

    def oval(self, x: float, y: float, wide: float, high: float, fill: Colour, turn: float = 0.0) -> None:
        """Fill an ellipse around x, y with half-axes `wide` and `high`, turned by degrees."""
        c, s = cos(turn * pi / 180), sin(turn * pi / 180)
        self.area(
            [(x + a * wide * c - b * high * s, y + a * wide * s + b * high * c) for a, b in _CIRCLE], fill
        )

    def disc(self, x: float, y: float, radius: float, fill: Colour) -> None:
        """Fill a circle."""
        self.oval(x, y, radius, radius, fill)

    def sector(self, x: float, y: float, radius: float, start: float, end: float, fill: Colour) -> None:
        """Fill a slice of a disc between two angles in degrees; 0 is to the right, 90 down."""
        self.area([(x, y), *arc(x, y, radius, start, end)], fill)

    def line(self, points: list[Point], width: float, fill: Colour) -> None:
        """Draw a line with round ends."""
        self.parts.append(Part(points, fill, width))

    def bow(self, points: list[Point], width: float, fill: Colour) -> None:
        """Draw a round line through the points."""
        self.parts.append(Part(curve(points), fill, width))

    def eye(self, x: float, y: float, radius: float) -> None:
        """Draw an eye that looks a little aside."""
        self.disc(x, y, radius, (250, 250, 250))
        self.disc(x + radius * 0.2, y, radius * 0.55, (20, 20, 26))


def arc(x: float, y: float, radius: float, start: float, end: float, steps: int = 12) -> list[Point]:
    """Points on a circle from one angle to another, in degrees; 0 is to the right, 90 down."""
    angles = [(start + (end - start) * step / steps) * pi / 180 for step in range(steps + 1)]
    return [(x + radius * cos(angle), y + radius * sin(angle)) for angle in angles]


def curve(points: list[Point], closed: bool = False) -> list[Point]:
    """Points on a Catmull-Rom spline through the given ones; a closed one ends where it starts."""
    before = points[-2] if closed else points[0]
    after = points[1] if closed else points[-1]
    knots = [before, *points, after]
    result = [points[0]]
    for p, q, r, s in zip(knots, knots[1:], knots[2:], knots[3:], strict=False):
        for t in _CURVE_STEPS:
            tt, ttt = t * t, t * t * t
            a, b = -ttt + 2 * tt - t, 3 * ttt - 5 * tt + 2
            c, d = -3 * ttt + 4 * tt + t, ttt - tt
            result.append(
                (
                    (a * p[0] + b * q[0] + c * r[0] + d * s[0]) / 2,
                    (a * p[1] + b * q[1] + c * r[1] + d * s[1]) / 2,
                )
            )
    return result


@dataclass(frozen=True)
class Pose:
    """Where and how an object stands.

    Attributes:
        x, y: its centre in pixels.
        matrix: 2 by 2, from the object's units to pixels, row by row.
    """

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
