"""What objects lie on and stand before: textures with names, from grass to tartan.

In: a `Surface`. Out: float32 [size, size, 3], about 0 to 255.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import pi

import numpy as np

from weakly.toyworld.draws import Draws
from weakly.toyworld.objects.colours import ALL, BRIGHT, Colour, darker, lighter, shade
from weakly.toyworld.objects.surfaces import Cells, Surface, wave


def grass(surface: Surface) -> np.ndarray:
    """Blades of grass."""
    draws = surface.draws
    green = shade((88, 150, 62), draws)
    blades = surface.cloudy(96, 26) + surface.cloudy(40, 10) + 0.5 * surface.cloudy(26, 7)
    return surface.tones(green, 0.4, 0.25, 0.5 + 0.45 * blades + 0.2 * surface.cloudy(4))


def sand(surface: Surface) -> np.ndarray:
    """Sand with ripples."""
    colour = shade((222, 194, 142), surface.draws)
    _, y = surface.turned(40, surface.draws.between(5, 10))
    ripples = wave(y + 0.5 * surface.cloudy(4))
    return surface.tones(colour, 0.2, 0.3, 0.5 + 0.4 * ripples + 0.25 * surface.cloudy(48))


def sea(surface: Surface) -> np.ndarray:
    """Water with waves, now and then a glint."""
    colour = shade((44, 116, 168), surface.draws)
    waves = surface.cloudy(7, 22) + 0.6 * surface.cloudy(12, 34)
    glints = np.clip(waves - 0.85, 0, 1) * 1.5
    return surface.tones(colour, 0.25, 0.55, 0.35 + 0.28 * waves + glints)


def sky(surface: Surface) -> np.ndarray:
    """A sky by day or at sunset, with clouds."""
    high, low = surface.draws.choose((((82, 150, 222), (206, 228, 244)), ((96, 96, 170), (250, 190, 140))))
    clear = surface.paint(shade(high, surface.draws), shade(low, surface.draws), surface.y)
    clouds = np.clip(surface.rough(3) * surface.draws.between(0.6, 2.4) - 0.1, 0, 0.85)[..., None]
    return over(clear, 248, clouds)


def night(surface: Surface) -> np.ndarray:
    """A night sky with stars."""
    high = shade((22, 24, 52), surface.draws)
    stars = np.clip(surface.cloudy(44) - surface.draws.between(0.86, 0.95), 0, 0.1)[..., None] * 9
    return over(surface.paint(high, lighter(high, 0.22), surface.y + 0.3 * surface.rough(3)), 245, stars)


def snow(surface: Surface) -> np.ndarray:
    """Snow with blue shadows."""
    bright = (244, 247, 252)
    return surface.paint(shade((196, 212, 234), surface.draws), bright, 0.6 + 0.6 * surface.rough(4))


def gravel(surface: Surface) -> np.ndarray:
    """Pebbles of all greys and browns."""
    across = surface.draws.whole(9, 15)
    x, y = surface.turned(180, across)
    cells = Cells(surface.draws)
    nearest = np.full(x.shape, 9.0, np.float32)
    tone = np.zeros_like(nearest)
    column, row = np.floor(x), np.floor(y)
    # Each cell of a grid has one pebble, somewhere in it; a point belongs to the nearest of nine.
    for dx in (-1, 0, 1):
        for dy in (-1, 0, 1):
            c, r = column + dx, row + dy
            jitter = cells.at(c, r)
            distance = np.hypot(x - c - 0.15 - 0.7 * jitter, y - r - 0.15 - 0.7 * (jitter * 97 % 1))
            closer = distance < nearest
            nearest = np.where(closer, distance, nearest)
            tone = np.where(closer, jitter * 31 % 1, tone)
    stones = surface.paint(shade((104, 98, 94), surface.draws), shade((206, 200, 190), surface.draws), tone)
    return stones * np.clip(1.25 - nearest, 0.35, 1)[..., None]


def brick(surface: Surface) -> np.ndarray:
    """A brick wall."""
    draws = surface.draws
    rows = draws.between(6, 11)
    x, y = surface.turned(4, rows)
    row = np.floor(y)
    x = x / 2.2 + 0.5 * (row % 2)
    edges = np.minimum(2.2 * (0.5 - np.abs(x % 1 - 0.5)), 0.5 - np.abs(y % 1 - 0.5))
    inside = surface.soft(edges - 0.08, rows)[..., None]
    tone = Cells(draws).at(np.floor(x), row)
    clay = draws.choose(((164, 78, 58), (190, 112, 82), (132, 84, 72)))
    bricks = surface.tones(clay, 0.25, 0.2, tone + 0.3 * surface.cloudy(30))
    return over(np.array(shade((200, 194, 184), draws), np.float32), bricks, inside)


def wood(surface: Surface) -> np.ndarray:
    """Planks with their grain."""
    draws = surface.draws
    planks = draws.between(3, 6)
    x, y = surface.turned(5, planks)
    if draws.chance(0.5):
        x, y = y, x
    plank = np.floor(x)
    tone = Cells(draws).at(plank, plank)
    grain = wave(x * 5 + 0.9 * np.sin(y * 0.9 + tone * 40) + 0.5 * surface.cloudy(5))
    brown = draws.choose(((158, 108, 64), (196, 152, 100), (116, 78, 52), (150, 140, 128)))
    seams = surface.soft(0.5 - np.abs(x % 1 - 0.5) - 0.03, planks)[..., None]
    return surface.tones(brown, 0.3, 0.25, 0.3 + 0.5 * tone + 0.35 * grain) * (0.4 + 0.6 * seams)


def marble(surface: Surface) -> np.ndarray:
    """Polished stone with veins."""
    stone = shade(surface.draws.choose(((232, 230, 226), (206, 190, 178), (70, 84, 82))), surface.draws)
    x, _ = surface.turned(180, surface.draws.between(2, 4))
    veins = 1 - np.abs(np.sin(pi * x + 2.6 * surface.rough(3)))
    vein = darker(stone, 0.5) if sum(stone) > 380 else lighter(stone, 0.6)
    return surface.paint(stone, vein, np.clip(veins * 1.6 - 0.85, 0, 1) + 0.12 * surface.rough(6))


def tile(surface: Surface) -> np.ndarray:
    """Square tiles of two shades."""
    draws = surface.draws
    across = draws.between(4, 8)
    x, y = surface.turned(draws.choose((3, 3, 45)), across)
    colour = shade(draws.choose(ALL).rgb, draws)
    tone = Cells(draws).at(np.floor(x), np.floor(y))
    edges = 0.5 - np.maximum(np.abs(x % 1 - 0.5), np.abs(y % 1 - 0.5))
    tiles = surface.paint(lighter(colour, 0.1), lighter(colour, 0.55), tone)
    return over(214, tiles, surface.soft(edges - 0.04, across)[..., None])


def checkerboard(surface: Surface) -> np.ndarray:
    """Two colours in squares."""
    first, second = _two(surface.draws)
    across = surface.draws.between(5, 10)
    x, y = surface.turned(45, across)
    return surface.paint(first, second, surface.soft(2 * wave(x / 2) * wave(y / 2), across))


def stripe(surface: Surface) -> np.ndarray:
    """Two colours in stripes."""
    first, second = _two(surface.draws)
    across = surface.draws.between(5, 11)
    x, _ = surface.turned(180, across)
    width = surface.draws.between(-0.25, 0.25)
    return surface.paint(first, second, surface.soft(wave(x) + width, across * 2))


def polka_dot(surface: Surface) -> np.ndarray:
    """Dots in rows."""
    first, second = _two(surface.draws)
    across = surface.draws.between(5, 9)
    x, y = surface.turned(45, across)
    x = x + 0.5 * (np.floor(y) % 2)
    inside = surface.draws.between(0.22, 0.36) - np.hypot(x % 1 - 0.5, y % 1 - 0.5)
    return surface.paint(first, second, surface.soft(inside, across))


def tartan(surface: Surface) -> np.ndarray:
    """Cloth of crossing bands."""
    first, second = _two(surface.draws)
    third = shade(surface.draws.choose(ALL).rgb, surface.draws)
    across = surface.draws.between(3, 6)
    x, y = surface.turned(45, across)
    bands = surface.soft(wave(x), across * 2) + surface.soft(wave(y), across * 2)
    lines = surface.soft(np.maximum(wave(x + 0.25), wave(y + 0.25)) - 0.36, across * 2)[..., None]
    return over(surface.paint(first, second, bands / 2), np.array(third, np.float32), 0.8 * lines)


def over(low: np.ndarray | float, high: np.ndarray | float, share: np.ndarray) -> np.ndarray:
    """One surface with a share of another in it."""
    return low * (1 - share) + high * share


def _two(draws: Draws) -> tuple[Colour, Colour]:
    """Two colours far enough apart to be told, most of them pale: a ground must not shout."""
    pale = draws.between(0, 0.65)
    first = lighter(shade(draws.choose(ALL).rgb, draws), pale)
    second = lighter(shade(draws.choose(BRIGHT).rgb, draws), draws.between(0, pale))
    if sum(abs(a - b) for a, b in zip(first, second, strict=True)) < 120:
        second = darker(first, 0.4) if sum(first) > 330 else lighter(first, 0.6)
    return first, second


@dataclass(frozen=True)
class Ground:
    """A kind of ground, its noun as NLTK writes it; it may stand behind another, `above` the horizon."""

    synset: str
    lay: Callable[[Surface], np.ndarray]
    above: bool = False

    @property
    def name(self) -> str:
        """What the world calls it."""
        return self.lay.__name__


GROUNDS = (
    Ground("grass.n.01", grass),
    Ground("sky.n.01", sky, above=True),
    Ground("wood.n.01", wood),
    Ground("sand.n.01", sand),
    Ground("brick.n.01", brick, above=True),
    Ground("sea.n.01", sea),
    Ground("snow.n.02", snow),
    Ground("stripe.n.05", stripe, above=True),
    Ground("tile.n.01", tile, above=True),
    Ground("night.n.01", night, above=True),
    Ground("gravel.n.01", gravel),
    Ground("checkerboard.n.01", checkerboard),
    Ground("polka_dot.n.01", polka_dot, above=True),
    Ground("tartan.n.01", tartan),
    Ground("marble.n.01", marble),
)
"""All of them, the commonest first."""
