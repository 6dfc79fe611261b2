"""Files of posts that were damaged on purpose, read in a process of their own: nothing lost, or refused.

In: a kind of file and numbers of cases. Out: a line of JSON a case. Every case is the same on every machine
(the damage is drawn from its kind and number). Run as a script, this is the process that reads; where it dies
(of a crash in native code, or of the time limit) the case without a line is the finding.
"""

import gzip
import itertools
import json
import random
import resource
import signal
import sys
import tarfile
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from tests.corpus.posts.files import as_json_lines, as_table, as_tar, write_parquet
from tests.reference_posts import table_rows
from weakly.corpus.options import PostColumns
from weakly.corpus.posts.ledger import Ledger
from weakly.corpus.posts.reader import read_pieces
from weakly.corpus.posts.units import Piece, cut
from weakly.errors import InputError

KINDS = ("parquet", "jsonl", "csv", "tar")
SECONDS = 20
"""A case that takes longer hangs."""
_MEMORY = 8 << 30
_UNIT_BYTES = 1500
"""Every second case is cut into pieces of about so many bytes, where its kind can be cut."""
_CAPTIONS = ("a #sea", "été #plage, “x”", "", None, 'say "#hi", again', "two\nlines #dog", "#제주 🌊" * 9)
_WORDS = ("sea", "Fun_2", "été", "제주")


def posts(draw: random.Random, n: int) -> list[dict[str, Any]]:
    return [
        {
            "post_id": f"p{i}",
            "image": f"{i % 7}/{i}.jpg",
            "caption": draw.choice(_CAPTIONS),
            "hashtags": draw.sample(_WORDS, draw.randrange(4)) or None,
        }
        for i in range(n)
    ]


def whole(kind: str, draw: random.Random, folder: Path) -> tuple[str, bytes]:
    """Name and bytes of a file that is as it should be."""
    n = draw.choice((1, 5, 60))
    if kind == "parquet":
        path = folder / "whole.parquet"
        columns = posts(draw, n)
        if draw.random() < 0.3:
            columns = [{**post, "image": {"bytes": b"\xff\xd8" + bytes(9), "path": "x"}} for post in columns]
        options = {
            "compression": draw.choice(("NONE", "SNAPPY", "ZSTD", "GZIP")),
            "row_group_size": draw.choice((7, 25, 100)),
            "use_dictionary": draw.random() < 0.5,
            "data_page_version": draw.choice(("1.0", "2.0")),
            "write_statistics": draw.random() < 0.5,
            "write_page_checksum": draw.random() < 0.3,
        }
        write_parquet(path, columns, **options)
        return "p.parquet", path.read_bytes()
    if kind == "tar":
        members = []
        for i in range(min(n, 12)):
            name = f"{i:05d}" if draw.random() < 0.8 else f"{'é' * 60}/{i:05d}"
            image = b"\xff\xd8\xff\xe0" + draw.randbytes(draw.choice((9, 700)))
            members += [(f"{name}.jpg", image), (f"{name}.json", json.dumps({"caption": "#x"}).encode())]
        form = draw.choice((tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT))
        return "p.tar", as_tar(members, tarfile.GNU_FORMAT if form == tarfile.USTAR_FORMAT else form)
    data = as_json_lines(posts(draw, n)) if kind == "jsonl" else as_table(posts(draw, n))
    zipped = draw.random() < 0.25
    return f"p.{kind}{'.gz' if zipped else ''}", gzip.compress(data, mtime=0) if zipped else data


def _place(data: bytes, draw: random.Random) -> tuple[int, int]:
    """A stretch of the data; one in three lies at its end, where Parquet and gzip keep what matters."""
    size = draw.choice((1, 2, 8, 64, 512))
    last = max(len(data) - size, 0)
    start = last - min(draw.randrange(400), last) if draw.random() < 1 / 3 else draw.randint(0, last)
    return start, min(start + size, len(data))


def _flip(data: bytes, other: bytes, draw: random.Random) -> bytes:
    broken = bytearray(data)
    for _ in range(draw.choice((1, 1, 3, 20))):
        start, _ = _place(data, draw)
        if start < len(broken):
            broken[start] ^= 1 << draw.randrange(8)
    return bytes(broken)


def _insert(data: bytes, other: bytes, draw: random.Random) -> bytes:
    start, end = _place(data, draw)
    return data[:start] + draw.randbytes(end - start) + data[start:]


def _delete(data: bytes, other: bytes, draw: random.Random) -> bytes:
    start, end = _place(data, draw)
    return data[:start] + data[end:]


