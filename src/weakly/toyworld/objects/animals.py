"""How the animals are drawn (`pen.Pen` says in which notation)."""

from weakly.toyworld.objects.colours import COLOURS, blend
from weakly.toyworld.objects.pen import Pen, path


def cat(pen: Pen) -> None:
    """A sitting cat, seen from the front, its tail curled."""
    side = pen.draws.between(0.2, 0.5)
    pen.draw(f"""bow main .17 .35,.8 .85,.7 .9,{side} .72,{side - 0.3}; smooth main -.42,.95 -.5,.5 -.28,0 |;
        oval main+.4 .22,.35 0,.55. both area main .48,-.3 .5,-1 .1,-.7; area #e69696 .4,-.5 .42,-.84
        .2,-.66; oval main+.4 .17,.1 .24,.92. oval main .55,.44 0,-.38. both oval #d8e26e .11,.13 .22,-.42;
        oval ink .045,.11 .22,-.42; line main-.35 .03 .14,-.2 .62,-.26 / .14,-.15 .6,-.08.
        area #e26e78 -.09,-.26 .09,-.26 0,-.16""")


def rabbit(pen: Pen) -> None:
    """A rabbit, seen from the front, with ears that lean."""
    for x in (-1, 1):
        lean = pen.draws.between(-8, 22) * x
        pen.draw(f"oval main .15,.42,{lean} .24,-.62; oval #eeaab0 .07,.3,{lean} .24,-.6", x)
    pen.draw("""oval main .46,.42 0,.6; oval main+.6 .26,.3 0,.66. both oval main+.3 .24,.1 .34,.92.
        oval main .44,.38 0,-.02. both oval ink .06,.09 .18,-.08; oval main+.6 .13,.1 .1,.14.
        oval #e26e78 .07,.05 0,.06; box #fcfcfc -.06,.18 .06,.3""")


def bird(pen: Pen) -> None:
    """A small perching bird, from the side."""
    raised = pen.draws.between(-0.35, 0.1)
    pen.draw(f"""at -.05,0 .14,0: line #b47832 .05 0,.5 0,.92 / 0,.92 .16,.92.
        area main-.35 -.4,.2 -1,{raised + 0.1} -.92,{raised + 0.42} -.35,.45; smooth main -.55,.2 -.1,-.2
        .5,-.1 .55,.3 .2,.62 -.3,.52; oval second+.4 .26,.28 .24,.3; area beak .7,-.5 1,-.36 .7,-.28;
        disc main .34 .46,-.4; smooth main-.35 -.62,.32 -.15,-.08 .14,.14 -.1,.42; eye .1 .56,-.46""")


def fish(pen: Pen) -> None:
    """A fish, from the side."""
    tail = pen.draws.between(0.35, 0.6)
    pen.draw(f"""area second -.45,0 -1,{-tail} -.84,0 -1,{tail} / -.3,-.3 .05,-.78 .35,-.35 / -.1,.35 -.1,.7
        .25,.35; smooth main -.6,0 -.1,-.45 .5,-.36 .95,.02 .5,.4 -.1,.45""")
    for stripe in range(pen.draws.whole(0, 3)):
        x = 0.28 - 0.26 * stripe
        pen.draw(f"bow second .1 {x},-.36 {x + 0.08},0 {x},.38")
    pen.draw("""eye .11 .62,-.08; bow main-.35 .05 .42,-.2 .34,.02 .42,.22; line main-.6 .04 .78,.14
        .9,.12""")


def butterfly(pen: Pen) -> None:
    """A butterfly with spread wings, from above."""
    tall, low = pen.draws.between(0.7, 0.95), pen.draws.between(0.55, 0.85)
    pen.draw(f"""both bow ink .04 .04,-.45 .14,-.8 .3,-.92; smooth main-.2 .05,0 .3,{low} .66,{low * 0.85}
        .6,.2; smooth main .05,.05 .4,{-tall} .92,{-tall * 0.9} .88,-.1;
        oval second .17,.2 .62,{-tall * 0.55}; disc second+.4 .11 .45,{low * 0.6}; disc paper .06 .82,-.24.
        oval ink .08,.52 0,.05; disc ink .1 0,-.45""")


