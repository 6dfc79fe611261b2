"""How plants and what the sky holds are drawn, each in a square from -1 to 1 (`drawing.Pen`)."""

from math import atan2, cos, hypot, pi, sin

from weakly.toyworld.objects.colours import BARK, INK, LEAF, PAPER, RED, blend, darker, lighter
from weakly.toyworld.objects.pen import Pen, Point, arc


def around(count: int, radius: float, start: float = 0.0) -> list[Point]:
    """Points spread evenly on a circle, from an angle in degrees on."""
    return [
        (
            radius * cos(pi * (start / 180 + 2 * step / count)),
            radius * sin(pi * (start / 180 + 2 * step / count)),
        )
        for step in range(count)
    ]


def zigzag(points: int, outer: float, inner: float, start: float = -90.0) -> list[Point]:
    """Corners of a star."""
    peaks, dents = around(points, outer, start), around(points, inner, start + 180 / points)
    return [corner for pair in zip(peaks, dents, strict=True) for corner in pair]


def tree(pen: Pen) -> None:
    """A tree with a round crown."""
    crown = pen.main
    pen.area([(-0.13, 0.0), (0.13, 0.0), (0.2, 1.0), (-0.2, 1.0)], BARK)
    pen.line([(0.02, 0.35), (0.3, 0.05)], 0.09, BARK)
    puffs = [(-0.42, 0.0), (0.42, 0.02), (-0.3, -0.42), (0.32, -0.42), (0, -0.62), (0, -0.15)]
    for x, y in puffs:
        size = pen.draws.between(0.3, 0.42)
        pen.disc(x, y, size, crown)
    for x, y in puffs[2:5]:
        pen.disc(x - 0.06, y - 0.08, 0.16, lighter(crown, 0.2))


def fir(pen: Pen) -> None:
    """A fir: three tiers and a trunk."""
    pen.box(-0.12, 0.6, 0.12, 1.0, BARK)
    snowy = pen.draws.chance(0.25)
    for tier, (top, low, half) in enumerate(((0.0, 0.72, 0.72), (-0.5, 0.3, 0.56), (-1.0, -0.15, 0.4))):
        green = lighter(pen.main, 0.1 * tier)
        pen.area(
            [(0, top), (half, low), (half * 0.3, low - 0.08), (-half * 0.3, low - 0.08), (-half, low)], green
        )
        if snowy:
            pen.line([(half * 0.4, top + 0.36), (half * 0.8, low - 0.06)], 0.09, PAPER)


def palm(pen: Pen) -> None:
    """A palm that bends."""
    lean = pen.draws.between(-0.3, 0.3)
    top = (lean, -0.4)
    pen.bow([(-lean * 0.6, 1.0), (-lean * 0.2, 0.3), top], 0.17, (150, 112, 70))
    for ring in (0.75, 0.45, 0.15):
        pen.line([(-lean * 0.3 - 0.09, ring), (-lean * 0.3 + 0.09, ring)], 0.04, BARK)
    for reach, rise, fall in ((0.75, -0.75, -0.05), (0.62, -0.35, 0.3), (0.3, -0.95, -0.75)):
        for x in (-1, 1):
            tip = (lean + reach * x, fall)
            pen.smooth(
                [top, (lean + reach * 0.5 * x, rise), tip, (lean + reach * 0.5 * x, rise + 0.26)], pen.main
            )
    for x in (-0.1, 0.1):
        pen.disc(lean + x, -0.3, 0.1, BARK)


def flower(pen: Pen) -> None:
    """A flower with five to eight round petals on a stem."""
    petals = pen.draws.whole(5, 8)
    pen.bow([(0, -0.2), (0.06, 0.4), (0, 1.0)], 0.1, LEAF)
    pen.smooth([(0.03, 0.7), (0.3, 0.4), (0.62, 0.42), (0.35, 0.68)], LEAF)
    if pen.draws.chance(0.6):
        pen.smooth([(0.03, 0.85), (-0.25, 0.52), (-0.58, 0.55), (-0.3, 0.82)], LEAF)
    for x, y in around(petals, 0.42, pen.draws.between(0, 60)):
        pen.disc(x, y - 0.36, 1.25 / petals + 0.06, pen.main)
    pen.disc(0, -0.36, 0.24, pen.second)


