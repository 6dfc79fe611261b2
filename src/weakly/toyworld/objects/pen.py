"""Objects as parts of one colour each, and parts to pixels.

In: what an object's drawing function tells a `Pen`, in units of the object. Out: a `Patch`, the object alone,
smooth at its edges. Nothing here knows what is drawn.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, cos, floor, pi, prod, sin, sqrt

import numpy as np
from PIL import Image, ImageDraw

from weakly.toyworld.draws import Draws
from weakly.toyworld.objects.colours import MATERIALS, Colour, blend, darker, lighter

Point = tuple[float, float]

_SUPERSAMPLES = 3
"""Sub-pixels a pixel is averaged from, each way."""
_THIN = 0.075
"""Lines up to this width are details inside an object: they get no outline."""
_CIRCLE = tuple((cos(2 * pi * step / 24), sin(2 * pi * step / 24)) for step in range(24))
_CURVE_STEPS = (0.25, 0.5, 0.75, 1.0)
_CHANGE = re.compile("([+-])")
_TERM = re.compile(r"([+-]?)((?:(?<=\d)e-|[^+-])+)")


@dataclass(frozen=True)
class Part:
    """An area of one colour; a line along the points, in the object's units, where it has a width."""

    points: list[Point]
    fill: Colour
    width: float = 0.0


class Pen:
    """What an object is drawn with: parts, each over those before it.

    An object lies in a square from -1 to 1, x to the right and y down. It is written down as shapes, parted
    by semicolons and lines:

        area COLOUR POINTS        a polygon              line COLOUR WIDTH POINTS   with round ends
        smooth COLOUR POINTS      a round shape          bow COLOUR WIDTH POINTS    a round line
        box COLOUR CORNER CORNER  left-top, right-bottom
        disc COLOUR RADIUS POINTS                     a circle around each point
        oval COLOUR WIDE,HIGH[,DEGREES] POINTS        an ellipse of these half-axes, turned
        eye RADIUS POINTS                             one that looks a little aside

    A point is `x,y`. `|` stands for the points before it mirrored on x = 0, last to first, without those on
    that axis; `arc:x,y,...` for the points of `arc`; and `/` begins another shape of the same look. Numbers
    may be left to chance: `.2:.5` is one between the two, `.3~.1` is .3 or up to .1 more or less. A colour is
    `main`, `second`, a name of `MATERIALS` or `#d6323c`; `main-.2` has a share of black in it, `main+.2` of
    white.

    A line may begin with `maybe .3`: the shapes on it are drawn with that chance; with `at POINTS:`, each as
    the origin of the shapes in turn; and with `both`, on the left, every x mirrored, and then on the right.

    Args:
        draws: decides what varies from one object of a kind to the next.
        main: the colour that people would name when asked for the object's.
        second: another.

    Attributes:
        colours: by name; a drawing may add its own.
        parts: what was drawn so far.
    """

    def __init__(self, draws: Draws, main: Colour, second: Colour) -> None:
        self.draws, self.main, self.second = draws, main, second
        self.colours = {**MATERIALS, "main": main, "second": second}
        self.numbers: dict[str, float] = {}
        self.parts: list[Part] = []

    def draw(self, shapes: str, side: int = 1) -> None:
        """Draw shapes, written as above; on side -1 with every x mirrored."""
        for chance, places, both, sentence in _sentences(shapes):
            if chance < 1 and not self.draws.chance(chance):
                continue
            for origin in self._points(places) or [(0.0, 0.0)]:
                for x in (-1, 1) if both else (side,):
                    for kind, *words in sentence:
                        self._shape(kind, words, x, origin)

    def _shape(self, kind: str, words: list[str], side: int, origin: Point) -> None:
        if kind == "let":
            self.numbers[words[0]] = self._number(words[1])
            return
        if kind == "mix":
            self.colours[words[0]] = blend(*map(self._colour, words[1:3]), float(words[3]))
            return
        fill = self._colour("#fafafa" if kind == "eye" else words.pop(0))
        size = [] if kind in ("area", "smooth", "box") else self._numbers(words.pop(0))
        size[2:] = [side * turn for turn in size[2:]]
        for outline in " ".join(words).split("/"):
            points = self._points(outline.split(), side, origin)
            if kind == "box":
                (left, top), (right, low) = points
                points = [(left, top), (right, top), (right, low), (left, low)]
            elif kind == "smooth":
                points = curve([*points, points[0]], closed=True)
            elif kind == "bow":
                points = curve(points)
            if kind not in ("disc", "oval", "eye"):
                self.parts.append(Part(points, fill, *size))
                continue
            for x, y in points:
                self.parts.append(Part(ellipse(x, y, *size), fill))
                if kind == "eye":
                    pupil = ellipse(x + size[0] * 0.2, y, size[0] * 0.55)
                    self.parts.append(Part(pupil, (20, 20, 26)))

    def _colour(self, text: str) -> Colour:
        if text.startswith("#"):
            red, green, blue = bytes.fromhex(text[1:])
            return red, green, blue
        name, *changes = _CHANGE.split(text)
        colour = self.colours[name]
        for sign, share in zip(changes[::2], changes[1::2], strict=True):
            colour = (darker if sign == "-" else lighter)(colour, float(share))
        return colour

    def _points(self, words: list[str], side: int = 1, origin: Point = (0.0, 0.0)) -> list[Point]:
        points: list[Point] = []
        for word in words:
            if word == "|":
                points += [(-x, y) for x, y in reversed(points) if x]
            elif word.startswith("arc:"):
                x, y, *rest = map(float, word[4:].split(","))
                points += arc(origin[0] + side * x, origin[1] + y, *rest)
            else:
                x, y = self._numbers(word)
                points.append((origin[0] + side * x, origin[1] + y))
        return points

    def _numbers(self, word: str) -> list[float]:
        return [*(_constants(word) or map(self._number, word.split(",")))]

    def _number(self, text: str) -> float:
        low, is_range, high = text.partition(":")
        if is_range:
            return self.draws.between(float(low), float(high))
        middle, is_about, reach = text.partition("~")
        if is_about:
            return float(middle) + self.draws.between(-float(reach), float(reach))
        total = 0.0
        for sign, product in _TERM.findall(text):
            value = prod(self.numbers[f] if f in self.numbers else float(f) for f in product.split("*"))
            total += -value if sign == "-" else value
        return total


