"""Options made in Python: what people write where a path, a number, or several things, are expected."""

# pyright: reportArgumentType=false

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pytest

import weakly
from weakly.errors import InputError
from weakly.options import AtLeast, Options
from weakly.training.options import PretrainOptions

OPTIONS = [name for name in dir(weakly) if name.endswith("Options")]


def test_strings_are_paths_and_one_is_several() -> None:
    options = weakly.VocabOptions(posts="a.jsonl", out="here", exclude="list.txt", under=["bear.n.01"])
    assert (options.posts, options.out, options.exclude) == (("a.jsonl",), Path("here"), Path("list.txt"))
    assert (options.under, options.include, options.select) == (("bear.n.01",), None, "nouns")
    assert weakly.VocabOptions(("a", "b"), Path("here")).posts == ("a", "b")
    assert weakly.VocabOptions((), Path("here")) == weakly.VocabOptions([], "here")
    assert weakly.ReportOptions(runs=["a", Path("b")], out="c").runs == (Path("a"), Path("b"))
    assert weakly.PostColumns(header="one").header == ("one",)


@pytest.mark.parametrize("name", OPTIONS)
def test_all_options_are_made_so(name: str) -> None:
    assert issubclass(getattr(weakly, name), Options)


def test_all_faults_come_at_once_a_line_each() -> None:
    with pytest.raises(InputError) as caught:
        PretrainOptions(
            Path("set"), Path("run"), batch=0, lr=float("nan"), momentum=1.0, passes=1.0, images=5
        )
    lines = str(caught.value).splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        "--batch 0",
        "--lr nan",
        "--momentum 1.0",
        "--passes and --images both say how long to train",
    ]


def test_numbers_may_be_written_as_text_and_what_is_none_is_said() -> None:
    options = PretrainOptions("set", "run", batch="64", lr="1e-1", passes=2, warmup="None", workers=None)
    assert (options.batch, options.lr, options.passes, options.warmup) == (64, 0.1, 2.0, None)
    assert isinstance(options.passes, float)
    with pytest.raises(InputError) as caught:
        PretrainOptions(3, "run", batch=2.5, lr="fast", loss="hinge", model=7, resume="yes", size="x")
    assert str(caught.value).splitlines() == [
        "TRAINING_SET 3: expected a path",
        "--model 7: expected a text",
        "--size x: expected a whole number",
        "--batch 2.5: expected a whole number",
        "--lr fast: expected a number",
        "--loss hinge: expected one of softmax, sigmoid",
        "--resume yes: expected True or False",
    ]
    with pytest.raises(InputError, match=r"^--columns text: expected PostColumns$"):
        weakly.VocabOptions(("a",), Path("v"), columns="text")


@dataclass(frozen=True)
class Ends(Options):
    low: int
    high: Annotated[int, AtLeast(1)] = 3

    def contradictions(self) -> Iterator[str]:
        if self.low > self.high:
            yield "--low is above --high"


def test_contradictions_are_looked_for_beside_other_faults() -> None:
    with pytest.raises(InputError, match="^--low x: expected a whole number\n--high 0: expected 1 or more$"):
        Ends("x", 0)
    with pytest.raises(InputError, match="^--high 0: expected 1 or more\n--low is above --high$"):
        Ends(4, 0)
