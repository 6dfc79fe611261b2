import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from tests.reference_transfer import naive_objective
from weakly.transfer import logistic_regression
from weakly.transfer.logistic_regression import Classifier, Regression, Standardiser


def examples(
    n: int = 150, length: int = 12, classes: int = 4, seed: int = 0, noise: float = 0.15
) -> tuple[torch.Tensor, torch.Tensor]:
    """Standardised features with a spectrum that falls by orders, and labels that they mostly decide."""
    generator = torch.Generator().manual_seed(seed)
    hidden = torch.randn(n, length, generator=generator, dtype=torch.float64) * torch.logspace(0, -3, length)
    features = hidden @ torch.randn(length, length, generator=generator, dtype=torch.float64)
    labels = (hidden[:, :classes] / hidden[:, :classes].std(0)).argmax(1)
    wrong = torch.rand(n, generator=generator) < noise
    labels[wrong] = torch.randint(0, classes, (int(wrong.sum()),), generator=generator)
    return Standardiser.of(features).apply(features), labels


def by_scikit_learn(features: torch.Tensor, labels: torch.Tensor, c: float) -> tuple[np.ndarray, np.ndarray]:
    model = LogisticRegression(C=c, tol=1e-10, max_iter=100_000, solver="newton-cg")
    model.fit(features.numpy(), labels.numpy())
    bias = np.asarray(model.intercept_)
    return model.coef_.T, bias - bias.mean()


def distance(ours: torch.Tensor, theirs: np.ndarray) -> float:
    return float(np.linalg.norm(ours.numpy() - theirs) / np.linalg.norm(theirs))


@pytest.mark.parametrize("c", [1e-5, 1e-3, 0.1, 1.0, 10.0, 100.0])
@pytest.mark.parametrize(("n", "length"), [(150, 12), (60, 90)])
def test_the_optimum_is_that_of_scikit_learn_at_the_same_c(c: float, n: int, length: int) -> None:
    features, labels = examples(n, length)
    weights, bias = by_scikit_learn(features, labels, c)
    regression = Regression(features, labels, 4)
    ours = regression.fit(c)
    assert ours.converged
    # What TOLERANCE promises of the weights.
    assert distance(ours.weights, weights) < logistic_regression.TOLERANCE
    tight = regression.fit(c, tolerance=1e-8)
    assert tight.converged
    assert distance(tight.weights, weights) < 1e-6
    assert np.abs(tight.bias.numpy() - bias).max() < 1e-6
    assert abs(float(tight.bias.sum())) < 1e-12


def test_of_two_classes_the_c_is_half_of_scikit_learns() -> None:
    features, labels = examples(classes=2)
    for c in (1e-3, 0.1, 10.0):
        ours = Regression(features, labels, 2).fit(c, tolerance=1e-8)
        model = LogisticRegression(C=2 * c, tol=1e-10, max_iter=100_000, solver="newton-cg")
        theirs = model.fit(features.numpy(), labels.numpy()).predict_proba(features.numpy())
        assert np.abs(ours.scores(features).softmax(1).numpy() - theirs).max() < 1e-6


@settings(max_examples=300, deadline=None)
@given(st.integers(2, 25), st.integers(1, 8), st.integers(2, 5), st.integers(0, 99), st.floats(-4, 2))
def test_the_gradient_of_the_naive_objective_is_zero_there(
    n: int, length: int, classes: int, seed: int, exponent: float
) -> None:
    n = max(n, classes)
    generator = torch.Generator().manual_seed(seed)
    features = torch.randn(n, length, generator=generator, dtype=torch.float64)
    labels = torch.cat([torch.arange(classes), torch.randint(0, classes, (n,), generator=generator)])[:n]
    c = 10.0**exponent
    found = Regression(features, labels, classes).fit(c)
    assert found.converged
    weights, bias = found.weights.clone().requires_grad_(), found.bias.clone().requires_grad_()
    objective = naive_objective(features, labels.tolist(), c, weights, bias)
    assert found.objective == pytest.approx(objective.item(), rel=1e-9)
    objective.backward()
    assert weights.grad is not None
    assert bias.grad is not None
    gradient = float((weights.grad.square().sum() + bias.grad.square().sum()).sqrt())
    assert gradient == pytest.approx(found.gradient, rel=1e-3, abs=1e-12)
    assert gradient <= found.limit + 1e-12


