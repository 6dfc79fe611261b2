"""How the animals are drawn, in the notation of `pen.Pen`."""

from weakly.toyworld.objects.colours import COLOURS
from weakly.toyworld.objects.pen import Pen

CAT = """let side .2:.5; bow main .17 .35,.8 .85,.7 .9,side .72,side-.3; smooth main -.42,.95 -.5,.5 -.28,0 |;
    oval main+.4 .22,.35 0,.55. both area main .48,-.3 .5,-1 .1,-.7; area #e69696 .4,-.5 .42,-.84 .2,-.66;
    oval main+.4 .17,.1 .24,.92. oval main .55,.44 0,-.38. both oval #d8e26e .11,.13 .22,-.42;
    oval ink .045,.11 .22,-.42; line main-.35 .03 .14,-.2 .62,-.26 / .14,-.15 .6,-.08. area #e26e78 -.09,-.26
    .09,-.26 0,-.16"""
BIRD = """let raised -.35:.1. at -.05,0 .14,0: line #b47832 .05 0,.5 0,.92 / 0,.92 .16,.92.
    area main-.35 -.4,.2 -1,raised+.1 -.92,raised+.42 -.35,.45; smooth main -.55,.2 -.1,-.2 .5,-.1 .55,.3
    .2,.62 -.3,.52; oval second+.4 .26,.28 .24,.3; area beak .7,-.5 1,-.36 .7,-.28; disc main .34 .46,-.4;
    smooth main-.35 -.62,.32 -.15,-.08 .14,.14 -.1,.42; eye .1 .56,-.46"""
BUTTERFLY = """let tall .7:.95; let low .55:.85. both bow ink .04 .04,-.45 .14,-.8 .3,-.92;
    smooth main-.2 .05,0 .3,low .66,low*.85 .6,.2; smooth main .05,.05 .4,-tall .92,-tall*.9 .88,-.1;
    oval second .17,.2 .62,-tall*.55; disc second+.4 .11 .45,low*.6; disc paper .06 .82,-.24. oval ink .08,.52
    0,.05; disc ink .1 0,-.45"""
RABBIT = """both let lean -8:22; oval main .15,.42,lean .24,-.62; oval #eeaab0 .07,.3,lean .24,-.6.
    oval main .46,.42 0,.6; oval main+.6 .26,.3 0,.66. both oval main+.3 .24,.1 .34,.92. oval main .44,.38
    0,-.02. both oval ink .06,.09 .18,-.08; oval main+.6 .13,.1 .1,.14. oval #e26e78 .07,.05 0,.06;
    box #fcfcfc -.06,.18 .06,.3"""
SNAIL = """mix body second #c8aa78 .6; line body .06 .72,.1 .68,-.36; disc ink .06 .68,-.4;
    line body .06 .72,.1 .86,-.36; disc ink .06 .86,-.4; smooth body -.95,.82 -.4,.5 .4,.4 .6,0 .9,.08 .84,.6
    .5,.82; disc main .62 -.14,.06. at -.18,.04: bow main-.35 .1 .46,0 .1,.42 -.34,.14 -.14,-.24 .22,-.08
    .14,.16 -.04,.06"""
PENGUIN = """mix coat main ink .55; let reach .66:.95; let height -.15:.55. both smooth coat .38,-.25
    reach,height .42,.35; oval beak .22,.09 .24,.92. smooth coat -.5,.5 -.42,-.4 0,-.95 | 0,.92;
    smooth paper -.34,.45 -.26,-.1 0,-.2 | 0,.82. both disc paper .15 .15,-.5; disc ink .07 .14,-.5.
    area beak -.12,-.38 .12,-.38 0,-.14"""
SPIDER = """both let bend -.08:.08; line main-.45 .07 .1,-.2 .6,-.62+bend .94,-.95+bend; let bend -.08:.08;
    line main-.45 .07 .1,-.05 .6,-.3+bend .94,-.2+bend; let bend -.08:.08; line main-.45 .07 .1,.08 .6,.2+bend
    .94,.5+bend; let bend -.08:.08; line main-.45 .07 .1,.2 .6,.5+bend .94,.96+bend. oval main .36,.44 0,.34;
    area second 0,.1 .12,.34 0,.58 |; disc main-.45 .24 0,-.2; disc paper .06 -.09,-.3 .09,-.3"""
OCTOPUS = """both let curl -.16:.16; bow main .18 .16,.05 .5*.95,.5*.3+.3 .95,.3 .95-.12,.3-.2+curl;
    let curl -.16:.16; bow main .18 .16,.05 .5*.62,.5*.85+.3 .62,.85 .62-.12,.85-.2+curl; let curl -.16:.16;
    bow main .18 .16,.05 .5*.2,.5*.95+.3 .2,.95 .2-.12,.95-.2+curl. smooth main -.42,.2 -.56,-.4 0,-.95 |
    0,.34. both eye .14 .2,-.1; disc main+.4 .07 .3,-.56. bow main-.6 .04 -.12,.13 0,.2 |"""
TURTLE = """mix skin second #78a050 .6; let head -.35:.1. at -.45,0 .35,0: smooth skin -.16,.3 .16,.3 .2,.82
    -.16,.82. area skin -.7,.3 -1,.5 -.66,.5; line skin .22 .5,.36 .74,head; oval skin .21,.17 .78,head;
    disc ink .05 .84,head-.05; smooth main -.78,.42 -.62,-.2 -.08,-.56 .46,-.2 .62,.42 -.08,.5;
    oval main-.3 .14,.14 -.08,-.12 -.42,.12 .26,.12; line main+.3 .1 -.74,.42 .6,.42"""
SNAKE = """let swing .36:.6; line #d2323c .05 .9,-.62 1,-.78; bow main .3 -.95,.7 -.55,.7-swing -.1,.72
    .35,.7-swing .62,.4 .5,-.1 .66,-.5; disc second .08 -.76,.76-swing*.5 -.55,.7-swing -.1,.72 .35,.7-swing
    .6,.36 .52,-.04; oval main .28,.19,-20 .72,-.55; eye .09 .74,-.64"""
WHALE = """mix spout main #dcf0ff .85; let high -.95:-.75; line spout .07 .3,-.35 .3,high;
    bow spout .07 .3,high .12,high-.02 .06,high+.22 / .3,high .48,high-.02 .54,high+.22; smooth main -.62,.1
    -.98,-.5 -.72,-.42 -.5,-.56 -.56,-.2 / -.75,0 -.1,-.25 .5,-.42 .95,.1 .7,.6 0,.66 -.5,.4; smooth main+.65
    .93,.24 .7,.6 .1,.64 -.2,.52 .3,.42; area main-.25 .1,.35 -.16,.85 .32,.45; eye .08 .6,.02"""


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


def duck(pen: Pen) -> None:
    """A toy duck, from the side."""
    bill = "#ec8428" if pen.main[1] < COLOURS["yellow"].rgb[1] - 40 else "#e66028"
    pen.draw(f"""smooth main -.95,-.1 -.5,.1 .4,0 .75,.4 .4,.82 -.4,.82 -.8,.4; smooth {bill} .68,-.5 1,-.42
        .98,-.28 .66,-.24; disc main .4 .4,-.38; smooth main-.2 -.5,.28 .1,.22 .2,.42 -.2,.62;
        eye .09 .5,-.46""")
