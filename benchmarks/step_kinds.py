"""Where the time of a training step goes, by kind of work: for `benchmarks/step.py --profile`.

In: a step, called under torch.profiler. Out: milliseconds a step of each of `KINDS`. On a CPU an operator's
own time is its time, and gaps are what is left: Python. On a GPU the time of a kernel goes to the operator
that launched it, by the shapes of its inputs, since no kernel's name tells a 1x1 convolution from a grouped
one; gaps are what is left of the step as it runs without the profiler, which slows the host and no kernel.
"""

import re
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import torch
from torch._C._autograd import DeviceType
from torch.profiler import ProfilerActivity, profile

from timing import Work, seconds

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
_TURNED = re.compile("nchwtonhwc|nhwctonchw")
"""Kernels in which cuDNN turns images to the layout it wants, inside of a convolution."""

_TRITON_COPY = re.compile(r"triton_\w+?_fused(_+(to_copy|copy|clone|convert_element_type))+_\d+$")
_KERNELS = (
    ("batch norm", ("batch_norm", "batchnorm", "bn_fw", "bn_bw")),
    ("optimiser", ("multi_tensor", "sgd")),
    ("elementwise, pooling", ("triton_poi", "triton_red", "triton_per", "pool")),
    ("copies", ("memcpy", "memset", "copy")),
    ("loss and head", ("softmax", "nll_loss", "indexing_backward", "indexadd", "index_add")),
    (
        "other convolution",
        (
            "triton_tem",
            "fprop",
            "dgrad",
            "wgrad",
            "convolve",
            "conv",
            "cudnn",
            "xmma",
            "cutlass",
            "gemm",
            "nvjet",
        ),
    ),
)
"""Kinds by parts of kernels' names in lower case, the first that fits. For what no operator owns up to:
compiled code launches its own kernels, and now and then the profiler loses the link."""


def time_by_kind(step: Work, steps: int, labels: int, device: torch.device) -> dict[str, float]:
    """Milliseconds a step by kind, over `steps` steps; together they are the whole of a step.

    Args:
        step: one training step, warmed up.
        steps: how many to profile.
        labels: outputs of the head: an operator on a tensor with this dimension belongs to the head or loss.
        device: what the step runs on.

    Raises:
        RuntimeError: the profiler saw nothing of the GPU.
    """
    cuda = device.type == "cuda"
    # On a GPU this also ends what is still running, and would be counted.
    unwatched = seconds(step, steps, device) if cuda else 0.0
    activities = [ProfilerActivity.CPU, *([ProfilerActivity.CUDA] if cuda else [])]
    with profile(activities=activities, record_shapes=True) as profiler:
        began = time.perf_counter()
        for _ in range(steps):
            step()
        if cuda:
            torch.cuda.synchronize()
        watched = (time.perf_counter() - began) / steps
    events: Iterable[Any] = profiler.events() or ()
    spent = of_kernels(events, labels) if cuda else _of_operators(events, labels)
    if cuda and not spent:
        raise RuntimeError("the profiler saw no kernel: is this process allowed to read the GPU's counters?")
    kinds = {kind: spent[kind] / 1000 / steps for kind in KINDS}
    return {**kinds, "gaps": 1000 * (unwatched or watched) - sum(kinds.values())}


def _of_operators(events: Iterable[Any], labels: int) -> Counter[str]:
    spent: Counter[str] = Counter()
    for event in events:
        # Autograd's own bookkeeping is no operator: its time is left to the gaps.
        if event.name.startswith(("aten::", "Optimizer", *_COMPILED)):
            spent[kind_of(event.name, event.input_shapes, labels)] += event.self_cpu_time_total
    return spent


def of_kernels(events: Iterable[Any], labels: int) -> Counter[str]:
    """Microseconds by kind of the kernels among a profile's events."""
    spent: Counter[str] = Counter()
    unclaimed: Counter[str] = Counter()
    for event in events:
        if event.device_type == DeviceType.CPU:
            for kernel in event.kernels:
                spent[_kind_of_launched(kernel.name, event, labels)] += kernel.duration
                unclaimed[kernel.name] -= kernel.duration
        elif not event.is_user_annotation:
            unclaimed[event.name] += event.self_device_time_total
    for name, duration in unclaimed.items():
        if duration > 0:
            spent[kind_of_kernel(name)] += duration
    return spent


def _kind_of_launched(kernel: str, event: Any, labels: int) -> str:
    if _TURNED.search(kernel.lower()):
        return "copies"
    # Compiled code's own kernels are launched by events of other names.
    by_operator = event.name.startswith("aten::")
    return kind_of(event.name, event.input_shapes, labels) if by_operator else kind_of_kernel(kernel)


def kind_of_kernel(name: str) -> str:
    """The kind of a kernel, by its name alone; which convolution it is, that does not say."""
    lower = name.lower()
    if _TURNED.search(lower) or _TRITON_COPY.match(lower):
        return "copies"
    return next(
        (kind for kind, parts in _KERNELS if any(part in lower for part in parts)), "elementwise, pooling"
    )


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
