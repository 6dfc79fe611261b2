import random
from collections.abc import Sequence

import pyarrow as pa
import pytest

from weakly.corpus.posts.utf8 import is_utf8

# The first and the last character of every length, and of what lies around the surrogates.
CHARACTERS = [
    "a",
    "\x7f",
    "\x80",
    "\u07ff",
    "\u0800",
    "\ud7ff",
    "\ue000",
    "\uffff",
    "\U00010000",
    "\U0010ffff",
]
WRONG = [
    "80",
    "bf",
    "c080",
    "c1bf",
    "c2",
    "e08080",
    "e09fbf",
    "eda080",
    "edbfbf",
    "e0a0",
    "f0808080",
    "f08fbfbf",
]
WRONG += ["f4908080", "f5808080", "f09080", "ff", "fe", "c3c3", "e4b8c3"]
EDGES = [0, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF]
EDGES += [0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF]


def strings(values: Sequence[bytes | None]) -> pa.StringArray:
    binary = pa.array(values, pa.binary())
    return pa.Array.from_buffers(pa.string(), len(binary), binary.buffers())


def by_python(values: Sequence[bytes | None]) -> bool:
    try:
        for value in values:
            (value or b"").decode()
    except UnicodeDecodeError:
        return False
    return True


# So that what is looked at begins at a block, within it, and goes over from one to the next.
@pytest.mark.parametrize("before", [0, 1, 253, 254, 255, 256, 257, 511, 768])
@pytest.mark.parametrize("after", [0, 1, 300])
def test_every_two_bytes_and_every_edge(before, after):
    ends = b"x" * before, b"y" * after
    for first in range(0x80, 0x100):
        for second in range(0x100):
            value = bytes([first, second]).join(ends)
            assert is_utf8(strings([value])) == by_python([value]), value
    rng = random.Random(before + after)
    for _ in range(3_000):
        value = bytes(rng.choices(EDGES, k=4)).join(ends)
        assert is_utf8(strings([value])) == by_python([value]), value


def test_many_strings_as_python_takes_them():
    rng = random.Random(0)
    taken = 0
    for _ in range(5_000):
        values = []
        for _ in range(rng.randint(1, 6)):
            length, ascii_share = rng.choice([0, 1, 2, 5, 50, 200, 300]), rng.choice([0.0, 0.5, 0.99, 1.0])
            text = "".join(
                "x" if rng.random() < ascii_share else rng.choice(CHARACTERS) for _ in range(length)
            )
            values.append(text.encode())
        changed = rng.randrange(len(values))
        if rng.random() < 0.5:
            at, cut = rng.randint(0, len(values[changed])), rng.randint(0, 2)
            put = bytes.fromhex(rng.choice([*WRONG, ""]))
            values[changed] = values[changed][:at] + put + values[changed][at + cut :]
        elif changed and rng.random() < 0.5:  # the end of one string may be the beginning of the next
            both = values[changed - 1] + values[changed]
            at = rng.randint(0, len(both))
            values[changed - 1 : changed + 1] = [both[:at], both[at:]]
        skipped = rng.randrange(len(values))
        found = is_utf8(strings(values)[skipped:])
        assert found == by_python(values[skipped:]), values
        taken += found
    assert 1_000 < taken < 4_000


def test_a_character_in_two_strings_is_in_none():
    assert is_utf8(strings(["é".encode()]))
    assert not is_utf8(strings(["é".encode()[:1], "é".encode()[1:]]))
    assert not is_utf8(strings([b"x" * 300 + "é".encode()[:1], "é".encode()[1:] + b"x" * 300]))


@pytest.mark.parametrize("values", [[], [None], [b""], [b"", None, b"a"], [None, "日本".encode()]])
def test_little_and_nulls(values):
    assert is_utf8(strings(values))