def snail(pen: Pen) -> None:
    """A snail with its shell, from the side."""
    pen.colours["body"] = blend(pen.second, (200, 170, 120), 0.6)
    pen.draw("""line body .06 .72,.1 .68,-.36; disc ink .06 .68,-.4; line body .06 .72,.1 .86,-.36;
        disc ink .06 .86,-.4; smooth body -.95,.82 -.4,.5 .4,.4 .6,0 .9,.08 .84,.6 .5,.82;
        disc main .62 -.14,.06""")
    pen.draw("at -.18,.04: bow main-.35 .1 .46,0 .1,.42 -.34,.14 -.14,-.24 .22,-.08 .14,.16 -.04,.06")


def ladybug(pen: Pen) -> None:
    """A ladybird, from above, its head up."""
    for x in (-1, 1):
        pen.draw(
            """line ink .07 .5,-.3 .92,-.3~.18 / .5,.1 .92,.1~.18 / .5,.5 .92,.5~.18;
            bow ink .05 .12,-.72 .22,-.92 .4,-.98""",
            x,
        )
    pen.draw("oval ink .38,.26 0,-.6; oval main .7,.74 0,.14")
    for x in (-1, 1):
        pen.draw("disc paper .08 .18,-.66", x)
        for dot_x, dot_y in ((0.3, -0.2), (0.42, 0.2), (0.24, 0.56))[: pen.draws.whole(2, 3)]:
            pen.draw(f"disc ink .13 {dot_x},{dot_y}", x)
    pen.draw("line ink .06 0,-.5 0,.86")


def owl(pen: Pen) -> None:
    """An owl on its perch, from the front."""
    pen.draw("""both area main-.35 .5,-.5 .62,-1 .1,-.76. smooth main -.55,.5 -.6,-.5 0,-.82 | 0,.92;
        oval main+.4 .34,.46 0,.36""")
    for row, y in enumerate((0.15, 0.36, 0.57)):
        for x in (-0.14, 0.14) if row % 2 else (-0.18, 0.0, 0.18):
            pen.draw(f"oval main-.35 .06,.05 {x},{y}")
    pen.draw("""both smooth main-.35 .56,-.1 .74,.3 .5,.72 .42,.2; disc paper .28 .26,-.36;
        disc #f2b632 .18 .24,-.36; disc ink .1 .24,-.36; oval beak .13,.08 .18,.9. area beak -.1,-.24 .1,-.24
        0,.02""")


def penguin(pen: Pen) -> None:
    """A penguin, from the front, its flippers up or down."""
    pen.colours["coat"] = blend(pen.main, pen.colours["ink"], 0.55)
    reach, height = pen.draws.between(0.66, 0.95), pen.draws.between(-0.15, 0.55)
    pen.draw(f"""both smooth coat .38,-.25 {reach},{height} .42,.35; oval beak .22,.09 .24,.92.
        smooth coat -.5,.5 -.42,-.4 0,-.95 | 0,.92; smooth paper -.34,.45 -.26,-.1 0,-.2 | 0,.82.
        both disc paper .15 .15,-.5; disc ink .07 .14,-.5. area beak -.12,-.38 .12,-.38 0,-.14""")


def spider(pen: Pen) -> None:
    """A spider, from above."""
    for x in (-1, 1):
        for y, knee, foot in ((-0.2, -0.62, -0.95), (-0.05, -0.3, -0.2), (0.08, 0.2, 0.5), (0.2, 0.5, 0.96)):
            bend = pen.draws.between(-0.08, 0.08)
            pen.draw(f"line main-.45 .07 .1,{y} .6,{knee + bend} .94,{foot + bend}", x)
    pen.draw("""oval main .36,.44 0,.34; area second 0,.1 .12,.34 0,.58 |; disc main-.45 .24 0,-.2;
        disc paper .06 -.09,-.3 .09,-.3""")


