"""What each of the cheap gains of a training step is worth: with it and without, in turns, in one run.

    python benchmarks/gains.py                    # on a CPU: resnext14_32x4d at 64 px
    python benchmarks/gains.py --model resnext101_32x8d --size 224 --batch 128 --compiled

A gain that changes the whole step is timed as a whole step; a gain in one part, as that part.
`benchmarks/step.py` has the layouts and the compiler for every width.
"""

import argparse
import functools
import json
import platform
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch.nn.functional import cross_entropy

from step_rivals import LABELS_AN_IMAGE, RATE, Shape, make_batch
from timing import Timing, Work, in_turns, peak_bytes
from weakly.images.transform import Transform
from weakly.training import compute, models
from weakly.training.distributed import Processes
from weakly.training.loss import softmax_loss
from weakly.training.options import PretrainOptions
from weakly.training.step import TrainingStep


@dataclass(frozen=True)
class Pair:
    """One gain: the work with it, and the same without.

    Attributes:
        name: what the gain is, and what it replaces.
        with_it: the work as weakly does it.
        without: the work as it was before.
        memory: whether to weigh it too.
    """

    name: str
    with_it: Work
    without: Work
    memory: bool = False


def whole_steps(shape: Shape, device: torch.device, compiled: bool) -> list[Pair]:
    """Gains of the whole step: each one against the step with all the others."""
    defaults = PretrainOptions(
        Path(), Path(), model=shape.model, size=shape.size, batch=shape.batch, compile="off"
    )
    batch = make_batch(shape, device)

    def made(**changes: Any) -> TrainingStep:
        options = replace(defaults, **changes)
        chosen = compute.choose(options, device)
        return TrainingStep(options, shape.labels, chosen, Processes(0, 1, device))

    def begun(step: TrainingStep) -> Work:
        step.begin()
        return lambda: step(batch, RATE)

    def step(**changes: Any) -> Work:
        return begun(made(**changes))

    zeroing, uncounted = made(), made()
    zero_grad: Any = functools.partial(type(zeroing.optimizer).zero_grad, zeroing.optimizer)
    zeroing.optimizer.zero_grad = lambda set_to_none=True: zero_grad(set_to_none=False)
    for module in uncounted.model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.num_batches_tracked = None
    now = step()
    pairs = [
        Pair("bf16, not float32", now, step(precision="fp32")),
        Pair("channels_last, not NCHW", step(layout="channels_last"), step(layout="nchw")),
        Pair("gradients set to None, not zeroed", now, begun(zeroing)),
        Pair("batch norm's step counters left alone", begun(uncounted), now),
    ]
    return [*pairs, Pair("compiled, not eager", step(compile="on"), now)] if compiled else pairs


def optimisers(shape: Shape, device: torch.device) -> list[Pair]:
    """The optimiser alone, over every parameter."""

    def step(flat: bool = False, **kind: bool) -> Work:
        parameters = list(models.create(shape.model, shape.labels, seed=0).to(device).parameters())
        if flat:
            parameters = [torch.nn.Parameter(torch.cat([own.detach().reshape(-1) for own in parameters]))]
        for parameter in parameters:
            parameter.grad = torch.full_like(parameter, 1e-6)
        made = torch.optim.SGD(parameters, RATE, momentum=0.9, nesterov=True, weight_decay=1e-4, **kind)
        return lambda: made.step()

    fused = step(fused=True)
    return [
        Pair("SGD fused, not foreach", fused, step(foreach=True)),
        Pair("SGD fused, not a loop", fused, step(foreach=False)),
        Pair("SGD fused over one flat tensor, not over each", step(flat=True, fused=True), fused),
    ]


