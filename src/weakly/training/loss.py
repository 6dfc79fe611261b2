"""How wrong a prediction is, for images with one label or several (section 2.3 of the paper).

In: logits [n, L] and the batch's labels in flat form: `labels` [m] holds the label ids of all images one
after the other, image i owning labels[offsets[i]:offsets[i+1]], at least one each. Out: one loss an image.
No dense target [n, L] is ever made: the labels' logits are gathered.
"""

import torch
from torch import Tensor
from torch.nn import functional


def _sum_over_labels(logits: Tensor, labels: Tensor, offsets: Tensor) -> tuple[Tensor, Tensor]:
    """Sum of each image's own logits [n], and how many labels it has [n]."""
    counts = offsets[1:] - offsets[:-1]
    images = torch.repeat_interleave(
        torch.arange(len(counts), device=labels.device), counts, output_size=len(labels)
    )
    picked = logits[images, labels].float()
    sums = torch.zeros(len(counts), dtype=torch.float32, device=logits.device)
    return sums.index_add(0, images, picked), counts


def softmax_loss(logits: Tensor, labels: Tensor, offsets: Tensor) -> Tensor:
    """Cross-entropy of the softmax against 1/k at each of an image's k labels; float32 [n], in nats."""
    sums, counts = _sum_over_labels(logits, labels, offsets)
    return torch.logsumexp(logits.float(), dim=1) - sums / counts


def sigmoid_loss(logits: Tensor, labels: Tensor, offsets: Tensor) -> Tensor:
    """Binary cross-entropy of a sigmoid a label, summed over all L labels; float32 [n], in nats.

    The paper tried it and found it clearly worse; it is here to be compared with.
    """
    sums, _ = _sum_over_labels(logits, labels, offsets)
    return functional.softplus(logits.float()).sum(dim=1) - sums


LOSSES = {"softmax": softmax_loss, "sigmoid": sigmoid_loss}
