"""One process or many: torchrun in, ranks out (section 3.1 of the paper: synchronous SGD).

Every process trains on its share of each global batch and gradients are averaged by DDP. What processes must
agree on besides (to stop, to save) goes over a CPU group, so that no step waits for the GPU.
"""

import contextlib
import datetime
import inspect
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import distributed, nn

from weakly.machine import choose_device


@dataclass(frozen=True)
class Processes:
    """This process among all.

    Attributes:
        rank: this process, from 0.
        world: how many there are.
        device: what this one trains on.
        group: CPU group for small messages; None when alone.
    """

    rank: int
    world: int
    device: torch.device
    group: Any = None

    @property
    def first(self) -> bool:
        """Whether this process writes files and prints."""
        return self.rank == 0

    def any(self, *flags: bool) -> list[bool]:
        """For each flag, whether it is set in some process; the same answer in all of them."""
        if self.world == 1:
            return list(flags)
        votes = torch.tensor(flags, dtype=torch.int32)
        distributed.all_reduce(votes, distributed.ReduceOp.MAX, group=self.group)
        return [bool(v) for v in votes.tolist()]

    def total(self, values: torch.Tensor) -> torch.Tensor:
        """Element-wise sum of a CPU tensor over all processes."""
        if self.world > 1:
            distributed.all_reduce(values, group=self.group)
        return values

    def wait(self) -> None:
        """Return once every process is here."""
        if self.world > 1:
            distributed.barrier(group=self.group)

    def average_buffers(self, model: nn.Module) -> None:
        """Average the batch-norm statistics, which each process gathers on its own share, in place.

        A running mean is linear in what it saw, so averaging now or later gives the same in the end.
        """
        if self.world == 1:
            return
        for buffer in model.buffers():
            if buffer.is_floating_point():
                distributed.all_reduce(buffer)
                buffer /= self.world

    def parallel(self, model: nn.Module) -> nn.Module:
        """The model as the training step calls it: gradients averaged over processes."""
        if self.world == 1:
            return model
        devices = [self.device.index] if self.device.type == "cuda" else None
        # Batch norm's statistics stay each process's own; what says so has another name in newer versions.
        names = inspect.signature(nn.parallel.DistributedDataParallel).parameters
        sync = "forward_sync_buffers" if "forward_sync_buffers" in names else "broadcast_buffers"
        apart: dict[str, Any] = {sync: False}
        return nn.parallel.DistributedDataParallel(
            model, device_ids=devices, gradient_as_bucket_view=True, **apart
        )


@contextlib.contextmanager
def started(device: str) -> Iterator[Processes]:
    """Join the processes that torchrun started, or be alone; left again at the end."""
    chosen = choose_device(device)
    if chosen.type == "cuda":
        torch.cuda.set_device(chosen)
    world = int(os.environ.get("WORLD_SIZE", "1"))
    if world == 1:
        yield Processes(0, 1, chosen)
        return
    # A plan of billions of images takes one process minutes to build while the others wait.
    patience = datetime.timedelta(hours=2)
    distributed.init_process_group("nccl" if chosen.type == "cuda" else "gloo", timeout=patience)
    try:
        group = distributed.new_group(backend="gloo", timeout=patience)
        yield Processes(distributed.get_rank(), world, chosen, group)
    finally:
        distributed.destroy_process_group()
