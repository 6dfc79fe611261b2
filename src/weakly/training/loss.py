"""How wrong a prediction is, for images with one label or several (section 2.3 of the paper).

In: logits [n, L] and the batch's labels in flat form: `labels` [m] holds the label ids of all images one
after the other, image i owning labels[offsets[i]:offsets[i+1]], at least one each. Out: one loss an image.
No dense target [n, L] is ever made: the labels' own entries are gathered.
"""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional


def _owners(labels: Tensor, offsets: Tensor) -> tuple[Tensor, Tensor]:
    """The image that each label belongs to, int64 [m], and how many labels each image has, int64 [n]."""
    counts = offsets[1:] - offsets[:-1]
    images = torch.arange(len(counts), device=labels.device)
    # Without its size, the result would be waited for.
    return torch.repeat_interleave(images, counts, output_size=len(labels)), counts


class _CrossEntropy(torch.autograd.Function):
    """Cross-entropy against a sparse target: logits [n, L]; image, label and weight of each entry, [m].

    With a gradient of its own, since that of an index is a dense matrix of zeros to be filled and added. This
    one makes a single [n, L], float32, of each pass.
    """

    @staticmethod
    def forward(ctx: Any, logits: Tensor, images: Tensor, labels: Tensor, weights: Tensor) -> Tensor:
        ctx.save_for_backward(logits, images, labels, weights)
        picked = torch.log_softmax(logits, 1, dtype=torch.float32)[images, labels] * weights
        return picked.new_zeros(len(logits)).index_add_(0, images, picked, alpha=-1)

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> tuple[Tensor, None, None, None]:
        logits, images, labels, weights = ctx.saved_tensors
        (gradient,) = gradients
        result = torch.softmax(logits, 1, dtype=torch.float32).mul_(gradient[:, None])
        result.index_put_((images, labels), -weights * gradient[images], accumulate=True)
        return result.to(logits.dtype), None, None, None


def softmax_loss(logits: Tensor, labels: Tensor, offsets: Tensor) -> Tensor:
    """Cross-entropy of the softmax against 1/k at each of an image's k labels; float32 [n], in nats."""
    images, counts = _owners(labels, offsets)
    loss: Any = _CrossEntropy.apply(logits, images, labels, (1 / counts)[images])
    return loss


def sigmoid_loss(logits: Tensor, labels: Tensor, offsets: Tensor) -> Tensor:
    """Binary cross-entropy of a sigmoid a label, summed over all L labels; float32 [n], in nats.

    The paper tried it and found it clearly worse; it is here to be compared with.
    """
    images, _ = _owners(labels, offsets)
    sums = torch.zeros(len(logits), dtype=torch.float32, device=logits.device)
    sums = sums.index_add(0, images, logits[images, labels].float())
    return functional.softplus(logits.float()).sum(dim=1) - sums


LOSSES = {"softmax": softmax_loss, "sigmoid": sigmoid_loss}
