"""Counting: bounded memory, and how wrong it may make a count."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from weakly.corpus.vocabulary.count import LeftOut


@settings(max_examples=60, deadline=None)
@given(
    capacity=st.integers(2, 12),
    batches=st.lists(st.lists(st.tuples(st.sampled_from("abcdefghijklmnopqrstuvwx"), st.integers(1, 9)))),
)
def test_bounded_counts_err_by_no_more_than_they_say(
    capacity: int, batches: list[list[tuple[str, int]]]
) -> None:
    left_out, exact = LeftOut(capacity), Counter()
    for batch in batches:
        left_out.add(batch)
        for hashtag, n in batch:
            exact[hashtag] += n
        found = dict(left_out.most_common(100))
        assert len(found) <= capacity
        assert all(found.get(h, 0) <= n <= found.get(h, 0) + left_out.undercount for h, n in exact.items())
    if len(exact) <= capacity:
        assert left_out.undercount == 0 and dict(left_out.most_common(100)) == exact