def tulip(pen: Pen) -> None:
    """A tulip with two long leaves."""
    pen.line([(0, 0.0), (0, 1.0)], 0.1, LEAF)
    spread = pen.draws.between(0.35, 0.6)
    for x in (-1, 1):
        pen.smooth([(0, 0.95), (0.3 * x, 0.6), (spread * x, 0.0), (0.14 * x, 0.5)], darker(LEAF, 0.1))
    pen.smooth(
        [
            (-0.4, -0.4),
            (-0.44, -0.92),
            (-0.2, -0.7),
            (0, -0.98),
            (0.2, -0.7),
            (0.44, -0.92),
            (0.4, -0.4),
            (0, 0.1),
        ],
        pen.main,
    )
    pen.smooth([(0, -0.8), (0.2, -0.4), (0, 0.04), (-0.2, -0.4)], lighter(pen.main, 0.25))


def leaf(pen: Pen) -> None:
    """A leaf with its veins."""
    broad = pen.draws.between(0.42, 0.66)
    dark = darker(pen.main)
    pen.line([(0, 0.5), (0, 1.0)], 0.09, dark)
    pen.smooth(
        [(0, -1.0), (broad * 0.75, -0.4), (broad, 0.15), (0, 0.74), (-broad, 0.15), (-broad * 0.75, -0.4)],
        pen.main,
    )
    pen.line([(0, -0.8), (0, 0.7)], 0.06, dark)
    for y in (-0.35, 0.0, 0.35):
        for x in (-1, 1):
            pen.line([(0, y + 0.16), (broad * 0.68 * x, y - 0.12)], 0.045, dark)


def mushroom(pen: Pen) -> None:
    """A toadstool with dots on its cap."""
    pen.smooth([(-0.2, -0.05), (-0.24, 0.6), (-0.34, 0.95), (0.34, 0.95), (0.24, 0.6), (0.2, -0.05)], PAPER)
    pen.oval(0, 0.02, 0.5, 0.1, (214, 200, 176))
    height = pen.draws.between(0.75, 1.0)
    pen.area(
        [*[(x * 0.9, y * height) for x, y in arc(0, 0, 1.0, 180, 360)], (0.7, 0.12), (-0.7, 0.12)], pen.main
    )
    for x, y, size in ((-0.45, -0.3, 0.14), (0.05, -0.6, 0.17), (0.5, -0.28, 0.13), (0.02, -0.15, 0.11)):
        pen.oval(x + pen.draws.between(-0.06, 0.06), y * height, size, size * 0.8, PAPER)


def cactus(pen: Pen) -> None:
    """A cactus with two arms, now and then in a pot."""
    left, right = pen.draws.between(-0.4, 0.1), pen.draws.between(-0.4, 0.1)
    pen.line([(-0.2, 0.4), (-0.62, 0.4), (-0.62, left)], 0.26, pen.main)
    pen.line([(0.2, 0.2), (0.62, 0.2), (0.62, right)], 0.26, pen.main)
    pen.line([(0, -0.72), (0, 0.85)], 0.46, pen.main)
    for x in (-0.1, 0.1):
        pen.line([(x, -0.75), (x, 0.75)], 0.04, darker(pen.main))
    if pen.draws.chance(0.5):
        pen.area([(-0.46, 0.55), (0.46, 0.55), (0.34, 1.0), (-0.34, 1.0)], (190, 98, 58))
    if pen.draws.chance(0.4):
        pen.disc(0.05, -0.94, 0.13, (232, 84, 130))


def sun(pen: Pen) -> None:
    """The sun with its rays."""
    rays = pen.draws.whole(8, 13)
    start = pen.draws.between(0, 40)
    if pen.draws.chance(0.5):
        for (x, y), (ex, ey) in zip(around(rays, 0.66, start), around(rays, 0.96, start), strict=True):
            pen.line([(x, y), (ex, ey)], 0.11, pen.main)
    else:
        pen.area(zigzag(rays, 1.0, 0.62, start), blend(pen.main, RED.rgb, 0.25))
    pen.disc(0, 0, 0.54, pen.main)
    pen.disc(-0.1, -0.1, 0.3, lighter(pen.main, 0.35))


