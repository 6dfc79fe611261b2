"""Options made in Python: what people write where a path, or several things, are expected."""

from pathlib import Path

import pytest

import weakly

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
    assert issubclass(getattr(weakly, name), weakly.options.Arguments)
