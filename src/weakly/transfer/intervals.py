"""Shares of n test images answered rightly -> how sure they are.

In: shares and n. Out: standard errors, and 95% intervals that stay within their bounds and are sensible where
n is small. The paper prints none; they are ours, because runs here may be small enough to need them.
"""

import math
from typing import NamedTuple


class Interval(NamedTuple):
    """Both ends of a 95% interval."""

    low: float
    high: float


def standard_error(share: float, n: int) -> float:
    """Standard error of a share of n independent test images (binomial)."""
    return math.sqrt(share * (1 - share) / n)


def of_share(share: float, n: int) -> Interval:
    """The interval of a share of n independent test images (Wilson 1927: sound at 0 and 1 too)."""
    z = 1.959963984540054
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    # At 0 and 1 the ends are these exactly, but for rounding.
    return Interval(max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half)))


def of_difference(share: float, n: int, against: float, against_n: int) -> Interval:
    """Newcombe's hybrid score interval of `share - against`, two shares taken as independent.

    Two networks tested on the same images agree on many of them, so the true interval is, as a rule,
    narrower than this one.
    """
    first, second = of_share(share, n), of_share(against, against_n)
    difference = share - against
    low = difference - math.hypot(share - first.low, second.high - against)
    high = difference + math.hypot(first.high - share, against - second.low)
    return Interval(max(-1.0, low), min(1.0, high))
