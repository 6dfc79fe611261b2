"""How an object is written down, and its parts.

In: a drawing, as text. Out: parts of one colour each. Nothing here knows what is drawn.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from math import cos, pi, prod, sin

from weakly.toyworld.draws import Draws
from weakly.toyworld.objects.colours import MATERIALS, Colour, blend, darker, lighter
from weakly.toyworld.objects.raster import Part, Point

_CIRCLE = tuple((cos(2 * pi * step / 24), sin(2 * pi * step / 24)) for step in range(24))
_CURVE_STEPS = (0.25, 0.5, 0.75, 1.0)
_CHANGE = re.compile("([+-])")
_TERM = re.compile(r"([+-]?)((?:(?<=\d)e-|[^+-])+)")


class Pen:
    """What an object is drawn with: parts, each over those before it.

    An object lies in a square from -1 to 1, x to the right and y down. It is written as sentences of shapes,
    which end with a point and a space; semicolons stand between the shapes:

        area COLOUR POINTS        a polygon           line COLOUR WIDTH POINTS   with round ends
        smooth COLOUR POINTS      a round shape       bow COLOUR WIDTH POINTS    a round line
        box COLOUR CORNER CORNER  an upright one      disc COLOUR RADIUS POINTS  a circle around each point
        eye RADIUS POINTS         it looks aside      oval COLOUR WIDE,HIGH[,DEGREES] POINTS   half-axes

    A point is `x,y`; `|` is short for those before it mirrored on x = 0, last to first, without any on that
    axis, and `arc:x,y,...` for those of `arc`; `/` begins another shape of the same look. Numbers may be sums
    of products (`.5*high-.1`) of names, which `let high .2:.5` gives; `.2:.5` is one drawn between the two,
    `.3~.1` one at most .1 from .3. A colour is `main`, `second`, a name of `MATERIALS`, `#d6323c`, or a name
    that `mix name COLOUR COLOUR SHARE` gives, or by chance `pick name CHANCE COLOUR COLOUR`; `main-.2` has
    that share of black in it, `main+.2` of white.

    A sentence may begin with `maybe .3`: it is drawn with that chance; with `at POINTS:`, drawn with each as
    its origin; and with `both`, drawn with every x mirrored, and then again as it stands.

    The main colour is the one that people would name. A drawing may add to `colours` and `numbers`, which the
    text names; `parts` is what was drawn so far.
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
            self.colours[words[0]] = blend(self._colour(words[1]), self._colour(words[2]), float(words[3]))
            return
        if kind == "pick":
            self.colours[words[0]] = self._colour(words[2 if self.draws.chance(float(words[1])) else 3])
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
