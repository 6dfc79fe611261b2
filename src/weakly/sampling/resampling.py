"""How often a label's images should come, from how many there are (paper, section 1, Resampling).

In: the number of images of every label, and a rule. Out: the replication factor r(h) of every label h, and
r(I) of every image I, which is the largest r(h) among its labels. Hashtag frequency is Zipfian; the paper
repeats the images of rare hashtags (`uniform`, `sqrt`), MetaCLIP cuts those of common ones (`capped`).

| rule | r(h), with f(h) the number of images that carry h |
| --- | --- |
| `natural` | 1 |
| `uniform:T` | max(1, T / f(h)) |
| `sqrt:T` | max(1, sqrt(T / f(h))) |
| `capped:N` | min(1, N / f(h)) |

T and N are numbers of images. The paper does not print its T. Ours, where none is given, is the median number
of images a label has: the rarer half of the labels is repeated, the commoner half is left as it is.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Protocol, cast

import numpy as np

from weakly.errors import InputError

FORMS = "natural, uniform, uniform:T, sqrt, sqrt:T or capped:N, with T and N a number of images above 0"

_ROWS_AT_ONCE = 1 << 20


class Labelled(Protocol):
    """What resampling needs of a training set (see `weakly.corpus.training_set.training_set`)."""

    @property
    def fingerprint(self) -> str: ...  # noqa: D102
    @cached_property
    def label_counts(self) -> np.ndarray: ...  # noqa: D102
    def __len__(self) -> int: ...
    def label_parts(self) -> Iterator[tuple[np.ndarray, np.ndarray]]: ...  # noqa: D102


@dataclass(frozen=True)
class Rule:
    """A resampling rule.

    Attributes:
        kind: see the module's table.
        threshold: T or N, in images; None for `natural`, and for `uniform` and `sqrt` until `resolve` has put
            the default there.
    """

    kind: Literal["natural", "uniform", "sqrt", "capped"]
    threshold: float | None = None

    def __str__(self) -> str:
        return self.kind if self.threshold is None else f"{self.kind}:{self.threshold:.15g}"

    def resolve(self, counts: np.ndarray) -> "Rule":
        """Return the rule with its threshold settled for these label counts (int64[L])."""
        if self.kind == "natural" or self.threshold is not None:
            return self
        return Rule(self.kind, default_threshold(counts))


def parse_rule(text: str) -> Rule:
    """Read a rule as the command line gives it, such as `sqrt:200`.

    Raises:
        InputError: the text has none of the known forms; the message names them all.
    """
    kind, colon, number = text.strip().partition(":")
    error = InputError(f"resampling rule '{text}' is not known: expected {FORMS}")
    if kind not in ("natural", "uniform", "sqrt", "capped"):
        raise error
    kind = cast(Literal["natural", "uniform", "sqrt", "capped"], kind)
    if not colon:
        if kind == "capped":
            raise error
        return Rule(kind)
    try:
        threshold = float(number)
    except ValueError:
        raise error from None
    if kind == "natural" or not math.isfinite(threshold) or threshold <= 0:
        raise error
    return Rule(kind, threshold)


def default_threshold(counts: np.ndarray) -> float:
    """Return the median of the label counts (int64[L]) above 0, in images."""
    present = counts[counts > 0]
    if len(present) == 0:
        raise InputError("no label has an image, so there is nothing to resample: check the training set")
    return float(np.median(present))


def label_factors(counts: np.ndarray, rule: Rule) -> np.ndarray:
    """Return r(h) of every label.

    Args:
        counts: int64[L], the number of images that carry each label.
        rule: as parsed; an open threshold gets its default.

    Returns:
        float64[L]; 1 for a label without images, which no image can ask for.
    """
    rule = rule.resolve(counts)
    factors = np.ones(len(counts), np.float64)
    if rule.threshold is None:
        return factors
    present = counts > 0
    ratio = rule.threshold / counts[present]
    if rule.kind == "capped":
        factors[present] = np.minimum(1.0, ratio)
    else:
        factors[present] = np.maximum(1.0, ratio if rule.kind == "uniform" else np.sqrt(ratio))
    return factors


def image_factors(values: np.ndarray, offsets: np.ndarray, factors: np.ndarray) -> np.ndarray:
    """Return r(I) of every image: the largest factor among its labels.

    Args:
        values: int32[m], label ids of all images, one after another.
        offsets: int64[n + 1], where each image's labels begin in `values`; every image has one or more.
        factors: float64[L], from `label_factors`.

    Returns:
        float64[n].
    """
    return np.maximum.reduceat(factors[values], offsets[:-1]) if len(offsets) > 1 else np.empty(0, np.float64)


def label_chunks(training_set: Labelled) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the labels of all rows in order, a million rows at a time at most.

    Yields:
        (int32[m] label ids, int64[n + 1] where each image's labels begin, from 0).
    """
    for values, offsets in training_set.label_parts():
        for start in range(0, len(offsets) - 1, _ROWS_AT_ONCE):
            bounds = offsets[start : start + _ROWS_AT_ONCE + 1]
            yield values[bounds[0] : bounds[-1]], bounds - bounds[0]
