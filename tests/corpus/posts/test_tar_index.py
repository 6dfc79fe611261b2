import io
import tarfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.corpus.posts.files import as_tar
from tests.reference_posts import tar_members
from weakly.corpus.posts.ledger import Ledger
from weakly.corpus.posts.tar_index import Member, members
from weakly.errors import InputError

KINDS = [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]


def index(path: Path, data: bytes) -> tuple[list[Member], Ledger]:
    path.write_bytes(data)
    ledger = Ledger()
    with path.open("rb") as file:
        return list(members(path, file, ledger)), ledger


part = st.text(alphabet="aé.x", min_size=1, max_size=60).filter(lambda text: text.strip("."))
names = st.lists(part, min_size=1, max_size=3).map("/".join)


@settings(deadline=None)
@given(
    st.lists(st.tuples(names, st.integers(0, 1100)), max_size=5),
    st.sampled_from(KINDS),
)
def test_the_index_is_that_of_the_standard_library(
    tmp_path_factory: pytest.TempPathFactory, files: list[tuple[str, int]], kind: int
) -> None:
    try:
        data = as_tar([(name, b"x" * size) for name, size in files], kind)
    except ValueError:
        return  # USTAR has no room for the name
    found, ledger = index(tmp_path_factory.getbasetemp() / "p.tar", data)
    assert [(member.name, member.offset, member.size) for member in found] == tar_members(data)
    assert all(member.plain and member.whole for member in found)
    assert ledger == Ledger()


def test_a_long_name_in_two_parts_is_put_together(tmp_path: Path) -> None:
    name = "a" * 90 + "/" + "é" * 40 + ".jpg"
    found, _ = index(tmp_path / "p.tar", as_tar([(name, b"x")], tarfile.USTAR_FORMAT))
    assert found == [Member(name, 512, 1, True, True)]


def test_folders_are_passed_over_and_links_are_not_plain(tmp_path: Path) -> None:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as tar:
        for name, kind in (
            ("d", tarfile.DIRTYPE),
            ("old/", tarfile.AREGTYPE),
            ("l.jpg", tarfile.SYMTYPE),
            ("h.jpg", tarfile.LNKTYPE),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "x.jpg"
            tar.addfile(info)
        tar.addfile(tarfile.TarInfo("x.jpg"))
    found, _ = index(tmp_path / "p.tar", data.getvalue())
    assert [(member.name, member.plain) for member in found] == [
        ("l.jpg", False),
        ("h.jpg", False),
        ("x.jpg", True),
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_wherever_a_tar_is_cut_that_is_said(tmp_path: Path, kind: int) -> None:
    data = as_tar([("a.jpg", b"a" * 700), ("é/b.jpg", b"b" * 700), ("c.jpg", b"")], kind)
    whole = tar_members(data)
    end = len(data.rstrip(b"\0")) // 512 * 512 + 512
    for cut in range(512, end, 64):
        found, ledger = index(tmp_path / "p.tar", data[:cut])
        assert [fault for fault, files in ledger.faults.items() if "p.tar at byte" in files[0]] == [
            "cut short"
        ], cut
        assert [member.whole for member in found] == [member.offset + member.size <= cut for member in found]
        assert [(m.name, m.offset, m.size) for m in found] == whole[: len(found)]
        assert sum(m.whole for m in found) == sum(offset + size <= cut for _, offset, size in whole)


def test_what_lies_behind_a_broken_header_is_reported(tmp_path: Path) -> None:
    data = bytearray(as_tar([("a.jpg", b"a"), ("b.jpg", b"b"), ("c.jpg", b"c")]))
    data[1024 + 3] ^= 1
    found, ledger = index(tmp_path / "p.tar", bytes(data))
    assert [member.name for member in found] == ["a.jpg"]
    assert ledger.faults == {
        "damaged": [f"{tmp_path / 'p.tar'} at byte 1,024, where a header should be: bad checksum"]
    }


def test_a_size_below_zero_does_not_turn_the_reader_back(tmp_path: Path) -> None:
    header = bytearray(as_tar([("a.jpg", b"")])[:512])
    header[124:136] = b"\xff" * 11 + b"\x00"
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    found, ledger = index(tmp_path / "p.tar", as_tar([("b.jpg", b"b")])[:1024] + bytes(header) * 2)
    assert [member.name for member in found] == ["b.jpg"]
    assert list(ledger.faults) == ["damaged"]


@pytest.mark.parametrize(
    "data", [b"\x1f\x8b" + b"x" * 2000, b"x", b"caption\n" * 500], ids=["gzip", "short", "text"]
)
def test_what_is_no_tar_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(InputError, match=r"p\.tar is not a tar \(.*\): expected one as img2dataset"):
        index(tmp_path / "p.tar", data)
