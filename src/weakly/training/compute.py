"""How a run computes: number format, memory layout, compiler.

In: options and a device. Out: an `Arithmetic`, with every `auto` settled: how fast a run is, and how its sums
are rounded. The figures behind each `auto` are in docs/speed.md.
"""

import importlib.util
import os
import shutil
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from weakly.errors import InputError
from weakly.training import models
from weakly.training.options import PretrainOptions

WIDE_GROUP = 16
"""Channels a group, in the narrowest grouped convolution, from which a network on a GPU is given NCHW."""


@dataclass(frozen=True)
class Arithmetic:
    """What a run computes with.

    Attributes:
        dtype: of convolutions and matrix products; float32, or bfloat16 under autocast.
        layout: memory format of weights and images.
        compile: whether torch.compile makes the network's kernels.
    """

    dtype: torch.dtype
    layout: torch.memory_format
    compile: bool

    def __str__(self) -> str:
        number = "bf16" if self.dtype == torch.bfloat16 else "fp32"
        layout = "channels_last" if self.layout == torch.channels_last else "nchw"
        return f"{number}, {layout}, {'compiled' if self.compile else 'eager'}"


def choose(options: PretrainOptions, device: torch.device) -> Arithmetic:
    """Settle --precision, --layout and --compile for this device and model.

    Raises:
        InputError: no such model; or bf16, where it cannot be.
    """
    with torch.device("meta"):
        model = models.create(options.model, 1)
    compiled = compile_pays(device) if options.compile == "auto" else options.compile == "on"
    dtype = autocast_type(options.precision, device)
    if dtype == torch.bfloat16 and device.type == "cpu" and strides_over(model, options.size):
        if options.precision != "auto":
            raise InputError(
                f"--precision bf16: on a CPU it gives no right gradient for {options.model} at --size "
                f"{options.size}, where a convolution's stride is larger than its input: expected fp32, or "
                "larger images"
            )
        dtype = torch.float32
    return Arithmetic(dtype, memory_layout(options.layout, model, device), compiled)


def strides_over(model: nn.Module, size: int) -> bool:
    """Whether, at images of this size, a convolution's stride is larger than a side of its input.

    oneDNN (of torch 2.14) then leaves most of the gradient of its weights in bf16 as the memory was: often 0,
    at times anything.

    Args:
        model: on the meta device.
        size: of the images, in pixels.
    """
    found: list[bool] = []

    def look(module: nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
        if isinstance(module, nn.Conv2d):
            found.append(any(s > side for s, side in zip(module.stride, inputs[0].shape[2:], strict=True)))

    handles = [module.register_forward_pre_hook(look) for module in model.modules()]
    was_training = model.training
    model.eval()(torch.empty(1, 3, size, size, device="meta"))
    model.train(was_training)
    for handle in handles:
        handle.remove()
    return any(found)


def autocast_type(precision: str, device: torch.device) -> torch.dtype:
    """The type that convolutions run in.

    `auto` is bf16 on a GPU and on a CPU that multiplies it in hardware (AMX, or AVX-512 BF16: 1.5 times as
    fast at 32 px and 1.8 at 64 px), else float32, which is quicker there.
    """
    if precision == "auto":
        quick = device.type == "cuda" or (
            torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported()
        )
        return torch.bfloat16 if quick else torch.float32
    return torch.bfloat16 if precision == "bf16" else torch.float32


def memory_layout(layout: str, model: nn.Module, device: torch.device) -> torch.memory_format:
    """The memory format of weights and images.

    `auto` is channels_last, which tensor cores and oneDNN want, but NCHW on a GPU for a network whose grouped
    convolutions all have `WIDE_GROUP` or more channels a group, as in resnext101_32x16d and wider. That
    exception is a prior and not our measurement: on an older GPU these networks were 2 to 3 times slower in
    channels_last.
    """
    if layout == "auto":
        widths = [
            module.in_channels // module.groups
            for module in model.modules()
            if isinstance(module, nn.Conv2d) and module.groups > 1
        ]
        wide = min(widths, default=0) >= WIDE_GROUP
        layout = "nchw" if wide and device.type == "cuda" else "channels_last"
    return torch.channels_last if layout == "channels_last" else torch.contiguous_format


def compile_pays(device: torch.device) -> bool:
    """Whether `--compile auto` compiles: on a GPU, where Triton has what it builds its launchers with.

    That is a C compiler, looked for as Triton does, and Python's headers, which an image without python3-dev
    lacks. A prior on a GPU: batch norm, ReLU and sums, which a compiler fuses, take 41% to 65% of an unfused
    step.
    """
    chosen = os.environ.get("CC")
    compiler = any(shutil.which(name) for name in ([chosen] if chosen else ["gcc", "clang"]))
    scheme = sysconfig.get_default_scheme().replace("posix_local", "posix_prefix")
    headers = Path(sysconfig.get_path("include", scheme), "Python.h").is_file()
    triton = importlib.util.find_spec("triton") is not None
    return device.type == "cuda" and compiler and headers and triton
