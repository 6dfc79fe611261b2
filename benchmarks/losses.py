"""Whether a run with the chosen defaults learns as the plain one does: losses side by side.

    python benchmarks/losses.py TRAINING_SET

Three runs over the same training set: with the defaults (`auto`: bf16, channels_last, compiled, where the
device is quick at them), plain (float32, NCHW, eager), and plain with another seed. The defaults pass if
their losses are no further from the plain ones, on average over the log's lines, than those of the other
seed are.
"""

import argparse
import contextlib
import io
import json
import statistics
import tempfile
from dataclasses import replace
from pathlib import Path

import records
from weakly.training.log import LogLine, read_lines
from weakly.training.loop import pretrain
from weakly.training.options import PretrainOptions


def train(options: PretrainOptions) -> list[LogLine]:
    """The log of a run."""
    with contextlib.redirect_stdout(io.StringIO()):
        return read_lines(pretrain(options) / "log.jsonl")


def distance(first: list[LogLine], second: list[LogLine]) -> float:
    """Mean difference of the losses, in nats."""
    return statistics.mean(abs(a.loss - b.loss) for a, b in zip(first, second, strict=True))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("training_set", type=Path)
    parser.add_argument("--model", default="resnext14_32x4d")
    parser.add_argument("--size", type=int, default=32)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--lr", type=float, default=0.1)
    parser.add_argument("--log-every", type=int, default=10, help="steps a line of the table")
    records.add_options(parser)
    return parser.parse_args()


def main() -> None:
    arguments = parse()
    with tempfile.TemporaryDirectory() as folder:
        defaults = PretrainOptions(
            arguments.training_set,
            Path(folder) / "defaults",
            model=arguments.model,
            size=arguments.size,
            batch=arguments.batch,
            images=arguments.steps * arguments.batch,
            lr=arguments.lr,
            log_every=arguments.log_every,
        )
        plain = replace(defaults, out=Path(folder) / "plain", precision="fp32", layout="nchw", compile="off")
        other = replace(plain, out=Path(folder) / "other", seed=defaults.seed + 1)
        wanted = {"defaults": defaults, "plain": plain, "plain, other seed": other}
        runs = {name: train(options) for name, options in wanted.items()}
        used = json.loads((defaults.out / "manifest.json").read_text())["facts"]["arithmetic"][-1]
    print(f"{'images':>10}" + "".join(f"{name:>20}" for name in runs))
    for lines in zip(*runs.values(), strict=True):
        print(f"{lines[0].images:10,}" + "".join(f"{line.loss:20.4f}" for line in lines))
    apart = distance(runs["defaults"], runs["plain"])
    spread = distance(runs["plain, other seed"], runs["plain"])
    agree = apart <= spread
    losses = {name: [line.loss for line in lines] for name, lines in runs.items()}
    figures = {"losses": losses, "used": used, "apart": apart, "spread": spread, "agree": agree}
    records.keep(arguments, figures)
    print(
        f"defaults ({used}) and plain are {apart:.4f} nats apart, two seeds {spread:.4f}: "
        f"{'within' if agree else 'BEYOND'} the spread of two seeds"
    )


if __name__ == "__main__":
    main()
