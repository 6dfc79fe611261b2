"""Hashes of pieces of text and the table of them, beside Python's own strings and dictionary."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weakly.corpus.hash_table import LONGEST, MISSING, WINDOW, HashTable, hash_pieces


def hashed(texts: list[bytes], glue: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Hashes and lengths of texts that lie in one, something else behind each."""
    begin = np.cumsum([0, *(len(text) + len(glue) for text in texts)])[:-1].astype(np.int64)
    text = glue.join(texts) + glue + bytes(range(1, WINDOW + 1))
    limit = np.array([len(own) for own in texts], np.int64)
    return hash_pieces(np.frombuffer(text, np.uint8), begin, limit)


@settings(deadline=None)
@given(st.lists(st.binary(max_size=LONGEST - 1), max_size=20), st.sampled_from([b"", b"x", b"\0", b"\0abc"]))
def test_equal_pieces_have_equal_hashes_and_others_do_not(texts: list[bytes], glue: bytes) -> None:
    hashes, lengths = hashed(texts, glue)
    # A zero ends a piece.
    pieces = [text.partition(b"\0")[0] for text in texts]
    assert lengths.tolist() == [len(piece) for piece in pieces]
    assert hashes.tolist() == [hashed([piece], b"")[0][0] for piece in pieces]
    assert len(set(hashes.tolist())) == len(set(pieces))


@pytest.mark.parametrize("zero", range(LONGEST))
def test_where_a_zero_ends_a_piece(zero: int) -> None:
    for byte in (1, 0x7F, 0x80, 0xFF):  # what a zero byte may be mistaken for
        text = bytes([byte]) * zero + b"\0" + bytes([byte]) * LONGEST
        assert hashed([text], b"")[1].tolist() == [zero]


def test_a_piece_of_the_longest_or_more() -> None:
    lengths = hashed([b"a" * n for n in (LONGEST - 1, LONGEST, LONGEST + 1, 10 * LONGEST)], b"\0")[1]
    assert lengths.tolist() == [LONGEST - 1, *[LONGEST] * 3]


def test_hashes_are_spread() -> None:
    hashes, _ = hashed([b"%d" % number for number in range(1 << 16)], b"\0")
    for shift in (0, 20, 40, 52):
        counts = np.bincount((hashes >> np.uint64(shift)).astype(np.int64) & 0xFFF, minlength=1 << 12)
        assert abs(counts.var() / counts.mean() - 1) < 0.2  # as of a Poisson distribution


small = st.integers(0, 40).map(lambda n: n * 0x9E3779B97F4A7C15 % 2**64 if n % 2 else n)


@settings(deadline=None)
@given(st.lists(st.lists(small, unique=True, max_size=12), max_size=8), st.integers(2, 8))
def test_the_table_is_a_dictionary(batches: list[list[int]], bits: int) -> None:
    table, expected = HashTable(bits), {}
    for batch in batches:
        new = [key for key in batch if key not in expected]
        numbers = list(range(len(expected), len(expected) + len(new)))
        table.add(np.array(new, np.uint64), np.array(numbers, np.int32))
        expected.update(zip(new, numbers, strict=True))
        asked = [*batch, 0, 1, 2**64 - 1, *range(50)]
        found = table.find(np.array(asked, np.uint64))
        assert found.tolist() == [expected.get(key, MISSING) for key in asked]
        assert len(table) == len(expected)


def test_keys_that_want_one_slot_are_all_found() -> None:
    inverse = pow(0x9E3779B97F4A7C15, -1, 2**64)
    keys = np.array([(inverse * n) % 2**64 for n in range(1000)], np.uint64)  # all want the first slot
    table = HashTable(12)
    table.add(keys[:500], np.arange(500, dtype=np.int32))
    assert table.find(keys).tolist() == [*range(500), *[MISSING] * 500]
