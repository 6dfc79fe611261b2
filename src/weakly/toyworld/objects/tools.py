"""How small things to hold or to wear are drawn, each in a square from -1 to 1 (`drawing.Pen`)."""

from weakly.toyworld.objects.colours import BARK, GLASS, GOLD, INK, PAPER, STEEL, WOOD, darker, lighter
from weakly.toyworld.objects.pen import Pen, arc


def key(pen: Pen) -> None:
    """A key with two or three teeth."""
    pen.line([(-0.3, 0), (0.92, 0)], 0.16, pen.main)
    for x in (0.85, 0.62, 0.4)[: pen.draws.whole(2, 3)]:
        pen.line([(x, 0), (x, pen.draws.between(0.26, 0.42))], 0.14, pen.main)
    if pen.draws.chance(0.5):
        pen.line(arc(-0.56, 0, 0.31, 0, 360, 20), 0.19, pen.main)
    else:
        for x, y in ((-0.4, -0.22), (-0.4, 0.22), (-0.72, 0)):
            pen.line(arc(x, y, 0.17, 0, 360, 14), 0.13, pen.main)


def hammer(pen: Pen) -> None:
    """A claw hammer."""
    pen.line([(0.1, -0.4), (0.1, 0.9)], 0.19, WOOD)
    pen.line([(0.1, 0.35), (0.1, 0.86)], 0.26, pen.main)
    pen.smooth([(0.0, -0.8), (0.55, -0.84), (0.96, -0.4), (0.98, -0.28), (0.5, -0.52), (0.0, -0.46)], STEEL)
    pen.box(-0.5, -0.78, 0.28, -0.48, STEEL)
    pen.box(-0.66, -0.88, -0.44, -0.38, darker(STEEL, 0.15))


def scissors(pen: Pen) -> None:
    """Open scissors."""
    wide = pen.draws.between(0.24, 0.5)
    for x in (-1, 1):
        pen.area([(wide * x, -1.0), ((wide + 0.02) * x, -0.7), (-0.02 * x, 0.2), (-0.2 * x, 0.16)], STEEL)
    for x in (-1, 1):
        pen.line([(0, 0.1), (0.3 * x, 0.42)], 0.13, pen.main)
        pen.line(arc(0.42 * x, 0.64, 0.24, 0, 360, 16), 0.13, pen.main)
    pen.disc(0, 0.08, 0.07, INK)


def anchor(pen: Pen) -> None:
    """An anchor."""
    pen.line(arc(0, -0.76, 0.15, 0, 360, 14), 0.1, pen.main)
    pen.line([(0, -0.6), (0, 0.8)], 0.17, pen.main)
    pen.line([(-0.42, -0.36), (0.42, -0.36)], 0.15, pen.main)
    deep = pen.draws.between(0.78, 0.95)
    pen.bow([(-0.78, 0.2), (-0.5, 0.66), (0, deep), (0.5, 0.66), (0.78, 0.2)], 0.17, pen.main)
    for x in (-1, 1):
        pen.area([(0.95 * x, 0.34), (0.8 * x, -0.02), (0.52 * x, 0.3)], pen.main)


def ladder(pen: Pen) -> None:
    """A ladder with five to seven rungs."""
    top = pen.draws.between(0.3, 0.46)
    rungs = pen.draws.whole(5, 7)
    for rung in range(rungs):
        y = -0.8 + 1.6 * rung / (rungs - 1)
        half = top + (0.46 - top) * (y + 1) / 2
        pen.line([(-half, y), (half, y)], 0.09, lighter(pen.main, 0.15))
    for x in (-1, 1):
        pen.line([(top * x, -0.98), (0.46 * x, 0.98)], 0.13, pen.main)


def kite(pen: Pen) -> None:
    """A kite with its tail."""
    sway = pen.draws.between(-0.3, 0.3)
    pen.bow([(0, 0.4), (sway, 0.6), (-sway, 0.8), (sway, 1.0)], 0.04, INK)
    for x, y in ((sway * 0.8, 0.62), (-sway * 0.8, 0.8)):
        pen.area(
            [(x - 0.13, y - 0.07), (x + 0.13, y + 0.07), (x + 0.13, y - 0.07), (x - 0.13, y + 0.07)],
            pen.second,
        )
    pen.area([(0, -1.0), (0.62, -0.34), (0, 0.46), (-0.62, -0.34)], pen.main)
    pen.area([(0, -1.0), (0.62, -0.34), (0, -0.34)], pen.second)
    pen.area([(0, 0.46), (-0.62, -0.34), (0, -0.34)], pen.second)


