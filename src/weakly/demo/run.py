"""Runs the verbs that a user runs, one after the other, and prints each as the command that it is."""

import shlex
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from weakly.command_line import as_arguments
from weakly.corpus.options import LabelOptions, VocabOptions
from weakly.options import SEED, Above, AtLeast, Options
from weakly.reports.options import ReportOptions
from weakly.toyworld.options import ToyWorldOptions
from weakly.training.options import PretrainOptions
from weakly.transfer.options import ProbeOptions


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


@dataclass(frozen=True)
class Step:
    """One step of the demo: what it does, for people; and the verb with its options."""

    title: str
    verb: str
    options: Options

    @property
    def command(self) -> str:
        """What a user types for it."""
        return shlex.join(["weakly", self.verb, *as_arguments(self.options)])


def steps(options: DemoOptions) -> list[Step]:
    """What the demo does."""
    out, seed, overwrite = options.out, options.seed, options.overwrite
    world, vocabulary, training_set, run = (out / n for n in ("world", "vocabulary", "training_set", "run"))
    target = (f"folder:{world / 'target'}",)
    return [
        Step(
            "Draw a world of hashtagged photos, and class folders to judge a backbone on",
            "toyworld",
            ToyWorldOptions(world, images=options.posts, seed=seed, overwrite=overwrite),
        ),
        Step(
            "Choose the labels: every WordNet noun that at least 10 posts carry",
            "vocab",
            VocabOptions((str(world / "posts.jsonl"),), vocabulary, min_count=10, overwrite=overwrite),
        ),
        Step(
            "Label the photos",
            "label",
            LabelOptions((), vocabulary, training_set, images=world / "images", overwrite=overwrite),
        ),
        Step(
            "Pretrain a small network to predict the hashtags",
            "pretrain",
            PretrainOptions(
                training_set,
                run,
                model="resnext14_32x4d",
                size=32,
                passes=options.passes,
                batch=64,
                lr=0.4,
                schedule="cosine",
                seed=seed,
                overwrite=overwrite,
            ),
        ),
        Step(
            "Judge the backbone: frozen features, a linear classifier on another task",
            "probe",
            ProbeOptions(run, target),
        ),
        Step(
            "Judge the same network before it was trained",
            "probe",
            ProbeOptions(run, target, untrained=True),
        ),
        Step("Write the report", "report", ReportOptions((run,), out / "report", overwrite=overwrite)),
    ]


def plan(options: DemoOptions) -> str:
    """The commands that the demo would run."""
    return "\n".join(step.command for step in steps(options))


def run_demo(options: DemoOptions) -> Path:
    """Run the pipeline end to end; returns the report's page.

    Raises:
        InputError: a stage's folder is occupied, or there is nothing to train.
    """
    from weakly.corpus.training_set.build import label_posts
    from weakly.corpus.vocabulary.build import build_vocabulary
    from weakly.reports.report import write_report
    from weakly.toyworld.world import make_world
    from weakly.training.loop import pretrain
    from weakly.transfer.probe import probe

    verbs: dict[str, Callable[[Any], object]] = {
        "toyworld": make_world,
        "vocab": build_vocabulary,
        "label": label_posts,
        "pretrain": pretrain,
        "probe": probe,
        "report": write_report,
    }
    started = time.monotonic()
    for step in steps(options):
        print(f"\n# {step.title}\n$ {step.command}", flush=True)
        began = time.monotonic()
        verbs[step.verb](step.options)
        print(f"({time.monotonic() - began:.0f} s)", flush=True)
    page = options.out / "report" / "index.html"
    print(f"\nDone in {time.monotonic() - started:.0f} s. Open {page} in a browser.")
    return page
