"""Words for people."""

import pytest

from weakly.progress import plural


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
