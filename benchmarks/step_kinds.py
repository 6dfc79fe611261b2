"""Where the time of a training step goes, by kind of work: for `benchmarks/step.py --profile`.

In: a step, called under torch.profiler. Out: milliseconds a step of each of `KINDS`. On a GPU the time of a
kernel goes to the operator that launched it, on a CPU an operator's own time is its time; what is left of
the step is gaps: Python on a CPU, an idle device on a GPU.
"""

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import torch
from torch._C._autograd import DeviceType
from torch.profiler import ProfilerActivity, profile

from timing import Work

KINDS = (
    "1x1",
    "grouped 3x3",
    "stem",
    "other convolution",
    "batch norm",
    "elementwise, pooling",
    "loss and head",
    "optimiser",
    "copies",
    "gaps",
)
_LOSS = ("logsumexp", "nll_loss", "log_softmax", "repeat_interleave", "index_add", "index_put", "aten::index")
_COPIES = ("copy", "Memcpy", "Memset", "aten::contiguous", "aten::clone", "aten::cat", "aten::to")
_COMPILED = ("Torch-Compiled", "CompiledFunction", "## Call Compiled")
_KERNELS = {
    "native_batch_norm": "batch norm",
    "batch_norm": "batch norm",
    "bn_": "batch norm",
    "multi_tensor": "optimiser",
    "Memcpy": "copies",
    "Memset": "copies",
    "copy": "copies",
    "triton": "elementwise, pooling",
    "convolve": "other convolution",
    "cudnn": "other convolution",
    "gemm": "other convolution",
}


def time_by_kind(step: Work, steps: int, labels: int, device: torch.device) -> dict[str, float]:
    """Milliseconds a step by kind, over `steps` steps; together they are the whole of the profiled time.

    Args:
        step: one training step, warmed up.
        steps: how many to profile.
        labels: outputs of the head: an operator on a tensor with this dimension belongs to the head or loss.
        device: what the step runs on.
    """
    cuda = device.type == "cuda"
    activities = [ProfilerActivity.CPU, *([ProfilerActivity.CUDA] if cuda else [])]
    with profile(activities=activities, record_shapes=True) as profiler:
        began = time.perf_counter()
        for _ in range(steps):
            step()
        if cuda:
            torch.cuda.synchronize()
        whole = (time.perf_counter() - began) * 1e6
    events: Iterable[Any] = profiler.events() or ()
    spent = _of_kernels(events, labels) if cuda else _of_operators(events, labels)
    gaps = whole - sum(spent.values())
    return {kind: (gaps if kind == "gaps" else spent[kind]) / 1000 / steps for kind in KINDS}


def _of_operators(events: Iterable[Any], labels: int) -> Counter[str]:
    spent: Counter[str] = Counter()
    for event in events:
        # Autograd's own bookkeeping is no operator: its time is left to the gaps.
        if event.name.startswith(("aten::", "Optimizer", *_COMPILED)):
            spent[kind_of(event.name, event.input_shapes, labels)] += event.self_cpu_time_total
    return spent


def _of_kernels(events: Iterable[Any], labels: int) -> Counter[str]:
    spent: Counter[str] = Counter()
    unclaimed: Counter[str] = Counter()
    for event in events:
        if event.device_type == DeviceType.CPU:
            for kernel in event.kernels:
                by_name = _kind_of_kernel(kernel.name) if "triton" in kernel.name else None
                spent[by_name or kind_of(event.name, event.input_shapes, labels)] += kernel.duration
                unclaimed[kernel.name] -= kernel.duration
        elif not event.is_user_annotation:
            unclaimed[event.name] += event.self_device_time_total
    # What no operator owns up to (compiled code launches some kernels by itself) is told by its own name.
    for name, duration in unclaimed.items():
        spent[_kind_of_kernel(name)] += max(duration, 0)
    return spent


def _kind_of_kernel(name: str) -> str:
    return next((kind for part, kind in _KERNELS.items() if part in name), "elementwise, pooling")


def kind_of(name: str, shapes: Sequence[Sequence[int]], labels: int) -> str:
    """The kind of an operator, by its name and the shapes of its inputs ([] for what is no tensor)."""
    if "sgd" in name.lower() or "foreach" in name or "zero_grad" in name:
        return "optimiser"
    if "convolution" in name:
        return _kind_of_convolution([shape for shape in shapes[:3] if len(shape) == 4])
    if "batch_norm" in name or "BatchNorm" in name:
        return "batch norm"
    if any(part in name for part in _COPIES):
        return "copies"
    if any(part in name for part in _LOSS) or any(labels in shape for shape in shapes if shape):
        return "loss and head"
    return "elementwise, pooling"


def _kind_of_convolution(shapes: Sequence[Sequence[int]]) -> str:
    """By the weight [out, in a group, k, k], the last of the shapes; the others are images and gradients."""
    if len(shapes) < 2:
        return "other convolution"
    *others, weight = shapes
    if weight[1] == 3 and weight[2] > 1 and any(shape[1] == 3 for shape in others):
        return "stem"
    if weight[2] == 1:
        return "1x1"
    # Images of a plain convolution have as many channels as the weight takes in; of a grouped one, more.
    return "other convolution" if any(shape[1] == weight[1] for shape in others) else "grouped 3x3"
