"""Where what is compiled cannot be kept, it is compiled all the same."""

import numpy as np
import pytest
from numba.core import caching

from weakly.corpus.arrays.numba_loops import compiled


def add_up(numbers: np.ndarray) -> int:
    total = 0
    for number in numbers:
        total += number
    return total


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_place_to_keep_it_is_not_needed(monkeypatch: pytest.MonkeyPatch, is_kept: bool) -> None:
    if not is_kept:
        monkeypatch.setattr(caching.CacheImpl, "_locator_classes", [])
    function = compiled(add_up)
    assert function(np.arange(5)) == 10
    assert function.stats.cache_path if is_kept else not function.stats.cache_path  # pyright: ignore
