"""L2-regularised logistic regression on frozen features, solved to its optimum (section 3 of the paper).

In: features and labels. Out: a `Classifier` and how near the optimum it is. The objective is, for n examples
x_i of class y_i, weights W [D, K] and a bias b [K] that is not penalised,

    mean_i -log softmax(x_i W + b)[y_i]  +  ||W||^2 / (2 C n)

which is scikit-learn's (C times the summed loss, plus ||W||^2 / 2) divided by C n: for three classes or more
a C here is a C there. For two scikit-learn fits one weight vector where we fit two, and its C is twice ours.

The solver is Newton's method, its steps found by conjugate gradients. Features are first turned onto their
principal axes, which changes neither the objective nor the penalty, and there a diagonal preconditioner is
nearly right: a few steps and tens of passes over the features reach the optimum at any C.
"""

from dataclasses import dataclass

import torch

TOLERANCE = 1e-4
"""Converged when the gradient's norm is at most this share of the penalty's own gradient, ||W|| / (C n). The
penalty alone curves the objective by 1 / (C n), so the weights are then this near the optimum, relatively."""

_FLOOR = 1e-10
"""A gradient this small is zero: float64 has no more to give."""

_NEWTON_STEPS = 100
_CONJUGATE_STEPS = 500
_SMALLEST_STEP = 1e-6


@dataclass(frozen=True)
class Standardiser:
    """Shift and scale of every feature, float64 [D], from the examples that are learned from.

    The scale is the standard deviation; 1 for a `constant` feature, bool [D], which becomes 0 and stays so.
    """

    mean: torch.Tensor
    scale: torch.Tensor
    constant: torch.Tensor

    @classmethod
    def of(cls, features: torch.Tensor) -> "Standardiser":
        """Measure float [n, D] features. What varies by less than float32 can tell is constant."""
        wide = features.double()
        mean, deviation = wide.mean(0), wide.std(0, correction=0)
        constant = deviation <= torch.finfo(torch.float32).eps * wide.abs().amax(0)
        return cls(mean, torch.where(constant, 1.0, deviation), constant)

    def apply(self, features: torch.Tensor) -> torch.Tensor:
        """Standardised float64 [n, D]; constant features are exactly 0, in any examples."""
        return ((features.double() - self.mean) / self.scale).masked_fill_(self.constant, 0.0)


@dataclass(frozen=True)
class Classifier:
    """A fitted linear classifier: weights float64 [D, K] and bias float64 [K].

    Attributes:
        objective: its value at the C it was fitted with.
        steps, products: Newton steps taken, and passes over the features.
        gradient, limit: norm of the objective's gradient at the end, and the one it had to come under.
    """

    weights: torch.Tensor
    bias: torch.Tensor
    c: float
    objective: float
    steps: int
    products: int
    gradient: float
    limit: float

    @property
    def converged(self) -> bool:
        """Whether the optimum was reached, as far as was asked for."""
        return self.gradient <= self.limit

    def scores(self, features: torch.Tensor) -> torch.Tensor:
        """Logits float64 [n, K] of standardised features [n, D]."""
        return features @ self.weights + self.bias


@dataclass
class _Point:
    """Parameters (the weights' rows, then the bias) and what the objective says there."""

    parameters: torch.Tensor
    objective: float
    gradient: torch.Tensor
    probabilities: torch.Tensor


