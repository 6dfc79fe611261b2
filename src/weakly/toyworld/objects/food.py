"""How food is drawn, each in a square from -1 to 1 (`drawing.Pen`)."""

from weakly.toyworld.objects.colours import BARK, INK, LEAF, PAPER, darker, lighter
from weakly.toyworld.objects.pen import Pen, arc

DOUGH = (222, 170, 104)


def apple(pen: Pen) -> None:
    """An apple with its stalk, some with a leaf."""
    pen.smooth(
        [
            (0, -0.5),
            (0.5, -0.62),
            (0.84, -0.1),
            (0.55, 0.7),
            (0, 0.82),
            (-0.55, 0.7),
            (-0.84, -0.1),
            (-0.5, -0.62),
        ],
        pen.main,
    )
    pen.bow([(0, -0.46), (0.02, -0.75), (0.14, -0.96)], 0.09, BARK)
    if pen.draws.chance(0.7):
        pen.smooth([(0.08, -0.7), (0.34, -0.98), (0.66, -0.86), (0.4, -0.66)], LEAF)
    pen.oval(-0.42, -0.2, 0.12, 0.24, lighter(pen.main, 0.5), 20)


def banana(pen: Pen) -> None:
    """A banana."""
    thick = pen.draws.between(0.3, 0.44)
    pen.smooth(
        [
            (-0.95, -0.35),
            (-0.5, 0.34),
            (0.1, 0.56),
            (0.7, 0.34),
            (0.95, -0.2),
            (0.8, -0.26),
            (0.5, 0.56 - thick * 1.1),
            (0.05, 0.56 - thick),
            (-0.5, 0.0),
            (-0.84, -0.48),
        ],
        pen.main,
    )
    pen.bow([(-0.8, -0.3), (-0.42, 0.2), (0.1, 0.38), (0.6, 0.2)], 0.045, darker(pen.main, 0.25))
    pen.line([(-0.9, -0.44), (-0.96, -0.6)], 0.13, (110, 84, 40))
    pen.disc(0.88, -0.24, 0.08, (90, 66, 36))


def cherry(pen: Pen) -> None:
    """Two cherries on their stalks."""
    spread = pen.draws.between(0.38, 0.52)
    for x, y in ((-spread, 0.5), (spread * 0.9, 0.58)):
        pen.bow([(0.1, -0.85), (x * 0.5, -0.3), (x, y - 0.3)], 0.06, darker(LEAF, 0.2))
    pen.smooth([(0.1, -0.85), (0.5, -1.0), (0.92, -0.7), (0.5, -0.6)], LEAF)
    for x, y in ((-spread, 0.5), (spread * 0.9, 0.58)):
        pen.disc(x, y, 0.38, pen.main)
        pen.oval(x - 0.14, y - 0.14, 0.08, 0.11, lighter(pen.main, 0.65), 30)


def strawberry(pen: Pen) -> None:
    """A strawberry with its seeds."""
    pen.smooth(
        [
            (0, -0.5),
            (0.55, -0.55),
            (0.7, -0.1),
            (0.3, 0.65),
            (0, 0.95),
            (-0.3, 0.65),
            (-0.7, -0.1),
            (-0.55, -0.55),
        ],
        pen.main,
    )
    for x, y in (
        (-0.35, -0.15),
        (0.0, -0.2),
        (0.35, -0.15),
        (-0.2, 0.15),
        (0.2, 0.15),
        (0.0, 0.45),
        (-0.42, 0.12),
        (0.42, 0.12),
    ):
        pen.oval(x, y, 0.045, 0.07, (250, 222, 130))
    leaves = [
        (-0.62, -0.6),
        (-0.3, -0.62),
        (-0.34, -0.9),
        (0, -0.7),
        (0.34, -0.9),
        (0.3, -0.62),
        (0.62, -0.6),
        (0.3, -0.38),
        (0, -0.28),
        (-0.3, -0.38),
    ]
    pen.area(leaves, LEAF)
    pen.line([(0, -0.7), (0.05, -0.98)], 0.08, LEAF)


def carrot(pen: Pen) -> None:
    """A carrot with its green."""
    for x in (-0.35, 0.0, 0.35):
        tip = x + pen.draws.between(-0.1, 0.1)
        pen.smooth([(0, -0.3), (tip - 0.14, -0.7), (tip, -1.0), (tip + 0.14, -0.7)], LEAF)
    broad = pen.draws.between(0.28, 0.4)
    pen.smooth(
        [(-broad, -0.34), (0, -0.46), (broad, -0.34), (broad * 0.6, 0.3), (0.02, 1.0), (-broad * 0.6, 0.3)],
        pen.main,
    )
    for x, y in ((-0.5, -0.1), (0.45, 0.08), (-0.3, 0.32)):
        pen.line([(x * broad * 1.8, y), (x * broad * 0.5, y + 0.02)], 0.05, darker(pen.main, 0.25))


def pineapple(pen: Pen) -> None:
    """A pineapple."""
    for x in (-0.5, 0.5, -0.25, 0.25, 0.0):
        pen.smooth([(-0.12, -0.3), (x, -0.98 + abs(x) * 0.5), (0.12, -0.3)], darker(LEAF, abs(x) * 0.4))
    pen.smooth(
        [
            (0, -0.38),
            (0.44, -0.2),
            (0.5, 0.4),
            (0.3, 0.85),
            (0, 0.95),
            (-0.3, 0.85),
            (-0.5, 0.4),
            (-0.44, -0.2),
        ],
        pen.main,
    )
    for step in range(-2, 3):
        x = step * 0.24
        pen.line(
            [(max(-0.46, x - 0.36), -0.1 - min(0, x) * 0.4), (min(0.46, x + 0.36), 0.74)],
            0.04,
            darker(pen.main, 0.4),
        )
        pen.line(
            [(min(0.46, x + 0.36), -0.1 + max(0, x) * 0.4), (max(-0.46, x - 0.36), 0.74)],
            0.04,
            darker(pen.main, 0.4),
        )


