"""How plants and what the sky holds are drawn, in the notation of `pen.Pen`."""

from math import atan2, cos, hypot, pi, sin

from weakly.toyworld.objects.colours import COLOURS, blend
from weakly.toyworld.objects.pen import Pen, arc, path
from weakly.toyworld.objects.raster import Point

TULIP = """let spread .35:.6; line leaf .1 0,0 0,1. both smooth leaf-.1 0,.95 .3,.6 spread,0 .14,.5.
    smooth main -.4,-.4 -.44,-.92 -.2,-.7 0,-.98 | 0,.1; smooth main+.25 0,-.8 .2,-.4 0,.04 |"""
CACTUS = """let left -.4:.1; let right -.4:.1; line main .26 -.2,.4 -.62,.4 -.62,left / .2,.2 .62,.2
    .62,right; line main .46 0,-.72 0,.85; line main-.35 .04 -.1,-.75 -.1,.75 / .1,-.75 .1,.75.
    maybe .5 area #be623a -.46,.55 .46,.55 .34,1 -.34,1. maybe .4 disc #e85482 .13 .05,-.94"""
SNOWMAN = """both line bark .06 .3,.1 .9,-.4:.3. disc #f4f6fa .45 0,.55; disc #f4f6fa .34 0,.02;
    disc #f4f6fa .26 0,-.42; line main .12 -.24,-.2 .24,-.2; box ink -.34,-.66 .34,-.58 / -.22,-1 .22,-.62;
    area #ee8228 0,-.46 .3,-.38 0,-.34; disc ink .04 -.1,-.5 .1,-.5; disc ink .05 0,0 0,.4 0,.62"""
MOUNTAIN = """let low -.3:0; area main-.3 .05,.8 .55,low 1,.8; area main -1,.8 -.2,-.85 .62,.8;
    area paper -.2,-.85 .03,-.38 -.1,-.46 -.22,-.26 -.32,-.44 -.44,-.36 / .55,low .67,low+.22 .54,low+.15
    .44,low+.22"""
TREE = """area bark -.13,0 .13,0 .2,1 -.2,1; line bark .09 .02,.35 .3,.05; disc main .3:.42 -.42,0;
    disc main .3:.42 .42,.02; disc main .3:.42 -.3,-.42; disc main .3:.42 .32,-.42; disc main .3:.42 0,-.62;
    disc main .3:.42 0,-.15; disc main+.2 .16 -.36,-.5 .26,-.5 -.06,-.7"""
PALM = """let lean -.3:.3; bow #967046 .17 -lean*.6,1 -lean*.2,.3 lean,-.4; line bark .04 -lean*.3-.09,.75
    -lean*.3+.09,.75 / -lean*.3-.09,.45 -lean*.3+.09,.45 / -lean*.3-.09,.15 -lean*.3+.09,.15;
    smooth main lean,-.4 lean-.75*.5,-.75 lean-.75,-.05 lean-.75*.5,-.75+.26 / lean,-.4 lean+.75*.5,-.75
    lean+.75,-.05 lean+.75*.5,-.75+.26 / lean,-.4 lean-.62*.5,-.35 lean-.62,.3 lean-.62*.5,-.35+.26 / lean,-.4
    lean+.62*.5,-.35 lean+.62,.3 lean+.62*.5,-.35+.26 / lean,-.4 lean-.3*.5,-.95 lean-.3,-.75
    lean-.3*.5,-.95+.26 / lean,-.4 lean+.3*.5,-.95 lean+.3,-.75 lean+.3*.5,-.95+.26; disc bark .1 lean-.1,-.3
    lean+.1,-.3"""
LEAF = """let broad .42:.66; line main-.35 .09 0,.5 0,1; smooth main 0,-1 broad*.75,-.4 broad,.15 0,.74 |;
    line main-.35 .06 0,-.8 0,.7. at 0,-.35 0,0 0,.35: both line main-.35 .045 0,.16 broad*.68,-.12"""
CLOUD = """maybe .4 at -.45,0 0,0 .45,0: line #548cd6 .08 0,.5 -.14,.9. box main+.55 -.6,0 .6,.36;
    let puff .9:1.1; disc main+.55 .3*puff -.6,.08; let puff .9:1.1; disc main+.55 .32*puff .62,.06;
    let puff .9:1.1; disc main+.55 .4*puff -.22,-.2; let puff .9:1.1; disc main+.55 .44*puff .28,-.26"""


def around(count: int, radius: float, start: float = 0.0) -> list[Point]:
    """Points spread evenly on a circle, from an angle in degrees on."""
    angles = [pi * (start / 180 + 2 * step / count) for step in range(count)]
    return [(radius * cos(angle), radius * sin(angle)) for angle in angles]


