"""What a run says of itself: one line of JSON every few steps, a line for people, TensorBoard if wanted."""

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from weakly.errors import InputError

LOG = "log.jsonl"


@dataclass(frozen=True)
class LogLine:
    """The state of a run at one moment, over all processes.

    Attributes:
        images: images trained on so far.
        passes: the same in passes over the resampled training set.
        lr: learning rate of the last step.
        loss: mean over the images since the last line, in nats.
        images_per_second: since the last line.
        waiting: share of the time since the last line that was spent waiting for data, 0 to 1.
        corrupt: photos so far that could not be decoded and were replaced.
        seconds: time spent training so far, over all resumes.
        mfu: share of the devices' peak that the network's operations come to, 0 to 1; None where the peak is
            not known (`weakly.training.utilisation`), as on a CPU.
        peak_memory: most bytes that the first process has held so far, on its device; None in older logs.
    """

    images: int
    passes: float
    lr: float
    loss: float
    images_per_second: float
    waiting: float
    corrupt: int
    seconds: float
    mfu: float | None = None
    peak_memory: int | None = None


class RunLog:
    """`RUN/log.jsonl`, and its copies for people and for TensorBoard.

    Args:
        run: the run's folder.
        images: where training starts; what an interrupted run wrote after that is cut off.
        total: images the run will see.
        tensorboard: write event files to RUN/tensorboard too.
        quiet: write nothing (the other processes of a run).

    Raises:
        InputError: TensorBoard is asked for and not installed.
    """

    def __init__(self, run: Path, *, images: int, total: int, tensorboard: bool, quiet: bool) -> None:
        self.quiet, self.total = quiet, total
        self._writer: Any = None
        if quiet:
            return
        path = run / LOG
        kept = [line for line in read_lines(path) if line.images <= images]
        path.write_text("".join(_as_json(line) for line in kept), encoding="utf-8")
        self._file = path.open("a", encoding="utf-8")
        if tensorboard:
            try:
                from torch.utils.tensorboard import SummaryWriter
            except ImportError as error:
                raise InputError(
                    f"--tensorboard: {error}; install it with `pip install 'weakly[tensorboard]'`"
                ) from error
            self._writer = SummaryWriter(str(run / "tensorboard"), purge_step=images)

    def write(self, line: LogLine) -> None:
        """Record one line."""
        if self.quiet:
            return
        self._file.write(_as_json(line))
        self._file.flush()
        corrupt = f"  corrupt {line.corrupt:,}" if line.corrupt else ""
        mfu = "" if line.mfu is None else f"  mfu {line.mfu:.1%}"
        memory = "" if line.peak_memory is None else f"  memory {line.peak_memory / 2**30:.2f} GiB"
        print(
            f"{line.images:>12,} of {self.total:,} images  pass {line.passes:.2f}  lr {line.lr:.5f}"
            f"  loss {line.loss:.4f}  {line.images_per_second:,.0f} images/s"
            f"  waiting {line.waiting:.1%}{mfu}{memory}{corrupt}",
            flush=True,
        )
        if self._writer:
            for name, value in asdict(line).items():
                if name != "images" and value is not None:
                    self._writer.add_scalar(name, value, line.images)

    def close(self) -> None:
        """Flush and close the files."""
        if self.quiet:
            return
        self._file.close()
        if self._writer:
            self._writer.close()


def _as_json(line: LogLine) -> str:
    return json.dumps(asdict(line)) + "\n"


def read_lines(path: Path) -> list[LogLine]:
    """The lines of a log; a last one that a kill cut short is left out."""
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    return [LogLine(**json.loads(line)) for line in lines if line.endswith("\n")]


class Stopwatch:
    """Time since the last log line, and how much of it was spent waiting for data."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.total = seconds
        self.waited = 0.0
        self._lap = self._now = time.perf_counter()

    def begin_wait(self) -> None:
        """Data is being asked for."""
        self._now = time.perf_counter()

    def end_wait(self) -> None:
        """Data has come."""
        self.waited += time.perf_counter() - self._now

    def lap(self) -> tuple[float, float]:
        """Seconds since the last lap, and the share of them spent waiting; begins the next."""
        now = time.perf_counter()
        seconds, waited = now - self._lap, self.waited
        self._lap, self.waited = now, 0.0
        self.total += seconds
        return seconds, waited / max(seconds, 1e-9)
