"""What the linear probe's fit costs, and how near the optimum it comes, beside scikit-learn, in one run.

    python benchmarks/probe_fit.py

Drawn features of 5,000 images (2,048 long, 10 classes, 30% of the labels wrong). First all that a probe
does with them: every C of the grid on nine tenths, then the fit to all. Then, at three C, our fit and that of
scikit-learn's L-BFGS at its default tolerance, each from nothing: seconds, and how far the objective is above
what scikit-learn reaches at a far tighter tolerance. Processor seconds are summed over threads, so that other
work on the machine shows less in them than on the wall clock.
"""

import argparse
import time
import warnings
from collections.abc import Callable
from typing import Any

import torch
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

import records
from weakly.transfer.logistic_regression import Regression, Standardiser
from weakly.transfer.penalty import GRID, select
from weakly.transfer.results import describe_machine


def draw(images: int, length: int, classes: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Rectified features of low rank with noise, as a trunk's are, float32 [n, D], and labels int64 [n]."""
    generator = torch.Generator().manual_seed(0)
    labels = torch.randint(0, classes, (images,), generator=generator)
    centres = 0.7 * torch.randn(classes, 64, generator=generator)
    hidden = centres[labels] + torch.randn(images, 64, generator=generator)
    mixed = hidden @ torch.randn(64, length, generator=generator)
    features = torch.relu(mixed + 0.3 * torch.randn(images, length, generator=generator))
    wrong = torch.rand(images, generator=generator) < 0.3
    labels[wrong] = torch.randint(0, classes, (int(wrong.sum()),), generator=generator)
    return features, labels


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What `work` returns, its processor seconds and its seconds on the wall clock."""
    processor, wall = time.process_time(), time.perf_counter()
    value = work()
    return value, time.process_time() - processor, time.perf_counter() - wall


def objective(
    features: torch.Tensor, labels: torch.Tensor, c: float, weights: torch.Tensor, bias: torch.Tensor
) -> float:
    """See `weakly.transfer.logistic_regression`."""
    loss = torch.nn.functional.cross_entropy(features @ weights + bias, labels)
    return float(loss + weights.square().sum() / (2 * c * len(labels)))


def by_scikit_learn(features: torch.Tensor, labels: torch.Tensor, c: float, tolerance: float) -> float:
    """The objective that scikit-learn's L-BFGS reaches."""
    model = LogisticRegression(C=c, tol=tolerance, max_iter=20_000).fit(features.numpy(), labels.numpy())
    return objective(features, labels, c, torch.from_numpy(model.coef_.T), torch.from_numpy(model.intercept_))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--images", type=int, default=5000)
    parser.add_argument("--length", type=int, default=2048)
    parser.add_argument("--classes", type=int, default=10)
    records.add_options(parser)
    options = parser.parse_args()
    warnings.simplefilter("ignore", ConvergenceWarning)
    features, labels = draw(options.images, options.length, options.classes)
    print(describe_machine(torch.device("cpu")), f"{torch.get_num_threads()} threads")
    held_out = torch.arange(options.images) % 10 == 0
    found, processor, wall = timed(lambda: select(features, labels, held_out, options.classes))
    print(
        f"{options.images} x {options.length}, {options.classes} classes: {len(GRID)} values of C and the "
        f"last fit: {processor:.1f} s of processor, {wall:.1f} s; all converged: {not found.warnings()}"
    )
    standardised = Standardiser.of(features).apply(features)
    print(f"{'C':>6}  {'fit':<26}{'processor s':>12}{'wall s':>8}  excess objective, relative")
    rows = []
    for c in (1e-4, 1e-2, 1.0):
        best = by_scikit_learn(standardised, labels, c, 1e-9)
        ours, *ours_took = timed(
            lambda c=c: Regression(standardised, labels, options.classes).fit(c).objective
        )
        theirs, *theirs_took = timed(lambda c=c: by_scikit_learn(standardised, labels, c, 1e-4))
        for name, value, took in (
            ("weakly", ours, ours_took),
            ("scikit-learn, default", theirs, theirs_took),
        ):
            excess = (value - best) / best
            print(f"{c:>6g}  {name:<26}{took[0]:>12.1f}{took[1]:>8.1f}  {excess:+.1e}")
            rows.append({"c": c, "fit": name, "cpu": took[0], "wall": took[1], "excess": excess})
    grid = {"cpu": processor, "wall": wall, "converged": not found.warnings()}
    records.keep(options, {"grid": grid, "fits": rows})


if __name__ == "__main__":
    main()
