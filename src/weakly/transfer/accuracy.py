"""Exact top-1 and top-5 over any number of processes, and how sure they are.

In: scores and labels, batch by batch. Out: an `Accuracy` of integer counts. Nothing is averaged before the
end, so neither the batch size nor the number of processes changes a digit (section 3 of the paper: single
crop, top-1 and top-5).
"""

import math
from dataclasses import dataclass

import torch
from torch import distributed

TOP5_CLASSES = 6
"""Fewest classes for which top-5 says anything: with five, it is always right."""


@dataclass(frozen=True)
class Accuracy:
    """Counts over a whole test set.

    Attributes:
        count: test images of each class, int64 [K].
        top1: of these, how many had their class first, int64 [K].
        top5: of these, how many had their class among the first five, int64 [K].
        undecided: test images that got a score that is not a number; they count as errors.
    """

    count: torch.Tensor
    top1: torch.Tensor
    top5: torch.Tensor
    undecided: int

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
    """Counts how often the right class came first, or among the first five.

    Equal scores are ranked by the index of the class, the lower one first, whatever the machine or the batch.
    A score that is not a number makes its image an error.

    Args:
        classes: their number K.
    """

    def __init__(self, classes: int) -> None:
        self._counts = torch.zeros(classes, 3, dtype=torch.int64)
        self._undecided = 0

    def add(self, scores: torch.Tensor, labels: torch.Tensor, real: torch.Tensor | None = None) -> None:
        """Count a batch.

        Args:
            scores: float [n, K], the higher the likelier.
            labels: integer [n], the right classes.
            real: bool [n], False where a row only fills up the batch and is not to be counted.
        """
        right = scores.gather(1, labels[:, None])
        lower = torch.arange(scores.shape[1], device=scores.device) < labels[:, None]
        ahead = ((scores > right) | ((scores == right) & lower)).sum(1)
        lost = scores.isnan().any(1)
        outcome = torch.stack([torch.ones_like(lost), (ahead < 1) & ~lost, (ahead < 5) & ~lost], 1)
        if real is not None:
            outcome, labels, lost = outcome[real], labels[real], lost[real]
        self._counts.index_add_(0, labels.cpu().long(), outcome.cpu().long())
        self._undecided += int(lost.sum())

    def add_errors(self, labels: torch.Tensor) -> None:
        """Count test images that could not be scored: each is an error; `labels` as for `add`."""
        self._counts[:, 0] += torch.bincount(labels.cpu().long(), minlength=len(self._counts))

    def total(self) -> Accuracy:
        """The counts over all processes, the same in each of them; asked for by all, or by none."""
        counts = torch.cat([self._counts.flatten(), torch.tensor([self._undecided])])
        if distributed.is_available() and distributed.is_initialized():
            device = "cuda" if distributed.get_backend() == "nccl" else "cpu"
            counts = counts.to(device)
            distributed.all_reduce(counts)
            counts = counts.cpu()
        count, top1, top5 = counts[:-1].view(-1, 3).T
        return Accuracy(count.clone(), top1.clone(), top5.clone(), int(counts[-1]))


def standard_error(share: float, n: int) -> float:
    """Standard error of a share of n independent test images (binomial)."""
    return math.sqrt(share * (1 - share) / n)


def interval(share: float, n: int) -> tuple[float, float]:
    """95% interval of a share of n independent test images (Wilson 1927: sound at 0 and 1 too)."""
    z = 1.959963984540054
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    # At 0 and 1 the ends are these exactly, but for rounding.
    return max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half))