def hat(pen: Pen) -> None:
    """A hat with a brim and a band, tall or low."""
    top = pen.draws.between(-0.8, -0.3)
    pen.oval(0, 0.5, 0.96, 0.22, darker(pen.main, 0.15))
    pen.smooth(
        [
            (-0.52, 0.5),
            (-0.48, top + 0.12),
            (-0.2, top),
            (0.2, top),
            (0.48, top + 0.12),
            (0.52, 0.5),
            (0, 0.62),
        ],
        pen.main,
    )
    pen.bow([(-0.51, 0.32), (0, 0.43), (0.51, 0.32)], 0.18, pen.second)


def crown(pen: Pen) -> None:
    """A crown with jewels."""
    high = pen.draws.between(-0.75, -0.5)
    pen.area(
        [
            (-0.8, 0.6),
            (-0.95, high + 0.1),
            (-0.45, 0.02),
            (0, high - 0.15),
            (0.45, 0.02),
            (0.95, high + 0.1),
            (0.8, 0.6),
        ],
        GOLD,
    )
    for x, y in ((-0.95, high + 0.06), (0, high - 0.19), (0.95, high + 0.06)):
        pen.disc(x * 0.96, y, 0.12, pen.main)
    pen.line([(-0.76, 0.62), (0.76, 0.62)], 0.2, darker(GOLD, 0.2))
    for x in (-0.45, 0.0, 0.45):
        pen.oval(x, 0.3, 0.1, 0.13, pen.main)


def spectacles(pen: Pen) -> None:
    """A pair of spectacles, clear or dark."""
    glass = darker(pen.main, 0.7) if pen.draws.chance(0.5) else GLASS
    round_ = pen.draws.between(0.26, 0.4)
    for x in (-1, 1):
        pen.bow([(0.86 * x, -0.08), (0.98 * x, -0.26), (0.8 * x, -0.42)], 0.09, pen.main)
        pen.oval(0.48 * x, 0.05, 0.43, round_ + 0.06, pen.main)
        pen.oval(0.48 * x, 0.05, 0.32, round_ - 0.05, glass)
        pen.line([(0.38 * x - 0.06, 0.1), (0.38 * x + 0.1, -0.1)], 0.05, lighter(glass, 0.6))
    pen.bow([(-0.12, 0.0), (0, -0.1), (0.12, 0.0)], 0.1, pen.main)


def book(pen: Pen) -> None:
    """An open book with lines of text."""
    rise = pen.draws.between(0.08, 0.24)
    for x in (-1, 1):
        pen.area([(0, -0.36), (0.95 * x, -0.5 - rise), (0.95 * x, 0.56 - rise), (0, 0.76)], pen.main)
        pen.smooth(
            [
                (0, -0.42),
                (0.45 * x, -0.66),
                (0.86 * x, -0.5 - rise / 2),
                (0.86 * x, 0.4 - rise / 2),
                (0.45 * x, 0.42),
                (0, 0.64),
            ],
            PAPER,
        )
        for y in (-0.34, -0.14, 0.06, 0.26):
            pen.line([(0.16 * x, y + 0.04), (0.72 * x, y - 0.08)], 0.05, (150, 150, 156))
    pen.line([(0, -0.4), (0, 0.68)], 0.05, darker(pen.main))


def envelope(pen: Pen) -> None:
    """An envelope, most with a seal."""
    pen.box(-0.95, -0.6, 0.95, 0.62, lighter(pen.main, 0.5))
    pen.line([(-0.9, 0.56), (-0.16, 0.0)], 0.05, darker(pen.main, 0.2))
    pen.line([(0.9, 0.56), (0.16, 0.0)], 0.05, darker(pen.main, 0.2))
    low = pen.draws.between(0.1, 0.3)
    pen.area([(-0.95, -0.6), (0.95, -0.6), (0, low)], pen.main)
    if pen.draws.chance(0.6):
        pen.disc(0, low - 0.04, 0.16, (196, 44, 50))