@lru_cache(512)
def _sentences(shapes: str) -> list[tuple[float, list[str], bool, list[list[str]]]]:
    """Chance, places, whether for both sides, and the words of each shape; most are drawn again and again."""
    found = []
    for sentence in " ".join(shapes.split()).split(". "):
        chance = 1.0
        if sentence.startswith("maybe "):
            _, share, sentence = sentence.split(maxsplit=2)
            chance = float(share)
        places, _, sentence = sentence.rpartition(": ")
        once = sentence.removeprefix("both ")
        shapes_ = [shape.split() for shape in once.split(";")]
        found.append((chance, places.split()[1:], once is not sentence, shapes_))
    return found


@lru_cache(8192)
def _constants(word: str) -> tuple[float, ...] | None:
    """The numbers of a word that is nothing but numbers."""
    try:
        return tuple(map(float, word.split(",")))
    except ValueError:
        return None


def path(points: Iterable[Point]) -> str:
    """Points as they are written for a pen."""
    return " ".join(f"{x},{y}" for x, y in points)


def ellipse(x: float, y: float, wide: float, high: float | None = None, turn: float = 0.0) -> list[Point]:
    """Points on an ellipse around x, y, its half-axes turned by degrees; on a circle without a height."""
    high = wide if high is None else high
    if not turn:
        return [(x + a * wide, y + b * high) for a, b in _CIRCLE]
    c, s = cos(turn * pi / 180), sin(turn * pi / 180)
    return [(x + a * wide * c - b * high * s, y + a * wide * s + b * high * c) for a, b in _CIRCLE]


def arc(x: float, y: float, radius: float, start: float, end: float, steps: float = 12) -> list[Point]:
    """Points on a circle from one angle to another, in degrees; 0 is to the right, 90 down."""
    angles = [(start + (end - start) * step / steps) * pi / 180 for step in range(int(steps) + 1)]
    return [(x + radius * cos(angle), y + radius * sin(angle)) for angle in angles]


def curve(points: list[Point], closed: bool = False) -> list[Point]:
    """Points on a Catmull-Rom spline through the given ones; a closed one ends where it starts."""
    before, after = (points[-2], points[1]) if closed else (points[0], points[-1])
    knots = [before, *points, after]
    result = [points[0]]
    for p, q, r, s in zip(knots, knots[1:], knots[2:], knots[3:], strict=False):
        for t in _CURVE_STEPS:
            tt, ttt = t * t, t * t * t
            a, b = -ttt + 2 * tt - t, 3 * ttt - 5 * tt + 2
            c, d = -3 * ttt + 4 * tt + t, ttt - tt
            x = a * p[0] + b * q[0] + c * r[0] + d * s[0]
            y = a * p[1] + b * q[1] + c * r[1] + d * s[1]
            result.append((x / 2, y / 2))
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
