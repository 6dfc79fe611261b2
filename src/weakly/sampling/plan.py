"""The sampling plan: how often every image comes in every pass, as one static array (paper, section 1).

In: a training set's labels and a resampling rule. Out: `SamplingPlan`, the inclusive cumulative sum of the
image factors r(I) in fixed point, 8 bytes an image, computed once, saved, and memory-mapped by every worker.

A factor such as 2.3 means 2 or 3 copies, drawn anew each pass with mean 2.3. The rounding is systematic, in
blocks of `BLOCK` rows: block b of pass p draws one offset u in [0, 1) from (seed, p, b), and a row gets
floor(c + u) - floor(c' + u) copies, where c is the sum of the block's factors up to the row and c' the sum
before it. So a row gets its factor rounded down or up, its mean over the passes is its factor exactly, and
whole factors are kept without any chance.

Why not a hash per row: the copies would then be known only by summing over all rows, in every pass and after
every resume. Here the size of a pass is a sum over blocks (854 thousand for 3.5 billion images), and the row
of a position is a binary search in the static array. The price: within one block and pass the roundings of
rows depend on each other (their sum is almost fixed), which no mean notices and which the shuffle hides.
"""

import json
from pathlib import Path
from typing import Any, cast

import numpy as np

from weakly.artifacts import fingerprint
from weakly.atomic import aside, sync, write_json
from weakly.errors import InputError
from weakly.hashing import mix
from weakly.progress import Meter
from weakly.sampling.mapped_array import open_mapped
from weakly.sampling.resampling import Labelled, Rule, image_factors, label_chunks, label_factors

FRACTION_BITS = 24
"""Bits after the point of a factor: a mean is off by less than 1 copy in 33 million passes."""

BLOCK = 4096
"""Rows that share one rounding offset."""

FORMAT = 1
"""Raised by one whenever the same file would give other rows."""

_ONE = 1 << FRACTION_BITS
_MOST_COPIES = 1 << 38
_ROUNDING = int.from_bytes(b"rounding")


