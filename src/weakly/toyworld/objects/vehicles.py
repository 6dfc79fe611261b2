"""How vehicles are drawn, in the notation of `pen.Pen`."""

from weakly.toyworld.objects.pen import Pen, arc, path

HELICOPTER = """let tilt -.12:.12; area main -.2,-.2 -.92,-.32 -.92,-.2 -.1,.12; line steel .07 -.9,-.55
    -.9,.02; smooth main -.34,.1 -.1,-.34 .5,-.3 .84,.1 .5,.46 -.1,.42; smooth glass .32,-.22 .58,-.16 .78,.1
    .36,.12; line steel .08 .18,-.3 .18,-.6; line ink .08 -.66,-.62+tilt .98,-.62-tilt; line steel .05 -.05,.4
    -.05,.74 / .4,.4 .4,.74; line ink .08 -.36,.76 .72,.76"""
CAR = """let rear -.75:-.5; let front .15:.4; area main rear-.14,.02 rear+.1,-.46 front,-.46 front+.32,.02;
    area glass rear+.04,0 rear+.2,-.36 -.16,-.36 -.16,0 / -.06,0 -.06,-.36 front-.04,-.36 front+.18,0;
    smooth main -.95,.36 -.92,.04 -.4,-.02 .5,-.02 .9,.12 .97,.36 .6,.44 -.6,.44; line main-.35 .1 -.85,.36
    .88,.36; disc #fcec96 .07 .87,.18. at -.52,.42 .54,.42: disc #28282e .24 0,0; disc steel .12 0,0"""
LOCOMOTIVE = """disc #d8d8dc .13 .3~.05,-.9; disc #d8d8dc .17 .08~.05,-.94; disc #d8d8dc .2 -.2~.05,-.9;
    area main-.45 .36,-.76 .74,-.76 .66,-.3 .46,-.3; box main -.2,-.34 .88,.26; oval main-.45 .1,.3 .88,-.04;
    box gold 0,-.5 .22,-.32; box main -.9,-.66 -.18,.36; box main-.45 -.98,-.76 -.1,-.62; box glass -.76,-.5
    -.34,-.12; box main-.45 -.95,.26 .95,.42; disc second .3 -.6,.82-.3; disc second-.5 .3*.55 -.6,.82-.3.
    at .05,.82-.22 .56,.82-.22: disc second .22 0,0; disc second-.5 .22*.55 0,0. line steel .07 -.6,.52
    .56,.6"""
AIRPLANE = """let sweep .1:.4. both area main .1,-.25 .97,sweep .97,sweep+.16 .1,.22 / .08,.6 .42,.85 .42,.97
    .08,.88; oval steel .08,.17 .46,0. smooth main+.5 0,-1 .16,-.7 .15,.5 0,.98 |; oval ink .09,.07 0,-.78.
    at 0,-.5 0,-.3 0,-.1 0,.1 0,.3: disc #466ea0 .03 -.08,0 .08,0"""
ROCKET = """maybe .75 let length .8:1; smooth #f69628 -.2,.5 0,.5 | 0,length; smooth #fce25a -.1,.5 .1,.5
    0,length-.16. both area second .24,.1 .58,.5 .54,.72 .2,.52. smooth main 0,-1 .26,-.56 .3,.1 .2,.56 |;
    smooth second 0,-1 .2,-.68 0,-.6 |; disc steel .17 0,-.2; disc #5a96d2 .11 0,-.2"""
BALLOON = """line ink .03 -.2*1.6,.2 -.2*.8,.7 / .2*1.6,.2 .2*.8,.7; smooth main 0,-.98 .66,-.62 .66,-.1 .2,.4
    |; smooth second 0,-.98 .4,-.62 .42,-.1 .13,.4 |; smooth main 0,-.98 .15,-.6 .16,-.1 .05,.4 |.
    maybe .5 line paper .1 -.64,-.28 .64,-.28. area wood -.2,.68 .2,.68 .15,.98 -.15,.98"""
SAILBOAT = """let full .55:.85; pick sail .6 paper second; line wood .07 0,-.95 0,.5; smooth sail .07,-.88
    full*.7,-.2 full,.3 .07,.34; area second+.4 -.07,-.7 -.07,.34 -.66,.3; area main -.95,.46 .95,.46 .62,.92
    -.6,.92; line paper .07 -.86,.54 .86,.54; area #d43232 0,-.98 -.3,-.9 0,-.82"""
SUBMARINE = """line steel .08 .1,-.4 .1,-.86 .34,-.86; area main-.15 -.22,-.5 .3,-.5 .38,-.1 -.3,-.1;
    oval gold .07,.22 -.9,.1-.26*.7 -.9,.1+.46*.7; oval main .9,.42 .04,.16. at -.3,.12 .08,.12 .46,.12: pick
    pane .5 glass #fcec96; disc paper .14 0,0; disc pane .1 0,0"""


def _wheel(pen: Pen, x: float, y: float, radius: float) -> None:
    pen.draw(f"disc #28282e {radius} {x},{y}; disc steel {radius * 0.5} {x},{y}")


def bus(pen: Pen) -> None:
    """A bus with one deck or two, from the side."""
    double = pen.draws.chance(0.4)
    top = -0.85 if double else -0.5
    pen.draw(f"box main -.95,{top} .95,.5")
    for row in ((top + 0.12, top + 0.44), (-0.1, 0.16)) if double else ((top + 0.14, -0.02),):
        for step in range(5):
            left = -0.86 + step * 0.35
            pen.draw(f"box glass {left},{row[0]} {left + 0.26},{row[1]}")
    pen.draw("line second+.4 .09 -.9,.3 .9,.3; disc #fcec96 .06 .9,.38")
    for x in (-0.52, 0.54):
        _wheel(pen, x, 0.5, 0.21)


def bicycle(pen: Pen) -> None:
    """A bicycle, from the side."""
    for x in (-0.56, 0.56):
        ring = arc(x, 0.4, 0.38, 0, 360, 20)
        pen.draw(f"line #28282e .09 {path(ring)}")
        for a, b in ring[:10:3]:
            pen.draw(f"line steel .02 {a},{b} {2 * x - a},{0.8 - b}")
    bend = pen.draws.between(-0.2, 0.15)
    pen.draw("""line main .09 -.56,.4 -.06,.42 .4,-.3 -.22,-.3 -.56,.4 / -.06,.42 -.22,-.3 -.26,-.46;
        line main .09 .56,.4 .4,-.3 .34,-.55""")
    pen.draw(
        f"line ink .08 .34,-.55 .6,{-0.58 + bend}; line ink .13 -.42,-.48 -.1,-.48; disc steel .1 -.06,.42"
    )
