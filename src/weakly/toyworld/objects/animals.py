"""How the animals are drawn, each in a square from -1 to 1 (`drawing.Pen`)."""

from weakly.toyworld.objects.colours import INK, ORANGE, PAPER, YELLOW, blend, darker, lighter
from weakly.toyworld.objects.pen import Pen

BEAK = (240, 170, 50)


def cat(pen: Pen) -> None:
    """A sitting cat, seen from the front, its tail curled."""
    main, dark = pen.main, darker(pen.main)
    side = pen.draws.between(0.2, 0.5)
    pen.bow([(0.35, 0.8), (0.85, 0.7), (0.9, side), (0.72, side - 0.3)], 0.17, main)
    pen.smooth([(-0.42, 0.95), (-0.5, 0.5), (-0.28, 0.0), (0.28, 0.0), (0.5, 0.5), (0.42, 0.95)], main)
    pen.oval(0, 0.55, 0.22, 0.35, lighter(main))
    for x in (-1, 1):
        pen.area([(0.48 * x, -0.3), (0.5 * x, -1.0), (0.1 * x, -0.7)], main)
        pen.area([(0.4 * x, -0.5), (0.42 * x, -0.84), (0.2 * x, -0.66)], (230, 150, 150))
        pen.oval(0.24 * x, 0.92, 0.17, 0.1, lighter(main))
    pen.oval(0, -0.38, 0.55, 0.44, main)
    for x in (-1, 1):
        pen.oval(0.22 * x, -0.42, 0.11, 0.13, (216, 226, 110))
        pen.oval(0.22 * x, -0.42, 0.045, 0.11, INK)
        pen.line([(0.14 * x, -0.2), (0.62 * x, -0.26)], 0.03, dark)
        pen.line([(0.14 * x, -0.15), (0.6 * x, -0.08)], 0.03, dark)
    pen.area([(-0.09, -0.26), (0.09, -0.26), (0, -0.16)], (226, 110, 120))


def rabbit(pen: Pen) -> None:
    """A rabbit, seen from the front, with ears that lean."""
    main = pen.main
    for x in (-1, 1):
        lean = pen.draws.between(-8, 22) * x
        pen.oval(0.24 * x, -0.62, 0.15, 0.42, main, lean)
        pen.oval(0.24 * x, -0.6, 0.07, 0.3, (238, 170, 176), lean)
    pen.oval(0, 0.6, 0.46, 0.42, main)
    pen.oval(0, 0.66, 0.26, 0.3, lighter(main, 0.6))
    for x in (-1, 1):
        pen.oval(0.34 * x, 0.92, 0.24, 0.1, lighter(main, 0.3))
    pen.oval(0, -0.02, 0.44, 0.38, main)
    for x in (-1, 1):
        pen.oval(0.18 * x, -0.08, 0.06, 0.09, INK)
        pen.oval(0.1 * x, 0.14, 0.13, 0.1, lighter(main, 0.6))
    pen.oval(0, 0.06, 0.07, 0.05, (226, 110, 120))
    pen.box(-0.06, 0.18, 0.06, 0.3, (252, 252, 252))


def bird(pen: Pen) -> None:
    """A small perching bird, from the side."""
    main, dark = pen.main, darker(pen.main)
    raised = pen.draws.between(-0.35, 0.1)
    for x in (-0.05, 0.14):
        pen.line([(x, 0.5), (x, 0.92)], 0.05, (180, 120, 50))
        pen.line([(x, 0.92), (x + 0.16, 0.92)], 0.05, (180, 120, 50))
    pen.area([(-0.4, 0.2), (-1.0, raised + 0.1), (-0.92, raised + 0.42), (-0.35, 0.45)], dark)
    pen.smooth([(-0.55, 0.2), (-0.1, -0.2), (0.5, -0.1), (0.55, 0.3), (0.2, 0.62), (-0.3, 0.52)], main)
    pen.oval(0.24, 0.3, 0.26, 0.28, lighter(pen.second))
    pen.area([(0.7, -0.5), (1.0, -0.36), (0.7, -0.28)], BEAK)
    pen.disc(0.46, -0.4, 0.34, main)
    pen.smooth([(-0.62, 0.32), (-0.15, -0.08), (0.14, 0.14), (-0.1, 0.42)], dark)
    pen.eye(0.56, -0.46, 0.1)


