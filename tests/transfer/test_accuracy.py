import math
import multiprocessing
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import distributed

from tests.reference_transfer import naive_top
from weakly.transfer.accuracy import Accuracy, TopCounter, interval, standard_error

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
    assert accuracy.undecided == sum(any(map(math.isnan, row)) for row in scores)
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


@given(scored())
def test_rows_that_fill_up_a_batch_are_not_counted(case: tuple[list[list[float]], list[int]]) -> None:
    scores, labels = case
    plain, padded = TopCounter(len(scores[0])), TopCounter(len(scores[0]))
    plain.add(torch.tensor(scores), torch.tensor(labels))
    # As a sampler does that gives every process the same number: the first rows once more.
    real = torch.tensor([True] * len(labels) + [False] * len(labels))
    padded.add(torch.tensor(scores + scores), torch.tensor(labels + labels), real)
    assert tops(plain.total()) == tops(padded.total())
    assert plain.total().undecided == padded.total().undecided


def test_images_without_scores_are_errors() -> None:
    counter = TopCounter(3)
    counter.add(torch.eye(3), torch.arange(3))
    counter.add_errors(torch.tensor([2, 2, 0]))
    accuracy = counter.total()
    assert accuracy.n == 6
    assert accuracy.share(1) == 0.5
    assert accuracy.per_class() == [1 / 2, 1.0, 1 / 3]


def count_a_share(rank: int, world: int, meeting: Path) -> None:
    distributed.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=world)
    counter = TopCounter(4)
    for row in range(rank, 10, world):
        counter.add(torch.eye(4)[[row % 4]], torch.tensor([row % 3]))
    counter.add_errors(torch.tensor([3] * rank))
    # Asked for twice: what was summed over processes must not be summed again.
    assert tops(counter.total()) == tops(counter.total()) == (11, 3, 10)
    assert counter.total().count.tolist() == [4, 3, 3, 1]
    distributed.destroy_process_group()


def test_processes_agree_on_the_sum(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    processes = [
        context.Process(target=count_a_share, args=(rank, 2, tmp_path / "meet"), daemon=True)
        for rank in (0, 1)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]


@given(st.integers(1, 5000), st.data())
def test_the_interval_holds_every_share_that_would_not_be_surprised(n: int, data: st.DataObject) -> None:
    share = data.draw(st.integers(0, n)) / n
    low, high = interval(share, n)
    assert 0 <= low <= share <= high <= 1
    for end in (low, high):
        if 1e-9 < end < 1 - 1e-9:
            assert abs(share - end) == pytest.approx(1.959964 * standard_error(end, n), rel=1e-4)


def test_standard_error_of_a_known_case() -> None:
    assert standard_error(0.8, 10_000) == pytest.approx(0.004)
    assert interval(0.0, 100)[1] == pytest.approx(0.0370, abs=1e-4)
