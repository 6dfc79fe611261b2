"""One step of SGD: the code that trains, in one piece, so that benchmarks/step.py times this and no copy.

In: a batch and a learning rate. Out: new weights, and the loss on the device. Nothing here waits for the
device: a step only queues work.
"""

import torch
from torch import nn

from weakly.images.transform import Transform
from weakly.sampling.loader import Batch
from weakly.training import models
from weakly.training.compute import Arithmetic
from weakly.training.distributed import Processes
from weakly.training.loss import LOSSES
from weakly.training.options import PretrainOptions


class TrainingStep:
    """A network, its optimiser, and what one batch does to them.

    Args:
        options: of the run.
        num_labels: outputs of the head.
        arithmetic: what to compute with.
        processes: this process among those that share a batch.

    Attributes:
        model: the network, on the device in the arithmetic's layout, at its initialisation.
        network: the model as it is called: compiled, and averaging gradients over processes; see `begin`.
        optimizer: SGD on all of its parameters.
        transform: how a photo becomes the network's input.
    """

    def __init__(
        self, options: PretrainOptions, num_labels: int, arithmetic: Arithmetic, processes: Processes
    ) -> None:
        self.arithmetic, self.processes, self.device = arithmetic, processes, processes.device
        self.batch, self.transform = options.batch, Transform.for_size(options.size)
        self.loss = LOSSES[options.loss]
        if self.device.type == "cuda":
            # Shapes never change, so cuDNN's choice of kernels by trial is made once a shape.
            torch.backends.cudnn.benchmark = True
        self.model = models.create(options.model, num_labels, seed=options.seed)
        self.model.to(self.device, memory_format=arithmetic.layout)  # pyright: ignore[reportCallIssue]
        self.network: nn.Module = self.model
        self.optimizer = torch.optim.SGD(
            models.parameter_groups(
                self.model, options.weight_decay, skip_norm_decay=options.skip_norm_decay
            ),
            lr=options.lr,
            momentum=options.momentum,
            nesterov=options.momentum > 0,
            fused=True,
        )

    def begin(self) -> None:
        """Make the network ready to be trained, after its weights are in place."""
        if self.arithmetic.compile:
            # Every step has the same shapes: a graph of sizes left open would be slower and gain nothing.
            self.model.compile(dynamic=False)
        self.network = self.processes.parallel(self.model)
        self.network.train()

    def __call__(self, batch: Batch, rate: float) -> torch.Tensor:
        """Take one step on this process's share of a global batch.

        Args:
            batch: the share, on the host or the device; copied without waiting where its memory is pinned.
            rate: the learning rate.

        Returns:
            float32 scalar on the device, without gradient: this share's part of the global batch's mean loss,
            in nats.
        """
        # Bytes go to the device, and are turned into the layout of the weights and into floats only there.
        images = batch.images.to(self.device, non_blocking=True)
        images = images.contiguous(memory_format=self.arithmetic.layout)
        labels = batch.labels.to(self.device, non_blocking=True)
        offsets = batch.offsets.to(self.device, non_blocking=True)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        dtype = self.arithmetic.dtype
        with torch.autocast(self.device.type, dtype, enabled=dtype != torch.float32):
            logits = self.network(self.transform.normalise(images))
        loss = self.loss(logits, labels, offsets).sum() / self.batch
        # DDP averages gradients over processes; shares may differ by an image, so the mean is over the batch.
        (loss * self.processes.world).backward()
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        return loss.detach()