def fish(pen: Pen) -> None:
    """A fish, from the side."""
    main, second = pen.main, pen.second
    tail = pen.draws.between(0.35, 0.6)
    pen.area([(-0.45, 0), (-1.0, -tail), (-0.84, 0), (-1.0, tail)], second)
    pen.area([(-0.3, -0.3), (0.05, -0.78), (0.35, -0.35)], second)
    pen.area([(-0.1, 0.35), (-0.1, 0.7), (0.25, 0.35)], second)
    pen.smooth([(-0.6, 0), (-0.1, -0.45), (0.5, -0.36), (0.95, 0.02), (0.5, 0.4), (-0.1, 0.45)], main)
    for stripe in range(pen.draws.whole(0, 3)):
        x = 0.28 - 0.26 * stripe
        pen.bow([(x, -0.36), (x + 0.08, 0), (x, 0.38)], 0.1, second)
    pen.eye(0.62, -0.08, 0.11)
    pen.bow([(0.42, -0.2), (0.34, 0.02), (0.42, 0.22)], 0.05, darker(main))
    pen.line([(0.78, 0.14), (0.9, 0.12)], 0.04, darker(main, 0.6))


def butterfly(pen: Pen) -> None:
    """A butterfly with spread wings, from above."""
    main, second = pen.main, pen.second
    tall, low = pen.draws.between(0.7, 0.95), pen.draws.between(0.55, 0.85)
    for x in (-1, 1):
        pen.bow([(0.04 * x, -0.45), (0.14 * x, -0.8), (0.3 * x, -0.92)], 0.04, INK)
        pen.smooth([(0.05 * x, 0), (0.3 * x, low), (0.66 * x, low * 0.85), (0.6 * x, 0.2)], darker(main, 0.2))
        pen.smooth([(0.05 * x, 0.05), (0.4 * x, -tall), (0.92 * x, -tall * 0.9), (0.88 * x, -0.1)], main)
        pen.oval(0.62 * x, -tall * 0.55, 0.17, 0.2, second)
        pen.disc(0.45 * x, low * 0.6, 0.11, lighter(second))
        pen.disc(0.82 * x, -0.24, 0.06, PAPER)
    pen.oval(0, 0.05, 0.08, 0.52, INK)
    pen.disc(0, -0.45, 0.1, INK)


def snail(pen: Pen) -> None:
    """A snail with its shell, from the side."""
    body = blend(pen.second, (200, 170, 120), 0.6)
    for x in (0.68, 0.86):
        pen.line([(0.72, 0.1), (x, -0.36)], 0.06, body)
        pen.disc(x, -0.4, 0.06, INK)
    pen.smooth(
        [(-0.95, 0.82), (-0.4, 0.5), (0.4, 0.4), (0.6, 0.0), (0.9, 0.08), (0.84, 0.6), (0.5, 0.82)], body
    )
    pen.disc(-0.14, 0.06, 0.62, pen.main)
    turns = [
        (0.46, 0.0),
        (0.1, 0.42),
        (-0.34, 0.14),
        (-0.14, -0.24),
        (0.22, -0.08),
        (0.14, 0.16),
        (-0.04, 0.06),
    ]
    pen.bow([(x - 0.18, y + 0.04) for x, y in turns], 0.1, darker(pen.main))


def ladybug(pen: Pen) -> None:
    """A ladybird, from above, its head up."""
    for x in (-1, 1):
        for y in (-0.3, 0.1, 0.5):
            pen.line([(0.5 * x, y), (0.92 * x, y + pen.draws.between(-0.18, 0.18))], 0.07, INK)
        pen.bow([(0.12 * x, -0.72), (0.22 * x, -0.92), (0.4 * x, -0.98)], 0.05, INK)
    pen.oval(0, -0.6, 0.38, 0.26, INK)
    pen.oval(0, 0.14, 0.7, 0.74, pen.main)
    for x in (-1, 1):
        pen.disc(0.18 * x, -0.66, 0.08, PAPER)
        for dot_x, dot_y in ((0.3, -0.2), (0.42, 0.2), (0.24, 0.56))[: pen.draws.whole(2, 3)]:
            pen.disc(dot_x * x, dot_y, 0.13, INK)
    pen.line([(0, -0.5), (0, 0.86)], 0.06, INK)


