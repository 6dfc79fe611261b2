"""One picture of the world and the truth about it, as a pure function of the seed and the picture's name.

In: a seed and the number of a post, or a class and a number of the target. Out: a `Photo`: pixels, the
objects that can be seen in it with their boxes and masks, and the grounds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Literal

import numpy as np
from PIL import Image, ImageFilter

from weakly.toyworld.camera import develop
from weakly.toyworld.draws import Draws
from weakly.toyworld.objects.catalogue import KINDS, Kind
from weakly.toyworld.objects.colours import ALL, INK, Named, darker, shade
from weakly.toyworld.objects.grounds import GROUNDS, Ground
from weakly.toyworld.objects.pen import Pen, curve, ellipse
from weakly.toyworld.objects.raster import Part, Patch, Pose, render
from weakly.toyworld.objects.surfaces import Surface

POST, TARGET = 1, {"train": 2, "test": 3}
"""Second key of the draws of a post's picture, and of one of the target's parts."""

KIND_WEIGHTS = tuple(1 / (rank + 2) for rank in range(len(KINDS)))
"""How often each kind is drawn: Zipf's law, a little flatter at its head."""
GROUND_WEIGHTS = tuple(1 / (rank + 3) for rank in range(len(GROUNDS)))

LEAST_VISIBLE = 0.4
"""Share of an object that must be seen for it to count as being in the picture."""


@dataclass(frozen=True)
class Placed:
    """An object that can be seen in a picture, and its main colour.

    Attributes:
        mask: bool [h, w], the pixels where it is seen, after what hides it.
        visible: share of the whole object that is seen, 0 to 1.
    """

    kind: Kind
    colour: Named
    mask: np.ndarray
    visible: float

    @property
    def name(self) -> str:
        """Name of its kind."""
        return self.kind.name

    @property
    def area(self) -> int:
        """Pixels where it is seen."""
        return int(np.count_nonzero(self.mask))

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, width and height in pixels, the smallest that hold the mask."""
        columns, rows = np.flatnonzero(self.mask.any(0)), np.flatnonzero(self.mask.any(1))
        left, top = int(columns[0]), int(rows[0])
        return left, top, int(columns[-1]) + 1 - left, int(rows[-1]) + 1 - top


@dataclass(frozen=True)
class Photo:
    """A picture and what is true of it.

    Attributes:
        image: uint8 [h, w, 3].
        objects: what is to be seen, the largest first; at least one.
        grounds: what they lie on; and what stands behind it, where there is a horizon.
        quality: of its JPEG, 1 to 95.
    """

    image: np.ndarray
    objects: tuple[Placed, ...]
    grounds: tuple[Ground, ...]
    quality: int


def draw_photo(seed: int, index: int, size: int) -> Photo:
    """Draw the picture of post `index`: one to four objects on a cluttered ground, the same at any size."""
    draws = Draws(seed, POST, index)
    count = draws.weighted((1, 2, 3, 4), (0.5, 0.3, 0.15, 0.05))
    kinds = [draws.weighted(KINDS, KIND_WEIGHTS) for _ in range(count)]
    halves = [draws.between(0.27, 0.43), *(draws.between(0.13, 0.26) for _ in kinds[1:])]
    return _draw(list(zip(kinds, halves, strict=True)), draws, size)


def draw_target_photo(seed: int, part: Literal["train", "test"], kind: Kind, number: int, size: int) -> Photo:
    """Draw picture `number` of a class of the target: one object, large, on a cluttered ground."""
    draws = Draws(seed, TARGET[part], KINDS.index(kind), number)
    return _draw([(kind, draws.between(0.27, 0.42))], draws, size)


def _draw(wanted: Sequence[tuple[Kind, float]], draws: Draws, size: int) -> Photo:
    """Draw objects of given kinds and half-sizes, in shares of the picture's side."""
    grounds, scene = _lay_ground(draws, size)
    outline = draws.between(0.015, 0.04) if draws.chance(0.45) else 0.0
    shadow = (draws.between(-0.05, 0.05), draws.between(0.01, 0.05)) if draws.chance(0.6) else None
    grain = Surface(size, draws).cloudy(64) * draws.between(0, 0.13)
    if count := draws.whole(0, 6):
        _clutter(scene, draws, count, thin=False)
    whole: list[tuple[Kind, Named, np.ndarray, float]] = []
    spots: list[tuple[float, float, float]] = []
    order = list(wanted) if draws.chance(0.5) else list(reversed(wanted))
    for kind, half in order:
        x, y = _free_spot(spots, half, draws)
        spots.append((x, y, half))
        colour = draws.choose(kind.colours)
        pen = Pen(draws, shade(colour.rgb, draws), shade(draws.choose(ALL).rgb, draws))
        kind.draw(pen)
        pose = _pose(kind, x * size, y * size, half * size, draws)
        ink = (darker(pen.main, 0.6) if draws.chance(0.5) else INK) if outline else None
        patch = render(pen.parts, pose, size, ink, outline)
        if shadow:
            _cast_shadow(scene, patch, shadow)
        light = 1 + grain[patch.where] + _light(patch, pose, draws)
        _put(scene, patch, light[..., None])
        _hide(whole, patch)
        mask = np.zeros((size, size), bool)
        mask[patch.where] = patch.cover[..., 0] > 0.5
        whole.append((kind, colour, mask, patch.area))
    if draws.chance(0.35):
        _hide(whole, _clutter(scene, draws, draws.whole(1, 2), thin=True))
    placed = [Placed(kind, colour, mask, mask.sum() / area) for kind, colour, mask, area in whole]
    seen = [thing for thing in placed if thing.visible >= LEAST_VISIBLE]
    # What is hardly seen is not in the picture; but a picture is of something.
    objects = sorted(seen or [max(placed, key=lambda thing: thing.area)], key=lambda thing: -thing.area)
    return Photo(develop(scene, draws), tuple(objects), grounds, draws.whole(45, 95))


