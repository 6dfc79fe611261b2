"""The colours of the world: their names are nouns of WordNet, so that posts can name them."""

from dataclasses import dataclass

from weakly.toyworld.draws import Draws

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""


@dataclass(frozen=True)
class Named:
    """A colour with a name.

    Attributes:
        synset: its noun, as NLTK writes it.
        rgb: what it looks like; an object's own shade differs a little.
    """

    synset: str
    rgb: Colour

    @property
    def name(self) -> str:
        """`red`."""
        return self.synset.partition(".")[0]


RED = Named("red.n.01", (206, 46, 48))
ORANGE = Named("orange.n.02", (236, 132, 40))
YELLOW = Named("yellow.n.01", (240, 205, 62))
GREEN = Named("green.n.01", (72, 150, 66))
TURQUOISE = Named("turquoise.n.01", (58, 178, 172))
BLUE = Named("blue.n.01", (52, 102, 192))
PURPLE = Named("purple.n.01", (126, 70, 160))
PINK = Named("pink.n.01", (236, 138, 170))
BROWN = Named("brown.n.01", (134, 88, 52))
GREY = Named("gray.n.01", (138, 142, 148))
BLACK = Named("black.n.01", (44, 44, 52))
WHITE = Named("white.n.02", (240, 238, 232))

BRIGHT = (RED, ORANGE, YELLOW, GREEN, TURQUOISE, BLUE, PURPLE, PINK)
ALL = (*BRIGHT, BROWN, GREY, BLACK, WHITE)

INK: Colour = (34, 32, 40)
PAPER: Colour = (246, 242, 230)
STEEL: Colour = (172, 178, 186)
GOLD: Colour = (226, 180, 64)
WOOD: Colour = (158, 106, 60)
BARK: Colour = (104, 74, 48)
LEAF: Colour = (66, 136, 58)
GLASS: Colour = (176, 214, 232)


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
