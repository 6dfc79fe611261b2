"""The machine: its cores, and the device that networks run on."""

import os
from typing import TYPE_CHECKING

from weakly.errors import InputError

if TYPE_CHECKING:
    import torch


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def choose_device(asked: str) -> "torch.device":
    """The device for `auto`, `cpu` or `cuda` in this process.

    Raises:
        InputError: a GPU was asked for and there is none, or fewer than processes on this machine.
    """
    import torch

    available = torch.cuda.is_available()
    if asked == "cpu" or (asked == "auto" and not available):
        return torch.device("cpu")
    if not available:
        raise InputError("--device cuda: torch sees no CUDA device; expected one: use --device cpu or auto")
    local, count = int(os.environ.get("LOCAL_RANK", "0")), torch.cuda.device_count()
    if local >= count:
        raise InputError(f"process {local} of this machine has no GPU: {count} found; lower --nproc-per-node")
    return torch.device("cuda", local)