class Regression:
    """Fits classifiers of several C to the same examples.

    Args:
        features: standardised float64 [n, D], on the device to fit on.
        labels: int64 [n], each in [0, classes), on the same device. Every class has an example: the bias of
            one that has none would fall for ever.
        classes: their number K.
    """

    def __init__(self, features: torch.Tensor, labels: torch.Tensor, classes: int) -> None:
        self.n = len(features)
        self.classes = classes
        self._labels = labels
        if self.n < features.shape[1]:
            # All examples lie in a space of n dimensions, and so does the optimum.
            basis, _ = torch.linalg.qr(features.T)
            features = features @ basis
        else:
            basis = None
        spread, axes = torch.linalg.eigh(features.T @ features / self.n)
        # Along the other axes no example differs from another, so the optimum has no weight there.
        kept = spread > spread.amax().clamp_min(1e-300) * 1e-13
        axes = axes[:, kept]
        self._spread = spread[kept]
        self._turned = features @ axes
        self._rough = self._turned.float()
        self._axes = axes if basis is None else basis @ axes
        self._products = 0

    def fit(self, c: float, start: Classifier | None = None, tolerance: float = TOLERANCE) -> Classifier:
        """Find the optimum for one C, above 0, from the optimum for another on.

        The classifier says whether it was reached; nothing is raised where it was not.
        """
        penalty = 1.0 / (c * self.n)
        parameters = self._turned.new_zeros(len(self._spread) + 1, self.classes)
        if start is not None:
            parameters[:-1] = self._axes.T @ start.weights
            parameters[-1] = start.bias
        self._products = 0
        point = self._evaluate(parameters, penalty)
        step = 0
        while True:
            size = float(point.gradient.norm())
            limit = max(tolerance * penalty * float(point.parameters[:-1].norm()), _FLOOR)
            if size <= limit or step == _NEWTON_STEPS:
                break
            further = self._search(point, self._newton_direction(point, penalty), penalty)
            if further is None:
                break
            point, step = further, step + 1
        return Classifier(
            weights=self._axes @ point.parameters[:-1],
            bias=point.parameters[-1] - point.parameters[-1].mean(),
            c=c,
            objective=point.objective,
            steps=step,
            products=self._products,
            gradient=size,
            limit=limit,
        )

    def _evaluate(self, parameters: torch.Tensor, penalty: float) -> _Point:
        self._products += 1
        logits = torch.addmm(parameters[-1], self._turned, parameters[:-1])
        log_probabilities = logits.log_softmax(1)
        probabilities = log_probabilities.exp()
        loss = -log_probabilities.gather(1, self._labels[:, None]).mean()
        objective = loss + penalty / 2 * parameters[:-1].square().sum()
        excess = probabilities.clone()
        excess[torch.arange(self.n, device=excess.device), self._labels] -= 1.0
        gradient = self._back(self._turned, excess, parameters, penalty)
        return _Point(parameters, float(objective), gradient, probabilities)

    def _back(
        self, features: torch.Tensor, per_example: torch.Tensor, parameters: torch.Tensor, penalty: float
    ) -> torch.Tensor:
        """Mean over examples of the outer product of features and `per_example`, plus the penalty's part."""
        weights = torch.addmm(parameters[:-1], features.T, per_example, beta=penalty, alpha=1.0 / self.n)
        return torch.cat([weights, per_example.mean(0, keepdim=True)])

    def _newton_direction(self, point: _Point, penalty: float) -> torch.Tensor:
        """Solve Hessian x = -gradient to a tenth, by preconditioned conjugate gradients.

        In float32: a tenth needs no more, half as many bytes go by, and the next gradient is exact again.
        """
        p = point.probabilities.float()
        average = float((p * (1 - p)).mean())
        along_axes = average * self._spread + penalty
        diagonal = torch.cat([along_axes, along_axes.new_tensor([average + 1e-12])]).float()[:, None]
        size = point.gradient.norm()
        residual = -(point.gradient / size).float()
        direction = torch.zeros_like(residual)
        conjugate = scaled = residual / diagonal
        left = first = float((residual * scaled).sum())
        for _ in range(_CONJUGATE_STEPS):
            self._products += 1
            moved = torch.addmm(conjugate[-1], self._rough, conjugate[:-1])
            curved = self._back(
                self._rough, p * (moved - (p * moved).sum(1, keepdim=True)), conjugate, penalty
            )
            bend = float((conjugate * curved).sum())
            if not bend > 0:
                # Flatter than float32 can tell: what was found so far must do, or the first guess.
                return (direction if direction.any() else scaled).double() * size
            length = left / bend
            direction = direction + length * conjugate
            residual = residual - length * curved
            scaled = residual / diagonal
            before, left = left, float((residual * scaled).sum())
            if left <= 0.01 * first:
                break
            conjugate = scaled + (left / before) * conjugate
        return direction.double() * size

    def _search(self, point: _Point, direction: torch.Tensor, penalty: float) -> _Point | None:
        """Halve the step until the objective falls as it should; None where rounding lets no step do so."""
        slope = float((point.gradient * direction).sum())
        rounding = 4 * torch.finfo(torch.float64).eps * abs(point.objective)
        step = 1.0
        while step >= _SMALLEST_STEP:
            trial = self._evaluate(point.parameters + step * direction, penalty)
            if trial.objective <= point.objective + 1e-4 * step * slope + rounding:
                return trial
            step /= 2
        return None
