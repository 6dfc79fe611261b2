"""A meter that says how far it is, and words for people."""

import sys

import pytest

from weakly import progress
from weakly.progress import Meter, plural


def test_plain_lines_come_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A unit every 4 seconds for a minute and a half: a line after 16, 32, 48, 64 and 80 seconds."""
    now = 100.0
    monkeypatch.setattr(progress.time, "monotonic", lambda: now)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False)
    with Meter("labelling", "posts", total=1000) as meter:
        for _ in range(22):
            now += 4
            meter.add(10)
    lines = capsys.readouterr().err.splitlines()
    assert [int(line.split()[1]) for line in lines] == [40, 80, 120, 160, 200]
    assert lines[0] == "labelling: 40 of 1,000 posts, 2 a second"


@pytest.mark.parametrize(
    ("count", "noun", "text"),
    [
        (1, "post", "1 post"),
        (0, "post", "0 posts"),
        (2000, "post", "2,000 posts"),
        (3, "class", "3 classes"),
        (2, "batch", "2 batches"),
        (2, "category", "2 categories"),
        (2, "day", "2 days"),
        (1234.6, "image", "1,235 images"),
    ],
)
def test_a_count_stands_with_its_noun(count: float, noun: str, text: str) -> None:
    assert plural(count, noun) == text
