import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.reference_training import dense_sigmoid_loss, dense_softmax_loss
from weakly.training.loss import LOSSES

LABELS = 11
REFERENCES = {"softmax": dense_softmax_loss, "sigmoid": dense_sigmoid_loss}


def flat(labels: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    offsets = np.cumsum([0, *map(len, labels)])
    return torch.tensor([x for own in labels for x in own]), torch.from_numpy(offsets)


@pytest.mark.parametrize("name", LOSSES)
@given(
    labels=st.lists(st.lists(st.integers(0, LABELS - 1), min_size=1, unique=True), min_size=1, max_size=6),
    seed=st.integers(0, 1000),
    scale=st.sampled_from([0.0, 1.0, 30.0]),
)
def test_gathered_loss_is_the_dense_one(name: str, labels: list[list[int]], seed: int, scale: float) -> None:
    generator = torch.Generator().manual_seed(seed)
    logits = scale * torch.randn(len(labels), LABELS, generator=generator, dtype=torch.float64)
    fast, slow = logits.clone().requires_grad_(), logits.clone().requires_grad_()
    loss, expected = LOSSES[name](fast, *flat(labels)), REFERENCES[name](slow, labels)
    assert loss.dtype == torch.float32
    torch.testing.assert_close(loss.double(), expected, rtol=1e-5, atol=1e-4)
    loss.sum().backward()
    expected.sum().backward()
    torch.testing.assert_close(fast.grad, slow.grad, rtol=1e-5, atol=1e-5)


def test_loss_of_an_even_guess_is_the_log_of_the_labels() -> None:
    loss = LOSSES["softmax"](torch.zeros(2, 1000), *flat([[3], [5, 7, 9]]))
    torch.testing.assert_close(loss, torch.full((2,), float(np.log(1000))))


def test_half_precision_logits_are_summed_in_float32() -> None:
    logits = torch.full((1, 17_000), 8.0, dtype=torch.bfloat16)
    loss = LOSSES["softmax"](logits, *flat([[0]]))
    torch.testing.assert_close(loss, torch.tensor([float(np.log(17_000))]))
