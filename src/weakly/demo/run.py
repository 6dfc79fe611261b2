"""The whole pipeline on a small drawn world: posts, vocabulary, training set, backbone, probe, report.

It runs the verbs that a user runs, prints each as the command it is, and leaves every stage's folder to be
looked at. On two cores it takes a few minutes.
"""

import shlex
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from weakly.options import SEED, Above, AtLeast, Options


@dataclass(frozen=True)
class DemoOptions(Options):
    """The whole pipeline on a small drawn world: a few minutes on two cores, and a report at the end."""

    out: Path = Path("demo")
    """Folder to make; each stage gets a folder in it."""
    posts: Annotated[int, AtLeast(1)] = 5000
    """Posts to draw."""
    passes: Annotated[float, Above(0)] = 20.0
    """Passes of pretraining over them."""
    seed: Annotated[int, SEED] = 0
    """Decides the world and the training."""
    overwrite: bool = False
    """Replace an earlier demo."""


def commands(options: DemoOptions) -> list[tuple[str, str]]:
    """What the demo does: a line for people and the command, a step."""
    out = shlex.quote(str(options.out))
    seed, replace = options.seed, " --overwrite" if options.overwrite else ""
    world, run = f"{out}/world", f"{out}/run"
    return [
        (
            "Draw a world of hashtagged photos, and class folders to judge a backbone on",
            f"toyworld --out {world} --images {options.posts} --seed {seed}{replace}",
        ),
        (
            "Choose the labels: every WordNet noun that at least 10 posts carry",
            f"vocab {world}/posts.jsonl --select nouns --min-count 10 --out {out}/vocabulary{replace}",
        ),
        (
            "Label the photos",
            f"label --vocab {out}/vocabulary --images {world}/images --out {out}/training_set{replace}",
        ),
        (
            "Pretrain a small network to predict the hashtags",
            f"pretrain {out}/training_set --out {run} --model resnext14_32x4d --size 32"
            f" --passes {options.passes} --batch 64 --lr 0.4 --schedule cosine --seed {seed}{replace}",
        ),
        (
            "Judge the backbone: frozen features, a linear classifier on another task",
            f"probe {run} --to folder:{world}/target",
        ),
        (
            "Judge the same network before it was trained",
            f"probe {run} --to folder:{world}/target --untrained",
        ),
        ("Write the report", f"report {run} --out {out}/report{replace}"),
    ]


def plan(options: DemoOptions) -> str:
    """The commands that the demo would run."""
    return "\n".join(f"weakly {command}" for _, command in commands(options))


def demo(options: DemoOptions) -> Path:
    """Run the pipeline end to end; returns the report's page.

    Raises:
        InputError: a stage's folder is occupied, or there is nothing to train.
    """
    from weakly import cli

    started = time.monotonic()
    for title, command in commands(options):
        print(f"\n# {title}\n$ weakly {command}", flush=True)
        began = time.monotonic()
        verb, verb_options = cli.parse(shlex.split(command))
        verb.run(verb_options)
        print(f"({time.monotonic() - began:.0f} s)", flush=True)
    page = options.out / "report" / "index.html"
    print(f"\nDone in {time.monotonic() - started:.0f} s. Open {page} in a browser.")
    return page
