"""How vehicles are drawn, each in a square from -1 to 1 (`drawing.Pen`)."""

from weakly.toyworld.objects.colours import GLASS, GOLD, INK, PAPER, STEEL, WOOD, darker, lighter
from weakly.toyworld.objects.pen import Pen, arc

TYRE = (40, 40, 46)


def _wheel(pen: Pen, x: float, y: float, radius: float) -> None:
    pen.disc(x, y, radius, TYRE)
    pen.disc(x, y, radius * 0.5, STEEL)


def car(pen: Pen) -> None:
    """A car, from the side, its roof long or short."""
    rear, front = pen.draws.between(-0.75, -0.5), pen.draws.between(0.15, 0.4)
    pen.area([(rear - 0.14, 0.02), (rear + 0.1, -0.46), (front, -0.46), (front + 0.32, 0.02)], pen.main)
    pen.area([(rear + 0.04, 0.0), (rear + 0.2, -0.36), (-0.16, -0.36), (-0.16, 0.0)], GLASS)
    pen.area([(-0.06, 0.0), (-0.06, -0.36), (front - 0.04, -0.36), (front + 0.18, 0.0)], GLASS)
    pen.smooth(
        [
            (-0.95, 0.36),
            (-0.92, 0.04),
            (-0.4, -0.02),
            (0.5, -0.02),
            (0.9, 0.12),
            (0.97, 0.36),
            (0.6, 0.44),
            (-0.6, 0.44),
        ],
        pen.main,
    )
    pen.line([(-0.85, 0.36), (0.88, 0.36)], 0.1, darker(pen.main))
    pen.disc(0.87, 0.18, 0.07, (252, 236, 150))
    for x in (-0.52, 0.54):
        _wheel(pen, x, 0.42, 0.24)


def bus(pen: Pen) -> None:
    """A bus with one deck or two, from the side."""
    double = pen.draws.chance(0.4)
    top = -0.85 if double else -0.5
    pen.box(-0.95, top, 0.95, 0.5, pen.main)
    for row in ((top + 0.12, top + 0.44), (-0.1, 0.16)) if double else ((top + 0.14, -0.02),):
        for step in range(5):
            left = -0.86 + step * 0.35
            pen.box(left, row[0], left + 0.26, row[1], GLASS)
    pen.line([(-0.9, 0.3), (0.9, 0.3)], 0.09, lighter(pen.second))
    pen.disc(0.9, 0.38, 0.06, (252, 236, 150))
    for x in (-0.52, 0.54):
        _wheel(pen, x, 0.5, 0.21)


def locomotive(pen: Pen) -> None:
    """A steam engine, from the side."""
    dark = darker(pen.main, 0.45)
    for x, y, size in ((0.3, -0.9, 0.13), (0.08, -0.94, 0.17), (-0.2, -0.9, 0.2)):
        pen.disc(x + pen.draws.between(-0.05, 0.05), y, size, (216, 216, 220))
    pen.area([(0.36, -0.76), (0.74, -0.76), (0.66, -0.3), (0.46, -0.3)], dark)
    pen.box(-0.2, -0.34, 0.88, 0.26, pen.main)
    pen.oval(0.88, -0.04, 0.1, 0.3, dark)
    pen.box(0.0, -0.5, 0.22, -0.32, GOLD)
    pen.box(-0.9, -0.66, -0.18, 0.36, pen.main)
    pen.box(-0.98, -0.76, -0.1, -0.62, dark)
    pen.box(-0.76, -0.5, -0.34, -0.12, GLASS)
    pen.box(-0.95, 0.26, 0.95, 0.42, dark)
    for x, size in ((-0.6, 0.3), (0.05, 0.22), (0.56, 0.22)):
        pen.disc(x, 0.82 - size, size, pen.second)
        pen.disc(x, 0.82 - size, size * 0.55, darker(pen.second, 0.5))
    pen.line([(-0.6, 0.52), (0.56, 0.6)], 0.07, STEEL)


def bicycle(pen: Pen) -> None:
    """A bicycle, from the side."""
    for x in (-0.56, 0.56):
        ring = arc(x, 0.4, 0.38, 0, 360, 20)
        pen.line(ring, 0.09, TYRE)
        for end in ring[:10:3]:
            pen.line([end, (2 * x - end[0], 0.8 - end[1])], 0.02, STEEL)
    hub, seat, head = (-0.06, 0.42), (-0.22, -0.3), (0.4, -0.3)
    pen.line([(-0.56, 0.4), hub, head, seat, (-0.56, 0.4)], 0.09, pen.main)
    pen.line([hub, seat, (-0.26, -0.46)], 0.09, pen.main)
    pen.line([(0.56, 0.4), head, (0.34, -0.55)], 0.09, pen.main)
    bend = pen.draws.between(-0.2, 0.15)
    pen.line([(0.34, -0.55), (0.6, -0.58 + bend)], 0.08, INK)
    pen.line([(-0.42, -0.48), (-0.1, -0.48)], 0.13, INK)
    pen.disc(*hub, 0.1, STEEL)


def sailboat(pen: Pen) -> None:
    """A sailing boat with two sails."""
    pen.line([(0, -0.95), (0, 0.5)], 0.07, WOOD)
    full = pen.draws.between(0.55, 0.85)
    pen.smooth(
        [(0.07, -0.88), (full * 0.7, -0.2), (full, 0.3), (0.07, 0.34)],
        PAPER if pen.draws.chance(0.6) else pen.second,
    )
    pen.area([(-0.07, -0.7), (-0.07, 0.34), (-0.66, 0.3)], lighter(pen.second))
    pen.area([(-0.95, 0.46), (0.95, 0.46), (0.62, 0.92), (-0.6, 0.92)], pen.main)
    pen.line([(-0.86, 0.54), (0.86, 0.54)], 0.07, PAPER)
    pen.area([(0, -0.98), (-0.3, -0.9), (0, -0.82)], (212, 50, 50))


