"""Networks by name: a trunk that sees and a head that names (section 3.1 of the paper).

In: a name and a number of labels. Out: a `Classifier`. The ResNeXt family is ours by name and timm's by code;
any other name is asked of timm.
"""

from dataclasses import dataclass

import timm
import torch
from timm.models.resnet import Bottleneck, ResNet
from torch import nn

from weakly.errors import InputError


@dataclass(frozen=True)
class ResNeXt:
    """A ResNeXt: bottleneck blocks a stage, groups of the 3x3 convolution and channels a group."""

    layers: tuple[int, int, int, int]
    groups: int
    width: int


FAMILY = {
    "resnext14_32x4d": ResNeXt((1, 1, 1, 1), 32, 4),
    "resnext26_32x4d": ResNeXt((2, 2, 2, 2), 32, 4),
    "resnext50_32x4d": ResNeXt((3, 4, 6, 3), 32, 4),
    **{f"resnext101_32x{width}d": ResNeXt((3, 4, 23, 3), 32, width) for width in (4, 8, 16, 32, 48)},
}
"""The paper's five widths of ResNeXt-101 and three small ones for a CPU."""


class Classifier(nn.Module):
    """A trunk and a linear head, named apart so that either can be taken without the other.

    Attributes:
        trunk: timm model without a classifier: float images [n, 3, h, w] -> features [n, D].
        head: linear layer: features [n, D] -> logits [n, L].
    """

    def __init__(self, trunk: nn.Module, features: int, num_labels: int) -> None:
        super().__init__()
        self.trunk = trunk
        self.head = nn.Linear(features, num_labels)
        # As large as the features make it, and no larger: logits start near zero whatever L is.
        nn.init.normal_(self.head.weight, std=0.01)
        nn.init.zeros_(self.head.bias)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Logits [n, L] of normalised float images [n, 3, h, w]."""
        return self.head(self.trunk(images))


def create(name: str, num_labels: int, *, seed: int | None = None) -> Classifier:
    """Make a network at its initialisation.

    Convolutions start as He et al. (2015) have it, and the last batch norm of every residual block at zero
    weight, so that each block begins as the identity. Nothing is downloaded.

    Args:
        name: one of `FAMILY`, or any timm model's name.
        num_labels: size of the head's output, at least 1.
        seed: decides the initial weights and leaves torch's own generator as it was; None draws from that.

    Raises:
        InputError: no such model; names the nearest.
    """
    if seed is not None:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return create(name, num_labels)
    if name in FAMILY:
        shape = FAMILY[name]
        trunk: nn.Module = ResNet(
            Bottleneck,  # pyright: ignore[reportArgumentType] - timm's hint names instances
            shape.layers,
            cardinality=shape.groups,
            base_width=shape.width,
            num_classes=0,
            zero_init_last=True,
        )
    elif timm.is_model(name):
        trunk = timm.create_model(name, pretrained=False, num_classes=0)
    else:
        raise InputError(f"--model {name}: no such model{nearest(name)}")
    return Classifier(trunk, feature_width(trunk), num_labels)


def feature_width(trunk: nn.Module) -> int:
    """Length D of the features a timm trunk gives (some give more than their last stage has channels)."""
    return int(getattr(trunk, "head_hidden_size", None) or trunk.num_features)  # pyright: ignore[reportArgumentType]


def nearest(name: str) -> str:
    """The end of an error message: known models whose names look like `name`."""
    import difflib

    close = difflib.get_close_matches(name, [*FAMILY, *timm.list_models()], n=3)
    return f"; did you mean {', '.join(close)}?" if close else "; see timm.list_models()"


def parameter_groups(model: nn.Module, weight_decay: float, *, skip_norm_decay: bool) -> list[dict]:
    """Parameters for the optimiser, those without weight decay apart where that is asked for.

    The paper decays all. With `skip_norm_decay`, vectors (batch-norm weights and every bias) are not decayed.
    """
    parameters = [p for p in model.parameters() if p.requires_grad]
    if not skip_norm_decay:
        return [{"params": parameters, "weight_decay": weight_decay}]
    return [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": weight_decay},
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]