def test_where_it_began_does_not_show() -> None:
    features, labels = examples()
    regression = Regression(features, labels, 4)
    cold = regression.fit(1.0, tolerance=1e-8)
    warm = regression.fit(1.0, start=regression.fit(0.1), tolerance=1e-8)
    assert warm.steps < cold.steps
    assert torch.allclose(cold.weights, warm.weights, rtol=0, atol=1e-7)
    assert regression.fit(1.0, start=cold, tolerance=1e-8).steps == 0


def test_a_fit_that_stops_short_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    features, labels = examples()
    monkeypatch.setattr(logistic_regression, "_NEWTON_STEPS", 2)
    short = Regression(features, labels, 4).fit(100.0)
    assert not short.converged
    assert short.steps == 2
    assert short.gradient > short.limit
    # No step is small enough: the fit ends where it is.
    monkeypatch.setattr(logistic_regression, "_SMALLEST_STEP", 2.0)
    stuck = Regression(features, labels, 4).fit(100.0)
    assert not stuck.converged
    assert stuck.steps == 0


def test_a_class_without_examples_ends_in_numbers_all_the_same() -> None:
    features = torch.randn(6, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    found = Regression(features, torch.zeros(6, dtype=torch.int64), 2).fit(10.0)
    assert found.scores(features).isfinite().all()
    assert (found.scores(features).argmax(1) == 0).all()


def test_features_that_repeat_or_never_vary_do_no_harm() -> None:
    features, labels = examples()
    plain = Regression(features, labels, 4).fit(1.0, tolerance=1e-8)
    widened = torch.cat([features, features[:, :3], torch.zeros(len(features), 2)], 1).double()
    ours = Regression(widened, labels, 4).fit(1.0, tolerance=1e-8)
    weights, _ = by_scikit_learn(widened, labels, 1.0)
    assert ours.converged
    assert distance(ours.weights, weights) < 1e-6
    assert ours.weights[-2:].abs().max() < 1e-12
    assert ours.objective < plain.objective


def test_without_any_feature_that_varies_the_most_frequent_class_wins() -> None:
    labels = torch.tensor([0, 1, 1, 2, 1])
    blank = torch.zeros(5, 3, dtype=torch.float64)
    found = Regression(blank, labels, 3).fit(1.0)
    assert found.converged
    shares = found.scores(blank[:1]).softmax(1)[0]
    assert torch.allclose(shares, torch.tensor([0.2, 0.6, 0.2], dtype=torch.float64), atol=1e-6)


def test_standardising_is_by_the_examples_measured_alone() -> None:
    generator = torch.Generator().manual_seed(0)
    features = torch.randn(40, 5, generator=generator) * 3 + 100
    # Constant, and constant but for what float32 cannot tell.
    features[:, 1] = 0.1
    features[:, 3] = 1e4
    features[::2, 3] = torch.nextafter(features[::2, 3], torch.tensor(torch.inf))
    standardiser = Standardiser.of(features)
    assert standardiser.constant.tolist() == [False, True, False, True, False]
    done = standardiser.apply(features)
    assert done.dtype == torch.float64
    kept = [0, 2, 4]
    assert done[:, kept].mean(0).abs().max() < 1e-12
    assert (done[:, kept].std(0, correction=0) - 1).abs().max() < 1e-12
    # What was constant in training says nothing in a test either.
    other = standardiser.apply(torch.full((1, 5), 7.0))
    assert other[0, [1, 3]].tolist() == [0.0, 0.0]
    assert other[0, 0] == pytest.approx(float((7 - standardiser.mean[0]) / standardiser.scale[0]))


def test_scores_are_logits() -> None:
    classifier = Classifier(
        torch.eye(2).double(), torch.tensor([1.0, -1.0]).double(), 1.0, 0.0, 0, 0, 0.0, 0.0
    )
    assert classifier.scores(torch.tensor([[2.0, 3.0]]).double()).tolist() == [[3.0, 2.0]]
