"""What the pretraining loop costs: `weakly pretrain` beside a bare loop over ready tensors, in one run.

    python benchmarks/loop.py

Both train the same network on batches of the same size, in turns, for several rounds. The bare loop has its
normalised images in memory and does nothing but forward, backward and step. The printed share is the median
over rounds of (images a second of the loop) / (images a second of the bare loop); the goal is 95%. Beside it
stands the share of the loop's time spent outside of its steps (normalising, forward, backward, optimiser),
which other work on the machine disturbs less; the goal is under 5%.
"""

import argparse
import contextlib
import io
import json
import platform
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import torch

from weakly.corpus.options import LabelOptions, VocabOptions
from weakly.corpus.training_set.build import label_posts
from weakly.corpus.training_set.training_set import TrainingSet
from weakly.corpus.vocabulary.build import build_vocabulary
from weakly.images.transform import Transform
from weakly.sampling.loader import Batch
from weakly.toyworld.options import ToyWorldOptions
from weakly.toyworld.world import make_world
from weakly.training import models
from weakly.training.compute import choose
from weakly.training.log import read_lines
from weakly.training.loop import pretrain
from weakly.training.loss import softmax_loss
from weakly.training.options import PretrainOptions
from weakly.training.step import TrainingStep

LINE = 4
"""Steps that are timed together: a line of the log."""


def make_training_set(folder: Path, images: int, pixels: int) -> TrainingSet:
    """A training set drawn from the toy world."""
    world = make_world(ToyWorldOptions(folder / "world", images=images, size=pixels, target_per_class=0))
    posts = tuple(map(str, world.posts))
    build_vocabulary(VocabOptions(posts, folder / "vocabulary", select="nouns", min_count=3))
    return label_posts(
        LabelOptions(posts, folder / "vocabulary", folder / "training_set", images=world.images)
    )


def bare_rate(
    model: str, labels: int, size: int, batch: int, steps: int, warmup: int, kind: torch.dtype
) -> float:
    """Images a second of forward, backward and step over ready tensors: median over lines, as of the loop."""
    network = models.create(model, labels, seed=0).to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    optimizer = torch.optim.SGD(
        network.parameters(), 0.05, momentum=0.9, nesterov=True, weight_decay=1e-4, fused=True
    )
    generator = torch.Generator().manual_seed(0)
    pixels = torch.randint(0, 256, (4, batch, 3, size, size), dtype=torch.uint8, generator=generator)
    ready = [
        Transform.for_size(size).normalise(images.contiguous(memory_format=torch.channels_last))
        for images in pixels
    ]
    targets = torch.randint(0, labels, (batch,), generator=generator)
    offsets = torch.arange(batch + 1)
    seconds = []
    for step in range(warmup + steps):
        began = time.perf_counter()
        with torch.autocast("cpu", kind, enabled=kind != torch.float32):
            logits = network(ready[step % len(ready)])
        softmax_loss(logits, targets, offsets).mean().backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        seconds.append(time.perf_counter() - began)
    timed = seconds[warmup:]
    lines = [statistics.mean(timed[first : first + LINE]) for first in range(0, len(timed), LINE)]
    return batch / statistics.median(lines)


@contextlib.contextmanager
def watched_steps() -> Iterator[list[tuple[float, float]]]:
    """When every step of `weakly pretrain` began and ended, in seconds, for as long as this is entered."""
    spans: list[tuple[float, float]] = []
    take = TrainingStep.__call__

    def timed(self: TrainingStep, batch: Batch, rate: float) -> torch.Tensor:
        began = time.perf_counter()
        loss = take(self, batch, rate)
        spans.append((began, time.perf_counter()))
        return loss

    TrainingStep.__call__ = timed
    try:
        yield spans
    finally:
        TrainingStep.__call__ = take


def loop_rate(options: PretrainOptions, warmup: int) -> tuple[float, float, float]:
    """Images a second of `weakly pretrain` after its first steps, and shares of its time.

    Returns:
        (images a second, the share that it waited for data, the share outside of its steps)
    """
    with contextlib.redirect_stdout(io.StringIO()), watched_steps() as spans:
        run = pretrain(options)
    lines = [line for line in read_lines(run / "log.jsonl") if line.images > warmup * options.batch]
    steady = spans[warmup:]
    inside = sum(end - began for began, end in steady[1:])
    return (
        statistics.median(line.images_per_second for line in lines),
        statistics.median(line.waiting for line in lines),
        1 - inside / (steady[-1][1] - steady[0][1]),
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="resnext14_32x4d")
    parser.add_argument("--photos", type=int, default=2000, help="photos to draw")
    parser.add_argument("--pixels", type=int, default=64, help="their side")
    parser.add_argument("--size", type=int, default=64, help="side of the training crop")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--steps", type=int, default=40, help="timed steps a round, of each loop")
    parser.add_argument("--warmup", type=int, default=8, help="steps before timing")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", type=int, default=None)
    parser.add_argument("--json", type=Path, help="write the figures here too")
    arguments = parser.parse_args()

    rounds = []
    with tempfile.TemporaryDirectory() as folder:
        with contextlib.redirect_stdout(io.StringIO()):
            training_set = make_training_set(Path(folder), arguments.photos, arguments.pixels)
        labels = len(training_set.vocabulary)
        for number in range(arguments.rounds):
            options = PretrainOptions(
                training_set.folder,
                Path(folder) / f"run{number}",
                model=arguments.model,
                size=arguments.size,
                batch=arguments.batch,
                images=(arguments.steps + arguments.warmup) * arguments.batch,
                workers=arguments.workers,
                log_every=LINE,
                device="cpu",
            )
            kind = choose(options, torch.device("cpu")).dtype
            bare = bare_rate(
                *(arguments.model, labels, arguments.size, arguments.batch),
                *(arguments.steps, arguments.warmup, kind),
            )
            rate, waiting, outside = loop_rate(options, arguments.warmup)
            rounds.append(
                {"bare": bare, "loop": rate, "share": rate / bare, "waiting": waiting, "outside": outside}
            )
            print(
                f"round {number + 1}: bare {bare:7.1f} images/s   weakly {rate:7.1f} images/s"
                f"   {rate / bare:6.1%}   waiting {waiting:.1%}   outside {outside:.1%}",
                flush=True,
            )
    share, outside = (statistics.median(r[key] for r in rounds) for key in ("share", "outside"))
    print(
        f"{arguments.model}, {arguments.size} px, batch {arguments.batch}, "
        f"{torch.get_num_threads()} threads, "
        f"torch {torch.__version__}, {platform.machine()}: the loop runs at {share:.1%} of the bare loop "
        f"and spends {outside:.1%} of its time outside of its steps (medians of {len(rounds)} rounds)"
    )
    if arguments.json:
        arguments.json.write_text(
            json.dumps({"rounds": rounds, "share": share, "outside": outside}, indent=2) + "\n"
        )


if __name__ == "__main__":
    main()