def pumpkin(pen: Pen) -> None:
    """A pumpkin, some with a face."""
    pen.bow([(0.0, -0.5), (0.04, -0.8), (0.22, -0.94)], 0.16, (96, 116, 54))
    for x in (-0.56, 0.56, -0.3, 0.3, 0.0):
        pen.oval(x, 0.14, 0.4, 0.66, darker(pen.main, abs(x) * 0.35))
    if pen.draws.chance(0.5):
        for x in (-1, 1):
            pen.area([(0.46 * x, 0.02), (0.16 * x, 0.02), (0.3 * x, -0.26)], INK)
        pen.area(
            [(-0.5, 0.28), (-0.2, 0.36), (0, 0.28), (0.2, 0.36), (0.5, 0.28), (0.25, 0.58), (-0.25, 0.58)],
            INK,
        )


def watermelon(pen: Pen) -> None:
    """A slice of watermelon."""
    deep = pen.draws.between(0.85, 1.05)
    for radius, colour in ((0.98, darker(LEAF, 0.15)), (0.86, (226, 240, 190)), (0.78, pen.main)):
        pen.area([(x, -0.4 + y * deep) for x, y in arc(0, 0, radius, 0, 180)], colour)
    for x, y in (
        (-0.45, -0.2),
        (-0.15, -0.22),
        (0.15, -0.18),
        (0.45, -0.2),
        (-0.3, 0.02),
        (0.02, 0.05),
        (0.3, 0.02),
    ):
        pen.oval(x, y, 0.045, 0.08, INK)


def ice_cream(pen: Pen) -> None:
    """A cone with one to three scoops."""
    pen.area([(-0.42, -0.02), (0.42, -0.02), (0, 1.0)], DOUGH)
    for x in (-0.2, 0.0, 0.2):
        pen.line([(x - 0.14, 0.02), (x * 0.4 + 0.1, 0.6)], 0.04, darker(DOUGH))
        pen.line([(x + 0.14, 0.02), (x * 0.4 - 0.1, 0.6)], 0.04, darker(DOUGH))
    scoops = pen.draws.whole(1, 3)
    if scoops > 1:
        pen.disc(-0.26, -0.2, 0.34, pen.main)
        pen.disc(0.26, -0.2, 0.34, pen.second)
    if scoops != 2:
        pen.disc(0, -0.26 if scoops == 1 else -0.58, 0.46 if scoops == 1 else 0.36, pen.main)
    if pen.draws.chance(0.4):
        pen.disc(0.0, -0.92 if scoops == 3 else -0.76, 0.11, (206, 40, 56))


def pizza(pen: Pen) -> None:
    """A slice of pizza."""
    pen.area([(-0.8, -0.62), (0.8, -0.62), (0, 1.0)], (244, 204, 96))
    pen.bow([(-0.8, -0.64), (0, -0.8), (0.8, -0.64)], 0.26, DOUGH)
    for x, y, size in ((-0.32, -0.3, 0.17), (0.3, -0.26, 0.18), (0.0, 0.12, 0.17), (0.02, 0.56, 0.12)):
        pen.disc(x + pen.draws.between(-0.05, 0.05), y, size, (196, 60, 44))
    for _ in range(pen.draws.whole(1, 4)):
        x = pen.draws.between(-0.4, 0.4)
        pen.oval(x, pen.draws.between(-0.4, 0.1), 0.09, 0.05, LEAF, pen.draws.between(0, 180))


def doughnut(pen: Pen) -> None:
    """A doughnut with icing and sprinkles."""
    pen.disc(0, 0, 0.9, DOUGH)
    pen.smooth(
        [
            (x * pen.draws.between(0.92, 1.06), y * pen.draws.between(0.92, 1.06))
            for x, y in arc(0, 0, 0.76, 0, 330, 11)
        ],
        pen.main,
    )
    for x, y in arc(0, 0, 0.54, 0, 340, pen.draws.whole(8, 12)):
        dx, dy = pen.draws.between(-0.09, 0.09), pen.draws.between(-0.09, 0.09)
        pen.line(
            [(x - dx, y - dy), (x + dx, y + dy)], 0.06, pen.draws.choose((pen.second, PAPER, (240, 210, 70)))
        )
    pen.disc(0, 0, 0.3, darker(DOUGH, 0.2))
    pen.disc(0, 0.02, 0.25, darker(DOUGH, 0.72))


def cake(pen: Pen) -> None:
    """A round cake in two tiers, with candles on it."""
    candles = pen.draws.whole(1, 3)
    for candle in range(candles):
        x = (candle - (candles - 1) / 2) * 0.3
        pen.line([(x, -0.3), (x, -0.66)], 0.08, pen.second)
        pen.oval(x, -0.82, 0.06, 0.12, (250, 190, 60))
    pen.box(-0.52, -0.34, 0.52, 0.2, lighter(pen.main, 0.25))
    pen.box(-0.82, 0.16, 0.82, 0.82, pen.main)
    for left, right, y in ((-0.52, 0.52, -0.3), (-0.82, 0.82, 0.2)):
        pen.line([(left, y), (right, y)], 0.14, PAPER)
        steps = 4 if right < 0.6 else 6
        for step in range(steps):
            x = left + (right - left) * (step + 0.5) / steps
            pen.oval(x, y + 0.07, 0.07, pen.draws.between(0.08, 0.16), PAPER)
    pen.oval(0, 0.86, 0.98, 0.1, (206, 208, 214))
