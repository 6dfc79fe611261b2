"""Distinct authors of a label: exact up to the number asked for, whoever counted."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weakly.corpus.vocabulary import count
from weakly.corpus.vocabulary.count import DistinctAuthors

PAIRS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 9)), max_size=60)


@given(
    pairs=PAIRS,
    most=st.integers(1, 6),
    cuts=st.lists(st.integers(0, 60), max_size=3),
    pending=st.integers(0, 20),
)
def test_counts_are_those_of_sets(
    tmp_path_factory: pytest.TempPathFactory,
    pairs: list[tuple[int, int]],
    most: int,
    cuts: list[int],
    pending: int,
) -> None:
    plain: dict[int, set[int]] = defaultdict(set)
    for label, author in pairs:
        plain[label].add(author)
    path = tmp_path_factory.mktemp("authors") / "some.npz"
    together = DistinctAuthors(most)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(count, "_PENDING_AUTHORS", pending)
        for some in np.split(np.array(pairs, np.int64).reshape(-1, 2), sorted(cuts)):
            worker = DistinctAuthors(most)
            worker.add(some[:, 0], some[:, 1].astype(np.uint64))
            worker.save(path)
            together.add_saved(path)
    assert together.counts(5).tolist() == [min(len(plain[label]), most) for label in range(5)]


def test_nothing_is_kept_where_nothing_is_asked() -> None:
    none = DistinctAuthors(0)
    none.add(np.array([1]), np.array([2], np.uint64))
    assert none.counts(3).tolist() == [0, 0, 0]