def airplane(pen: Pen) -> None:
    """A passenger plane, seen from above, its nose up."""
    sweep = pen.draws.between(0.1, 0.4)
    for x in (-1, 1):
        pen.area([(0.1 * x, -0.25), (0.97 * x, sweep), (0.97 * x, sweep + 0.16), (0.1 * x, 0.22)], pen.main)
        pen.area([(0.08 * x, 0.6), (0.42 * x, 0.85), (0.42 * x, 0.97), (0.08 * x, 0.88)], pen.main)
        pen.oval(0.46 * x, 0.0, 0.08, 0.17, STEEL)
    pen.smooth(
        [(0, -1.0), (0.16, -0.7), (0.15, 0.5), (0, 0.98), (-0.15, 0.5), (-0.16, -0.7)], lighter(pen.main, 0.5)
    )
    pen.oval(0, -0.78, 0.09, 0.07, INK)
    for y in (-0.5, -0.3, -0.1, 0.1, 0.3):
        for x in (-0.08, 0.08):
            pen.disc(x, y, 0.03, (70, 110, 160))


def helicopter(pen: Pen) -> None:
    """A helicopter, from the side."""
    pen.area([(-0.2, -0.2), (-0.92, -0.32), (-0.92, -0.2), (-0.1, 0.12)], pen.main)
    pen.line([(-0.9, -0.55), (-0.9, 0.02)], 0.07, STEEL)
    pen.smooth([(-0.34, 0.1), (-0.1, -0.34), (0.5, -0.3), (0.84, 0.1), (0.5, 0.46), (-0.1, 0.42)], pen.main)
    pen.smooth([(0.32, -0.22), (0.58, -0.16), (0.78, 0.1), (0.36, 0.12)], GLASS)
    pen.line([(0.18, -0.3), (0.18, -0.6)], 0.08, STEEL)
    tilt = pen.draws.between(-0.12, 0.12)
    pen.line([(-0.66, -0.62 + tilt), (0.98, -0.62 - tilt)], 0.08, INK)
    for x in (-0.05, 0.4):
        pen.line([(x, 0.4), (x, 0.74)], 0.05, STEEL)
    pen.line([(-0.36, 0.76), (0.72, 0.76)], 0.08, INK)


def rocket(pen: Pen) -> None:
    """A rocket with fins, most with its fire on."""
    if pen.draws.chance(0.75):
        length = pen.draws.between(0.8, 1.0)
        pen.smooth([(-0.2, 0.5), (0, 0.5), (0.2, 0.5), (0, length)], (246, 150, 40))
        pen.smooth([(-0.1, 0.5), (0.1, 0.5), (0, length - 0.16)], (252, 226, 90))
    for x in (-1, 1):
        pen.area([(0.24 * x, 0.1), (0.58 * x, 0.5), (0.54 * x, 0.72), (0.2 * x, 0.52)], pen.second)
    pen.smooth(
        [(0, -1.0), (0.26, -0.56), (0.3, 0.1), (0.2, 0.56), (-0.2, 0.56), (-0.3, 0.1), (-0.26, -0.56)],
        pen.main,
    )
    pen.smooth([(0, -1.0), (0.2, -0.68), (0, -0.6), (-0.2, -0.68)], pen.second)
    pen.disc(0, -0.2, 0.17, STEEL)
    pen.disc(0, -0.2, 0.11, (90, 150, 210))


def balloon(pen: Pen) -> None:
    """A hot-air balloon."""
    for x in (-0.2, 0.2):
        pen.line([(x * 1.6, 0.2), (x * 0.8, 0.7)], 0.03, INK)
    pen.smooth(
        [(0, -0.98), (0.66, -0.62), (0.66, -0.1), (0.2, 0.4), (-0.2, 0.4), (-0.66, -0.1), (-0.66, -0.62)],
        pen.main,
    )
    pen.smooth(
        [(0, -0.98), (0.4, -0.62), (0.42, -0.1), (0.13, 0.4), (-0.13, 0.4), (-0.42, -0.1), (-0.4, -0.62)],
        pen.second,
    )
    pen.smooth(
        [(0, -0.98), (0.15, -0.6), (0.16, -0.1), (0.05, 0.4), (-0.05, 0.4), (-0.16, -0.1), (-0.15, -0.6)],
        pen.main,
    )
    if pen.draws.chance(0.5):
        pen.line([(-0.64, -0.28), (0.64, -0.28)], 0.1, PAPER)
    pen.area([(-0.2, 0.68), (0.2, 0.68), (0.15, 0.98), (-0.15, 0.98)], WOOD)


def submarine(pen: Pen) -> None:
    """A submarine with its periscope, from the side."""
    pen.line([(0.1, -0.4), (0.1, -0.86), (0.34, -0.86)], 0.08, STEEL)
    pen.area([(-0.22, -0.5), (0.3, -0.5), (0.38, -0.1), (-0.3, -0.1)], darker(pen.main, 0.15))
    for y in (-0.26, 0.46):
        pen.oval(-0.9, 0.1 + y * 0.7, 0.07, 0.22, GOLD)
    pen.oval(0.04, 0.16, 0.9, 0.42, pen.main)
    for x in (-0.3, 0.08, 0.46):
        pen.disc(x, 0.12, 0.14, PAPER)
        pen.disc(x, 0.12, 0.1, GLASS if pen.draws.chance(0.5) else (252, 236, 150))
