import gzip
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.corpus.posts.files import write
from weakly.corpus.posts import text_lines
from weakly.corpus.posts.ledger import Ledger
from weakly.corpus.posts.text_lines import read_lines
from weakly.corpus.posts.units import Piece
from weakly.errors import InputError


def lines(path: Path) -> tuple[list[tuple[int, bytes]], Ledger]:
    ledger = Ledger()
    return list(read_lines(Piece(path), ledger)), ledger


@given(data=st.lists(st.sampled_from([b"a", b"\n", b"\r", b"\xff", b"\0", b"bc" * 9])).map(b"".join))
@pytest.mark.parametrize("name", ["p.csv", "p.csv.gz"])
def test_lines_are_those_between_line_feeds(
    name: str, data: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / name
    write(path, data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_lines, "_BLOCK_BYTES", 5)
        found, ledger = lines(path)
    expected = data.removesuffix(b"\n").split(b"\n") if data else []
    assert found == list(enumerate(expected, 1))
    assert ledger == Ledger(faults={} if data else {"empty": [str(path)]})


def test_a_byte_order_mark_is_taken_off(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    write(path, b"\xef\xbb\xbfa\n\xef\xbb\xbfb")
    assert lines(path)[0] == [(1, b"a"), (2, b"\xef\xbb\xbfb")]
    for encoding in ("utf-16-le", "utf-16-be"):
        write(path, "\ufeffcaption\n".encode(encoding))
        with pytest.raises(InputError, match=r"p\.csv is UTF-16; expected UTF-8: convert it"):
            lines(path)


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_a_line_beyond_all_measure_is_dropped_without_being_held(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"p.jsonl{suffix}"
    write(path, b"a\n" + b"x" * (80 << 20) + b"\nb\n" + b"y" * (16 << 20))
    ledger = Ledger()
    tracemalloc.start()
    found = [(number, len(line)) for number, line in read_lines(Piece(path), ledger)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == [(1, 1), (3, 1), (4, 16 << 20)]
    assert ledger.dropped == {"line too long": 1}
    assert ledger.rows_read == 1
    assert ledger.examples["line too long"] == [f"{path}:2 has more than 16 MiB"]
    assert peak < 60 << 20


def test_a_gzip_cut_short_gives_the_lines_before_the_cut(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl.gz"
    whole = b"".join(b"line %d %d\n" % (i, hash(i * 0.1)) for i in range(20_000))
    data = gzip.compress(whole)
    path.write_bytes(data[: len(data) // 2])
    found, ledger = lines(path)
    expected = whole.split(b"\n")
    assert 5000 < len(found) < 15_000
    assert [line for _, line in found] == expected[: len(found)]
    assert list(ledger.faults) == ["cut short"]
    assert "its gzip ends too early, after " in ledger.faults["cut short"][0]
    assert (ledger.rows_read, dict(ledger.dropped)) == (1, {"cut short": 1})


def test_a_damaged_gzip_gives_the_lines_before_the_damage(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl.gz"
    data = gzip.compress(b"a\nb\n")
    path.write_bytes(data[:-8] + b"\0" * 8)
    found, ledger = lines(path)
    assert [line for _, line in found] == [b"a", b"b"]
    assert list(ledger.faults) == ["damaged"]
    assert ledger.rows_read == 0
    path.write_bytes(data + data + b"something else")
    found, ledger = lines(path)
    assert [line for _, line in found] == [b"a", b"b", b"a", b"b"]
    assert list(ledger.faults) == ["damaged"]


def test_what_is_not_gzip_is_refused_with_the_cure(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl.gz"
    path.write_bytes(b'{"caption": "a"}\n')
    with pytest.raises(InputError, match=r"p\.jsonl\.gz is not gzip .*: take \.gz off its name"):
        lines(path)
