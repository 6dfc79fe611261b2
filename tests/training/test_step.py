import functools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from tests.reference_training import dense_softmax_loss
from weakly.images.transform import Transform
from weakly.sampling.loader import Batch
from weakly.training import compute, models
from weakly.training.distributed import Processes
from weakly.training.options import PretrainOptions
from weakly.training.step import TrainingStep

LABELS, IMAGES, SIZE, RATE = 5, 4, 32, 0.2
LABEL_LISTS = [[1], [0, 3], [2], [1, 2, 4]]
OPTIONS = PretrainOptions(
    Path(), Path(), model="test_resnet", size=SIZE, batch=IMAGES, precision="fp32", compile="off"
)


def make_step(device: str = "cpu", **changes: Any) -> TrainingStep:
    changed = replace(OPTIONS, **changes)
    chosen = compute.choose(changed, torch.device(device))
    step = TrainingStep(changed, LABELS, chosen, Processes(0, 1, torch.device(device)))
    step.begin()
    return step


def make_batch(seed: int = 0) -> Batch:
    drawn = np.random.default_rng(seed).integers(0, 256, (IMAGES, SIZE, SIZE, 3), dtype=np.uint8)
    offsets = np.cumsum([0, *map(len, LABEL_LISTS)])
    return Batch(
        torch.from_numpy(drawn).permute(0, 3, 1, 2),
        torch.tensor([label for own in LABEL_LISTS for label in own]),
        torch.from_numpy(offsets),
        torch.arange(IMAGES),
        [],
    )


@pytest.mark.parametrize("layout", ["nchw", "channels_last"])
def test_a_step_is_sgd_on_the_mean_loss(layout: str) -> None:
    """Against the same few lines written out, by torch's plain optimiser and a dense target."""
    step, batch = make_step(layout=layout, weight_decay=1e-2), make_batch()
    model = models.create("test_resnet", LABELS, seed=0).train()
    optimizer = torch.optim.SGD(
        model.parameters(), 9.0, momentum=0.9, nesterov=True, weight_decay=1e-2, foreach=False
    )
    for number in range(3):
        rate = RATE / (number + 1)
        optimizer.param_groups[0]["lr"] = rate
        images = Transform.for_size(SIZE).normalise(batch.images.contiguous())
        expected = dense_softmax_loss(model(images), LABEL_LISTS).mean()
        optimizer.zero_grad()
        expected.backward()
        optimizer.step()
        loss = step(batch, rate)
        assert not loss.requires_grad
        torch.testing.assert_close(loss, expected.detach(), rtol=1e-4, atol=1e-5)
    ours = step.model.state_dict()
    for name, tensor in model.state_dict().items():
        torch.testing.assert_close(
            ours[name], tensor, rtol=1e-3, atol=1e-4, msg=lambda text, n=name: n + text
        )


@pytest.mark.parametrize(("layout", "format_"), [("nchw", "contiguous"), ("channels_last", "channels_last")])
def test_weights_and_images_lie_as_asked(layout: str, format_: str) -> None:
    expected = torch.channels_last if format_ == "channels_last" else torch.contiguous_format
    step = make_step(layout=layout)
    seen: list[torch.Tensor] = []
    step.model.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0]))
    step(make_batch(), RATE)
    assert seen[0].is_contiguous(memory_format=expected)
    for parameter in step.model.parameters():
        if parameter.ndim == 4:
            assert parameter.is_contiguous(memory_format=expected)


@pytest.mark.parametrize("layout", ["nchw", "channels_last"])
@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_gradients_and_momentum_lie_as_their_weights(layout: str, precision: str) -> None:
    """A fused step reads the three as one stretch of memory each, and would be wrong without a word."""
    step = make_step(model="resnext14_32x4d", layout=layout, precision=precision)
    strides: list[tuple[tuple[int, ...], ...]] = []

    def look(optimizer: torch.optim.Optimizer, args: Any, kwargs: Any) -> None:
        for parameter in step.model.parameters():
            assert parameter.grad is not None
            momentum = optimizer.state[parameter].get("momentum_buffer", parameter)
            strides.append((parameter.stride(), parameter.grad.stride(), momentum.stride()))

    step.optimizer.register_step_pre_hook(look)
    for _ in range(2):
        step(make_batch(), RATE)
    assert all(weight == gradient == momentum for weight, gradient, momentum in strides)
    assert len(strides) == 2 * len(list(step.model.parameters()))


def test_bf16_is_for_products_and_not_for_weights() -> None:
    step = make_step(precision="bf16")
    seen: list[torch.dtype] = []
    step.model.head.register_forward_hook(lambda module, inputs, output: seen.append(output.dtype))
    loss = step(make_batch(), RATE)
    assert seen == [torch.bfloat16]
    assert loss.dtype == torch.float32
    assert {parameter.dtype for parameter in step.model.parameters()} == {torch.float32}


class NothingIsRead(TorchDispatchMode):
    """Refuses what would make the host wait for numbers from the device."""

    WAIT = ("_local_scalar_dense", "nonzero", "masked_select", "unique", "equal", "is_nonzero")

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        name = func.name().removeprefix("aten::").partition(".")[0]
        assert name not in self.WAIT, f"{name} waits for the device"
        if name == "repeat_interleave":
            assert kwargs.get("output_size") is not None, "repeat_interleave waits for its size"
        return func(*args, **kwargs)


@pytest.mark.parametrize("loss", ["softmax", "sigmoid"])
def test_a_step_waits_for_nothing(loss: str) -> None:
    step, batch = make_step(loss=loss, precision="bf16"), make_batch()
    with NothingIsRead():
        step(batch, RATE)
        with pytest.raises(AssertionError, match="_local_scalar_dense waits"):
            batch.labels.sum().item()


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
@pytest.mark.parametrize("layout", ["nchw", "channels_last"])
def test_a_step_on_a_gpu_waits_for_nothing(layout: str) -> None:
    step, batch = make_step("cuda", precision="bf16", layout=layout), make_batch().pin_memory()
    losses = [step(batch, RATE) for _ in range(2)]
    torch.cuda.synchronize()
    torch.cuda.set_sync_debug_mode("error")
    try:
        losses += [step(batch, RATE) for _ in range(3)]
    finally:
        torch.cuda.set_sync_debug_mode("default")
    assert losses[-1].item() < losses[0].item()


@contextmanager
def strict_compiler(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """torch.compile without a C compiler, where a graph break or a recompilation is an error."""
    compiling = torch.nn.Module.compile
    monkeypatch.setattr(
        torch.nn.Module, "compile", functools.partialmethod(compiling, backend="aot_eager", fullgraph=True)
    )
    torch._dynamo.reset()
    torch._dynamo.utils.counters.clear()
    with torch._dynamo.config.patch(error_on_recompile=True):
        yield
    torch._dynamo.reset()


@pytest.mark.parametrize("layout", ["nchw", "channels_last"])
def test_compiling_breaks_no_graph_and_happens_once(layout: str, monkeypatch: pytest.MonkeyPatch) -> None:
    batches = [make_batch(seed) for seed in range(3)]
    plain = make_step(model="resnext14_32x4d", layout=layout)
    expected = [plain(batch, RATE) for batch in batches]
    with strict_compiler(monkeypatch):
        step = make_step(model="resnext14_32x4d", layout=layout, compile="on")
        losses = [step(batch, RATE) for batch in batches]
        assert torch._dynamo.utils.counters["stats"]["unique_graphs"] == 1
    torch.testing.assert_close(losses, expected, rtol=1e-3, atol=1e-3)
