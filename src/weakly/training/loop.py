"""THE loop: batches in, checkpoints out, read top to bottom (section 3.1 of the paper).

Everything that decides the weights is a function of the options and of two integers, steps taken and images
seen: the batch at a position, its crops, the learning rate, the seed of dropout. So a resumed run goes on
exactly where the checkpoint was written, whatever happened after it.
"""

import signal
import time
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import numpy as np
import torch

from weakly.artifacts import fingerprint
from weakly.atomic import write_json
from weakly.corpus.training_set.training_set import TrainingSet, open_training_set
from weakly.errors import InputError, Stopped
from weakly.hashing import mix
from weakly.images.image_error import KINDS
from weakly.machine import choose_device, computing_threads
from weakly.progress import plural
from weakly.sampling.loader import Batch, CorruptLimit, batches
from weakly.sampling.order import Order
from weakly.sampling.plan import SamplingPlan
from weakly.sampling.resampling import parse_rule
from weakly.training import checkpoint, compute, distributed, run_folder
from weakly.training.checkpoint import Companions, State
from weakly.training.compute import Arithmetic
from weakly.training.distributed import Processes
from weakly.training.garbage import Garbage
from weakly.training.log import LogLine, RunLog, Stopwatch
from weakly.training.options import PretrainOptions
from weakly.training.recipe import default_workers, describe, make_schedule, run_length, threads
from weakly.training.step import TrainingStep
from weakly.training.stop_request import StopRequest
from weakly.training.trace import traced
from weakly.training.utilisation import device_peak_flops, peak_memory, training_flops

AGREE_EVERY = 10
"""Steps between two questions to the other processes whether to stop or save; alone, it is every step."""


def plan(options: PretrainOptions) -> str:
    """What `pretrain` would do with these options, for people; writes nothing."""
    training_set = open_training_set(options.training_set, options.image_root)
    sampling = SamplingPlan.build(training_set, parse_rule(options.resample), options.seed)
    chosen = compute.choose(options, choose_device(options.device))
    return describe(options, training_set, sampling, chosen)


def pretrain(options: PretrainOptions) -> Path:
    """Train a network to predict hashtags; returns the run's folder.

    Raises:
        InputError: an option, the training set or the run's folder is at fault; too many photos cannot be
            decoded; the loss is not finite (the batch's positions are saved).
        Stopped: SIGTERM or SIGINT came; a checkpoint was written first.
    """
    training_set = open_training_set(options.training_set, options.image_root)
    with distributed.started(options.device) as processes, StopRequest() as stop:
        if options.batch < processes.world:
            raise InputError(
                f"--batch {options.batch}: expected at least one image for each of {processes.world}"
            )
        chosen = compute.choose(options, processes.device)
        if processes.first:
            used = run_folder.prepare(options, training_set)
            sampling = run_folder.sampling_plan(options, training_set)
            count = threads(options, chosen, processes, used[-1] if used else "")
            facts = {"plan": sampling.facts, "arithmetic": _used_with(used, _said(chosen, processes, count))}
            run_folder.describe(options, training_set, facts)
            print(describe(options, training_set, sampling, chosen), flush=True)
        else:
            count = threads(options, chosen, processes)
        processes.wait()
        sampling = run_folder.sampling_plan(options, training_set)
        with computing_threads(count):
            return _Trainer(options, training_set, sampling, processes, chosen).run(stop)


def _said(chosen: Arithmetic, processes: Processes, count: int) -> str:
    """What a run computes with, as its manifest has it; threads where they are what computes."""
    return f"{chosen}, {plural(count, 'thread')}" if processes.device.type == "cpu" else str(chosen)


def _used_with(used: list[str], chosen: str) -> list[str]:
    """What a run has computed with so far, and from here on; says so where that is something else."""
    if used and used[-1] != chosen:
        print(
            f"note: computed with {used[-1]} so far, with {chosen} from here on: other rounding", flush=True
        )
    return used if used[-1:] == [chosen] else [*used, chosen]


