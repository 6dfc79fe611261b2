"""How food is drawn, in the notation of `pen.Pen`."""

from weakly.toyworld.objects.pen import Pen, arc, path

APPLE = """smooth main 0,-.5 .5,-.62 .84,-.1 .55,.7 0,.82 |; bow bark .09 0,-.46 .02,-.75 .14,-.96.
    maybe .7 smooth leaf .08,-.7 .34,-.98 .66,-.86 .4,-.66. oval main+.5 .12,.24,20 -.42,-.2"""
BANANA = """let thick .3:.44; smooth main -.95,-.35 -.5,.34 .1,.56 .7,.34 .95,-.2 .8,-.26 .5,.56-thick*1.1
    .05,.56-thick -.5,0 -.84,-.48; bow main-.25 .045 -.8,-.3 -.42,.2 .1,.38 .6,.2; line #6e5428 .13 -.9,-.44
    -.96,-.6; disc #5a4224 .08 .88,-.24"""
STRAWBERRY = """smooth main 0,-.5 .55,-.55 .7,-.1 .3,.65 0,.95 |; oval #fade82 .045,.07 -.35,-.15 0,-.2
    .35,-.15 -.2,.15 .2,.15 0,.45 -.42,.12 .42,.12; area leaf -.62,-.6 -.3,-.62 -.34,-.9 0,-.7 .34,-.9 .3,-.62
    .62,-.6 .3,-.38 0,-.28 -.3,-.38; line leaf .08 0,-.7 .05,-.98"""
CHERRY = """let spread .38:.52; bow leaf-.2 .06 .1,-.85 -spread*.5,-.3 -spread,.5-.3 / .1,-.85
    spread*.9*.5,-.3 spread*.9,.58-.3; smooth leaf .1,-.85 .5,-1 .92,-.7 .5,-.6; disc main .38 -spread,.5;
    oval main+.65 .08,.11,30 -spread-.14,.5-.14; disc main .38 spread*.9,.58; oval main+.65 .08,.11,30
    spread*.9-.14,.58-.14"""
CARROT = """let tip -.35~.1; smooth leaf 0,-.3 tip-.14,-.7 tip,-1 tip+.14,-.7; let tip 0~.1; smooth leaf 0,-.3
    tip-.14,-.7 tip,-1 tip+.14,-.7; let tip .35~.1; smooth leaf 0,-.3 tip-.14,-.7 tip,-1 tip+.14,-.7;
    let broad .28:.4; smooth main -broad,-.34 0,-.46 broad,-.34 broad*.6,.3 .02,1 -broad*.6,.3;
    line main-.25 .05 -.5*broad*1.8,-.1 -.5*broad*.5,-.1+.02 / .45*broad*1.8,.08 .45*broad*.5,.08+.02 /
    -.3*broad*1.8,.32 -.3*broad*.5,.32+.02"""
PUMPKIN = """bow #607436 .16 0,-.5 .04,-.8 .22,-.94; oval main-.196 .4,.66 -.56,.14 .56,.14;
    oval main-.105 .4,.66 -.3,.14 .3,.14; oval main .4,.66 0,.14. maybe .5 area ink -.46,.02 -.16,.02 -.3,-.26
    / .46,.02 .16,.02 .3,-.26 / -.5,.28 -.2,.36 0,.28 .2,.36 .5,.28 .25,.58 -.25,.58"""


def pineapple(pen: Pen) -> None:
    """A pineapple."""
    pen.draw("""smooth leaf-.2 -.12,-.3 -.5,-.73 .12,-.3 / -.12,-.3 .5,-.73 .12,-.3; smooth leaf-.1 -.12,-.3
        -.25,-.855 .12,-.3 / -.12,-.3 .25,-.855 .12,-.3; smooth leaf-0 -.12,-.3 0,-.98 |;
        smooth main 0,-.38 .44,-.2 .5,.4 .3,.85 0,.95 |""")
    for step in range(-2, 3):
        x = step * 0.24
        pen.draw(f"""line main-.4 .04 {max(-0.46, x - 0.36)},{-0.1 - min(0, x) * 0.4}
            {min(0.46, x + 0.36)},.74 / {min(0.46, x + 0.36)},{-0.1 + max(0, x) * 0.4}
            {max(-0.46, x - 0.36)},.74""")


