"""Small sets as flat arrays, beside Python's own sets."""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weakly.corpus.arrays import ragged

many_sets = st.lists(st.lists(st.integers(-3, 40), max_size=12), max_size=8)


def flat(values: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    offsets = np.cumsum([0, *map(len, values)]).astype(np.int32)
    return offsets, np.array([value for own in values for value in own], np.int32)


def same(found: tuple[np.ndarray, np.ndarray], expected: tuple[np.ndarray, np.ndarray]) -> bool:
    return all(
        one.dtype == other.dtype == np.int32 and np.array_equal(one, other)
        for one, other in zip(found, expected, strict=True)
    )


@settings(deadline=None)
@given(many_sets)
def test_sorted_sets_leave_out_what_is_below_0(values: list[list[int]]) -> None:
    expected = flat([sorted({value for value in own if value >= 0}) for own in values])
    assert same(ragged.sorted_sets(*flat(values)), expected)


@settings(deadline=None)
@given(many_sets)
def test_values_may_stand_for_others(values: list[list[int]]) -> None:
    stands_for = np.arange(41, dtype=np.int32) % 7 - 1
    offsets, value = flat([[abs(one) for one in own] for own in values])
    expected = ragged.sorted_sets(offsets, stands_for[value])
    assert same(ragged.sorted_sets(offsets, value, stands_for), expected)


@settings(deadline=None)
@given(many_sets, st.randoms(use_true_random=False))
def test_some_sets_are_taken(values: list[list[int]], random: Random) -> None:
    which = [random.random() < 0.7 for _ in values]
    expected = flat([own for own, is_taken in zip(values, which, strict=True) if is_taken])
    assert same(ragged.taken_sets(*flat(values), np.array(which, bool)), expected)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("n", [ragged._FEW - 1, ragged._FEW, ragged._FEW + 1, 1_000_000])
def test_a_set_of_many_values_takes_no_longer_than_many_sets(n: int) -> None:
    value = np.random.default_rng(0).integers(-1, n, n).astype(np.int32)
    offsets, found = ragged.sorted_sets(np.array([0, n], np.int32), value)
    assert found.tolist() == sorted(set(value.tolist()) - {-1})
    assert offsets.tolist() == [0, len(found)]
