"""How things of the house and the street are drawn, each in a square from -1 to 1 (`drawing.Pen`)."""

from weakly.toyworld.objects.colours import GLASS, GOLD, INK, PAPER, STEEL, WOOD, darker, lighter
from weakly.toyworld.objects.pen import Pen, arc


def ball(pen: Pen) -> None:
    """A beach ball, or one with a band."""
    pen.disc(0, 0, 0.92, pen.main)
    if pen.draws.chance(0.6):
        start = pen.draws.between(0, 60)
        for slice_ in range(3):
            pen.sector(0, 0, 0.92, start + slice_ * 120, start + slice_ * 120 + 60, lighter(pen.second, 0.2))
        pen.disc(0, 0, 0.16, PAPER)
    else:
        pen.bow([(-0.86, -0.26), (0, 0.02), (0.86, -0.26)], 0.24, pen.second)
        pen.oval(-0.36, -0.56, 0.18, 0.11, lighter(pen.main, 0.6), -35)


def umbrella(pen: Pen) -> None:
    """An open umbrella."""
    pen.line([(0, -0.95), (0, 0.7)], 0.07, WOOD)
    pen.line([*arc(0.16, 0.7, 0.16, 180, 0, 6)], 0.09, WOOD)
    high = pen.draws.between(0.8, 1.0)
    dome = [(x, 0.02 + y * high) for x, y in arc(0, 0, 0.94, 180, 360, 16)]
    hem = [(0.62, -0.1), (0.31, 0.02), (0, -0.1), (-0.31, 0.02), (-0.62, -0.1)]
    pen.area([*dome, *hem], pen.main)
    for x, other in ((-0.31, -0.62), (0.31, 0.62)):
        pen.area([(0, -0.9 * high), (other, -0.1), (x, 0.02)], pen.second)


def house(pen: Pen) -> None:
    """A house with a gable."""
    pen.box(0.34, -0.85, 0.56, -0.3, darker(pen.second, 0.3))
    pen.box(-0.72, -0.16, 0.72, 0.9, pen.main)
    steep = pen.draws.between(-0.95, -0.7)
    pen.area([(-0.95, -0.12), (0, steep), (0.95, -0.12)], darker(pen.second, 0.15))
    door = pen.draws.choose((-0.36, 0.0, 0.36))
    pen.box(door - 0.17, 0.32, door + 0.17, 0.9, WOOD)
    pen.disc(door + 0.1, 0.62, 0.03, GOLD)
    for x in (-0.45, 0.45):
        y = 0.0 if abs(x - door) < 0.4 else 0.24
        pen.box(x - 0.17, y, x + 0.17, y + 0.28, (252, 232, 150) if pen.draws.chance(0.4) else GLASS)
        pen.line([(x, y), (x, y + 0.28)], 0.03, PAPER)


def tent(pen: Pen) -> None:
    """A tent with an open flap."""
    pen.area([(-0.95, 0.8), (0.0, -0.75), (0.95, 0.8)], pen.main)
    pen.area([(-0.4, 0.8), (0.0, -0.75), (0.4, 0.8)], darker(pen.main, 0.65))
    fold = pen.draws.between(-0.7, -0.45)
    pen.area([(0.0, -0.75), (-0.4, 0.8), (fold, 0.8)], pen.second)
    pen.line([(0.0, -0.75), (0.1, -0.95)], 0.05, WOOD)


def lighthouse(pen: Pen) -> None:
    """A lighthouse with its bands and its light."""
    if pen.draws.chance(0.6):
        pen.area([(0.1, -0.7), (1.0, -1.0), (1.0, -0.45)], (254, 240, 170))
    pen.area([(-0.24, -0.5), (0.24, -0.5), (0.42, 0.95), (-0.42, 0.95)], PAPER)
    for top, low in ((-0.3, -0.02), (0.3, 0.62)):
        wide, wider = 0.24 + (top + 0.5) * 0.124, 0.24 + (low + 0.5) * 0.124
        pen.area([(-wide, top), (wide, top), (wider, low), (-wider, low)], pen.main)
    pen.box(-0.34, -0.56, 0.34, -0.46, INK)
    pen.box(-0.2, -0.82, 0.2, -0.56, (252, 226, 100))
    pen.area([(-0.28, -0.8), (0, -1.0), (0.28, -0.8)], pen.main)
    pen.box(-0.1, 0.7, 0.1, 0.95, WOOD)


