"""What a step costs and what the device could do: operations, peaks and memory.

Operations are those of matrix products and convolutions, two a multiply-add, as torch's own counter has them.
"""

import re
import resource
import sys

import torch
from torch.utils.flop_counter import FlopCounterMode

from weakly.training import models
from weakly.training.models import Classifier

PEAKS = (
    ("B200", 2250e12, 1125e12),
    ("H200 NVL", 836e12, 418e12),
    ("H200", 989e12, 495e12),
    ("H100 NVL", 836e12, 418e12),
    ("H100 PCIe", 756e12, 378e12),
    ("H100", 989e12, 495e12),
    ("A100", 312e12, 156e12),
    ("L40S", 362e12, 183e12),
    ("L4", 121e12, 60e12),
    ("A10", 125e12, 62.5e12),
)
"""Words of a GPU's name, and its operations a second in bf16 and TF32: NVIDIA's data sheets, no sparsity."""


def training_flops(model: str, labels: int, size: int) -> float:
    """Operations that training takes for one image: the forward pass, and twice as many backward.

    Args:
        model: a name that `models.create` knows.
        labels: outputs of the head.
        size: of the images, in pixels.
    """
    with torch.device("meta"):
        network: Classifier = models.create(model, labels).eval()
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            network(torch.empty(1, 3, size, size))
    return 3.0 * counter.get_total_flops()


def peak_flops(name: str, dtype: torch.dtype) -> float | None:
    """What a device of this name can do, in operations a second; None where it is not in the list.

    Args:
        name: as CUDA gives it, such as "NVIDIA H100 80GB HBM3".
        dtype: of the products; float32 is TF32, as torch's convolutions are on a GPU.
    """
    for words, bf16, tf32 in PEAKS:
        if re.search(rf"\b{words}\b", name):
            return bf16 if dtype == torch.bfloat16 else tf32
    return None


def device_peak_flops(device: torch.device, dtype: torch.dtype) -> float | None:
    """The same for a device that is here; None for a CPU."""
    return peak_flops(torch.cuda.get_device_name(device), dtype) if device.type == "cuda" else None


def peak_memory(device: torch.device) -> int:
    """Most bytes that this process has held so far: tensors on a GPU; on a CPU, all that lay in memory."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
