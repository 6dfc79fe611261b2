"""What `weakly pretrain` takes."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from weakly.options import BY_PLACE, SEED, SHARE, Above, AtLeast, Below, Options


@dataclass(frozen=True)
class PretrainOptions(Options):
    """Train a network to predict hashtags from photos.

    Lengths are counted in images, the batch is over all processes together, and the learning rate is given
    for 256 images and scaled in proportion to the batch, as the paper does. Run it under torchrun to use
    several GPUs: `torchrun --nproc-per-node 8 -m weakly pretrain ...`.
    """

    training_set: Annotated[Path, BY_PLACE]
    """The folder that `weakly label` wrote."""
    out: Path
    """The run's folder, to be made: checkpoints, log and results go there."""
    model: str = "resnext50_32x4d"
    """resnext101_32x4d, 8d, 16d, 32d or 48d (the paper's); resnext14_32x4d, resnext26_32x4d or
    resnext50_32x4d (small); or any timm name."""
    size: Annotated[int, AtLeast(1)] = 224
    """Side of the square training crop, in pixels."""
    min_crop_area: Annotated[float, Above(0, 1)] = 0.08
    """Least share of a photo's area that a random crop takes, above 0 and at most 1; larger crops are easier
    to learn from in a short run."""
    passes: Annotated[float | None, Above(0)] = None
    """Length of the run in passes over the resampled training set. [2, unless --images is given]"""
    images: Annotated[int | None, AtLeast(1)] = None
    """Length of the run in images, instead of --passes."""
    batch: Annotated[int, AtLeast(1)] = 256
    """Images a step, over all processes together."""
    lr: Annotated[float, Above(0)] = 0.1
    """Peak learning rate for a batch of 256; it is multiplied by batch/256."""
    warmup: Annotated[int | None, AtLeast(0)] = None
    """Images over which the rate climbs to its peak, from --lr, or from a tenth of the peak where
    that is less. [5% of the run]"""
    schedule: Literal["halving", "cosine"] = "halving"
    """After the warm-up: halved at equally spaced points (the paper), or a half cosine to zero."""
    halvings: Annotated[int, AtLeast(0)] = 10
    """How often --schedule halving halves the rate."""
    momentum: Annotated[float, Below(0, 1)] = 0.9
    """Nesterov momentum."""
    weight_decay: Annotated[float, AtLeast(0)] = 1e-4
    """L2 penalty on the weights."""
    skip_norm_decay: bool = False
    """Leave batch-norm weights and all biases out of the weight decay."""
    loss: Literal["softmax", "sigmoid"] = "softmax"
    """softmax: cross-entropy against a target of 1/k at each of an image's k labels (the paper); sigmoid:
    every label is a yes-or-no question of its own."""
    resample: str = "sqrt"
    """How often images come. natural: once a pass. uniform:T: where a label has only n images, less than T,
    these come T/n times; sqrt:T: the square root of T/n times. Without :T, it is the median number of images
    a label has. capped:N: images of labels that have more than N come less often."""
    seed: Annotated[int, SEED] = 0
    """Decides initial weights, order, crops and flips."""
    workers: Annotated[int | None, AtLeast(0)] = None
    """Processes that decode photos, for each training process. [by the cores there are]"""
    threads: Annotated[int | None, AtLeast(1)] = None
    """Threads that compute on the CPU, in each process. [OMP_NUM_THREADS, else the process's share of the
    cores; in bf16 only cores that are idle when the run begins]"""
    precision: Literal["auto", "bf16", "fp32"] = "auto"
    """Numbers of the forward pass. auto: bf16 (autocast) where the device is quick at it, else fp32."""
    layout: Literal["auto", "nchw", "channels_last"] = "auto"
    """Memory layout of weights and images. auto: what is quick for the model on the device."""
    compile: Literal["auto", "on", "off"] = "auto"
    """Compile the network with torch.compile. auto: on a GPU, where a compiler is installed."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    """Where to train."""
    image_root: Path | None = None
    """Where the photos are now, if they moved since `weakly label`."""
    corrupt_limit: Annotated[float, SHARE] = 0.01
    """Stop when more than this share of the photos, of 1,000 or more, cannot be decoded."""
    log_every: Annotated[int, AtLeast(1)] = 20
    """Steps between two lines of the log."""
    save_minutes: Annotated[float, Above(0)] = 15.0
    """Minutes between two checkpoints."""
    save_images: Annotated[int | None, AtLeast(1)] = None
    """Also save a checkpoint every so many images."""
    keep: Annotated[int, AtLeast(1)] = 3
    """How many checkpoints to keep."""
    tensorboard: bool = False
    """Also write the log for TensorBoard (needs `pip install weakly[tensorboard]`)."""
    profile: Annotated[int | None, AtLeast(1)] = None
    """Write a trace of so many steps by torch's profiler into RUN/profile, after a few to warm up."""
    resume: bool = False
    """Go on from the run's last checkpoint; the other options must be those it began with."""
    overwrite: bool = False
    """Replace the run that is there."""

    def contradictions(self) -> Iterator[str]:  # noqa: D102 (described with the base)
        if self.passes is not None and self.images is not None:
            yield "--passes and --images both say how long to train: give one of them"


MAY_CHANGE_ON_RESUME = frozenset(
    {
        "training_set",
        "out",
        "workers",
        "threads",
        "layout",
        "compile",
        "device",
        "image_root",
        "corrupt_limit",
        "log_every",
        "save_minutes",
        "save_images",
        "keep",
        "tensorboard",
        "profile",
        "resume",
        "overwrite",
    }
)
"""Options that do not decide which weights come out (the training set is checked by its fingerprint).

`threads`, `layout`, `compile` and `device` change the order in which sums are rounded, as another number of
processes does, and nothing else: a run must be able to move to another machine. Bits are equal only where
these stay; a run says so when they do not, and its manifest lists what it computed with. `precision` is not
here: bf16 has a third of float32's digits.
"""
