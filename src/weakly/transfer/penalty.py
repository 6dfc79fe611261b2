"""The penalty of a linear classifier, chosen on held-out training images (section 3 of the paper).

In: features and labels of a training part, and which of them are held out. Out: a `Selection`: how every C of
the grid did on those, and the classifier of the best, fitted again to all. Test images have no part in it.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch.nn import functional

from weakly.transfer.accuracy import TopCounter
from weakly.transfer.logistic_regression import Classifier, Regression, Standardiser

GRID = tuple(10.0 ** (exponent / 2) for exponent in range(-12, 5))
"""Every C that is tried: 10^-6 to 10^2 in half decades, from the strongest penalty to the weakest."""


@dataclass(frozen=True)
class Trial:
    """A C, and the top-1 share and mean cross-entropy of its classifier on the held-out images."""

    c: float
    accuracy: float
    loss: float
    converged: bool

    @property
    def worth(self) -> tuple[float, float]:
        """Greater is better: ties in accuracy go to the smaller loss."""
        return self.accuracy, -self.loss


@dataclass(frozen=True)
class Selection:
    """A choice of C and what it led to.

    Attributes:
        trials, best: one for each C of the grid, in its order, and the one whose C was taken.
        held_out: images the choice was made on.
        standardiser, classifier: measured on, and fitted to, all training images.
    """

    trials: tuple[Trial, ...]
    best: Trial
    held_out: int
    standardiser: Standardiser
    classifier: Classifier

    @property
    def at_edge(self) -> bool:
        """Whether the C taken is the first or the last of the grid, so that a better one may lie outside."""
        return self.best.c in (self.trials[0].c, self.trials[-1].c)

    def warnings(self) -> list[str]:
        """What a reader of the number must know; a line each."""
        found = []
        if self.at_edge:
            grid = f"the grid ({self.trials[0].c:g} to {self.trials[-1].c:g})"
            found.append(
                f"the C chosen, {self.best.c:g}, is at the edge of {grid}: a better one may lie outside"
            )
        short = [f"{trial.c:g}" for trial in self.trials if not trial.converged]
        if short:
            found.append(f"while choosing C, the fit stopped short of its optimum at C = {', '.join(short)}")
        if not self.classifier.converged:
            norms = f"{self.classifier.gradient:.1e}, expected at most {self.classifier.limit:.1e}"
            found.append(f"the final fit stopped short of its optimum: gradient norm {norms}")
        return found

    def details(self) -> dict[str, Any]:
        """The choice as plain values for a result."""
        return {
            "C": self.classifier.c,
            "at_edge": self.at_edge,
            "held_out": self.held_out,
            "grid": [
                {"C": t.c, "accuracy": t.accuracy, "loss": t.loss, "converged": t.converged}
                for t in self.trials
            ],
            "fit": {
                "objective": self.classifier.objective,
                "newton_steps": self.classifier.steps,
                "gradient": self.classifier.gradient,
                "gradient_limit": self.classifier.limit,
                "converged": self.classifier.converged,
            },
            "constant_features": int(self.standardiser.constant.sum()),
        }


def select(features: torch.Tensor, labels: torch.Tensor, held_out: torch.Tensor, classes: int) -> Selection:
    """Choose C and fit; ties in accuracy go to the smaller loss, ties in both to the smaller C.

    Args:
        features: float [n, D] of the training images, on the device to fit on.
        labels: int64 [n], on the same device.
        held_out: bool [n], on the same device; at least one is set and at least one is not.
        classes: their number.
    """
    trials, best, nearby = _try_all(features, labels, held_out, classes)
    standardiser = Standardiser.of(features)
    regression = Regression(standardiser.apply(features), labels, classes)
    classifier = regression.fit(best.c, start=nearby)
    return Selection(tuple(trials), best, int(held_out.sum()), standardiser, classifier)


def _try_all(
    features: torch.Tensor, labels: torch.Tensor, held_out: torch.Tensor, classes: int
) -> tuple[list[Trial], Trial, Classifier]:
    """Every trial, the best of them, and its classifier."""
    standardiser = Standardiser.of(features[~held_out])
    regression = Regression(standardiser.apply(features[~held_out]), labels[~held_out], classes)
    unseen, expected = standardiser.apply(features[held_out]), labels[held_out]
    trials: list[Trial] = []
    classifier = best = None
    for c in GRID:
        # Each optimum is a good place to begin the search for the next.
        classifier = regression.fit(c, start=classifier)
        scores = classifier.scores(unseen)
        counter = TopCounter(classes)
        counter.add(scores, expected)
        loss = float(functional.cross_entropy(scores, expected))
        trial = Trial(c, counter.total().share(1), loss, classifier.converged)
        trials.append(trial)
        if best is None or trial.worth > best[0].worth:
            best = trial, classifier
    assert best is not None
    return trials, *best