class SamplingPlan:
    """How often each row of a training set comes in each pass.

    Attributes:
        cumulative: uint64[N], inclusive cumulative factors in units of 2^-24 copies; memory-mapped by `open`.
        block_ends: uint64[B], the last `cumulative` of every block of `BLOCK` rows.
        seed: what the rounding and the order are drawn from.
        facts: what a person reads: rows, rule, threshold, expected pass size, largest factor.
        fingerprint: digest of the training set, the rule and the seed.
        path: where it lies, or None while it is only in memory.
    """

    def __init__(
        self,
        cumulative: np.ndarray,
        block_ends: np.ndarray,
        seed: int,
        fingerprint: str,
        facts: dict[str, Any],
        path: Path | None = None,
    ) -> None:
        self.cumulative, self.block_ends = cumulative, block_ends
        self.seed, self.fingerprint, self.facts, self.path = seed, fingerprint, facts, path
        self._block_totals = np.diff(block_ends, prepend=np.uint64(0))

    def __len__(self) -> int:
        return len(self.cumulative)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what can be mapped again: a worker gets a path, not 28 GB."""
        state = self.__dict__.copy()
        if self.path is not None:
            state["cumulative"] = None
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        if self.cumulative is None:
            self.cumulative = open_mapped(cast(Path, self.path))

    @staticmethod
    def from_factors(factors: np.ndarray, seed: int) -> "SamplingPlan":
        """Make a plan in memory from image factors (float64[N], each above 0), for tests and small sets."""
        cumulative = np.cumsum(_fixed_point(factors), dtype=np.uint64)
        facts = _facts(len(factors), None, float(factors.max()), int(cumulative[-1]))
        digest = fingerprint(cumulative.tobytes(), str(seed), str(FORMAT))
        return SamplingPlan(cumulative, _ends_of_blocks(cumulative), seed, digest, facts)

    @staticmethod
    def build(training_set: Labelled, rule: Rule, seed: int, path: Path | None = None) -> "SamplingPlan":
        """Make the plan of a training set, reading its labels once.

        Args:
            training_set: whose rows are to be sampled.
            rule: the resampling rule; an open threshold gets its default.
            seed: any integer.
            path: the `.npy` to write it to while it is made, so that memory stays flat; None keeps it in
                memory, at 8 bytes an image.

        Raises:
            InputError: the training set is empty, or a pass would be beyond 2^38 images.
        """
        rows = len(training_set)
        if rows == 0:
            raise InputError("the training set has no images: nothing to sample")
        rule = rule.resolve(training_set.label_counts)
        digest = plan_fingerprint(training_set, rule, seed)
        if path is None:
            cumulative = np.empty(rows, np.uint64)
            largest = _accumulate(training_set, rule, cumulative)
            facts = _facts(rows, rule, largest, int(cumulative[-1]))
            return SamplingPlan(cumulative, _ends_of_blocks(cumulative), seed, digest, facts)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = aside(path)
        try:
            mapped = np.lib.format.open_memmap(partial, mode="w+", dtype=np.uint64, shape=(rows,))
            largest = _accumulate(training_set, rule, mapped)
            facts = _facts(rows, rule, largest, int(mapped[-1]))
            mapped.flush()
            _publish(path, partial, _ends_of_blocks(mapped), seed, digest, facts)
        finally:
            partial.unlink(missing_ok=True)
        return SamplingPlan.open(path)

    def save(self, path: Path) -> None:
        """Write the plan to `path` (`NAME.npy`), with `NAME.blocks.npy` and `NAME.json` beside it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = aside(path)
        with partial.open("wb") as file:
            np.save(file, self.cumulative)
        _publish(path, partial, self.block_ends, self.seed, self.fingerprint, self.facts)

    @staticmethod
    def open(path: Path, expected: str | None = None) -> "SamplingPlan":
        """Map a saved plan into memory.

        Args:
            path: the `.npy` that `build` or `save` wrote.
            expected: the fingerprint it must have (`plan_fingerprint`); None takes any.

        Raises:
            InputError: it is missing, damaged, of another format, or made from something else.
        """
        cure = "delete it, and it will be made again"
        description = path.with_suffix(".json")
        try:
            raw = json.loads(description.read_text(encoding="utf-8"))
            written = (raw["format"], raw["fraction_bits"], raw["block"])
            seed, digest, facts = int(raw["seed"]), str(raw["fingerprint"]), dict(raw["facts"])
            cumulative = open_mapped(path)
            block_ends = np.load(_blocks_path(path))
        except FileNotFoundError as error:
            raise InputError(f"{error.filename} is missing; expected a whole sampling plan: {cure}") from None
        except (ValueError, KeyError, TypeError, OSError, EOFError) as error:
            raise InputError(f"{path} is not a whole sampling plan ({error}): {cure}") from error
        if written != (FORMAT, FRACTION_BITS, BLOCK):
            raise InputError(f"{path} is a sampling plan of another format {written}: {cure}")
        blocks = -(-len(cumulative) // BLOCK)
        if len(block_ends) != blocks or len(cumulative) != facts["rows"] or block_ends[-1] != cumulative[-1]:
            raise InputError(f"{path} does not fit {description.name} beside it: {cure}")
        if expected is not None and digest != expected:
            raise InputError(f"{path} was made from another training set, rule or seed: {cure}")
        return SamplingPlan(cumulative, block_ends, seed, digest, facts, path)

    @property
    def expected_pass_size(self) -> float:
        """The mean number of images in a pass: the sum of all factors."""
        return int(self.block_ends[-1]) / _ONE

    def offsets(self, passes: np.ndarray) -> np.ndarray:
        """Return each block's rounding offset u in each pass (int64[P]): uint64[P, B], in units of 2^-24."""
        blocks = np.arange(len(self.block_ends))
        return mix(self.seed, _ROUNDING, passes[:, None], blocks) >> np.uint64(64 - FRACTION_BITS)

    def block_sizes(self, passes: np.ndarray) -> np.ndarray:
        """Return how many images each block gives in each pass (int64[P]): int64[P, B]."""
        return ((self._block_totals + self.offsets(passes)) >> np.uint64(FRACTION_BITS)).astype(np.int64)

    def pass_size(self, number: int) -> int:
        """Return how many images pass `number` (from 0) has."""
        return int(self.block_sizes(np.array([number])).sum())

    def copies(self, number: int) -> np.ndarray:
        """Return int64[N], how often each row comes in pass `number`. O(N): for reports and tests."""
        offsets = self.offsets(np.array([number]))[0]
        block_starts = np.concatenate([np.zeros(1, np.uint64), self.block_ends[:-1]])
        rows = np.arange(len(self))
        block = rows // BLOCK
        whole = (self.cumulative - block_starts[block] + offsets[block]) >> np.uint64(FRACTION_BITS)
        before = np.where(rows % BLOCK == 0, np.uint64(0), np.roll(whole, 1))
        return (whole - before).astype(np.int64)


def plan_fingerprint(training_set: Labelled, rule: Rule, seed: int) -> str:
    """Return the fingerprint that the plan of this training set, rule and seed has, without making it."""
    settled = str(rule.resolve(training_set.label_counts))
    return fingerprint(training_set.fingerprint, settled, str(seed), f"{FORMAT} {FRACTION_BITS} {BLOCK}")


def expected_label_counts(training_set: Labelled, plan: SamplingPlan) -> np.ndarray:
    """Return float64[L], the mean number of images that carry each label in a pass.

    It stands against `training_set.label_counts`, the same before resampling. Reads every label once.
    """
    expected = np.zeros(len(training_set.label_counts), np.float64)
    row, carry = 0, np.uint64(0)
    for values, offsets in label_chunks(training_set):
        cumulative = plan.cumulative[row : row + len(offsets) - 1]
        factors = np.diff(cumulative, prepend=carry).astype(np.float64) / _ONE
        expected += np.bincount(values, np.repeat(factors, np.diff(offsets)), minlength=len(expected))
        row, carry = row + len(cumulative), cumulative[-1]
    return expected


def _accumulate(training_set: Labelled, rule: Rule, cumulative: np.ndarray) -> float:
    """Fill `cumulative` (uint64[N]) from the labels; return the largest factor."""
    by_label = label_factors(training_set.label_counts, rule)
    row, carry, largest = 0, np.uint64(0), 0.0
    with Meter("planning", "images", len(cumulative)) as meter:
        for values, offsets in label_chunks(training_set):
            factors = image_factors(values, offsets, by_label)
            if float(carry) / _ONE + factors.sum() > _MOST_COPIES:
                raise InputError(
                    f"resampling {rule} makes a pass of more than {_MOST_COPIES:,} images: "
                    "give a lower threshold, as in sqrt:200"
                )
            part = cumulative[row : row + len(factors)]
            np.cumsum(_fixed_point(factors), out=part)
            part += carry
            row, carry = row + len(factors), part[-1]
            largest = max(largest, float(factors.max()))
            meter.add(len(factors))
    return largest


def _fixed_point(factors: np.ndarray) -> np.ndarray:
    """Return uint64, in units of 2^-24; never 0, so that every image comes now and then."""
    return np.maximum(np.rint(factors * _ONE), 1).astype(np.uint64)


def _ends_of_blocks(cumulative: np.ndarray) -> np.ndarray:
    """Return the last value of every block of `BLOCK` rows, the last of which may be short."""
    last = np.minimum(np.arange(BLOCK, len(cumulative) + BLOCK, BLOCK), len(cumulative)) - 1
    return np.asarray(cumulative[last])


def _facts(rows: int, rule: Rule | None, largest: float, total: int) -> dict[str, Any]:
    return {
        "rows": rows,
        "rule": "as given" if rule is None else str(rule),
        "threshold": None if rule is None else rule.threshold,
        "expected_pass_size": total / _ONE,
        "largest_factor": largest,
    }


def _blocks_path(path: Path) -> Path:
    return path.with_suffix(".blocks.npy")


def _publish(
    path: Path, partial: Path, block_ends: np.ndarray, seed: int, digest: str, facts: dict[str, Any]
) -> None:
    """Put the three files in place, the description last: a plan without it is not one."""
    path.with_suffix(".json").unlink(missing_ok=True)
    partial_blocks = aside(_blocks_path(path))
    with partial_blocks.open("wb") as file:
        np.save(file, block_ends)
    for written, place in ((partial, path), (partial_blocks, _blocks_path(path))):
        sync(written)
        written.rename(place)
    description = {
        "kind": "sampling-plan",
        "format": FORMAT,
        "fraction_bits": FRACTION_BITS,
        "block": BLOCK,
        "seed": seed,
        "fingerprint": digest,
        "facts": facts,
    }
    write_json(path.with_suffix(".json"), description)
