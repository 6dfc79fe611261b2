"""The verbs: one dataclass of options and one call each, no logic.

The options live beside the code they configure, in modules that import nothing heavy, and what a verb does is
imported when it runs, so `weakly --help` answers at once.
"""

import io
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import reduce
from operator import or_
from typing import Annotated, Any, Generic, TypeVar

import weakly
from weakly.artifacts import refuse_occupied
from weakly.command_line import help_class, nearest, parse
from weakly.demo.run import plan as plan_demo
from weakly.errors import InputError, Stopped
from weakly.machine import wait_briefly
from weakly.options import Options

O = TypeVar("O", bound=Options)  # noqa: E741


def _plan_posts(options: weakly.VocabOptions | weakly.LabelOptions) -> str:
    from weakly.corpus.hashtags.source import plan

    return plan(options)


def _plan_shrink(options: weakly.ShrinkOptions) -> str:
    from weakly.corpus.training_set.shrink import plan

    return plan(options)


def _plan_training(options: weakly.PretrainOptions) -> str:
    from weakly.training.loop import plan

    return plan(options)


@dataclass(frozen=True)
class Verb(Generic[O]):
    """One verb of the command line.

    Attributes:
        name: what the user types.
        options: the dataclass that holds what it takes; its docstring is the verb's help.
        run: what it does.
        plan: says what it would do, for --dry-run.
        kind: of the folder that it makes, which is all that --overwrite replaces; "" where it makes none.
    """

    name: str
    options: type[O]
    run: Callable[[O], object]
    plan: Callable[[O], str] | None = None
    kind: str = ""

    def preview(self, options: O) -> None:
        """Print the resolved options and the plan; write nothing."""
        for name, value in asdict(options).items():  # pyright: ignore[reportArgumentType] - it is a dataclass
            print(f"{name:<16} {value}")
        if self.kind:
            given: Any = options
            refuse_occupied(given.out, given.overwrite or getattr(given, "resume", False), self.kind)
        if self.plan:
            print(self.plan(options))


VERBS: tuple[Verb[Any], ...] = (
    Verb("demo", weakly.DemoOptions, weakly.run_demo, plan_demo),
    Verb("toyworld", weakly.ToyWorldOptions, weakly.make_world, kind="toy-world"),
    Verb("vocab", weakly.VocabOptions, weakly.vocab, _plan_posts, "vocabulary"),
    Verb("label", weakly.LabelOptions, weakly.label, _plan_posts, "training-set"),
    Verb("shrink", weakly.ShrinkOptions, weakly.shrink, _plan_shrink, "training-set"),
    Verb("takedown", weakly.TakedownOptions, weakly.takedown, kind="training-set"),
    Verb("pretrain", weakly.PretrainOptions, weakly.pretrain, _plan_training, "run"),
    Verb("probe", weakly.ProbeOptions, weakly.probe),
    Verb("tag", weakly.TagOptions, weakly.tag),
    Verb("report", weakly.ReportOptions, weakly.report, kind="report"),
    Verb("show", weakly.ShowOptions, weakly.show),
)

DESCRIPTION = f"""weakly {weakly.__version__}: hashtagged photos in, a pretrained vision backbone out.

The usual order: vocab (choose the labels), label (posts to a training set), pretrain (train), probe (what is
the backbone worth?), report (a page about it all). `weakly demo` does it all on a small drawn world;
`weakly VERB --help` explains a verb; with --dry-run a verb prints its resolved options and its plan, and
writes nothing; `weakly --version` prints the version."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line.

    Exits with 2 where the input is at fault, after a line for each fault; with 128 and the number of the
    signal where one stopped the work.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # What a terminal cannot show is escaped: names and hashtags are of any script.
            stream.reconfigure(errors="backslashreplace")
    wait_briefly()
    try:
        try:
            _run(list(sys.argv[1:] if arguments is None else arguments))
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output has gone (`weakly show V | head`), which is its right.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)


def _run(words: list[str]) -> None:
    name = "weakly"
    try:
        verb, words = find_verb(words)
        if verb is None:
            return
        name = f"weakly {verb.name}"
        parsed = parse(verb.options, words)
        if parsed is None:
            _help(["--help"], verb)
        else:
            options, dry_run = parsed
            (verb.preview if dry_run else verb.run)(options)
    except InputError as error:
        for line in str(error).splitlines():
            print(f"{name}: {line}", file=sys.stderr)
        sys.exit(2)
    except Stopped as stopped:
        print(f"{name}: {stopped}", file=sys.stderr)
        sys.exit(128 + stopped.signal)


def find_verb(words: Sequence[str]) -> tuple[Verb[Any] | None, list[str]]:
    """The verb and the words besides it; None where help or the version was asked for, and is printed.

    Raises:
        InputError: there is no such verb.
    """
    place = next((i for i, word in enumerate(words) if word != "--dry-run"), len(words))
    first, *rest = words[place:] or ["--help"]
    for verb in VERBS:
        if verb.name == first:
            return verb, [*words[:place], *rest]
    if first in ("-h", "--help") or first.startswith("--tyro-"):
        _help([first, *rest])
    elif first == "--version":
        print(f"weakly {weakly.__version__}")
    else:
        names = [verb.name for verb in VERBS]
        near = nearest(first, names)
        cure = f"did you mean {near}?" if near else f"expected one of {', '.join(names)}"
        raise InputError(f"{first} is no verb; {cure}")
    return None, []


def _help(words: Sequence[str], verb: Verb[Any] | None = None) -> None:
    """Print the help of one verb or of all, or a shell's completion of them, and exit."""
    import tyro

    kind: Any
    if verb:
        kind, prog, description = help_class(verb.options), f"weakly {verb.name}", None
    else:
        kinds = [
            Annotated[
                help_class(verb.options),
                tyro.conf.subcommand(verb.name, description=(verb.options.__doc__ or "").partition("\n")[0]),
            ]
            for verb in VERBS
        ]
        kind, prog, description = reduce(or_, kinds), "weakly", DESCRIPTION
    config = (tyro.conf.OmitSubcommandPrefixes, tyro.conf.FlagCreatePairsOff)
    tyro.cli(kind, prog=prog, description=description, args=words, config=config)
