"""Small sets as flat arrays, beside Python's own sets."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weakly.corpus import pairs

rows = st.lists(st.lists(st.integers(-3, 40), max_size=12), max_size=8)


def flat(values: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    row = np.repeat(np.arange(len(values)), list(map(len, values)))
    return row, np.array([value for own in values for value in own], np.int32)


@settings(deadline=None)
@given(rows)
def test_sorted_pairs_leave_out_what_is_below_0(values: list[list[int]]) -> None:
    expected = flat([sorted({value for value in own if value >= 0}) for own in values])
    found = pairs.sorted_pairs(*flat(values))
    assert [array.tolist() for array in found] == [array.tolist() for array in expected]
    assert found[1].dtype == np.int32


@settings(deadline=None)
@given(rows)
def test_values_may_stand_for_others(values: list[list[int]]) -> None:
    stands_for = np.arange(41, dtype=np.int32) % 7 - 1
    row, value = flat([[abs(one) for one in own] for own in values])
    expected = pairs.sorted_pairs(row, stands_for[value])
    found = pairs.sorted_pairs(row, value, stands_for)
    assert [array.tolist() for array in found] == [array.tolist() for array in expected]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("n", [pairs._FEW - 1, pairs._FEW, pairs._FEW + 1, 1_000_000])
def test_a_row_of_many_values_takes_no_longer_than_many_rows(n: int) -> None:
    value = np.random.default_rng(0).integers(-1, n, n).astype(np.int32)
    row, found = pairs.sorted_pairs(np.zeros(n, np.int64), value)
    assert found.tolist() == sorted(set(value.tolist()) - {-1})
    assert row.tolist() == [0] * len(found)
