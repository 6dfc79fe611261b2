from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.reference_reports import average_precision, ordered_share
from weakly.transfer.label_scores import Scored, draw, judge

SHAPE = (9, 3)


def scored(scores: np.ndarray, carried: np.ndarray) -> Scored:
    return Scored(np.arange(len(scores)), scores, carried, Counter())


@settings(max_examples=80, deadline=None)
@given(
    arrays(np.float32, SHAPE, elements=st.sampled_from([-3.0, -2.0, -1.5, -0.5, -0.25])),
    arrays(np.bool_, SHAPE),
)
def test_judgements_match_the_plain_ones(scores: np.ndarray, carried: np.ndarray) -> None:
    found = {judgement.label: judgement for judgement in judge(scored(scores, carried), 1)}
    judged = [label for label in range(SHAPE[1]) if 0 < carried[:, label].sum() < SHAPE[0]]
    assert sorted(found) == judged
    for label in judged:
        own = carried[:, label]
        assert found[label].photos == own.sum()
        assert found[label].ordered == pytest.approx(ordered_share(scores[:, label], own))
        assert found[label].precision == pytest.approx(average_precision(scores[:, label], own))
        places = [1 + sum(row > row[label]) for row in scores[own]]
        assert found[label].middle_rank == np.median(places)


def test_the_best_come_first_and_rare_labels_are_not_judged() -> None:
    scores = np.array([[0.9, 0.1, 0.5], [0.8, 0.2, 0.5], [0.1, 0.9, 0.5], [0.2, 0.8, 0.6]], np.float32)
    carried = np.array([[1, 1, 0], [1, 1, 0], [0, 0, 0], [0, 0, 1]], bool)
    judgements = judge(scored(scores, carried), 2)
    assert [judgement.label for judgement in judgements] == [0, 1]
    assert [judgement.ordered for judgement in judgements] == [1.0, 0.0]


def test_a_sample_is_distinct_and_keyed_by_the_seed() -> None:
    rows = draw(1000, 50, 7)
    assert len(set(rows.tolist())) == 50
    assert rows.min() >= 0
    assert rows.max() < 1000
    assert np.array_equal(rows, draw(1000, 50, 7))
    assert not np.array_equal(rows, draw(1000, 50, 8))
    assert sorted(draw(5, 50, 0).tolist()) == [0, 1, 2, 3, 4]