def moon(pen: Pen) -> None:
    """A crescent."""
    # The inner edge is another circle through the same two tips.
    tip = pen.draws.between(52, 66)
    outer = arc(0, 0, 0.95, tip, 360 - tip, 24)
    x, y = outer[0]
    centre = x + pen.draws.between(0.15, 0.4)
    angle = atan2(y, x - centre) * 180 / pi
    inner = arc(centre, 0, hypot(x - centre, y), 360 - angle, angle, 20)
    pen.area([(a + 0.3, b) for a, b in outer + inner], pen.main)
    pen.disc(-0.44, -0.25, 0.08, darker(pen.main, 0.15))
    pen.disc(-0.34, 0.34, 0.07, darker(pen.main, 0.15))


def star(pen: Pen) -> None:
    """A star with five points."""
    slim = pen.draws.between(0.36, 0.5)
    pen.area(zigzag(5, 1.0, slim), pen.main)
    pen.area(zigzag(5, 0.6, slim * 0.6), lighter(pen.main, 0.3))


def cloud(pen: Pen) -> None:
    """A cloud, some with rain."""
    colour = lighter(pen.main, 0.55)
    if pen.draws.chance(0.4):
        for x in (-0.45, 0.0, 0.45):
            pen.line([(x, 0.5), (x - 0.14, 0.9)], 0.08, (84, 140, 214))
    pen.box(-0.6, 0.0, 0.6, 0.36, colour)
    for x, y, size in ((-0.6, 0.08, 0.3), (0.62, 0.06, 0.32), (-0.22, -0.2, 0.4), (0.28, -0.26, 0.44)):
        pen.disc(x, y, size * pen.draws.between(0.9, 1.1), colour)


def rainbow(pen: Pen) -> None:
    """A rainbow, some with clouds at its feet."""
    bands = ((214, 60, 60), (238, 146, 50), (244, 216, 80), (90, 170, 90), (70, 120, 210), (130, 84, 170))
    wide = pen.draws.between(0.1, 0.13)
    for band, colour in enumerate(bands):
        radius = 0.92 - wide * band
        pen.line(arc(0, 0.5, radius, 180, 360), wide * 1.15, colour)
    if pen.draws.chance(0.5):
        for x in (-0.62, 0.62):
            for dx, size in ((-0.18, 0.18), (0.02, 0.24), (0.22, 0.18)):
                pen.disc(x + dx, 0.5, size, PAPER)


def snowman(pen: Pen) -> None:
    """A snowman with a hat."""
    snow = (244, 246, 250)
    for x in (-1, 1):
        pen.line([(0.3 * x, 0.1), (0.9 * x, pen.draws.between(-0.4, 0.3))], 0.06, BARK)
    pen.disc(0, 0.55, 0.45, snow)
    pen.disc(0, 0.02, 0.34, snow)
    pen.disc(0, -0.42, 0.26, snow)
    pen.line([(-0.24, -0.2), (0.24, -0.2)], 0.12, pen.main)
    pen.box(-0.34, -0.66, 0.34, -0.58, INK)
    pen.box(-0.22, -1.0, 0.22, -0.62, INK)
    pen.area([(0, -0.46), (0.3, -0.38), (0, -0.34)], (238, 130, 40))
    for x in (-0.1, 0.1):
        pen.disc(x, -0.5, 0.04, INK)
    for y in (0.0, 0.4, 0.62):
        pen.disc(0, y, 0.05, INK)


def mountain(pen: Pen) -> None:
    """Two peaks with snow on them."""
    low = pen.draws.between(-0.3, 0.0)
    pen.area([(0.05, 0.8), (0.55, low), (1.0, 0.8)], darker(pen.main, 0.3))
    pen.area([(-1.0, 0.8), (-0.2, -0.85), (0.62, 0.8)], pen.main)
    pen.area(
        [(-0.2, -0.85), (0.03, -0.38), (-0.1, -0.46), (-0.22, -0.26), (-0.32, -0.44), (-0.44, -0.36)], PAPER
    )
    pen.area([(0.55, low), (0.67, low + 0.22), (0.54, low + 0.15), (0.44, low + 0.22)], PAPER)