def losses(device: torch.device, images: int, labels: int) -> list[Pair]:
    """The loss and its gradient, from the labels' own logits or through a dense target."""
    shape = Shape("", 1, images, labels)
    batch = make_batch(shape, device)
    logits = torch.randn(images, labels, device=device, requires_grad=True)

    def gathered() -> None:
        softmax_loss(logits, batch.labels, batch.offsets).mean().backward()
        logits.grad = None

    images_of = torch.arange(images, device=device).repeat_interleave(LABELS_AN_IMAGE)

    def dense() -> None:
        target = torch.zeros(images, labels, device=device)
        share = torch.full_like(batch.labels, 1 / LABELS_AN_IMAGE, dtype=torch.float32)
        target.index_put_((images_of, batch.labels), share, accumulate=True)
        cross_entropy(logits, target).backward()
        logits.grad = None

    gradient = torch.randn(images, labels, device=device)
    share = torch.full_like(batch.labels, -1 / LABELS_AN_IMAGE, dtype=torch.float32)

    def at_its_place() -> None:
        gradient.view(-1).index_add_(0, images_of * labels + batch.labels, share)

    def put() -> None:
        gradient.index_put_((images_of, batch.labels), share, accumulate=True)

    return [
        Pair(f"loss by gather, not dense: {labels:,} labels, {images} images", gathered, dense, True),
        Pair("the labels' gradients by index_add_, not index_put_", at_its_place, put),
    ]


def normalising(shape: Shape, device: torch.device) -> list[Pair]:
    """Bytes into what the first convolution takes."""
    images = make_batch(shape, device).images
    transform, dtype = Transform.for_size(shape.size), compute.autocast_type("auto", device)
    return [
        Pair(
            f"bytes to {str(dtype).removeprefix('torch.')} at once, not through float32",
            lambda: transform.normalise(images, dtype),
            lambda: transform.normalise(images).to(dtype),
            True,
        )
    ]


def show(rows: list[dict[str, Any]]) -> None:
    print(f"\n{'gain':62}{'with':>10}{'without':>10}{'ratio':>8}{'spread':>8}{'MiB':>8}{'without':>9}")
    for row in rows:
        memory = [f"{row[key] / 2**20:.0f}" if key in row else "-" for key in ("bytes", "bytes_without")]
        print(
            f"{row['name']:62}{row['with']:8.3f}ms{row['without']:8.3f}ms{row['ratio']:7.2f}x"
            f"{row['spread']:8.1%}{memory[0]:>8}{memory[1]:>9}"
        )


def measure(pair: Pair, rounds: int, calls: int, device: torch.device) -> dict[str, Any]:
    """Milliseconds a call with the gain and without; the ratio is the median over rounds."""
    works = {"with": pair.with_it, "without": pair.without}
    # Weighed first: memory that was once held is not always given back.
    weights = {}
    if pair.memory:
        weights = {
            key: peak_bytes(work, device)
            for key, work in (("bytes", pair.with_it), ("bytes_without", pair.without))
        }
    in_turns(works, 1, 2, device)
    timings = in_turns(works, rounds, calls, device)
    ratio = Timing(
        tuple(b / a for a, b in zip(timings["with"].rounds, timings["without"].rounds, strict=True))
    )
    milliseconds = {name: 1000 * timing.median for name, timing in timings.items()}
    return {"name": pair.name, **milliseconds, "ratio": ratio.median, "spread": ratio.spread, **weights}


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--model", default="resnext14_32x4d")
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--labels", type=int, default=17_000, help="of the loss")
    parser.add_argument("--loss-batch", type=int, default=256, help="images of the loss")
    parser.add_argument("--compiled", action="store_true", help="also the compiler, a minute on a CPU")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--calls", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write the figures here too")
    return parser.parse_args()


def main() -> None:
    arguments = parse()
    device = torch.device(arguments.device)
    shape = Shape(arguments.model, arguments.size, arguments.batch, 1000)
    print(
        f"{arguments.model}, {arguments.size} px, batch {arguments.batch}, {device}, {platform.machine()}, "
        f"{torch.get_num_threads()} threads, torch {torch.__version__}",
        flush=True,
    )
    parts = [
        *losses(device, arguments.loss_batch, arguments.labels),
        *normalising(shape, device),
        *optimisers(shape, device),
        *whole_steps(shape, device, arguments.compiled),
    ]
    rows = [measure(pair, arguments.rounds, arguments.calls, device) for pair in parts]
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=2) + "\n")
    show(rows)


if __name__ == "__main__":
    main()
