"""How small things to hold or to wear are drawn, in the notation of `pen.Pen`."""

from weakly.toyworld.objects.pen import Pen

HAMMER = """line wood .19 .1,-.4 .1,.9; line main .26 .1,.35 .1,.86; smooth steel 0,-.8 .55,-.84 .96,-.4
    .98,-.28 .5,-.52 0,-.46; box steel -.5,-.78 .28,-.48; box steel-.15 -.66,-.88 -.44,-.38"""
SCISSORS = """let wide .24:.5. both area steel wide,-1 wide+.02,-.7 -.02,.2 -.2,.16. both line main .13 0,.1
    .3,.42 / arc:.42,.64,.24,0,360,16. disc ink .07 0,.08"""
ANCHOR = """line main .1 arc:0,-.76,.15,0,360,14; line main .17 0,-.6 0,.8; line main .15 -.42,-.36 .42,-.36;
    bow main .17 -.78,.2 -.5,.66 0,.78:.95 |. both area main .95,.34 .8,-.02 .52,.3"""
HAT = """let top -.8:-.3; oval main-.15 .96,.22 0,.5; smooth main -.52,.5 -.48,top+.12 -.2,top | 0,.62;
    bow second .18 -.51,.32 0,.43 |"""
ENVELOPE = """let low .1:.3; box main+.5 -.95,-.6 .95,.62; line main-.2 .05 -.9,.56 -.16,0 / .9,.56 .16,0;
    area main -.95,-.6 .95,-.6 0,low. maybe .6 disc #c42c32 .16 0,low-.04"""
GIFT = """let tall .75:.95. both smooth second 0,-.44 .2,-.95 .62,-.86 .46,-.5. box main -.7,-.2 .7,tall;
    box main+.2 -.82,-.44 .82,-.14; box second -.15,-.44 .15,tall; disc second-.2 .13 0,-.46"""
CUP = """maybe .65 at -.3,0 .06,0: bow #e8e8ec .06 0,-.4 .1,-.6 -.06,-.78 .06,-.98.
    line main .15 arc:.52,.22,.3,-80,80,10; smooth main -.62,-.3 -.6,.2 -.34:-.55,.8 |; oval main-.2 .62,.15
    0,-.3; oval #543422 .52,.11 0,-.28. maybe .4 bow second .14 -.58,.2 0,.32 |"""
BOTTLE = """let shoulder -.35:-.1; box bark -.14,-1 .14,-.8; smooth main -.13,-.86 -.15,shoulder-.15
    -.38,shoulder+.15 -.38,.9 0,.97 |; box paper -.38,.26 .38,.68; line second .08 -.2,.47 .2,.47;
    line main+.6 .06 -.26,shoulder+.24 -.26,.16"""
TEAPOT = """bow main .19 .45,.3 .75,.1 .76,-.2 .97,-.36; line main .13 arc:-.58,.1,.33,90,270,10;
    oval main .64,.56 0,.2; oval second .36,.13 0,-.32; disc second .1 0,-.5; box main-.35 -.36,.7 .36,.82.
    maybe .5 bow second .11 -.6,.22 0,.36 |"""
CANDLE = """let top -.4:0; smooth #faaa32 0,top-.62 .17,top-.26 0,top-.1 |; oval #feec96 .07,.13 0,top-.25;
    line ink .04 0,top 0,top-.14; box main -.23,top .23,.8; oval main+.4 .23,.07 0,top; line main+.4 .09
    -.16,top+.05 -.16,top+.3; oval gold .56,.13 0,.84"""
KITE = """let sway -.3:.3; bow ink .04 0,.4 sway,.6 -sway,.8 sway,1; area second sway*.8-.13,.62-.07
    sway*.8+.13,.62+.07 sway*.8+.13,.62-.07 sway*.8-.13,.62+.07 / -sway*.8-.13,.8-.07 -sway*.8+.13,.8+.07
    -sway*.8+.13,.8-.07 -sway*.8-.13,.8+.07; area main 0,-1 .62,-.34 0,.46 |; area second 0,-1 .62,-.34 0,-.34
    / 0,.46 -.62,-.34 0,-.34"""
CROWN = """let high -.75:-.5; area gold -.8,.6 -.95,high+.1 -.45,.02 0,high-.15 |;
    disc main .12 -.95*.96,high+.06 0,high-.19 .95*.96,high+.06; line gold-.2 .2 -.76,.62 .76,.62;
    oval main .1,.13 -.45,.3 0,.3 .45,.3"""
BOOK = """let rise .08:.24. both area main 0,-.36 .95,-.5-rise .95,.56-rise 0,.76; smooth paper 0,-.42
    .45,-.66 .86,-.5-rise*.5 .86,.4-rise*.5 .45,.42 0,.64; line #96969c .05 .16,-.34+.04 .72,-.34-.08 /
    .16,-.14+.04 .72,-.14-.08 / .16,.06+.04 .72,.06-.08 / .16,.26+.04 .72,.26-.08. line main-.35 .05 0,-.4
    0,.68"""
