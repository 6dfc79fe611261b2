import itertools

import pytest
import torch

from weakly.transfer import logistic_regression, penalty
from weakly.transfer.logistic_regression import Regression, Standardiser
from weakly.transfer.penalty import GRID, Selection, select


def noisy(n: int = 240, length: int = 40, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Features of which few matter, so that neither the strongest nor the weakest penalty is best."""
    generator = torch.Generator().manual_seed(seed)
    features = torch.randn(n, length, generator=generator) * 5 + 2
    labels = features[:, :3].argmax(1)
    wrong = torch.rand(n, generator=generator) < 0.3
    labels[wrong] = torch.randint(0, 3, (int(wrong.sum()),), generator=generator)
    return features, labels, torch.arange(n) % 10 == 0


def test_the_grid_is_as_documented() -> None:
    assert len(GRID) == 17
    assert GRID[0] == pytest.approx(1e-6)
    assert GRID[-1] == pytest.approx(1e2)
    assert all(after / before == pytest.approx(10**0.5) for before, after in itertools.pairwise(GRID))


def test_the_c_taken_is_the_best_on_what_was_held_out() -> None:
    features, labels, held_out = noisy()
    found = select(features, labels, held_out, 3)
    standardiser = Standardiser.of(features[~held_out])
    expected = []
    for c in GRID:
        # Each from the beginning, and without the others.
        regression = Regression(standardiser.apply(features[~held_out]), labels[~held_out], 3)
        scores = regression.fit(c, tolerance=1e-8).scores(standardiser.apply(features[held_out]))
        right = (scores.argmax(1) == labels[held_out]).double().mean()
        expected.append((float(right), -float(torch.nn.functional.cross_entropy(scores, labels[held_out]))))
    for trial, (accuracy, loss) in zip(found.trials, expected, strict=True):
        assert trial.accuracy == accuracy
        assert trial.loss == pytest.approx(-loss, rel=1e-3)
    assert found.best.c == GRID[expected.index(max(expected))]
    assert found.held_out == 24
    assert not found.at_edge
    assert found.warnings() == []


def test_the_last_fit_is_to_all_of_the_training_part() -> None:
    features, labels, held_out = noisy()
    found = select(features, labels, held_out, 3)
    standardiser = Standardiser.of(features)
    assert torch.equal(found.standardiser.mean, standardiser.mean)
    alone = Regression(standardiser.apply(features), labels, 3).fit(found.best.c, tolerance=1e-8)
    assert found.classifier.c == found.best.c
    gap = (found.classifier.weights - alone.weights).norm() / alone.weights.norm()
    assert gap < 2 * logistic_regression.TOLERANCE


def test_of_equal_accuracies_the_smaller_loss_is_taken() -> None:
    # Far apart, so that every C is always right: the loss tells them apart, and falls to the grid's end.
    features = (
        torch.cat([torch.full((20, 1), -1.0), torch.full((20, 1), 1.0)]) + torch.arange(40)[:, None] / 99
    )
    labels = torch.arange(40) // 20
    found = select(features, labels, torch.arange(40) % 10 == 0, 2)
    assert {trial.accuracy for trial in found.trials} == {1.0}
    assert found.best.loss == min(trial.loss for trial in found.trials)
    assert found.best.c == GRID[-1]


def test_a_choice_at_the_edge_is_warned_of() -> None:
    features = (
        torch.cat([torch.full((20, 1), -1.0), torch.full((20, 1), 1.0)]) + torch.arange(40)[:, None] / 99
    )
    found = select(features, torch.arange(40) // 20, torch.arange(40) % 10 == 0, 2)
    assert found.at_edge
    (warning,) = found.warnings()
    assert "the C chosen, 100, is at the edge of the grid (1e-06 to 100)" in warning


def test_fits_that_stop_short_are_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    features, labels, held_out = noisy()
    monkeypatch.setattr(logistic_regression, "_NEWTON_STEPS", 1)
    monkeypatch.setattr(penalty, "GRID", (0.01, 0.1, 1.0))
    found = select(features, labels, held_out, 3)
    first, last = [warning for warning in found.warnings() if "stopped short" in warning]
    assert first.startswith("while choosing C") and "at C = 0.01, 0.1, 1" in first
    assert last.startswith("the final fit") and "gradient norm" in last
    assert [trial["converged"] for trial in found.details()["grid"]] == [False] * 3
    assert found.details()["fit"]["converged"] is False


def test_details_are_plain_and_whole() -> None:
    features, labels, held_out = noisy()
    features[:, 5] = 3.0
    found: Selection = select(features, labels, held_out, 3)
    details = found.details()
    assert details["C"] == found.best.c
    assert details["held_out"] == 24
    assert details["constant_features"] == 1
    assert [point["C"] for point in details["grid"]] == list(GRID)
    assert details["fit"]["converged"] is True
    assert details["fit"]["gradient"] <= details["fit"]["gradient_limit"]
