"""How things of the house and the street are drawn, in the notation of `pen.Pen`."""

from weakly.toyworld.objects.pen import Pen, arc, path

TENT = """area main -.95,.8 0,-.75 |; area main-.65 -.4,.8 0,-.75 |; area second 0,-.75 -.4,.8 -.7:-.45,.8;
    line wood .05 0,-.75 .1,-.95"""
BELL = """line main-.4 .07 arc:0,-.82,.14,0,360,12; disc main-.5 .17 -.25:.25,.8; smooth main 0,-.75 .36,-.5
    .48,.2 .86,.66 |; line main-.2 .14 -.78,.62 .78,.62; bow main+.5 .07 -.2,-.5 -.3,-.1 -.36,.3"""
CAMERA = """box main-.2 -.34,-.7 .34,-.4; box steel -.74,-.58 -.48,-.4; box main -.95,-.46 .95,.7;
    box main-.5 -.95,-.16 .95,.4; disc steel .52 0,.12; disc ink .4 0,.12; disc #465a96 .22 0,.12;
    disc paper .08 -.1,0; box #fcf0be .58,-.38 .84,-.22"""
LIGHTHOUSE = """maybe .6 area #fef0aa .1,-.7 1,-1 1,-.45. area paper -.24,-.5 .24,-.5 .42,.95 -.42,.95;
    area main -.24-.2*.124,-.3 .24+.2*.124,-.3 .24+.48*.124,-.02 -.24-.48*.124,-.02 / -.24-.8*.124,.3
    .24+.8*.124,.3 .24+1.12*.124,.62 -.24-1.12*.124,.62; box ink -.34,-.56 .34,-.46; box #fce264 -.2,-.82
    .2,-.56; area main -.28,-.8 0,-1 |; box wood -.1,.7 .1,.95"""
GUITAR = """let waist .24:.32; line wood-.3 .13 0,-.75 0,.1; area wood-.5 -.12,-1 .12,-1 .09,-.72 -.09,-.72;
    smooth main 0,-.1 .34,-.04 waist,.28 .5,.62 .3,.95 |; disc ink .17 0,.34; line ink .08 -.18,.72 .18,.72;
    line paper .018 -.04,-.9 -.04,.72 / .04,-.9 .04,.72; disc steel .04 -.16,-.94 .16,-.94 -.16,-.82
    .16,-.82"""
DRUM = """oval main-.2 .8,.28 0,.62; box main -.8,-.2 .8,.62; line gold .05 -.8,-.08 -.8+.2,.66 -.8+.4,-.08 /
    -.8+.4,-.08 -.8+.4+.2,.66 -.8+.4+.4,-.08 / -.8+2*.4,-.08 -.8+2*.4+.2,.66 -.8+2*.4+.4,-.08 / -.8+3*.4,-.08
    -.8+3*.4+.2,.66 -.8+3*.4+.4,-.08; oval paper .8,.28 0,-.2. both let tip 0:.25; line wood .07 .9,-.9
    tip,-.3; disc wood .08 tip,-.28"""


def ball(pen: Pen) -> None:
    """A beach ball, or one with a band."""
    pen.draw("disc main .92 0,0")
    if pen.draws.chance(0.6):
        start = pen.draws.between(0, 60)
        for slice_ in range(3):
            pen.draw(f"area second+.2 0,0 arc:0,0,.92,{start + slice_ * 120},{start + slice_ * 120 + 60}")
        pen.draw("disc paper .16 0,0")
    else:
        pen.draw("bow second .24 -.86,-.26 0,.02 |; oval main+.6 .18,.11,-35 -.36,-.56")


def umbrella(pen: Pen) -> None:
    """An open umbrella."""
    high = pen.draws.between(0.8, 1.0)
    dome = [(x, 0.02 + y * high) for x, y in arc(0, 0, 0.94, 180, 360, 16)]
    pen.draw(f"""line wood .07 0,-.95 0,.7; line wood .09 arc:.16,.7,.16,180,0,6;
        area main {path(dome)} .62,-.1 .31,.02 0,-.1 -.31,.02 -.62,-.1;
        area second 0,{-0.9 * high} -.62,-.1 -.31,.02 / 0,{-0.9 * high} .62,-.1 .31,.02""")


def house(pen: Pen) -> None:
    """A house with a gable."""
    steep = pen.draws.between(-0.95, -0.7)
    door = pen.draws.choose((-0.36, 0.0, 0.36))
    pen.draw(f"""box second-.3 .34,-.85 .56,-.3; box main -.72,-.16 .72,.9; area second-.15 -.95,-.12
        0,{steep} |; box wood {door - 0.17},.32 {door + 0.17},.9; disc gold .03 {door + 0.1},.62""")
    for x in (-0.45, 0.45):
        y = 0.0 if abs(x - door) < 0.4 else 0.24
        pen.draw(f"""box {"#fce896" if pen.draws.chance(0.4) else "glass"} {x - 0.17},{y}
            {x + 0.17},{y + 0.28}; line paper .03 {x},{y} {x},{y + 0.28}""")


def windmill(pen: Pen) -> None:
    """A windmill, its sails at any angle."""
    start = pen.draws.between(0, 90)
    pen.draw("""area main -.3,-.25 .3,-.25 .46,.95 -.46,.95; smooth second-.2 -.36,-.22 0,-.6 |;
        box wood -.12,.55 .12,.95; disc glass .1 0,.2""")
    for step in range(4):
        (x, y), (ex, ey) = arc(0, -0.25, 0.74, start + 90 * step, start + 90 * step + 14, 1)
        pen.draw(f"area paper 0,-.25 {x},{y} {ex},{ey}; line wood .06 0,-.25 {x},{y}")
    pen.draw("disc ink .09 0,-.25")


def clock(pen: Pen) -> None:
    """A round clock that tells any time."""
    pen.draw("disc main .95 0,0; disc paper .78 0,0")
    for mark in zip(arc(0, 0, 0.62, 0, 330, 11), arc(0, 0, 0.72, 0, 330, 11), strict=True):
        pen.draw(f"line ink .06 {path(mark)}")
    hours, minutes = pen.draws.between(0, 360), pen.draws.between(0, 360)
    pen.draw(f"""line ink .11 0,0 {path(arc(0, 0, 0.36, hours, hours + 1, 1)[:1])};
        line ink .07 0,0 {path(arc(0, 0, 0.58, minutes, minutes + 1, 1)[:1])}; disc #ce2e30 .07 0,0""")
