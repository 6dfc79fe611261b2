"""weakly: pretraining vision backbones on hashtagged photographs.

The verbs of the command line are functions here too, and take the same options:

    weakly.vocab(weakly.VocabOptions(posts=("posts.jsonl",), out=Path("vocabulary")))
    backbone = weakly.load("run")

Each imports what it needs when it is called, so that `import weakly` is cheap. Two have names of their own:
`weakly toyworld` is `weakly.make_world` and `weakly demo` is `weakly.run_demo`, since `weakly.toyworld` and
`weakly.demo` are rooms.
"""

from pathlib import Path
from typing import TYPE_CHECKING

__version__ = "0.1.0"

from weakly.corpus.options import LabelOptions, PostColumns, ShrinkOptions, TakedownOptions, VocabOptions
from weakly.demo.run import DemoOptions, run_demo
from weakly.errors import InputError
from weakly.reports.options import ReportOptions, ShowOptions
from weakly.toyworld.options import ToyWorldOptions
from weakly.training.options import PretrainOptions
from weakly.transfer.options import ProbeOptions, TagOptions

if TYPE_CHECKING:
    from weakly.corpus.training_set.training_set import TrainingSet
    from weakly.corpus.vocabulary.vocabulary import Vocabulary
    from weakly.toyworld.world import ToyWorld
    from weakly.training.checkpoint import Pretrained
    from weakly.transfer.results import Result
    from weakly.transfer.tag import TaggedPhoto

__all__ = [
    "DemoOptions",
    "InputError",
    "LabelOptions",
    "PostColumns",
    "PretrainOptions",
    "ProbeOptions",
    "ReportOptions",
    "ShowOptions",
    "ShrinkOptions",
    "TagOptions",
    "TakedownOptions",
    "ToyWorldOptions",
    "VocabOptions",
    "label",
    "load",
    "make_world",
    "pretrain",
    "probe",
    "report",
    "run_demo",
    "show",
    "shrink",
    "tag",
    "takedown",
    "vocab",
]


def make_world(options: ToyWorldOptions) -> "ToyWorld":
    """`weakly toyworld`: draw a small world of hashtagged photos whose truth is known."""
    from weakly.toyworld import world

    return world.make_world(options)


def vocab(options: VocabOptions) -> "Vocabulary":
    """`weakly vocab`: choose the hashtags that are labels, and count them over the posts."""
    from weakly.corpus.vocabulary import build

    return build.build_vocabulary(options)


def label(options: LabelOptions) -> "TrainingSet":
    """`weakly label`: give every image the labels of its post."""
    from weakly.corpus.training_set import build

    return build.label_posts(options)


def shrink(options: ShrinkOptions) -> "TrainingSet":
    """`weakly shrink`: copy a training set with small images."""
    from weakly.corpus.training_set import shrink

    return shrink.shrink(options)


def takedown(options: TakedownOptions) -> "TrainingSet":
    """`weakly takedown`: leave posts out of a training set that is already made."""
    from weakly.corpus.training_set.takedown import take_down

    return take_down(options)


def pretrain(options: PretrainOptions) -> Path:
    """`weakly pretrain`: train a network to predict hashtags from photos; returns its last checkpoint."""
    from weakly.training import loop

    return loop.pretrain(options)


def probe(options: ProbeOptions) -> "list[Result]":
    """`weakly probe`: measure what frozen features are worth, a result for each data set."""
    from weakly.transfer import probe

    return probe.probe(options)


def tag(options: TagOptions) -> "list[TaggedPhoto]":
    """`weakly tag`: print the best labels of photos."""
    from weakly.transfer import tag

    return tag.tag(options)


def report(options: ReportOptions) -> Path:
    """`weakly report`: write one HTML page about runs; returns its path."""
    from weakly.reports.report import write_report

    return write_report(options)


def show(options: ShowOptions) -> None:
    """`weakly show`: print what a folder that weakly wrote holds."""
    from weakly.reports import show

    show.show(options)


def load(path: Path | str, *, untrained: bool = False) -> "Pretrained":
    """Load a run's last checkpoint, or one that is named: trunk, head, names of the labels, transform.

    Args:
        path: the folder of a run, or of one of its checkpoints.
        untrained: the same network as it was before training.
    """
    from weakly.training.checkpoint import load_pretrained

    return load_pretrained(path, untrained=untrained)
