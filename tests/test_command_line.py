import contextlib
import io
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import weakly
from weakly.cli import VERBS
from weakly.command_line import as_arguments, parse
from weakly.errors import InputError
from weakly.options import declared
from weakly.training.options import PretrainOptions
from weakly.transfer.options import TagOptions


def test_a_command_line_says_what_differs_from_the_defaults() -> None:
    assert as_arguments(PretrainOptions(Path("set"), Path("run"), lr=0.4, resume=True)) == [
        *("set", "--out", "run", "--lr", "0.4", "--resume")
    ]
    columns = weakly.PostColumns(header=("a", "b"), caption="--text")
    assert as_arguments(weakly.VocabOptions(("x", "y"), Path("v"), columns=columns)) == [
        *("x", "y", "--out", "v", "--columns.caption=--text", "--columns.header", "a", "b")
    ]


WORD = st.text("ab =-'é/", min_size=1).filter(lambda word: word != "None")


@settings(max_examples=60)
@given(WORD.map(Path), st.lists(WORD), st.integers(1, 9), WORD.map(Path), st.booleans())
def test_options_are_read_again_from_their_command_line(
    run: Path, photos: list[str], top: int, out: Path, resume: bool
) -> None:
    for options in (
        TagOptions(run, tuple(photos), top=top),
        PretrainOptions(run, out, model=str(out), seed=-top, image_root=run, resume=resume),
    ):
        assert parse(type(options), as_arguments(options)) == (options, False)


@settings(max_examples=60)
@given(st.data())
def test_whatever_the_words_tyro_itself_says_nothing(data: st.DataObject) -> None:
    """Each line of what is wrong is ours, and words without faults give options."""
    verb = data.draw(st.sampled_from(VERBS))
    flags = [option.label for option in declared(verb.options) if not option.by_place]
    word = st.sampled_from(
        [*flags, "--x", "-y", "a", "-1", "3", "", "--", "--out=", "--resume=1", "--columns.image"]
    )
    words = data.draw(st.lists(word, max_size=8))
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
        try:
            parsed = parse(verb.options, words)
            assert parsed is not None
            options, dry_run = parsed
            assert isinstance(options, verb.options)
            assert parse(verb.options, as_arguments(options)) == (options, False)
            assert not dry_run
        except InputError as error:
            assert str(error)
    assert said.getvalue() == ""
