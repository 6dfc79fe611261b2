import math

import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.reference_transfer import naive_top
from weakly.transfer.accuracy import Accuracy, TopCounter

# Few distinct values, so that ties are common; a score may also not be a number.
SCORE = st.sampled_from([-math.inf, -1.0, 0.0, 0.5, 1.0, math.inf, math.nan])


@st.composite
def scored(draw: st.DrawFn) -> tuple[list[list[float]], list[int]]:
    classes, n = draw(st.integers(1, 8)), draw(st.integers(1, 12))
    rows = st.lists(SCORE, min_size=classes, max_size=classes)
    scores = draw(st.lists(rows, min_size=n, max_size=n))
    return scores, draw(st.lists(st.integers(0, classes - 1), min_size=n, max_size=n))


def tops(accuracy: Accuracy) -> tuple[int, int, int]:
    return accuracy.n, int(accuracy.top1.sum()), int(accuracy.top5.sum())


@given(scored(), st.data())
def test_counts_are_those_of_sorting_whatever_the_batches(
    case: tuple[list[list[float]], list[int]], data: st.DataObject
) -> None:
    scores, labels = case
    counter = TopCounter(len(scores[0]))
    cut = data.draw(st.integers(0, len(labels)))
    for part in (slice(0, cut), slice(cut, None)):
        if labels[part]:
            counter.add(torch.tensor(scores[part]), torch.tensor(labels[part]))
    accuracy = counter.total()
    first, five = naive_top(scores, labels, 1), naive_top(scores, labels, 5)
    assert tops(accuracy) == (len(labels), sum(first), sum(five))
    for label, share in enumerate(accuracy.per_class()):
        own = [right for right, expected in zip(first, labels, strict=True) if expected == label]
        assert share == (sum(own) / len(own) if own else None)
    assert accuracy.share(1) == sum(first) / len(first)
    assert accuracy.share(5) == sum(five) / len(five)


def test_equal_scores_favour_the_lower_class() -> None:
    counter = TopCounter(7)
    counter.add(torch.zeros(7, 7), torch.arange(7))
    assert tops(counter.total()) == (7, 1, 5)
    assert counter.total().top1.tolist() == [1, 0, 0, 0, 0, 0, 0]


def test_images_without_scores_are_errors() -> None:
    counter = TopCounter(3)
    counter.add(torch.eye(3), torch.arange(3))
    counter.add_errors(torch.tensor([2, 2, 0]))
    accuracy = counter.total()
    assert accuracy.n == 6
    assert accuracy.share(1) == 0.5
    assert accuracy.per_class() == [1 / 2, 1.0, 1 / 3]
