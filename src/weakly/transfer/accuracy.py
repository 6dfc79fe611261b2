"""Exact top-1 and top-5.

In: scores and labels, batch by batch. Out: an `Accuracy` of integer counts. Nothing is averaged before the
end, so the batch size changes no digit (section 3 of the paper: single crop, top-1 and top-5).
"""

from dataclasses import dataclass

import torch

TOP5_CLASSES = 6
"""Fewest classes for which top-5 says anything: with five, it is always right."""


@dataclass(frozen=True)
class Accuracy:
    """Test images of each class, and how many had it first or among the first five, int64 [K] each."""

    count: torch.Tensor
    top1: torch.Tensor
    top5: torch.Tensor

    @property
    def n(self) -> int:
        """Test images."""
        return int(self.count.sum())

    def share(self, top: int) -> float:
        """Top-1 or top-5 accuracy over all test images, in [0, 1]."""
        correct = {1: self.top1, 5: self.top5}[top]
        return int(correct.sum()) / self.n

    def per_class(self) -> list[float | None]:
        """Top-1 accuracy of each class, in [0, 1]; None for a class without test images."""
        pairs = zip(self.top1.tolist(), self.count.tolist(), strict=True)
        return [correct / count if count else None for correct, count in pairs]


class TopCounter:
    """Counts how often the right one of K classes came first, or among the first five.

    Equal scores are ranked by the index of the class, the lower one first, whatever the machine or the batch.
    A score that is not a number makes its image an error.
    """

    def __init__(self, classes: int) -> None:
        self._counts = torch.zeros(classes, 3, dtype=torch.int64)

    def add(self, scores: torch.Tensor, labels: torch.Tensor) -> None:
        """Count a batch: scores float [n, K], the higher the likelier, and the right classes, integer [n]."""
        right = scores.gather(1, labels[:, None])
        lower = torch.arange(scores.shape[1], device=scores.device) < labels[:, None]
        ahead = ((scores > right) | ((scores == right) & lower)).sum(1)
        lost = scores.isnan().any(1)
        outcome = torch.stack([torch.ones_like(lost), (ahead < 1) & ~lost, (ahead < 5) & ~lost], 1)
        self._counts.index_add_(0, labels.cpu().long(), outcome.cpu().long())

    def add_errors(self, labels: torch.Tensor) -> None:
        """Count test images that could not be scored: each is an error; `labels` as for `add`."""
        self._counts[:, 0] += torch.bincount(labels.cpu().long(), minlength=len(self._counts))

    def total(self) -> Accuracy:
        """What was counted so far."""
        return Accuracy(*self._counts.clone().unbind(1))
