import pickle
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reference_sampling import list_of_pass
from weakly.sampling import order as order_module
from weakly.sampling.order import Order, permute
from weakly.sampling.plan import BLOCK, SamplingPlan


@given(size=st.one_of(st.integers(1, 20), st.integers(1, 5000)), key=st.integers(0, 2**64 - 1))
def test_permute_is_a_bijection(size, key):
    assert sorted(permute(np.arange(size), size, key).tolist()) == list(range(size))


@pytest.mark.parametrize("size", [2, 3, 4, 5, 7, 10, 1000])
def test_permute_sends_an_element_anywhere_evenly(size):
    # The place of elements 0 and size - 1 over many keys, in bins: chi-square within 5 standard deviations.
    keys = 1500
    bins = min(size, 10)
    for element in (0, size - 1):
        places = [permute(np.array([element]), size, key)[0] * bins // size for key in range(keys)]
        counts = np.bincount(places, minlength=bins)
        expected = np.bincount(np.arange(size) * bins // size) / size * keys
        chi_square = ((counts - expected) ** 2 / expected).sum()
        assert chi_square < bins - 1 + 5 * (2 * (bins - 1)) ** 0.5


@pytest.mark.parametrize("size", [2, 3, 4, 5])
def test_permute_reaches_every_permutation(size):
    seen = Counter(tuple(permute(np.arange(size), size, key).tolist()) for key in range(2000))
    assert len(seen) == np.prod(np.arange(1, size + 1))


def test_permute_leaves_no_order_behind():
    size = 100_003
    shuffled = permute(np.arange(size), size, 7)
    assert abs(np.corrcoef(shuffled[:-1], shuffled[1:])[0, 1]) < 0.02
    assert abs(np.corrcoef(np.arange(size), shuffled)[0, 1]) < 0.02
    assert (shuffled == np.arange(size)).sum() < 12


def test_permute_in_a_large_range():
    size = 5_000_000_000
    x = np.random.default_rng(0).integers(0, size, 1000)
    y = permute(x, size, 1)
    assert y.min() >= 0
    assert y.max() < size
    assert len(np.unique(y)) == len(np.unique(x))
    assert y.mean() / size == pytest.approx(0.5, abs=0.05)


@settings(max_examples=60)
@given(
    factors=st.lists(st.floats(0.02, 4), min_size=1, max_size=40),
    seed=st.integers(0, 2**63),
    first=st.integers(0, 30),
)
def test_each_pass_is_a_permutation_of_its_copies_and_passes_follow_each_other(factors, seed, first):
    plan = SamplingPlan.from_factors(np.array(factors), seed)
    start = sum(plan.pass_size(number) for number in range(first))
    order = Order(plan)
    for number in range(first, first + 3):
        end = start + plan.pass_size(number)
        passes, rows = order.locate(np.arange(start, end))
        assert set(passes.tolist()) <= {number}
        assert sorted(rows.tolist()) == list_of_pass(plan, number)
        if end > start:
            assert order.passes(start) == number
            assert order.passes(end - 1) == pytest.approx(number + (end - 1 - start) / (end - start))
        start = end


@pytest.mark.parametrize("rows", [BLOCK, BLOCK + 1, 2 * BLOCK + 5])
def test_passes_over_several_blocks(rows):
    plan = SamplingPlan.from_factors(0.5 + np.random.default_rng(2).random(rows), seed=9)
    order = Order(plan)
    start = 0
    for number in range(3):
        size = plan.pass_size(number)
        assert sorted(order.rows(np.arange(start, start + size)).tolist()) == list_of_pass(plan, number)
        start += size


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_tiny_sets_go_round_and_round(rows):
    order = Order(SamplingPlan.from_factors(np.ones(rows), seed=1))
    passes, drawn = order.locate(np.arange(rows * 500))
    assert passes.tolist() == [number for number in range(500) for _ in range(rows)]
    assert np.sort(drawn.reshape(500, rows), axis=1).tolist() == [list(range(rows))] * 500
    if rows > 1:
        assert len({tuple(x) for x in drawn.reshape(500, rows).tolist()}) == (2, 6)[rows - 2]
    assert order.passes(rows * 250) == 250.0


def test_empty_passes_are_stepped_over():
    plan = SamplingPlan.from_factors(np.array([0.05, 0.05]), seed=0)
    order = Order(plan)
    passes, rows = order.locate(np.arange(100))
    assert np.all(np.diff(passes) >= 0)
    assert passes[-1] > 500
    assert set(rows.tolist()) == {0, 1}
    assert order.passes(1) > passes[0]


def test_a_position_does_not_depend_on_what_was_asked_before(monkeypatch):
    plan = SamplingPlan.from_factors(1 + np.random.default_rng(0).random(500), seed=11)
    whole = Order(plan).locate(np.arange(5000))
    backwards = Order(plan)
    for start in range(4900, -1, -100):
        passes, rows = backwards.locate(np.arange(start, start + 100))
        assert np.array_equal(passes, whole[0][start : start + 100])
        assert np.array_equal(rows, whole[1][start : start + 100])
    scattered = np.random.default_rng(1).permutation(5000)
    assert np.array_equal(pickle.loads(pickle.dumps(backwards)).rows(scattered), whole[1][scattered])
    monkeypatch.setattr(order_module, "_HASHES_AT_ONCE", 1)
    assert np.array_equal(Order(plan).rows(scattered), whole[1][scattered])


def test_seeds_shuffle_differently():
    positions = np.arange(1000)
    rows = [Order(SamplingPlan.from_factors(np.ones(1000), seed)).rows(positions) for seed in (0, 1)]
    assert (rows[0] == rows[1]).mean() < 0.02
    passes = Order(SamplingPlan.from_factors(np.ones(1000), 0)).rows(np.arange(2000)).reshape(2, 1000)
    assert (passes[0] == passes[1]).mean() < 0.02


def test_the_order_never_changes():
    # Written down once: a run of an older version must resume on the same rows.
    plan = SamplingPlan.from_factors(np.array([1, 2.5, 0.4, 1.7, 3]), seed=123)
    assert Order(plan).rows(np.arange(18)).tolist() == [4, 4, 0, 1, 1, 3, 4, 1, 3, 1, 3, 3, 1, 1, 4, 4, 4, 0]


def test_no_positions_and_bad_positions():
    order = Order(SamplingPlan.from_factors(np.ones(3), 0))
    assert order.rows(np.empty(0, np.int64)).tolist() == []
    assert order.passes(0) == 0.0
    with pytest.raises(ValueError, match="below 0"):
        order.rows(np.array([-1]))
