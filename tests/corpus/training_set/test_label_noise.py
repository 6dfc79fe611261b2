"""Label noise: its rate, what it draws, and that nothing but the seed and the post decides it."""

import numpy as np
import pyarrow as pa
import pytest

from weakly.corpus.training_set.label_noise import LabelNoise
from weakly.errors import InputError

COUNTS = np.array([40, 20, 10, 5, 1])
ONE_EACH = np.arange(40_001, dtype=np.int32)


def noised(
    share: float, label: np.ndarray, counts: np.ndarray, seed: int = 5
) -> tuple[np.ndarray, LabelNoise]:
    """One post a label, so that nothing merges."""
    noise = LabelNoise(share, seed, counts)
    ids = pa.array([f"post {i}" for i in range(len(label))])
    offsets, mixed = noise.replace(ids, ONE_EACH[: len(label) + 1], label.astype(np.int32))
    assert np.array_equal(offsets, ONE_EACH[: len(label) + 1])
    return mixed, noise


def test_no_noise_changes_nothing() -> None:
    label = np.random.default_rng(0).integers(0, 5, 1000)
    mixed, noise = noised(0.0, label, COUNTS)
    assert np.array_equal(mixed, label) and noise.found["replaced"] == 0 and noise.found["labels"] == 1000


@pytest.mark.parametrize("share", [0.1, 0.5, 1.0])
def test_noise_has_its_rate_and_draws_from_the_others_as_they_count(share: float) -> None:
    n = 40_000
    label = np.repeat(np.arange(5), np.array([16, 10, 8, 4, 2]) * n // 40)
    mixed, noise = noised(share, label, COUNTS)
    changed = mixed != label
    # A replacement is never the label itself, so what changed is what was replaced.
    assert changed.sum() == noise.found["replaced"]
    assert abs(noise.found["replaced"] - share * n) <= 4 * np.sqrt(n * share * (1 - share))
    for own in range(5):
        drawn = np.bincount(mixed[(label == own) & changed], minlength=5)
        others = COUNTS.copy()
        others[own] = 0
        expected = drawn.sum() * others / others.sum()
        assert drawn[own] == 0
        statistic = ((drawn - expected)[others > 0] ** 2 / expected[others > 0]).sum()
        assert statistic < 21.1  # chi-square, 3 degrees of freedom, p = 0.0001


def test_noise_never_draws_a_label_without_posts_and_may_replace_one() -> None:
    counts = np.array([7, 0, 3, 0])
    mixed, _ = noised(1.0, np.repeat(np.arange(4), 500), counts)
    after = mixed.reshape(4, 500)
    assert set(after[0]) == {2} and set(after[2]) == {0}
    assert set(after[1]) == set(after[3]) == {0, 2}


def test_noise_depends_on_the_seed_and_the_post_only() -> None:
    label = np.zeros(2000, np.int64)
    one, _ = noised(0.5, label, COUNTS)
    other, _ = noised(0.5, label, COUNTS, seed=6)
    assert 0.3 < np.mean(one != other) < 0.9
    ids = pa.array([f"post {i}" for i in reversed(range(2000))])
    _, backwards = LabelNoise(0.5, 5, COUNTS).replace(ids, ONE_EACH[:2001], label.astype(np.int32))
    assert np.array_equal(backwards[::-1], one)


def test_more_noise_replaces_more_and_keeps_what_was_replaced() -> None:
    label = np.random.default_rng(0).integers(0, 5, 4000)
    little, _ = noised(0.1, label, COUNTS)
    much, _ = noised(0.5, label, COUNTS)
    assert np.array_equal(much[little != label], little[little != label])


def test_noise_needs_another_label() -> None:
    with pytest.raises(InputError, match=r"--noise 0.1: .*the vocabulary has 1 that posts carry"):
        LabelNoise(0.1, 0, np.array([3, 0]))
    LabelNoise(0.0, 0, np.array([3]))


def test_labels_stay_distinct_where_a_draw_is_already_there() -> None:
    noise = LabelNoise(1.0, 0, np.array([1, 1]))
    two, labels = np.array([0, 2, 3], np.int32), np.array([0, 1, 0], np.int32)
    offsets, label = noise.replace(pa.array(["a", "b"]), two, labels)
    assert (offsets.tolist(), label.tolist(), noise.found["merged"]) == ([0, 2, 3], [0, 1, 1], 0)
    noise = LabelNoise(1.0, 0, np.array([1, 1, 0]))
    offsets, label = noise.replace(pa.array(["a"]), np.array([0, 2], np.int32), np.array([1, 2], np.int32))
    assert offsets.tolist() == [0, len(label)]
    assert label.tolist() in ([0], [0, 1]) and noise.found["merged"] == 2 - len(label)