def owl(pen: Pen) -> None:
    """An owl on its perch, from the front."""
    main, dark = pen.main, darker(pen.main)
    for x in (-1, 1):
        pen.area([(0.5 * x, -0.5), (0.62 * x, -1.0), (0.1 * x, -0.76)], dark)
    pen.smooth([(-0.55, 0.5), (-0.6, -0.5), (0, -0.82), (0.6, -0.5), (0.55, 0.5), (0, 0.92)], main)
    pen.oval(0, 0.36, 0.34, 0.46, lighter(main))
    for row, y in enumerate((0.15, 0.36, 0.57)):
        for x in (-0.14, 0.14) if row % 2 else (-0.18, 0.0, 0.18):
            pen.oval(x, y, 0.06, 0.05, dark)
    for x in (-1, 1):
        pen.smooth([(0.56 * x, -0.1), (0.74 * x, 0.3), (0.5 * x, 0.72), (0.42 * x, 0.2)], dark)
        pen.disc(0.26 * x, -0.36, 0.28, PAPER)
        pen.disc(0.24 * x, -0.36, 0.18, (242, 182, 50))
        pen.disc(0.24 * x, -0.36, 0.1, INK)
        pen.oval(0.18 * x, 0.9, 0.13, 0.08, BEAK)
    pen.area([(-0.1, -0.24), (0.1, -0.24), (0, 0.02)], BEAK)


def penguin(pen: Pen) -> None:
    """A penguin, from the front, its flippers up or down."""
    coat = blend(pen.main, INK, 0.55)
    reach, height = pen.draws.between(0.66, 0.95), pen.draws.between(-0.15, 0.55)
    for x in (-1, 1):
        pen.smooth([(0.38 * x, -0.25), (reach * x, height), (0.42 * x, 0.35)], coat)
        pen.oval(0.24 * x, 0.92, 0.22, 0.09, BEAK)
    pen.smooth([(-0.5, 0.5), (-0.42, -0.4), (0, -0.95), (0.42, -0.4), (0.5, 0.5), (0, 0.92)], coat)
    pen.smooth([(-0.34, 0.45), (-0.26, -0.1), (0, -0.2), (0.26, -0.1), (0.34, 0.45), (0, 0.82)], PAPER)
    for x in (-1, 1):
        pen.disc(0.15 * x, -0.5, 0.15, PAPER)
        pen.disc(0.14 * x, -0.5, 0.07, INK)
    pen.area([(-0.12, -0.38), (0.12, -0.38), (0, -0.14)], BEAK)


def spider(pen: Pen) -> None:
    """A spider, from above."""
    legs = darker(pen.main, 0.45)
    for x in (-1, 1):
        for y, knee, foot in ((-0.2, -0.62, -0.95), (-0.05, -0.3, -0.2), (0.08, 0.2, 0.5), (0.2, 0.5, 0.96)):
            bend = pen.draws.between(-0.08, 0.08)
            pen.line([(0.1 * x, y), (0.6 * x, knee + bend), (0.94 * x, foot + bend)], 0.07, legs)
    pen.oval(0, 0.34, 0.36, 0.44, pen.main)
    pen.area([(0, 0.1), (0.12, 0.34), (0, 0.58), (-0.12, 0.34)], pen.second)
    pen.disc(0, -0.2, 0.24, legs)
    for x in (-0.09, 0.09):
        pen.disc(x, -0.3, 0.06, PAPER)


def octopus(pen: Pen) -> None:
    """An octopus with six arms to be seen."""
    main = pen.main
    for x in (-1, 1):
        for reach, depth in ((0.95, 0.3), (0.62, 0.85), (0.2, 0.95)):
            curl = pen.draws.between(-0.16, 0.16)
            pen.bow(
                [
                    (0.16 * x, 0.05),
                    (0.5 * reach * x, 0.5 * depth + 0.3),
                    (reach * x, depth),
                    ((reach - 0.12) * x, depth - 0.2 + curl),
                ],
                0.18,
                main,
            )
    pen.smooth([(-0.42, 0.2), (-0.56, -0.4), (0, -0.95), (0.56, -0.4), (0.42, 0.2), (0, 0.34)], main)
    for x in (-1, 1):
        pen.eye(0.2 * x, -0.1, 0.14)
        pen.disc(0.3 * x, -0.56, 0.07, lighter(main))
    pen.bow([(-0.12, 0.13), (0, 0.2), (0.12, 0.13)], 0.04, darker(main, 0.6))


