"""What the options of a run come to, in numbers: its length, its rates, its arithmetic.

In: options, a training set and its sampling plan. Out: what the loop is told, and the summary a user reads
before it begins.
"""

import re
from dataclasses import dataclass

import torch

from weakly.corpus.training_set.training_set import TrainingSet
from weakly.machine import default_threads, idle_cores, share_of_cores
from weakly.sampling.plan import SamplingPlan
from weakly.training import models
from weakly.training.compute import Arithmetic
from weakly.training.distributed import Processes
from weakly.training.options import PretrainOptions
from weakly.training.schedule import WARMUP_SHARE, Schedule

DEFAULT_PASSES = 2.0
"""The paper: about two passes over 3.5 billion images."""


@dataclass(frozen=True)
class Length:
    """How long a run is: whole steps of whole batches, as near as can be to what was asked for."""

    steps: int
    images: int


def run_length(options: PretrainOptions, plan: SamplingPlan) -> Length:
    """The length of a run over `plan`."""
    if options.images is not None:
        images = float(options.images)
    else:
        passes = DEFAULT_PASSES if options.passes is None else options.passes
        images = passes * plan.expected_pass_size
    steps = max(1, round(images / options.batch))
    return Length(steps, steps * options.batch)


def make_schedule(options: PretrainOptions, length: Length) -> Schedule:
    """The learning rate over a run of this length."""
    warmup = options.warmup if options.warmup is not None else round(WARMUP_SHARE * length.images)
    return Schedule(options.lr, options.batch, length.images, warmup, options.schedule, options.halvings)


def default_workers(device: torch.device) -> int:
    """Processes that decode photos for one training process, where the user did not say."""
    if device.type == "cpu":
        # The step uses every core already; a worker beside it pays only where there are many.
        return share_of_cores() // 8
    return max(1, min(16, share_of_cores() - 1))


def threads(options: PretrainOptions, arithmetic: Arithmetic, processes: Processes, before: str = "") -> int:
    """Threads that a process of the run computes with on the CPU.

    In bf16 they are no more than the cores that nobody else is using when the run begins: oneDNN's threads
    wait for each other by spinning in the gradient of every convolution, and the one that they wait for may
    not have a core for milliseconds. In float32 they soon wait asleep (`machine.wait_briefly`).

    Args:
        options: of the run.
        arithmetic: what it computes with.
        processes: this one among all.
        before: what the run computed with before it was resumed, as its manifest has it: bits are equal only
            where the number of threads stays.
    """
    if options.threads is not None:
        return options.threads
    if processes.device.type != "cpu" or processes.world > 1:
        return default_threads()
    if said := re.search(r"(\d+) threads?$", before):
        return int(said[1])
    return default_threads(most=idle_cores() if arithmetic.dtype == torch.bfloat16 else None)


def describe(
    options: PretrainOptions, training_set: TrainingSet, plan: SamplingPlan, arithmetic: Arithmetic
) -> str:
    """What a run is going to do, for people; makes nothing."""
    length = run_length(options, plan)
    schedule = make_schedule(options, length)
    with torch.device("meta"):
        parameters = sum(
            p.numel() for p in models.create(options.model, len(training_set.vocabulary)).parameters()
        )
    return "\n".join(
        [
            f"training set  {len(training_set):,} images, {len(training_set.vocabulary):,} labels",
            f"sampling      {plan.facts['rule']}: a pass is {plan.expected_pass_size:,.0f} images, "
            f"one image comes up to {plan.facts['largest_factor']:.3g} times",
            f"model         {options.model}, {parameters / 1e6:.1f}M parameters, {options.size} px",
            f"arithmetic    {arithmetic}",
            f"length        {length.images:,} images in {length.steps:,} steps of {options.batch}, "
            f"{length.images / plan.expected_pass_size:.2f} passes",
            f"rate          {schedule.rate(0):.4g} at the start, peak {schedule.peak:.4g}, "
            f"{schedule.rate(length.images - 1):.4g} at the end ({options.schedule})",
        ]
    )