def windmill(pen: Pen) -> None:
    """A windmill, its sails at any angle."""
    pen.area([(-0.3, -0.25), (0.3, -0.25), (0.46, 0.95), (-0.46, 0.95)], pen.main)
    pen.smooth([(-0.36, -0.22), (0, -0.6), (0.36, -0.22)], darker(pen.second, 0.2))
    pen.box(-0.12, 0.55, 0.12, 0.95, WOOD)
    pen.disc(0, 0.2, 0.1, GLASS)
    start = pen.draws.between(0, 90)
    for step in range(4):
        (x, y), (ex, ey) = arc(0, -0.25, 0.74, start + 90 * step, start + 90 * step + 14, 1)
        pen.area([(0, -0.25), (x, y), (ex, ey)], PAPER)
        pen.line([(0, -0.25), (x, y)], 0.06, WOOD)
    pen.disc(0, -0.25, 0.09, INK)


def guitar(pen: Pen) -> None:
    """A guitar, its neck up."""
    pen.line([(0, -0.75), (0, 0.1)], 0.13, darker(WOOD, 0.3))
    pen.area([(-0.12, -1.0), (0.12, -1.0), (0.09, -0.72), (-0.09, -0.72)], darker(WOOD, 0.5))
    waist = pen.draws.between(0.24, 0.32)
    pen.smooth(
        [
            (0, -0.1),
            (0.34, -0.04),
            (waist, 0.28),
            (0.5, 0.62),
            (0.3, 0.95),
            (-0.3, 0.95),
            (-0.5, 0.62),
            (-waist, 0.28),
            (-0.34, -0.04),
        ],
        pen.main,
    )
    pen.disc(0, 0.34, 0.17, INK)
    pen.line([(-0.18, 0.72), (0.18, 0.72)], 0.08, INK)
    for x in (-0.04, 0.04):
        pen.line([(x, -0.9), (x, 0.72)], 0.018, PAPER)
    for y in (-0.94, -0.82):
        for x in (-0.16, 0.16):
            pen.disc(x, y, 0.04, STEEL)


def drum(pen: Pen) -> None:
    """A drum with its sticks."""
    pen.oval(0, 0.62, 0.8, 0.28, darker(pen.main, 0.2))
    pen.box(-0.8, -0.2, 0.8, 0.62, pen.main)
    for step in range(4):
        x = -0.8 + step * 0.4
        pen.line([(x, -0.08), (x + 0.2, 0.66), (x + 0.4, -0.08)], 0.05, GOLD)
    pen.oval(0, -0.2, 0.8, 0.28, PAPER)
    for x in (-1, 1):
        tip = pen.draws.between(0.0, 0.25)
        pen.line([(0.9 * x, -0.9), (tip * x, -0.3)], 0.07, WOOD)
        pen.disc(tip * x, -0.28, 0.08, WOOD)


def bell(pen: Pen) -> None:
    """A bell with its clapper."""
    pen.line(arc(0, -0.82, 0.14, 0, 360, 12), 0.07, darker(pen.main, 0.4))
    swing = pen.draws.between(-0.25, 0.25)
    pen.disc(swing, 0.8, 0.17, darker(pen.main, 0.5))
    pen.smooth(
        [(0, -0.75), (0.36, -0.5), (0.48, 0.2), (0.86, 0.66), (-0.86, 0.66), (-0.48, 0.2), (-0.36, -0.5)],
        pen.main,
    )
    pen.line([(-0.78, 0.62), (0.78, 0.62)], 0.14, darker(pen.main, 0.2))
    pen.bow([(-0.2, -0.5), (-0.3, -0.1), (-0.36, 0.3)], 0.07, lighter(pen.main, 0.5))


def clock(pen: Pen) -> None:
    """A round clock that tells any time."""
    pen.disc(0, 0, 0.95, pen.main)
    pen.disc(0, 0, 0.78, PAPER)
    marks = zip(arc(0, 0, 0.62, 0, 330, 11), arc(0, 0, 0.72, 0, 330, 11), strict=True)
    for inner, outer in marks:
        pen.line([inner, outer], 0.06, INK)
    hours, minutes = pen.draws.between(0, 360), pen.draws.between(0, 360)
    pen.line([(0, 0), arc(0, 0, 0.36, hours, hours + 1, 1)[0]], 0.11, INK)
    pen.line([(0, 0), arc(0, 0, 0.58, minutes, minutes + 1, 1)[0]], 0.07, INK)
    pen.disc(0, 0, 0.07, (206, 46, 48))


def camera(pen: Pen) -> None:
    """A camera, from the front."""
    pen.box(-0.34, -0.7, 0.34, -0.4, darker(pen.main, 0.2))
    pen.box(-0.74, -0.58, -0.48, -0.4, STEEL)
    pen.box(-0.95, -0.46, 0.95, 0.7, pen.main)
    pen.box(-0.95, -0.16, 0.95, 0.4, darker(pen.main, 0.5))
    pen.disc(0, 0.12, 0.52, STEEL)
    pen.disc(0, 0.12, 0.4, INK)
    pen.disc(0, 0.12, 0.22, (70, 90, 150))
    pen.disc(-0.1, 0.0, 0.08, PAPER)
    pen.box(0.58, -0.38, 0.84, -0.22, (252, 240, 190))
