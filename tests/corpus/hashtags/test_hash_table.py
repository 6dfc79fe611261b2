"""The table of hashes, beside Python's own dictionary; and the hashes, beside Python's own strings."""

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from weakly.corpus.hashtags.cache import HashTable
from weakly.corpus.hashtags.scan import scan_lists


def hashed(texts: list[str]) -> np.ndarray:
    return scan_lists(pa.array([texts], pa.list_(pa.string()))).hashes


@settings(deadline=None)
@given(st.lists(st.text(min_size=1), max_size=20))
def test_equal_pieces_have_equal_hashes_and_others_do_not(texts: list[str]) -> None:
    hashes = hashed(texts)
    assert hashes.tolist() == [hashed([text])[0] for text in texts]
    # Letters of ASCII are hashed in lower case, and a zero as a one.
    distinct = {text.encode().lower().replace(b"\0", b"\1") for text in texts}
    assert len(set(hashes.tolist())) == len(distinct)


def test_pieces_that_differ_by_a_byte_or_its_place_have_other_hashes() -> None:
    texts = [letter * n + end for letter in "ab" for n in range(40) for end in ("", "c", "\1")]
    texts += ["a" * n + "b" + "a" * (39 - n) for n in range(40)]
    distinct = set(texts) - {""}
    assert len(set(hashed(sorted(distinct)).tolist())) == len(distinct)


def test_hashes_are_spread() -> None:
    hashes = hashed([f"{number}" for number in range(1 << 16)])
    for shift in (0, 20, 40, 52):
        counts = np.bincount((hashes >> np.uint64(shift)).astype(np.int64) & 0xFFF, minlength=1 << 12)
        assert abs(counts.var() / counts.mean() - 1) < 0.2  # as of a Poisson distribution


small = st.integers(0, 40).map(lambda n: n * 0x9E3779B97F4A7C15 % 2**64 if n % 2 else n << 56)


@settings(deadline=None)
@given(st.lists(st.lists(small, max_size=12), max_size=8), st.integers(1, 8))
def test_the_table_numbers_as_a_dictionary_would(batches: list[list[int]], bits: int) -> None:
    table, expected = HashTable(bits), {}
    for batch in batches:
        new = [place for place, key in enumerate(batch) if key not in expected and key not in batch[:place]]
        for key in batch:
            expected.setdefault(key, len(expected))
        numbers, firsts = table.number(np.array(batch, np.uint64))
        assert numbers.tolist() == [expected[key] for key in batch]
        assert firsts.tolist() == new
        assert table.count == len(expected)


def test_keys_that_want_one_slot_are_all_found() -> None:
    keys = np.arange(1000, dtype=np.uint64) << np.uint64(40)  # all want the first slot, however large it gets
    table = HashTable(2)
    for _ in range(2):
        assert table.number(keys)[0].tolist() == [*range(1000)]
    assert table.number(keys[::-1])[0].tolist() == [*range(999, -1, -1)]