def watermelon(pen: Pen) -> None:
    """A slice of watermelon."""
    deep = pen.draws.between(0.85, 1.05)
    for radius, colour in ((0.98, "leaf-.15"), (0.86, "#e2f0be"), (0.78, "main")):
        pen.draw(f"area {colour} {path([(x, -0.4 + y * deep) for x, y in arc(0, 0, radius, 0, 180)])}")
    pen.draw("oval ink .045,.08 -.45,-.2 -.15,-.22 .15,-.18 .45,-.2 -.3,.02 .02,.05 .3,.02")


def ice_cream(pen: Pen) -> None:
    """A cone with one to three scoops."""
    pen.draw("area dough -.42,-.02 .42,-.02 0,1")
    for x in (-0.2, 0.0, 0.2):
        pen.draw(f"""line dough-.35 .04 {x - 0.14},.02 {x * 0.4 + 0.1},.6 / {x + 0.14},.02
            {x * 0.4 - 0.1},.6""")
    scoops = pen.draws.whole(1, 3)
    if scoops > 1:
        pen.draw("disc main .34 -.26,-.2; disc second .34 .26,-.2")
    if scoops != 2:
        pen.draw(f"disc main {0.46 if scoops == 1 else 0.36} 0,{-0.26 if scoops == 1 else -0.58}")
    pen.draw(f"maybe .4 disc #ce2838 .11 0,{-0.92 if scoops == 3 else -0.76}")


def pizza(pen: Pen) -> None:
    """A slice of pizza."""
    pen.draw("""area #f4cc60 -.8,-.62 .8,-.62 0,1; bow dough .26 -.8,-.64 0,-.8 |;
        disc #c43c2c .17 -.32~.05,-.3; disc #c43c2c .18 .3~.05,-.26; disc #c43c2c .17 0~.05,.12;
        disc #c43c2c .12 .02~.05,.56""")
    for _ in range(pen.draws.whole(1, 4)):
        x, y = pen.draws.between(-0.4, 0.4), pen.draws.between(-0.4, 0.1)
        pen.draw(f"oval leaf .09,.05,0:180 {x},{y}")


def doughnut(pen: Pen) -> None:
    """A doughnut with icing and sprinkles."""
    icing = [
        (x * pen.draws.between(0.92, 1.06), y * pen.draws.between(0.92, 1.06))
        for x, y in arc(0, 0, 0.76, 0, 330, 11)
    ]
    pen.draw(f"disc dough .9 0,0; smooth main {path(icing)}")
    for x, y in arc(0, 0, 0.54, 0, 340, pen.draws.whole(8, 12)):
        dx, dy = pen.draws.between(-0.09, 0.09), pen.draws.between(-0.09, 0.09)
        colour = pen.draws.choose(("second", "paper", "#f0d246"))
        pen.draw(f"line {colour} .06 {x - dx},{y - dy} {x + dx},{y + dy}")
    pen.draw("disc dough-.2 .3 0,0; disc dough-.72 .25 0,.02")


def cake(pen: Pen) -> None:
    """A round cake in two tiers, with candles on it."""
    candles = pen.draws.whole(1, 3)
    for candle in range(candles):
        x = (candle - (candles - 1) / 2) * 0.3
        pen.draw(f"line second .08 {x},-.3 {x},-.66; oval #fabe3c .06,.12 {x},-.82")
    pen.draw("box main+.25 -.52,-.34 .52,.2; box main -.82,.16 .82,.82")
    for left, right, y in ((-0.52, 0.52, -0.3), (-0.82, 0.82, 0.2)):
        steps = 4 if right < 0.6 else 6
        pen.draw(f"line paper .14 {left},{y} {right},{y}")
        for step in range(steps):
            x = left + (right - left) * (step + 0.5) / steps
            pen.draw(f"oval paper .07,.08:.16 {x},{y + 0.07}")
    pen.draw("oval #ced0d6 .98,.1 0,.86")