def turtle(pen: Pen) -> None:
    """A turtle, from the side."""
    skin = blend(pen.second, (120, 160, 80), 0.6)
    head = pen.draws.between(-0.35, 0.1)
    for x in (-0.45, 0.35):
        pen.smooth([(x - 0.16, 0.3), (x + 0.16, 0.3), (x + 0.2, 0.82), (x - 0.16, 0.82)], skin)
    pen.area([(-0.7, 0.3), (-1.0, 0.5), (-0.66, 0.5)], skin)
    pen.line([(0.5, 0.36), (0.74, head)], 0.22, skin)
    pen.oval(0.78, head, 0.21, 0.17, skin)
    pen.disc(0.84, head - 0.05, 0.05, INK)
    pen.smooth(
        [(-0.78, 0.42), (-0.62, -0.2), (-0.08, -0.56), (0.46, -0.2), (0.62, 0.42), (-0.08, 0.5)], pen.main
    )
    for x, y in ((-0.08, -0.12), (-0.42, 0.12), (0.26, 0.12)):
        pen.oval(x, y, 0.14, 0.14, darker(pen.main, 0.3))
    pen.line([(-0.74, 0.42), (0.6, 0.42)], 0.1, lighter(pen.main, 0.3))


def snake(pen: Pen) -> None:
    """A snake that winds."""
    swing = pen.draws.between(0.36, 0.6)
    low = [(-0.95, 0.7), (-0.55, 0.7 - swing), (-0.1, 0.72), (0.35, 0.7 - swing)]
    pen.line([(0.9, -0.62), (1.0, -0.78)], 0.05, (210, 50, 60))
    pen.bow([*low, (0.62, 0.4), (0.5, -0.1), (0.66, -0.5)], 0.3, pen.main)
    for x, y in ((-0.76, 0.76 - swing * 0.5), *low[1:], (0.6, 0.36), (0.52, -0.04)):
        pen.disc(x, y, 0.08, pen.second)
    pen.oval(0.72, -0.55, 0.28, 0.19, pen.main, -20)
    pen.eye(0.74, -0.64, 0.09)


def whale(pen: Pen) -> None:
    """A whale that blows, from the side."""
    spout = blend(pen.main, (220, 240, 255), 0.85)
    high = pen.draws.between(-0.95, -0.75)
    pen.line([(0.3, -0.35), (0.3, high)], 0.07, spout)
    pen.bow([(0.3, high), (0.12, high - 0.02), (0.06, high + 0.22)], 0.07, spout)
    pen.bow([(0.3, high), (0.48, high - 0.02), (0.54, high + 0.22)], 0.07, spout)
    pen.smooth([(-0.62, 0.1), (-0.98, -0.5), (-0.72, -0.42), (-0.5, -0.56), (-0.56, -0.2)], pen.main)
    pen.smooth(
        [(-0.75, 0.0), (-0.1, -0.25), (0.5, -0.42), (0.95, 0.1), (0.7, 0.6), (0, 0.66), (-0.5, 0.4)], pen.main
    )
    pen.smooth([(0.93, 0.24), (0.7, 0.6), (0.1, 0.64), (-0.2, 0.52), (0.3, 0.42)], lighter(pen.main, 0.65))
    pen.area([(0.1, 0.35), (-0.16, 0.85), (0.32, 0.45)], darker(pen.main, 0.25))
    pen.eye(0.6, 0.02, 0.08)


def duck(pen: Pen) -> None:
    """A toy duck, from the side."""
    bill = ORANGE.rgb if pen.main[1] < YELLOW.rgb[1] - 40 else (230, 96, 40)
    pen.smooth(
        [(-0.95, -0.1), (-0.5, 0.1), (0.4, 0.0), (0.75, 0.4), (0.4, 0.82), (-0.4, 0.82), (-0.8, 0.4)],
        pen.main,
    )
    pen.smooth([(0.68, -0.5), (1.0, -0.42), (0.98, -0.28), (0.66, -0.24)], bill)
    pen.disc(0.4, -0.38, 0.4, pen.main)
    pen.smooth([(-0.5, 0.28), (0.1, 0.22), (0.2, 0.42), (-0.2, 0.62)], darker(pen.main, 0.2))
    pen.eye(0.5, -0.46, 0.09)