class _Trainer:
    """What a run holds while it runs: `run` is the loop, the rest are its steps."""

    def __init__(
        self,
        options: PretrainOptions,
        training_set: TrainingSet,
        plan: SamplingPlan,
        processes: Processes,
        chosen: Arithmetic,
    ) -> None:
        self.options, self.training_set, self.plan, self.processes = options, training_set, plan, processes
        self.device = processes.device
        self.length = run_length(options, plan)
        self.schedule = make_schedule(options, self.length)
        self.order = Order(plan)
        labels = len(training_set.vocabulary)
        self.train_step = TrainingStep(options, labels, chosen, processes)
        self.image_flops = training_flops(options.model, labels, options.size)
        self.peak_flops = device_peak_flops(self.device, chosen.dtype)
        counts = training_set.label_counts
        self.companions = Companions(
            config=run_folder.decisive(options),
            labels=training_set.vocabulary.table.append_column("images", [counts]),
            transform=self.train_step.transform,
        )
        self.state = self._start()
        self.corrupt = np.zeros(len(KINDS), np.int64)
        self.corrupt_limit = CorruptLimit(options.corrupt_limit)
        self.losses: list[torch.Tensor] = []

    def _start(self) -> State:
        """Where training begins: the last checkpoint when resuming, else nothing seen."""
        found = checkpoint.complete(self.options.out) if self.options.resume else []
        if found:
            state = checkpoint.restore(
                found[-1], self.train_step.model, self.train_step.optimizer, self.device
            )
            if state.plan != self.plan.fingerprint:
                raise InputError(
                    f"{found[-1]} belongs to another sampling plan than {run_folder.PLAN}: remove that file"
                )
            if self.processes.first:
                print(f"resuming from {found[-1]}", flush=True)
            return state
        return State(
            step=0,
            images_seen=0,
            seconds=0.0,
            corrupt={},
            run=fingerprint(run_folder.decisive(self.options)),
            training_set=self.training_set.fingerprint,
            plan=self.plan.fingerprint,
        )

    def run(self, stop: StopRequest) -> Path:
        """Train to the end, or until asked to stop."""
        options, processes, length = self.options, self.processes, self.length
        if self.state.step >= length.steps:
            if processes.first:
                print(f"{options.out} is already trained to its end, {length.images:,} images")
            return options.out
        self.train_step.begin()
        log = RunLog(
            options.out,
            images=self.state.images_seen,
            total=length.images,
            tensorboard=options.tensorboard,
            quiet=not processes.first,
        )
        data = self._batches()
        watch, saved_at = Stopwatch(self.state.seconds), time.monotonic()
        stopping = False
        step = self.state.step
        profile = traced(options.out / "profile", steps=options.profile, rank=processes.rank, first_step=step)
        with closing(log), closing(data), Garbage() as garbage, profile as next_step:
            while step < length.steps and not stopping:
                watch.begin_wait()
                batch = next(data)
                watch.end_wait()

                rate = self.schedule.rate(step * options.batch)
                self._train_on(batch, step, rate)
                step += 1

                # What to do besides: everything here is agreed on by all processes.
                saving = _crossed(options.save_images, options.batch, step) or step == length.steps
                if processes.world == 1 or step % AGREE_EVERY == 0:
                    timer = time.monotonic() - saved_at > options.save_minutes * 60
                    stopping, timer = processes.any(stop.received > 0, processes.first and timer)
                    saving = saving or stopping or timer
                if saving or step % options.log_every == 0:
                    log.write(self._flush(step, rate, watch))
                if saving:
                    self._save()
                    saved_at = time.monotonic()
                garbage.collect(step, everything=saving)
                next_step()
        if stopping and step < length.steps:
            raise Stopped(
                stop.received or signal.SIGTERM,
                f"stopped and saved at {self.state.images_seen:,} of {length.images:,} images: "
                "give the same command with --resume to go on",
            )
        return options.out

    def _batches(self) -> Generator[Batch, None, None]:
        """This process's share of every batch from where the run stands."""
        options, processes = self.options, self.processes
        return batches(
            self.training_set,
            self.plan,
            size=options.size,
            batch=options.batch,
            start_step=self.state.step,
            stop_step=self.length.steps,
            rank=processes.rank,
            world=processes.world,
            workers=default_workers(self.device) if options.workers is None else options.workers,
            seed=options.seed,
            min_area=options.min_crop_area,
            pin_memory=self.device.type == "cuda",
        )

    def _train_on(self, batch: Batch, step: int, rate: float) -> None:
        """One step of SGD on this process's share of a global batch."""
        # Dropout and the like, where a model has them, draw from (seed, step) and so repeat on a resume.
        torch.manual_seed(int(mix(self.options.seed, step, self.processes.rank)) >> 1)
        self.losses.append(self.train_step(batch, rate))
        for _, _, kind in batch.corrupt:
            self.corrupt[KINDS.index(kind)] += 1
        self.corrupt_limit.note(batch, self.training_set)

    def _flush(self, step: int, rate: float, watch: Stopwatch) -> LogLine:
        """Gather what happened since the last line over all processes, move the state on, and check it."""
        losses = self.processes.total(torch.stack(self.losses).double().cpu()).numpy()
        corrupt = self.processes.total(torch.from_numpy(self.corrupt.copy())).numpy()
        self.losses.clear()
        self.corrupt[:] = 0
        if not np.isfinite(losses).all():
            self._report_not_finite(step - len(losses) + int(np.argmin(np.isfinite(losses))), losses)
        seconds, waiting = watch.lap()
        kinds = {k: self.state.corrupt.get(k, 0) + int(n) for k, n in zip(KINDS, corrupt, strict=True)}
        images_seen = step * self.options.batch
        self.state = State(
            step=step,
            images_seen=images_seen,
            seconds=watch.total,
            corrupt={kind: n for kind, n in kinds.items() if n},
            run=self.state.run,
            training_set=self.state.training_set,
            plan=self.state.plan,
        )
        self.corrupt_limit.check(images_seen, self.state.corrupt)
        images_per_second = len(losses) * self.options.batch / seconds
        peak = self.peak_flops and self.peak_flops * self.processes.world
        return LogLine(
            images=images_seen,
            passes=self.order.passes(images_seen),
            lr=rate,
            loss=float(losses.mean()),
            images_per_second=images_per_second,
            waiting=waiting,
            corrupt=sum(self.state.corrupt.values()),
            seconds=watch.total,
            mfu=images_per_second * self.image_flops / peak if peak else None,
            peak_memory=peak_memory(self.device),
        )

    def _report_not_finite(self, step: int, losses: np.ndarray) -> None:
        positions = np.arange(step * self.options.batch, (step + 1) * self.options.batch)
        rows = self.order.rows(positions)
        path = self.options.out / "nonfinite.json"
        if self.processes.first:
            write_json(
                path,
                {
                    "step": step,
                    "losses_since_the_last_log_line": [float(value) for value in losses],
                    "lr": self.schedule.rate(step * self.options.batch),
                    "positions": positions.tolist(),
                    "rows": rows.tolist(),
                    "posts": [self.training_set.post_id(int(row)) for row in rows],
                },
            )
        raise InputError(
            f"the loss is not finite at step {step}, images {positions[0]:,} to {positions[-1]:,}; "
            f"{path} names the batch's posts: start again with a lower --lr, or with --precision fp32"
        )

    def _save(self) -> None:
        model, optimizer = self.train_step.model, self.train_step.optimizer
        self.processes.average_buffers(model)
        if self.processes.first:
            checkpoint.save(
                self.options.out, model, optimizer, self.state, self.companions, self.options.keep
            )
        self.processes.wait()


def _crossed(every: int | None, batch: int, step: int) -> bool:
    """Whether this step was the one that crossed a multiple of `every` images."""
    return every is not None and step * batch // every > (step - 1) * batch // every
