import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from weakly.hashing import hash_strings, mix, uniform


def naive_mix(*keys: int) -> int:
    mask, golden = 2**64 - 1, 0x9E3779B97F4A7C15
    state = golden
    for key in keys:
        z = ((state ^ (key & mask)) + golden) & mask
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        state = z ^ (z >> 31)
    return state


def naive_string_hash(text: str) -> int:
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = ((value ^ byte) * 0x100000001B3) & (2**64 - 1)
    return naive_mix(value)


@given(st.lists(st.integers(-(2**63), 2**64 - 1), min_size=1, max_size=4))
def test_mix_is_splitmix_a_key(keys: list[int]) -> None:
    assert int(mix(*keys)) == naive_mix(*keys)


@given(st.integers(0, 2**40), st.lists(st.integers(0, 2**62), min_size=1, max_size=9))
def test_arrays_hash_element_by_element(seed: int, values: list[int]) -> None:
    expected = [naive_mix(seed, value, 5) for value in values]
    assert mix(seed, np.array(values, np.int64), 5).tolist() == expected


def test_draws_are_spread_evenly_and_depend_on_every_key() -> None:
    draws = uniform(7, np.arange(100_000))
    assert draws.min() >= 0
    assert draws.max() < 1
    counts = np.histogram(draws, bins=50, range=(0, 1))[0]
    assert np.abs(counts - 2000).max() < 6 * np.sqrt(2000)
    for other in (uniform(8, np.arange(100_000)), uniform(7, np.arange(100_000), 0)):
        assert abs(np.corrcoef(draws, other)[0, 1]) < 0.02


@given(st.lists(st.one_of(st.none(), st.text(max_size=12)), max_size=8), st.integers(0, 4))
def test_strings_hash_as_their_bytes_whatever_the_array(texts: list[str | None], start: int) -> None:
    array = pa.array(texts, pa.string())[start:]
    expected = [naive_string_hash(text or "") for text in texts[start:]]
    assert hash_strings(array).tolist() == expected
    assert hash_strings(array.cast(pa.large_string())).tolist() == expected
