import gzip
import tracemalloc
from pathlib import Path

import pytest

from tests.corpus.posts.files import (
    POSTS,
    as_json_lines,
    as_table,
    as_tar,
    captions,
    read,
    read_posts,
    write,
    write_parquet,
)
from tests.real_data import real_data
from weakly.corpus.options import PostColumns
from weakly.corpus.posts.file_names import expand
from weakly.corpus.posts.ledger import Ledger
from weakly.corpus.posts.reader import find_posts, read_pieces
from weakly.corpus.posts.schema import BATCH_BYTES
from weakly.corpus.posts.units import Piece
from weakly.errors import InputError


def write_all(folder: Path) -> list[str]:
    """The same posts in every kind of file but tars."""
    return [
        write(folder / "p.jsonl", as_json_lines(POSTS)),
        write(folder / "p.ndjson.gz", as_json_lines(POSTS)),
        write(folder / "p.csv", as_table(POSTS)),
        write(folder / "p.tsv.gz", as_table(POSTS, "\t")),
        write_parquet(folder / "p.parquet", POSTS),
    ]


def test_the_same_posts_are_the_same_whatever_they_are_kept_in(tmp_path: Path) -> None:
    sources = write_all(tmp_path)
    rows, ledger = read(*sources)
    expected = [{**post, "offset": None, "size": None} for post in POSTS]
    assert rows == expected * len(sources)
    assert ledger.rows_read == 3 * len(sources)
    assert ledger.files == {source: Path(source).stat().st_size for source in sources}


def test_many_files_and_kinds_make_one_reading(tmp_path: Path) -> None:
    write_all(tmp_path)
    write(tmp_path / "0.tar", as_tar([("k.jpg", b"x"), ("k.txt", b"in a tar")]))
    rows, ledger = read(str(tmp_path / "*.tar"), str(tmp_path / "p.*"))
    assert rows[0]["caption"] == "in a tar"
    assert (len(rows), len(ledger.files)) == (16, 6)


def test_sources_at_fault_are_refused_before_anything_is_read(tmp_path: Path) -> None:
    good = write(tmp_path / "p.jsonl", as_json_lines(POSTS))
    with pytest.raises(InputError, match="does not exist"):
        find_posts([good, str(tmp_path / "none.csv")], PostColumns())
    with pytest.raises(
        InputError, match=r"--columns\.header names the columns of CSV and TSV; none of the posts"
    ):
        find_posts([good], PostColumns(header=("caption",)))


@pytest.mark.parametrize("name", ["p.jsonl", "p.csv", "p.tsv", "p.parquet", "p.tar", "p.csv.gz"])
def test_an_empty_file_alone_is_an_error_and_among_others_is_counted(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(b"") if name.endswith(".gz") else b"")
    with pytest.raises(InputError, match=rf"{name} holds no post \(empty: .*\): expected one post a row"):
        read(str(path))
    good = write(tmp_path / "good.jsonl", as_json_lines(POSTS))
    rows, ledger = read(str(path), good)
    assert len(rows) == 3
    assert ledger.faults == {"empty": [str(path)]}
    assert "  1 file empty" in ledger.describe()


def test_files_that_hold_rows_but_no_post_are_an_error(tmp_path: Path) -> None:
    table = write(tmp_path / "p.jsonl", as_table(POSTS))
    with pytest.raises(
        InputError, match=r"5 of 5 rows were dropped as 'malformed JSON', as .*p\.jsonl:1 Expecting"
    ):
        read(table)
    header = write(tmp_path / "h.csv", b"caption\n")
    with pytest.raises(InputError, match=r"each of the 2 files, from .*h\.csv on, holds no post: expected"):
        read(header, write(tmp_path / "i.csv", b"caption\n\n"))


def test_one_file_of_many_may_hold_nothing(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    path.write_bytes(b"{\n")
    ledger = Ledger()
    assert list(read_pieces([Piece(path)], PostColumns(), ledger)) == []
    assert (ledger.rows_read, ledger.kept, dict(ledger.dropped)) == (1, 0, {"malformed JSON": 1})


@pytest.mark.parametrize("name", ["p.jsonl", "p.csv", "p.tar", "p.tsv.gz", "yfcc100m_dataset"])
def test_a_file_that_the_system_does_not_give_is_an_error(tmp_path: Path, name: str) -> None:
    # A folder has a size and can be looked at, and refuses to be opened or read, whoever asks.
    (tmp_path / name).mkdir()
    (tmp_path / name / "inside").touch()
    with pytest.raises(InputError, match=rf"{name} cannot be read \(.*[Dd]irectory.*\): see to the file"):
        list(read_pieces([Piece(tmp_path / name)], PostColumns(), Ledger()))


@pytest.mark.parametrize("name", ["p.jsonl", "p.csv", "p.parquet", "p.tar"])
def test_a_file_gone_after_it_was_named_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=rf"{name} cannot be read \(No such file or directory\)"):
        list(read_pieces([Piece(tmp_path / name)], PostColumns(), Ledger()))


def test_memory_stays_bounded_by_the_batch_not_the_file(tmp_path: Path) -> None:
    caption = "x" * 1_000_000
    source = str(tmp_path / "p.jsonl.gz")
    with gzip.open(source, "wb", compresslevel=1) as file:
        for _ in range(80):
            file.write(b'{"caption": "%s"}\n' % caption.encode())
    tracemalloc.start()
    sizes = [batch.num_rows for batch in read_posts([source], PostColumns(), Ledger())]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sum(sizes) == 80
    assert max(sizes) <= BATCH_BYTES // 1_000_000 + 1
    assert peak < 100 << 20


def test_real_posts_are_read_whole() -> None:
    folder = real_data("pretrain")
    rows, ledger = read(str(folder / "posts.jsonl"))
    assert (len(rows), dict(ledger.dropped)) == (12_629, {})
    assert rows[0]["post_id"] == rows[0]["image"] == "n04133789_109.JPEG"
    assert rows[0]["hashtags"] == ["eye"]
    with pytest.raises(InputError, match="several kinds"):
        expand([str(folder)])
    multilingual = real_data("hashtags/instagram_multilingual_posts.jsonl")
    rows, ledger = read(str(multilingual), columns=PostColumns(post_id="id"))
    assert (len(rows), rows[0]["post_id"], rows[0]["hashtags"][0], dict(ledger.dropped)) == (
        1314,
        "1",
        "제주",
        {},
    )
    assert captions(str(multilingual))[0] is None
