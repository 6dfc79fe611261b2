import os
from pathlib import Path

import pytest

from weakly import artifacts
from weakly.corpus.posts.file_names import expand, kind_of
from weakly.errors import InputError


def lay(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")


def found(folder: Path, *sources: str) -> list[str]:
    return [str(path.relative_to(folder)) for path in expand([str(folder / source) for source in sources])]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.parquet", "Parquet"),
        ("a.jsonl", "JSON lines"),
        ("A.NDJSON.GZ", "JSON lines"),
        ("a.jsonl.bz2", "JSON lines"),
        ("yfcc100m_dataset-7.bz2", "YFCC100M"),
        ("yfcc100m_dataset", "YFCC100M"),
        ("a.b.csv.gz", "CSV"),
        ("a.tsv", "TSV"),
        ("00000.tar", "tar"),
    ],
)
def test_the_name_says_the_kind(name: str, kind: str) -> None:
    assert kind_of(Path(name)) == kind


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a.txt", r"a\.txt is of no kind that is read: expected \.parquet, \.jsonl, .*\.tar"),
        ("a.json", r"a\.json is JSON, of which lines are read; expected an object a line: .*jq -c '\.\[\]'"),
        ("posts", "of no kind that is read"),
        ("a.gz", "of no kind that is read"),
        ("a.tar.gz", "compressed tar; .*: unpack it to .tar"),
        ("a.tgz", "compressed tar"),
        ("a.parquet.gz", "compressed, which is not read for Parquet: unpack it"),
    ],
)
def test_other_kinds_are_refused_with_the_cure(name: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        kind_of(Path(name))


def test_files_come_in_the_order_given_and_patterns_sorted(tmp_path: Path) -> None:
    lay(tmp_path, "b.csv", "a10.csv", "a2.csv", "deep/er/c.csv", "a[1].csv")
    assert found(tmp_path, "b.csv", "a[0-9]*.csv") == ["b.csv", "a10.csv", "a2.csv"]
    assert found(tmp_path, "**/c.csv") == ["deep/er/c.csv"]
    assert found(tmp_path, "a[1].csv") == ["a[1].csv"]


def test_a_folder_gives_all_its_posts_of_one_kind(tmp_path: Path) -> None:
    lay(
        tmp_path,
        "d/day=2/b.jsonl.gz",
        "d/day=1/a.jsonl",
        "d/_SUCCESS",
        "d/.a.jsonl",
        "d/_old/x.jsonl",
        "d/1.jpg",
    )
    assert found(tmp_path, "d") == ["d/day=1/a.jsonl", "d/day=2/b.jsonl.gz"]
    assert found(tmp_path, "d/day=*") == ["d/day=1/a.jsonl", "d/day=2/b.jsonl.gz"]


def test_a_folder_as_img2dataset_leaves_it_is_not_read_twice(tmp_path: Path) -> None:
    lay(tmp_path, "d/00000.tar", "d/00000.parquet", "d/00000_stats.json", "d/00001.tar")
    with pytest.raises(
        InputError, match=r"several kinds \(1 of Parquet, 2 of tar\).*by a pattern.*\*\.parquet'"
    ):
        found(tmp_path, "d")
    assert found(tmp_path, "d/*.tar") == ["d/00000.tar", "d/00001.tar"]


def test_folders_that_weakly_wrote_hold_no_posts(tmp_path: Path) -> None:
    lay(tmp_path, "posts.parquet", "v/labels.parquet", "v/deep/posts.arrow", "world/p.parquet", "x/q.parquet")
    for name, kind in (("v", "vocabulary"), ("world", "toy-world")):
        artifacts.write_manifest(tmp_path / name, artifacts.Manifest(kind=kind, fingerprint="f"))
    (tmp_path / "x/manifest.json").write_text("{}")
    assert found(tmp_path, ".") == ["posts.parquet", "world/p.parquet", "x/q.parquet"]


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    lay(tmp_path, "d/1.jpg", "a.csv")
    with pytest.raises(InputError, match=r"b\.csv does not exist: give"):
        found(tmp_path, "a.csv", "b.csv")
    with pytest.raises(InputError, match=r"nothing matches '.*\*\.parquet'"):
        found(tmp_path, "*.parquet")
    with pytest.raises(InputError, match=r"folder .*d holds no posts: expected files of \.parquet"):
        found(tmp_path, "d")
    with pytest.raises(InputError, match=r"1\.jpg is of no kind"):
        found(tmp_path, "d/*")
    with pytest.raises(InputError, match="no posts were named"):
        expand([])


def test_a_file_named_twice_is_not_read_twice(tmp_path: Path) -> None:
    lay(tmp_path, "a.csv", "b.csv")
    for sources in (["a.csv", "a.csv"], ["*.csv", "b.csv"], ["a.csv", "../" + tmp_path.name + "/a.csv"]):
        with pytest.raises(InputError, match=r"is named twice, by '.*' and by '.*': name it once"):
            found(tmp_path, *sources)


def test_a_name_that_is_not_unicode_is_refused(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff.csv"
    with open(path, "wb"):  # noqa: PTH123 (a path of bytes)
        pass
    with pytest.raises(InputError, match="rename the file"):
        expand([os.fsdecode(path)])
