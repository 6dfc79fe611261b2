"""Files in pieces give the posts of whole files, each once, with the same row numbers."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.corpus.posts.files import write
from weakly.corpus.options import PostColumns
from weakly.corpus.posts.ledger import Ledger
from weakly.corpus.posts.reader import read_pieces
from weakly.corpus.posts.units import Piece, cut

LINES = [
    b'{"caption": "#one"}',
    b'{"caption": "%s"}' % (b"x" * 70),
    b"",
    b"{broken",
    b'{"caption": "\xff"}',
    b"  ",
]


def read_units(units: list[tuple[Piece, ...]]) -> tuple[list[tuple[str, str | None]], Ledger]:
    ledger, posts = Ledger(), []
    for number, unit in enumerate(units):
        for batch in read_pieces(unit, PostColumns(), ledger, are_first=number == 0):
            posts += [(post["post_id"], post["caption"]) for post in batch.to_pylist()]
    return posts, ledger


@settings(max_examples=60)
@given(
    lines=st.lists(st.sampled_from(LINES), min_size=1, max_size=30),
    ends=st.sampled_from([b"", b"\n"]),
    unit=st.integers(1, 200),
    block=st.integers(1, 90),
)
def test_json_lines_are_cut_at_line_ends(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], ends: bytes, unit: int, block: int
) -> None:
    path = tmp_path_factory.mktemp("any") / "p.jsonl"
    write(path, LINES[0] + b"\n" + b"\n".join(lines) + ends)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("weakly.corpus.posts.units._SCAN_BYTES", block)
        units = cut([path], unit)
    pieces = [piece for unit in units for piece in unit]
    assert sum(piece.size for piece in pieces) == path.stat().st_size
    if path.stat().st_size > 2 * (unit + 80):
        assert len(pieces) > 1
    posts, ledger = read_units(units)
    whole, whole_ledger = read_units([(Piece(path),)])
    assert posts == whole
    assert ledger == whole_ledger
    assert ledger.rows_read == ledger.kept + sum(ledger.dropped.values())


@settings(max_examples=30)
@given(rows=st.lists(st.integers(1, 5), min_size=1, max_size=8), unit=st.integers(1, 3000))
def test_parquet_is_cut_between_row_groups(
    tmp_path_factory: pytest.TempPathFactory, rows: list[int], unit: int
) -> None:
    path = tmp_path_factory.mktemp("any") / "p.parquet"
    schema = pa.schema([("caption", pa.string())])
    with pq.ParquetWriter(path, schema) as writer:
        for number, n in enumerate(rows):
            writer.write_table(pa.table({"caption": [f"#{number} {i}" for i in range(n)]}, schema=schema))
    units = cut([path], unit)
    posts, ledger = read_units(units)
    assert posts == read_units([(Piece(path),)])[0]
    assert [post_id for post_id, _ in posts] == [f"p.parquet:{row + 1}" for row in range(sum(rows))]
    assert ledger.files == {str(path): path.stat().st_size}
    if unit <= path.stat().st_size / sum(rows) and len(rows) > 1:
        assert len(units) == len(rows)


def test_small_files_share_a_unit_and_large_ones_do_not(tmp_path: Path) -> None:
    paths = [tmp_path / f"{i}.csv" for i in range(7)]
    for i, path in enumerate(paths):
        write(path, b"caption\n" + b"x" * (300 if i == 3 else 20))
    units = cut(paths, 100)
    assert [[piece.path.name for piece in unit] for unit in units] == [
        ["0.csv", "1.csv", "2.csv", "3.csv"], ["4.csv", "5.csv", "6.csv"],
    ]  # fmt: skip
    assert all(piece.first == 0 and piece.last is None for unit in units for piece in unit)