def gift(pen: Pen) -> None:
    """A wrapped gift with a bow."""
    for x in (-1, 1):
        pen.smooth([(0, -0.44), (0.2 * x, -0.95), (0.62 * x, -0.86), (0.46 * x, -0.5)], pen.second)
    tall = pen.draws.between(0.75, 0.95)
    pen.box(-0.7, -0.2, 0.7, tall, pen.main)
    pen.box(-0.82, -0.44, 0.82, -0.14, lighter(pen.main, 0.2))
    pen.box(-0.15, -0.44, 0.15, tall, pen.second)
    pen.disc(0, -0.46, 0.13, darker(pen.second, 0.2))


def die(pen: Pen) -> None:
    """A die that shows three of its sides."""
    top = [(0, -0.95), (0.82, -0.5), (0, -0.05), (-0.82, -0.5)]
    pen.area(top, lighter(pen.main, 0.3))
    pen.area([(-0.82, -0.5), (0, -0.05), (0, 0.95), (-0.82, 0.5)], pen.main)
    pen.area([(0.82, -0.5), (0, -0.05), (0, 0.95), (0.82, 0.5)], darker(pen.main, 0.2))
    dot = INK if sum(pen.main) > 330 else PAPER
    spots = {
        1: [(0, 0)],
        2: [(-1, -1), (1, 1)],
        3: [(-1, -1), (0, 0), (1, 1)],
        4: [(-1, -1), (1, -1), (-1, 1), (1, 1)],
    }
    for u, v in spots[pen.draws.whole(1, 4)]:
        pen.oval((u - v) * 0.21, -0.5 + (u + v) * 0.11, 0.11, 0.07, dot)
    for side in (-1, 1):
        for u, v in spots[pen.draws.whole(1, 4)]:
            pen.oval((0.41 + u * 0.2) * side, 0.22 - u * 0.11 + v * 0.24, 0.08, 0.11, dot)


def cup(pen: Pen) -> None:
    """A cup, most with steam over it."""
    if pen.draws.chance(0.65):
        for x in (-0.3, 0.06):
            pen.bow([(x, -0.4), (x + 0.1, -0.6), (x - 0.06, -0.78), (x + 0.06, -0.98)], 0.06, (232, 232, 236))
    pen.line(arc(0.52, 0.22, 0.3, -80, 80, 10), 0.15, pen.main)
    narrow = pen.draws.between(0.34, 0.55)
    pen.smooth(
        [(-0.62, -0.3), (-0.6, 0.2), (-narrow, 0.8), (narrow, 0.8), (0.6, 0.2), (0.62, -0.3)], pen.main
    )
    pen.oval(0, -0.3, 0.62, 0.15, darker(pen.main, 0.2))
    pen.oval(0, -0.28, 0.52, 0.11, (84, 52, 34))
    if pen.draws.chance(0.4):
        pen.bow([(-0.58, 0.2), (0, 0.32), (0.58, 0.2)], 0.14, pen.second)


def bottle(pen: Pen) -> None:
    """A bottle with a label."""
    shoulder = pen.draws.between(-0.35, -0.1)
    pen.box(-0.14, -1.0, 0.14, -0.8, BARK)
    pen.smooth(
        [
            (-0.13, -0.86),
            (-0.15, shoulder - 0.15),
            (-0.38, shoulder + 0.15),
            (-0.38, 0.9),
            (0, 0.97),
            (0.38, 0.9),
            (0.38, shoulder + 0.15),
            (0.15, shoulder - 0.15),
            (0.13, -0.86),
        ],
        pen.main,
    )
    pen.box(-0.38, 0.26, 0.38, 0.68, PAPER)
    pen.line([(-0.2, 0.47), (0.2, 0.47)], 0.08, pen.second)
    pen.line([(-0.26, shoulder + 0.24), (-0.26, 0.16)], 0.06, lighter(pen.main, 0.6))


