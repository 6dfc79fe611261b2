"""The colours of the world: their names are nouns of WordNet, so that posts can name them."""

from dataclasses import dataclass

from weakly.toyworld.draws import Draws

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""


@dataclass(frozen=True)
class Named:
    """A colour and its noun, as NLTK writes it; an object's own shade differs a little."""

    synset: str
    rgb: Colour

    @property
    def name(self) -> str:
        """`red`."""
        return self.synset.partition(".")[0]


COLOURS = {
    colour.name: colour
    for colour in (
        Named("red.n.01", (206, 46, 48)),
        Named("orange.n.02", (236, 132, 40)),
        Named("yellow.n.01", (240, 205, 62)),
        Named("green.n.01", (72, 150, 66)),
        Named("turquoise.n.01", (58, 178, 172)),
        Named("blue.n.01", (52, 102, 192)),
        Named("purple.n.01", (126, 70, 160)),
        Named("pink.n.01", (236, 138, 170)),
        Named("brown.n.01", (134, 88, 52)),
        Named("gray.n.01", (138, 142, 148)),
        Named("black.n.01", (44, 44, 52)),
        Named("white.n.02", (240, 238, 232)),
    )
}
"""By name, the bright ones first."""
ALL = tuple(COLOURS.values())
BRIGHT = ALL[:8]

INK: Colour = (34, 32, 40)
MATERIALS: dict[str, Colour] = {
    "ink": INK,
    "paper": (246, 242, 230),
    "steel": (172, 178, 186),
    "gold": (226, 180, 64),
    "wood": (158, 106, 60),
    "bark": (104, 74, 48),
    "leaf": (66, 136, 58),
    "glass": (176, 214, 232),
    "dough": (222, 170, 104),
    "beak": (240, 170, 50),
}


def shade(colour: Colour, draws: Draws) -> Colour:
    """The colour as one object has it: a little lighter or darker, warmer or colder."""
    light = draws.between(-22, 22)
    red, green, blue = (
        max(0, min(255, round(channel + light + draws.between(-12, 12)))) for channel in colour
    )
    return red, green, blue


def blend(colour: Colour, other: Colour, share: float) -> Colour:
    """A colour with a share of another in it."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, other, strict=True))
    return red, green, blue


def darker(colour: Colour, share: float = 0.35) -> Colour:
    """A colour with a share of black."""
    return blend(colour, (0, 0, 0), share)


def lighter(colour: Colour, share: float = 0.4) -> Colour:
    """A colour with a share of white."""
    return blend(colour, (255, 255, 255), share)
