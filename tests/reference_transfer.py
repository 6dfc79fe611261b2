"""What `weakly.transfer` computes, said as plainly as can be."""

import math
from collections import defaultdict

import torch
from torch import nn

from weakly.hashing import mix
from weakly.images.transform import Transform


def naive_top(scores: list[list[float]], labels: list[int], top: int) -> list[bool]:
    """For each row, whether its label is among the `top` best scores, the lower class first where equal."""
    found = []
    for row, label in zip(scores, labels, strict=True):
        best = sorted(range(len(row)), key=lambda c: (-row[c], c))[:top]
        found.append(label in best and not any(math.isnan(score) for score in row))
    return found


def naive_hold_out(names: list[str], labels: list[int], seed: int) -> set[int]:
    """Rows of the held-out examples: of each class the tenth with the smallest draws."""
    members = defaultdict(list)
    for row, label in enumerate(labels):
        members[label].append((int(mix(seed, naive_hash(names[row]))), row))
    held_out: set[int] = set()
    for rows in members.values():
        count = max(round(len(rows) / 10), 1 if len(rows) >= 2 else 0)
        held_out |= {row for _, row in sorted(rows)[:count]}
    return held_out


def naive_hash(text: str) -> int:
    """FNV-1a over the bytes of UTF-8, then mixed."""
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return int(mix(value))


def naive_objective(
    features: torch.Tensor, labels: list[int], c: float, weights: torch.Tensor, bias: torch.Tensor
) -> torch.Tensor:
    """Mean cross-entropy plus ||W||^2 / (2 C n), one example at a time."""
    losses = []
    for x, label in zip(features, labels, strict=True):
        exponentials = [(x @ weights[:, k] + bias[k]).exp() for k in range(len(bias))]
        losses.append(-(exponentials[label] / sum(exponentials)).log())
    n = len(labels)
    return torch.stack(losses).sum() / n + (weights**2).sum() / (2 * c * n)


def naive_features(trunk: nn.Module, transform: Transform, photos: list[torch.Tensor]) -> torch.Tensor:
    """Features of decoded photos, one at a time."""
    with torch.no_grad():
        return torch.cat([trunk(transform.normalise(transform.evaluation(p)[None])) for p in photos])