def octopus(pen: Pen) -> None:
    """An octopus with six arms to be seen."""
    for x in (-1, 1):
        for reach, depth in ((0.95, 0.3), (0.62, 0.85), (0.2, 0.95)):
            curl = pen.draws.between(-0.16, 0.16)
            pen.draw(
                f"""bow main .18 .16,.05 {0.5 * reach},{0.5 * depth + 0.3} {reach},{depth}
                {reach - 0.12},{depth - 0.2 + curl}""",
                x,
            )
    pen.draw("""smooth main -.42,.2 -.56,-.4 0,-.95 | 0,.34. both eye .14 .2,-.1; disc main+.4 .07 .3,-.56.
        bow main-.6 .04 -.12,.13 0,.2 |""")


def turtle(pen: Pen) -> None:
    """A turtle, from the side."""
    pen.colours["skin"] = blend(pen.second, (120, 160, 80), 0.6)
    head = pen.draws.between(-0.35, 0.1)
    pen.draw(f"""at -.45,0 .35,0: smooth skin -.16,.3 .16,.3 .2,.82 -.16,.82. area skin -.7,.3 -1,.5 -.66,.5;
        line skin .22 .5,.36 .74,{head}; oval skin .21,.17 .78,{head}; disc ink .05 .84,{head - 0.05};
        smooth main -.78,.42 -.62,-.2 -.08,-.56 .46,-.2 .62,.42 -.08,.5; oval main-.3 .14,.14 -.08,-.12
        -.42,.12 .26,.12; line main+.3 .1 -.74,.42 .6,.42""")


def snake(pen: Pen) -> None:
    """A snake that winds."""
    swing = pen.draws.between(0.36, 0.6)
    low = [(-0.95, 0.7), (-0.55, 0.7 - swing), (-0.1, 0.72), (0.35, 0.7 - swing)]
    pen.draw("line #d2323c .05 .9,-.62 1,-.78")
    pen.draw(f"bow main .3 {path(low)} .62,.4 .5,-.1 .66,-.5")
    for x, y in ((-0.76, 0.76 - swing * 0.5), *low[1:], (0.6, 0.36), (0.52, -0.04)):
        pen.draw(f"disc second .08 {x},{y}")
    pen.draw("oval main .28,.19,-20 .72,-.55; eye .09 .74,-.64")


def whale(pen: Pen) -> None:
    """A whale that blows, from the side."""
    pen.colours["spout"] = blend(pen.main, (220, 240, 255), 0.85)
    high = pen.draws.between(-0.95, -0.75)
    pen.draw(f"""line spout .07 .3,-.35 .3,{high}; bow spout .07 .3,{high} .12,{high - 0.02}
        .06,{high + 0.22} / .3,{high} .48,{high - 0.02} .54,{high + 0.22}; smooth main -.62,.1 -.98,-.5
        -.72,-.42 -.5,-.56 -.56,-.2 / -.75,0 -.1,-.25 .5,-.42 .95,.1 .7,.6 0,.66 -.5,.4;
        smooth main+.65 .93,.24 .7,.6 .1,.64 -.2,.52 .3,.42; area main-.25 .1,.35 -.16,.85 .32,.45;
        eye .08 .6,.02""")


def duck(pen: Pen) -> None:
    """A toy duck, from the side."""
    bill = "#ec8428" if pen.main[1] < COLOURS["yellow"].rgb[1] - 40 else "#e66028"
    pen.draw(f"""smooth main -.95,-.1 -.5,.1 .4,0 .75,.4 .4,.82 -.4,.82 -.8,.4; smooth {bill} .68,-.5 1,-.42
        .98,-.28 .66,-.24; disc main .4 .4,-.38; smooth main-.2 -.5,.28 .1,.22 .2,.42 -.2,.62;
        eye .09 .5,-.46""")
