"""The command line: one dataclass of options and one call a verb, no logic.

The options live beside the code they configure, in modules that import nothing heavy; what a verb does is
imported when it runs, so `weakly --help` answers at once.
"""

import importlib
import os
import sys
import warnings
from dataclasses import asdict, dataclass
from functools import reduce
from operator import or_
from typing import Annotated, Any

import weakly
from weakly.artifacts import refuse_occupied
from weakly.corpus.options import LabelOptions, TakedownOptions, VocabOptions
from weakly.demo.run import DemoOptions
from weakly.errors import InputError, Stopped
from weakly.reports.options import ReportOptions, ShowOptions
from weakly.toyworld.options import ToyWorldOptions
from weakly.training.options import PretrainOptions
from weakly.transfer.options import ProbeOptions, TagOptions


@dataclass(frozen=True)
class Verb:
    """One verb of the command line; `weakly.find(name)` is what it does.

    Attributes:
        name: what the user types.
        options: the dataclass that holds what it takes; its docstring is the verb's help.
        by_place: options given by their place instead of by a flag.
        plan: `module:function` that says what the verb would do with its options, for --dry-run.
        kind: of the folder that it makes, which is all that --overwrite replaces; "" for any.
    """

    name: str
    options: type
    by_place: tuple[str, ...] = ()
    plan: str = ""
    kind: str = ""

    def run(self, options: Any) -> None:
        """Import what the verb does, and do it."""
        weakly.find(self.name)(options)

    def preview(self, options: Any) -> None:
        """Print the resolved options and the plan; write nothing."""
        for name, value in asdict(options).items():
            print(f"{name:<16} {value}")
        if hasattr(options, "overwrite"):
            is_free = options.overwrite or getattr(options, "resume", False)
            refuse_occupied(options.out, is_free, self.kind)
        if self.plan:
            module, _, function = self.plan.partition(":")
            print(getattr(importlib.import_module(module), function)(options))


VERBS = (
    Verb("demo", DemoOptions, plan="weakly.demo.run:plan"),
    Verb("toyworld", ToyWorldOptions, kind="toy-world"),
    Verb("vocab", VocabOptions, ("posts",), "weakly.corpus.hashtags.source:plan", "vocabulary"),
    Verb("label", LabelOptions, ("posts",), "weakly.corpus.hashtags.source:plan", "training-set"),
    Verb("takedown", TakedownOptions, ("training_set",), kind="training-set"),
    Verb("pretrain", PretrainOptions, ("training_set",), "weakly.training.loop:plan", "run"),
    Verb("probe", ProbeOptions, ("run",)),
    Verb("tag", TagOptions, ("run", "photos")),
    Verb("report", ReportOptions, ("runs",), kind="report"),
    Verb("show", ShowOptions, ("artifact",)),
)

DESCRIPTION = f"""weakly {weakly.__version__}: hashtagged photos in, a pretrained vision backbone out.

The usual order: vocab (choose the labels), label (posts to a training set), pretrain (train), probe (what is
the backbone worth?), report (a page about it all). `weakly demo` does it all on a small drawn world;
`weakly VERB --help` explains a verb; with --dry-run a verb prints its resolved options and its plan, and
writes nothing."""


def parse(arguments: list[str]) -> tuple[Verb, Any]:
    """The verb and its options; exits with a message where they are wrong."""
    import tyro

    kinds = []
    for verb in VERBS:
        for name in verb.by_place:
            # Marked here and not in the dataclass, so that options need nothing but the standard library.
            hint = verb.options.__annotations__[name]
            verb.options.__annotations__[name] = Annotated[hint, tyro.conf.Positional[Any].__metadata__[0]]
        kinds.append(Annotated[verb.options, tyro.conf.subcommand(verb.name)])
    options = tyro.cli(
        reduce(or_, kinds),
        prog="weakly",
        description=DESCRIPTION,
        args=arguments,
        config=(tyro.conf.OmitSubcommandPrefixes, tyro.conf.FlagCreatePairsOff),
    )
    return next(verb for verb in VERBS if isinstance(options, verb.options)), options


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; exits with 2 and one line where the input is at fault."""
    try:
        _run(sys.argv[1:] if arguments is None else arguments)
    except BrokenPipeError:
        # The reader of our output has gone (`weakly show V | head`), which is its right.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _run(arguments: list[str]) -> None:
    verb, options = parse([argument for argument in arguments if argument != "--dry-run"])
    # torch warns of its own internals; what a user can act on is said by weakly itself.
    warnings.filterwarnings("ignore", module=r"torch\..*")
    try:
        (verb.preview if "--dry-run" in arguments else verb.run)(options)
    except InputError as error:
        print(f"weakly {verb.name}: {error}", file=sys.stderr)
        sys.exit(2)
    except Stopped as stopped:
        print(f"weakly {verb.name}: {stopped}", file=sys.stderr)
        sys.exit(128 + stopped.signal)
