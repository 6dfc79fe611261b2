"""Accuracies with n -> the 95% intervals printed beside them.

In: shares of n test images answered rightly. Out: intervals that stay within 0 and 1 and are sensible where n
is small. The paper prints none; they are ours, because runs here may be small enough to need them.
"""

import math
from typing import NamedTuple

from weakly.transfer.accuracy import interval


class Interval(NamedTuple):
    """Both ends of a 95% interval."""

    low: float
    high: float


def of_share(value: float, n: int) -> Interval:
    """The interval of a share `value` (0..1) of n independent images."""
    return Interval(*interval(value, n))


def of_difference(value: float, n: int, against: float, against_n: int) -> Interval:
    """Newcombe's hybrid score interval of `value - against`, two shares taken as independent.

    Two networks tested on the same images agree on many of them, so the true interval is, as a rule,
    narrower than this one.
    """
    first, second = of_share(value, n), of_share(against, against_n)
    difference = value - against
    low = difference - math.hypot(value - first.low, second.high - against)
    high = difference + math.hypot(first.high - value, against - second.low)
    return Interval(max(-1.0, low), min(1.0, high))