def zigzag(points: int, outer: float, inner: float, start: float = -90.0) -> list[Point]:
    """Corners of a star."""
    peaks, dents = (around(points, outer, start), around(points, inner, start + 180 / points))
    return [corner for pair in zip(peaks, dents, strict=True) for corner in pair]


def fir(pen: Pen) -> None:
    """A fir: three tiers and a trunk."""
    snowy = pen.draws.chance(0.25)
    pen.draw("box bark -.12,.6 .12,1")
    for tier, (top, low, half) in enumerate(((0.0, 0.72, 0.72), (-0.5, 0.3, 0.56), (-1.0, -0.15, 0.4))):
        pen.draw(f"area main+{0.1 * tier} 0,{top} {half},{low} {half * 0.3},{low - 0.08} |")
        if snowy:
            pen.draw(f"line paper .09 {half * 0.4},{top + 0.36} {half * 0.8},{low - 0.06}")


def flower(pen: Pen) -> None:
    """A flower with five to eight round petals on a stem."""
    petals = pen.draws.whole(5, 8)
    pen.draw("""bow leaf .1 0,-.2 .06,.4 0,1; smooth leaf .03,.7 .3,.4 .62,.42 .35,.68.
        maybe .6 smooth leaf .03,.85 -.25,.52 -.58,.55 -.3,.82""")
    for x, y in around(petals, 0.42, pen.draws.between(0, 60)):
        pen.draw(f"disc main {1.25 / petals + 0.06} {x},{y - 0.36}")
    pen.draw("disc second .24 0,-.36")


def mushroom(pen: Pen) -> None:
    """A toadstool with dots on its cap."""
    height = pen.draws.between(0.75, 1.0)
    pen.draw("smooth paper -.2,-.05 -.24,.6 -.34,.95 |; oval #d6c8b0 .5,.1 0,.02")
    cap = [(x * 0.9, y * height) for x, y in arc(0, 0, 1.0, 180, 360)]
    pen.draw(f"area main {path(cap)} .7,.12 -.7,.12")
    for x, y, size in ((-0.45, -0.3, 0.14), (0.05, -0.6, 0.17), (0.5, -0.28, 0.13), (0.02, -0.15, 0.11)):
        pen.draw(f"oval paper {size},{size * 0.8} {x + pen.draws.between(-0.06, 0.06)},{y * height}")


def sun(pen: Pen) -> None:
    """The sun with its rays."""
    rays = pen.draws.whole(8, 13)
    start = pen.draws.between(0, 40)
    if pen.draws.chance(0.5):
        for (x, y), (ex, ey) in zip(around(rays, 0.66, start), around(rays, 0.96, start), strict=True):
            pen.draw(f"line main .11 {x},{y} {ex},{ey}")
    else:
        pen.colours["rays"] = blend(pen.main, COLOURS["red"].rgb, 0.25)
        pen.draw(f"area rays {path(zigzag(rays, 1.0, 0.62, start))}")
    pen.draw("disc main .54 0,0; disc main+.35 .3 -.1,-.1")


def moon(pen: Pen) -> None:
    """A crescent."""
    # The inner edge is another circle through the same two tips.
    tip = pen.draws.between(52, 66)
    outer = arc(0, 0, 0.95, tip, 360 - tip, 24)
    x, y = outer[0]
    centre = x + pen.draws.between(0.15, 0.4)
    angle = atan2(y, x - centre) * 180 / pi
    inner = arc(centre, 0, hypot(x - centre, y), 360 - angle, angle, 20)
    pen.draw(f"area main {path([(a + 0.3, b) for a, b in outer + inner])}")
    pen.draw("disc main-.15 .08 -.44,-.25; disc main-.15 .07 -.34,.34")


def star(pen: Pen) -> None:
    """A star with five points."""
    slim = pen.draws.between(0.36, 0.5)
    pen.draw(f"area main {path(zigzag(5, 1.0, slim))}; area main+.3 {path(zigzag(5, 0.6, slim * 0.6))}")


def rainbow(pen: Pen) -> None:
    """A rainbow, some with clouds at its feet."""
    wide = pen.draws.between(0.1, 0.13)
    for band, colour in enumerate(("#d63c3c", "#ee9232", "#f4d850", "#5aaa5a", "#4678d2", "#8254aa")):
        pen.draw(f"line {colour} {wide * 1.15} arc:0,.5,{0.92 - wide * band},180,360")
    if pen.draws.chance(0.5):
        for x in (-0.62, 0.62):
            for dx, size in ((-0.18, 0.18), (0.02, 0.24), (0.22, 0.18)):
                pen.draw(f"disc paper {size} {x + dx},.5")