def teapot(pen: Pen) -> None:
    """A teapot."""
    pen.bow([(0.45, 0.3), (0.75, 0.1), (0.76, -0.2), (0.97, -0.36)], 0.19, pen.main)
    pen.line(arc(-0.58, 0.1, 0.33, 90, 270, 10), 0.13, pen.main)
    pen.oval(0, 0.2, 0.64, 0.56, pen.main)
    pen.oval(0, -0.32, 0.36, 0.13, pen.second)
    pen.disc(0, -0.5, 0.1, pen.second)
    pen.box(-0.36, 0.7, 0.36, 0.82, darker(pen.main))
    if pen.draws.chance(0.5):
        pen.bow([(-0.6, 0.22), (0, 0.36), (0.6, 0.22)], 0.11, pen.second)


def candle(pen: Pen) -> None:
    """A candle that burns."""
    top = pen.draws.between(-0.4, 0.0)
    pen.smooth([(0, top - 0.62), (0.17, top - 0.26), (0, top - 0.1), (-0.17, top - 0.26)], (250, 170, 50))
    pen.oval(0, top - 0.25, 0.07, 0.13, (254, 236, 150))
    pen.line([(0, top), (0, top - 0.14)], 0.04, INK)
    pen.box(-0.23, top, 0.23, 0.8, pen.main)
    pen.oval(0, top, 0.23, 0.07, lighter(pen.main, 0.4))
    pen.line([(-0.16, top + 0.05), (-0.16, top + 0.3)], 0.09, lighter(pen.main, 0.4))
    pen.oval(0, 0.84, 0.56, 0.13, GOLD)


def lamp(pen: Pen) -> None:
    """A table lamp, on or off."""
    lit = (254, 232, 140) if pen.draws.chance(0.6) else lighter(pen.main, 0.2)
    pen.line([(0, -0.2), (0, 0.8)], 0.12, pen.second)
    pen.disc(0, 0.42, 0.2, pen.second)
    pen.oval(0, 0.86, 0.46, 0.12, darker(pen.second, 0.3))
    narrow = pen.draws.between(0.26, 0.44)
    pen.area([(-narrow, -0.95), (narrow, -0.95), (0.74, 0.0), (-0.74, 0.0)], pen.main)
    pen.line([(-0.7, -0.03), (0.7, -0.03)], 0.1, lit)


def chair(pen: Pen) -> None:
    """A chair, a little from the side."""
    dark = darker(pen.main, 0.3)
    for x, low in ((-0.5, 0.97), (0.2, 0.97), (0.55, 0.72), (-0.16, 0.72)):
        pen.line([(x, 0.15), (x, low)], 0.11, dark)
    pen.line([(-0.46, 0.1), (-0.5, -0.95)], 0.12, dark)
    pen.line([(-0.12, -0.08), (-0.16, -0.98)], 0.12, dark)
    for y in (-0.86, -0.62, -0.38)[: pen.draws.whole(2, 3)]:
        pen.line([(-0.48, y + 0.05), (-0.14, y)], 0.13, pen.main)
    pen.area([(-0.58, 0.2), (0.26, 0.2), (0.66, -0.06), (-0.2, -0.06)], pen.main)
    pen.area([(-0.58, 0.2), (0.26, 0.2), (0.26, 0.3), (-0.58, 0.3)], dark)


def robot(pen: Pen) -> None:
    """A toy robot."""
    pen.line([(0, -0.72), (0, -0.94)], 0.05, STEEL)
    pen.disc(0, -0.94, 0.07, (214, 50, 50))
    for x in (-1, 1):
        pen.line([(0.5 * x, 0.0), (0.82 * x, pen.draws.between(-0.4, 0.4))], 0.15, STEEL)
        pen.box(0.12 * x - 0.12 + 0.1 * x, 0.55, 0.12 * x + 0.12 + 0.1 * x, 0.95, STEEL)
    pen.box(-0.5, -0.1, 0.5, 0.62, pen.main)
    pen.box(-0.4, -0.74, 0.4, -0.16, lighter(pen.main, 0.3))
    for x in (-0.18, 0.18):
        pen.disc(x, -0.5, 0.11, (254, 236, 120))
        pen.disc(x, -0.5, 0.05, INK)
    pen.line([(-0.2, -0.28), (0.2, -0.28)], 0.06, INK)
    pen.box(-0.3, 0.08, 0.3, 0.4, darker(pen.main, 0.5))
    for x in (-0.16, 0.0, 0.16):
        pen.disc(x, 0.24, 0.06, pen.second)