def _truncate(data: bytes, other: bytes, draw: random.Random) -> bytes:
    return data[: draw.randrange(len(data) + 1)]


def _repeat(data: bytes, other: bytes, draw: random.Random) -> bytes:
    start, end = _place(data, draw)
    return data[:end] + data[start:]


def _zero(data: bytes, other: bytes, draw: random.Random) -> bytes:
    start, end = _place(data, draw)
    return data[:start] + bytes(end - start) + data[end:]


def _overwrite(data: bytes, other: bytes, draw: random.Random) -> bytes:
    start, end = _place(data, draw)
    return data[:start] + draw.choice((b"\xff", b"\x7f", b'"', b"\n")) * (end - start) + data[end:]


def _swap(data: bytes, other: bytes, draw: random.Random) -> bytes:
    (a, b), (c, d) = sorted((_place(data, draw), _place(data, draw)))
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:] if b <= c else data[c:] + data[:c]


def _splice(data: bytes, other: bytes, draw: random.Random) -> bytes:
    return data[: draw.randrange(len(data) + 1)] + other[draw.randrange(len(other) + 1) :]


_Damage = Callable[[bytes, bytes, random.Random], bytes]
IN_PLACE: tuple[_Damage, ...] = (_flip, _zero, _overwrite)
DAMAGES: tuple[_Damage, ...] = (*IN_PLACE, _insert, _delete, _truncate, _repeat, _swap, _splice)


def damaged(kind: str, case: int, folder: Path) -> tuple[str, bytes]:
    """Name and bytes of a damaged file; some are damaged twice."""
    draw = random.Random(f"{kind} {case}")
    name, data = whole(kind, draw, folder)
    other = whole(kind, draw, folder)[1]
    # Parquet is found from its end: where bytes have moved it is refused at once, and little is tried.
    damages = IN_PLACE if kind == "parquet" and draw.random() < 0.7 else DAMAGES
    for _ in range(draw.choice((1, 1, 2))):
        data = draw.choice(damages)(data, other, draw)
    return name, data


def rows_in(path: Path) -> int | None:
    """How many rows the damaged file has, by other means than the reader's; None where nobody can say."""
    if path.suffix == ".jsonl":
        return sum(not line.isspace() for line in path.read_bytes().split(b"\n") if line)
    if path.suffix == ".csv":
        return len(table_rows(path.read_bytes(), ","))
    if path.suffix == ".parquet":
        return pq.ParquetFile(path).metadata.num_rows if path.stat().st_size else 0
    return None


def read_case(kind: str, case: int, folder: Path) -> dict[str, Any]:
    """Read a damaged file and a good one behind it, and say what came of it."""
    name, data = damaged(kind, case, folder)
    path, good = folder / name, folder / "good.jsonl"
    path.write_bytes(data)
    pieces = list(itertools.chain(*cut([path], _UNIT_BYTES))) if case % 2 else [Piece(path)]
    ledger, found, bad_places = Ledger(), [], 0
    try:
        for batch in read_pieces([*pieces, Piece(good)], PostColumns(), ledger):
            batch.validate(full=True)
            found += batch.column("caption").to_pylist()
            ends = pc.add(batch["offset"], batch["size"])  # pyright: ignore[reportAttributeAccessIssue]
            bad_places += sum(end is not None and end > len(data) for end in ends.to_pylist())
    except InputError as error:
        if name not in str(error) or "\n" in str(error):
            return {"outcome": "unclear", "detail": str(error)}
        return {"outcome": "refused", "detail": str(error)}
    dropped = sum(ledger.dropped.values())
    expected, in_good = rows_in(path), len(GOOD)
    read = {"rows": ledger.rows_read - in_good, "dropped": dropped, "faults": list(ledger.faults)}
    if ledger.rows_read != ledger.kept + dropped or ledger.kept != len(found):
        return {"outcome": "miscounted", **read}
    if expected is not None and ledger.rows_read != expected + in_good:
        return {"outcome": "lost", "expected": expected, **read}
    if found[-in_good:] != [post["caption"] for post in GOOD] or bad_places:
        return {"outcome": "neighbour lost" if not bad_places else "place outside", **read}
    return {"outcome": "read", **read}


GOOD = [{"caption": f"#good {i}", "image": "g.jpg"} for i in range(3)]


def main(kind: str, first: int, last: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "good.jsonl").write_bytes(as_json_lines(GOOD))
        for case in range(first, last):
            signal.alarm(SECONDS)
            try:
                said = read_case(kind, case, folder)
            except Exception:  # noqa: BLE001 - any is a finding
                said = {"outcome": "raised", "detail": traceback.format_exc()}
            print(json.dumps({"case": case, **said}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
