"""The page's measures, slow and plain."""

import numpy as np


def ordered_share(scores: np.ndarray, carried: np.ndarray) -> float:
    """Share of pairs (carries it, does not) that are scored in this order; ties count half."""
    pairs = [(a, b) for a in scores[carried] for b in scores[~carried]]
    return sum(1.0 if a > b else 0.5 if a == b else 0.0 for a, b in pairs) / len(pairs)


def average_precision(scores: np.ndarray, carried: np.ndarray) -> float:
    """Mean, over the photos that carry the label, of the share of carriers down to there."""
    order = sorted(range(len(scores)), key=lambda i: (-scores[i], i))
    precisions = [
        sum(carried[j] for j in order[: place + 1]) / (place + 1)
        for place, i in enumerate(order)
        if carried[i]
    ]
    return sum(precisions) / len(precisions)


def label_images(rows: list[list[int]], factors: np.ndarray, labels: int) -> list[float]:
    """Images expected to carry each label in a pass, when row i comes factors[i] times."""
    return [sum(float(factors[i]) for i, row in enumerate(rows) if label in row) for label in range(labels)]
