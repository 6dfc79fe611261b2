import pytest
from hypothesis import given
from hypothesis import strategies as st

from weakly.transfer.intervals import of_difference, of_share, standard_error


@given(st.integers(1, 5000), st.data())
def test_the_interval_holds_every_share_that_would_not_be_surprised(n: int, data: st.DataObject) -> None:
    share = data.draw(st.integers(0, n)) / n
    low, high = of_share(share, n)
    assert 0 <= low <= share <= high <= 1
    for end in (low, high):
        if 1e-9 < end < 1 - 1e-9:
            assert abs(share - end) == pytest.approx(1.959964 * standard_error(end, n), rel=1e-4)


def test_standard_error_of_a_known_case() -> None:
    assert standard_error(0.8, 10_000) == pytest.approx(0.004)
    assert of_share(0.0, 100)[1] == pytest.approx(0.0370, abs=1e-4)


def test_newcombes_own_example() -> None:
    """Newcombe 1998, table II, 56/70 against 48/80, method 10."""
    low, high = of_difference(56 / 70, 70, 48 / 80, 80)
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


def test_intervals_stay_within_bounds() -> None:
    assert of_share(1.0, 20).high == 1.0
    assert of_share(0.0, 20).low == 0.0
    low, high = of_difference(1.0, 5, 0.0, 5)
    assert low < 1.0 == high