ROBOT = """line steel .05 0,-.72 0,-.94; disc #d63232 .07 0,-.94; line steel .15 -.5,0 -.82,-.4:.4;
    box steel -.12-.12-.1,.55 -.1,.95; line steel .15 .5,0 .82,-.4:.4; box steel .1,.55 .12+.12+.1,.95;
    box main -.5,-.1 .5,.62; box main+.3 -.4,-.74 .4,-.16. at -.18,-.5 .18,-.5: disc #feec78 .11 0,0;
    disc ink .05 0,0. line ink .06 -.2,-.28 .2,-.28; box main-.5 -.3,.08 .3,.4; disc second .06 -.16,.24 0,.24
    .16,.24"""
SPECTACLES = """pick glazing .5 main-.7 glass; let tall .26:.4; bow main .09 -.86,-.08 -.98,-.26 -.8,-.42;
    oval main .43,tall+.06 -.48,.05; oval glazing .32,tall-.05 -.48,.05; line glazing+.6 .05 -.44,.1 -.28,-.1;
    bow main .09 .86,-.08 .98,-.26 .8,-.42; oval main .43,tall+.06 .48,.05; oval glazing .32,tall-.05 .48,.05;
    line glazing+.6 .05 .32,.1 .48,-.1; bow main .1 -.12,0 0,-.1 |"""
LAMP = """pick lit .6 #fee88c main+.2; let narrow .26:.44; line second .12 0,-.2 0,.8; disc second .2 0,.42;
    oval second-.3 .46,.12 0,.86; area main -narrow,-.95 narrow,-.95 .74,0 -.74,0; line lit .1 -.7,-.03
    .7,-.03"""


def key(pen: Pen) -> None:
    """A key with two or three teeth."""
    pen.draw("line main .16 -.3,0 .92,0")
    for x in (0.85, 0.62, 0.4)[: pen.draws.whole(2, 3)]:
        pen.draw(f"line main .14 {x},0 {x},.26:.42")
    if pen.draws.chance(0.5):
        pen.draw("line main .19 arc:-.56,0,.31,0,360,20")
    else:
        pen.draw("""line main .13 arc:-.4,-.22,.17,0,360,14 / arc:-.4,.22,.17,0,360,14 /
            arc:-.72,0,.17,0,360,14""")


def ladder(pen: Pen) -> None:
    """A ladder with five to seven rungs."""
    top = pen.draws.between(0.3, 0.46)
    rungs = pen.draws.whole(5, 7)
    for rung in range(rungs):
        y = -0.8 + 1.6 * rung / (rungs - 1)
        half = top + (0.46 - top) * (y + 1) / 2
        pen.draw(f"line main+.15 .09 {-half},{y} {half},{y}")
    pen.draw(f"both line main .13 {top},-.98 .46,.98")


def die(pen: Pen) -> None:
    """A die that shows three of its sides."""
    dot = "ink" if sum(pen.main) > 330 else "paper"
    spots = {
        1: [(0, 0)],
        2: [(-1, -1), (1, 1)],
        3: [(-1, -1), (0, 0), (1, 1)],
        4: [(-1, -1), (1, -1), (-1, 1), (1, 1)],
    }
    pen.draw("""area main+.3 0,-.95 .82,-.5 0,-.05 -.82,-.5; area main -.82,-.5 0,-.05 0,.95 -.82,.5;
        area main-.2 .82,-.5 0,-.05 0,.95 .82,.5""")
    for u, v in spots[pen.draws.whole(1, 4)]:
        pen.draw(f"oval {dot} .11,.07 {(u - v) * 0.21},{-0.5 + (u + v) * 0.11}")
    for side in (-1, 1):
        for u, v in spots[pen.draws.whole(1, 4)]:
            pen.draw(f"oval {dot} .08,.11 {0.41 + u * 0.2},{0.22 - u * 0.11 + v * 0.24}", side)


def chair(pen: Pen) -> None:
    """A chair, a little from the side."""
    pen.draw("""line main-.3 .11 -.5,.15 -.5,.97 / .2,.15 .2,.97 / .55,.15 .55,.72 / -.16,.15 -.16,.72;
        line main-.3 .12 -.46,.1 -.5,-.95 / -.12,-.08 -.16,-.98""")
    for y in (-0.86, -0.62, -0.38)[: pen.draws.whole(2, 3)]:
        pen.draw(f"line main .13 -.48,{y + 0.05} -.14,{y}")
    pen.draw("area main -.58,.2 .26,.2 .66,-.06 -.2,-.06; area main-.3 -.58,.2 .26,.2 .26,.3 -.58,.3")
