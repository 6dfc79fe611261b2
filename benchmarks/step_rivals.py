"""The two training steps that `benchmarks/step.py` sets side by side: weakly's own, and timm's.

weakly's is `weakly.training.step`, the code that `weakly pretrain` runs. timm's is what its train script
does for a batch, with its quickest switches: its model, its SGD (fused), bf16 autocast, channels_last,
bytes normalised on the device, and plain cross-entropy, which takes one label an image where weakly takes
all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import timm
import torch
from timm.data.constants import IMAGENET_DEFAULT_MEAN, IMAGENET_DEFAULT_STD
from timm.optim._optim_factory import create_optimizer_v2

from weakly.sampling.loader import Batch
from weakly.training import compute
from weakly.training.distributed import Processes
from weakly.training.models import FAMILY
from weakly.training.options import PretrainOptions
from weakly.training.step import TrainingStep

RATE = 1e-3
LABELS_AN_IMAGE = 2


@dataclass(frozen=True)
class Shape:
    """What is trained on.

    Attributes:
        model: a name of weakly's family.
        size: side of the images in pixels.
        batch: images a step.
        labels: outputs of the head.
    """

    model: str
    size: int
    batch: int
    labels: int


@dataclass(frozen=True)
class Rival:
    """One way to take a step.

    Attributes:
        who: whose code takes it.
        layout: memory format.
        compiled: whether torch.compile makes the kernels.
    """

    who: Literal["weakly", "timm"]
    layout: Literal["nchw", "channels_last"]
    compiled: bool

    def __str__(self) -> str:
        return f"{self.who} {self.layout} {'compiled' if self.compiled else 'eager'}"

    def prepare(self, shape: Shape, device: torch.device) -> Callable[[], torch.Tensor]:
        """Make model and optimiser on the device; the result takes a step on one batch and gives its loss."""
        # Made on the device: drawing 829 million weights on a CPU takes longer than timing them.
        with device:
            prepare = _weakly_step if self.who == "weakly" else _timm_step
            return prepare(self, shape, device)


def auto_layout(model: str, device: torch.device) -> Literal["nchw", "channels_last"]:
    """What `--layout auto` comes to."""
    chosen = compute.choose(PretrainOptions(Path(), Path(), model=model), device)
    return "channels_last" if chosen.layout == torch.channels_last else "nchw"


def make_batch(shape: Shape, device: torch.device) -> Batch:
    """A batch drawn at random, on the device: what is timed begins where the loader's work has ended."""
    generator = torch.Generator().manual_seed(0)
    side = (shape.batch, 3, shape.size, shape.size)
    images = torch.randint(0, 256, side, dtype=torch.uint8, generator=generator, device="cpu")
    drawn = (shape.batch * LABELS_AN_IMAGE,)
    labels = torch.randint(0, shape.labels, drawn, generator=generator, device="cpu")
    return Batch(
        images.contiguous(memory_format=torch.channels_last).to(device),
        labels.to(device),
        torch.arange(shape.batch + 1, device=device) * LABELS_AN_IMAGE,
        torch.arange(shape.batch, device="cpu"),
        [],
    )


def _weakly_step(rival: Rival, shape: Shape, device: torch.device) -> Callable[[], torch.Tensor]:
    options = PretrainOptions(
        Path(),
        Path(),
        model=shape.model,
        size=shape.size,
        batch=shape.batch,
        layout=rival.layout,
        compile="on" if rival.compiled else "off",
    )
    chosen = compute.choose(options, device)
    step = TrainingStep(options, shape.labels, chosen, Processes(0, 1, device))
    step.begin()
    batch = make_batch(shape, device)
    return lambda: step(batch, RATE)


def _timm_step(rival: Rival, shape: Shape, device: torch.device) -> Callable[[], torch.Tensor]:
    if device.type == "cuda":
        torch.backends.cudnn.benchmark = True
    family = FAMILY[shape.model]
    model = timm.create_model(
        "resnext50_32x4d",
        layers=family.layers,
        cardinality=family.groups,
        base_width=family.width,
        num_classes=shape.labels,
    )
    layout = torch.channels_last if rival.layout == "channels_last" else torch.contiguous_format
    model.to(device, memory_format=layout).train()  # pyright: ignore[reportCallIssue]
    optimizer = create_optimizer_v2(model, opt="sgd", lr=RATE, momentum=0.9, weight_decay=1e-4, fused=True)
    if rival.compiled:
        model.compile(dynamic=False)
    drawn = make_batch(shape, device)
    images, labels = drawn.images.contiguous(memory_format=layout), drawn.labels[::LABELS_AN_IMAGE]
    mean, std = (
        torch.tensor([255 * value for value in values], device=device).view(1, 3, 1, 1)
        for values in (IMAGENET_DEFAULT_MEAN, IMAGENET_DEFAULT_STD)
    )
    criterion = torch.nn.CrossEntropyLoss()
    dtype = compute.autocast_type("auto", device)

    def step() -> torch.Tensor:
        with torch.autocast(device.type, dtype, enabled=dtype != torch.float32):
            loss = criterion(model(images.float().sub_(mean).div_(std)), labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss.detach()

    return step