def _lay_ground(draws: Draws, size: int) -> tuple[tuple[Ground, ...], np.ndarray]:
    """One ground, or two that meet at a horizon; float32 [size, size, 3]."""
    ground = draws.weighted(GROUNDS, GROUND_WEIGHTS)
    surface = Surface(size, draws)
    scene = ground.lay(surface)
    if not draws.chance(0.35):
        return (ground,), scene
    behind = draws.choose([other for other in GROUNDS if other.above and other is not ground])
    horizon = draws.between(0.3, 0.6) + draws.between(-0.12, 0.12) * (surface.x - 0.5)
    share = surface.soft(horizon - surface.y, 1.0)[..., None]
    return (ground, behind), scene * (1 - share) + behind.lay(Surface(size, draws)) * share


def _free_spot(taken: Sequence[tuple[float, float, float]], half: float, draws: Draws) -> tuple[float, float]:
    """Where of six random spots an object covers the others least."""
    edge = half * 0.8

    def crowd(spot: tuple[float, float]) -> float:
        return sum(max(0.0, half + r - abs(spot[0] - x) - abs(spot[1] - y)) for x, y, r in taken)

    return min(((draws.between(edge, 1 - edge), draws.between(edge, 1 - edge)) for _ in range(6)), key=crowd)


def _pose(kind: Kind, x: float, y: float, half: float, draws: Draws) -> Pose:
    """Turn, mirror, shear and stretch an object a little."""
    angle = draws.between(-kind.turn, kind.turn) * pi / 180
    c, s = half * cos(angle), half * sin(angle)
    wide, high, shear = draws.between(0.84, 1.1), draws.between(0.84, 1.1), draws.between(-0.16, 0.16)
    wide = -wide if draws.chance(0.5) else wide
    return Pose(x, y, (c * wide, c * shear - s * high, s * wide, s * shear + c * high))


def _light(patch: Patch, pose: Pose, draws: Draws) -> np.ndarray:
    """Extra light on a patch, from one side, [h, w] of about -0.3..0.3."""
    angle, strength = draws.between(0, 2 * pi), draws.between(0, 0.28) / pose.unit
    rows, columns = patch.where
    x = np.arange(columns.start, columns.stop, dtype=np.float32) - pose.x
    y = np.arange(rows.start, rows.stop, dtype=np.float32) - pose.y
    return strength * (cos(angle) * x + sin(angle) * y[:, None])


def _put(scene: np.ndarray, patch: Patch, light: np.ndarray | float) -> None:
    part = scene[patch.where]
    part *= 1 - patch.cover
    part += patch.colour * light


def _cast_shadow(scene: np.ndarray, patch: Patch, shift: tuple[float, float]) -> None:
    size = len(scene)
    cover = np.zeros((size, size), np.uint8)
    cover[patch.where] = patch.cover[..., 0] * 115
    image = Image.fromarray(cover).filter(ImageFilter.BoxBlur(size * 0.02))
    dx, dy = round(shift[0] * size), round(shift[1] * size)
    dark = np.asarray(image.transform((size, size), Image.Transform.AFFINE, (1, 0, -dx, 0, 1, -dy)))
    scene *= 1 - dark[..., None] / np.float32(255)


def _clutter(scene: np.ndarray, draws: Draws, count: int, thin: bool) -> Patch:
    """Scatter shapes without a name; returns what they cover. Thin ones are twigs and straws."""
    size = len(scene)
    parts: list[Part] = []
    for _ in range(count):
        x, y, half = draws.unit(), draws.unit(), draws.between(0.03, 0.13)
        colour = shade(draws.choose(ALL).rgb, draws)
        shape = 3 if thin else draws.whole(0, 3)
        dx, dy = draws.between(-half, half), draws.between(-half, half)
        width = 0.0
        if shape == 0:
            points = ellipse(x, y, half, half * draws.between(0.3, 1), draws.between(0, 180))
        elif shape == 1:
            points = [(x + dx, y + dy), (x - dy, y + dx), (x - dx, y - dy), (x + dy, y - dx)]
        elif shape == 2:
            points = [(x + dx, y + dy), (x - dy, y - half), (x + half, y - dx)]
        else:
            bend = draws.between(-0.1, 0.1)
            points = curve([(x - dx * 3, y - dy * 3), (x + bend, y + bend), (x + dx * 3, y + dy * 3)])
            width = draws.between(0.015, 0.04)
        parts.append(Part(points, colour, width))
    patch = render(parts, Pose(0, 0, (size, 0, 0, size)), size)
    _put(scene, patch, 1.0)
    return patch


def _hide(whole: Sequence[tuple[Kind, Named, np.ndarray, float]], patch: Patch) -> None:
    """Take from the masks what a patch covers."""
    for _, _, mask, _ in whole:
        mask[patch.where] &= patch.cover[..., 0] <= 0.5
