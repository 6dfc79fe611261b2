import importlib.util
from pathlib import Path
from types import ModuleType

import pyarrow.parquet as pq
import pytest

from tests.real_data import real_data

ROOT = Path(__file__).resolve().parents[3]
PACKAGED = ROOT / "src" / "weakly" / "corpus" / "wordnet"


@pytest.fixture(scope="module")
def build_lexicon() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_lexicon", ROOT / "scripts" / "build_lexicon.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_package_holds_what_the_script_makes(build_lexicon, tmp_path):
    build_lexicon.build(real_data("wordnet"), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        path.name for path in PACKAGED.iterdir() if path.suffix in (".parquet", ".wordnet")
    )
    for path in tmp_path.iterdir():
        if path.suffix == ".parquet":
            assert pq.read_table(path).equals(pq.read_table(PACKAGED / path.name)), path.name
        else:
            assert path.read_bytes() == (PACKAGED / path.name).read_bytes()


SYNSETS = """\
  1 No rights reserved, for a
  2
  3   test.
00000001 03 n 01 thing 0 000 | what is
00000002 05 n 02 Brown_Bear 0 bruin 0 001 @ 00000001 n 0000 | large
00000003 05 n 01 brownbear 0 002 @ 00000001 n 0000 ;c 00000002 n 0000 | a paint
00000004 18 n 01 Knut 0 001 @i 00000002 n 0000 | a famous one
"""
INDEX = """\
  1 No rights reserved.
brown_bear n 1 1 @ 1 0 00000002
brownbear n 2 1 @ 2 0 00000003 00000002
bruin n 1 1 @ 1 0 00000002
knut n 1 1 @i 1 0 00000004
thing n 1 0 1 0 00000001
"""


def write_wordnet(folder: Path, **instead: str) -> Path:
    texts = {
        "data.noun": SYNSETS,
        "index.noun": INDEX,
        "noun.exc": "brown-beren brown-bear\nbrownberen bruin\n",
    }
    for name, text in {**texts, **instead}.items():
        (folder / name).write_text(text)
    return folder


def test_the_script_reads_plain_files_and_merges_spellings(build_lexicon, tmp_path, monkeypatch):
    monkeypatch.setattr(build_lexicon, "read_imagenet_1k", lambda: {"n00000004": 0, "n00000002": 1})
    build_lexicon.build(write_wordnet(tmp_path), tmp_path / "out")
    synsets, spellings, plurals = (
        pq.read_table(tmp_path / "out" / f"{name}.parquet").to_pydict()
        for name in ("synsets", "spellings", "plurals")
    )
    assert synsets == {
        "wnid": ["n00000001", "n00000002", "n00000003", "n00000004"],
        "name": ["thing.n.01", "brown_bear.n.01", "brownbear.n.01", "knut.n.01"],
        "lemmas": [["thing"], ["Brown Bear", "bruin"], ["brownbear"], ["Knut"]],
        "hypernyms": [[], [0], [0], [1]],
        "lexicographer_file": ["noun.Tops", "noun.animal", "noun.animal", "noun.person"],
        "imagenet_1k": [None, 1, None, 0],
    }
    assert dict(zip(*spellings.values(), strict=True)) == {
        "brownbear": [2, 1],
        "bruin": [1],
        "knut": [3],
        "thing": [0],
    }
    assert plurals == {"plural": ["brownberen"], "singulars": [["brownbear", "bruin"]]}
    assert (tmp_path / "out" / "LICENSE.wordnet").read_text() == "No rights reserved, for a\n\n  test.\n"
    first = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    build_lexicon.build(tmp_path, tmp_path / "again")
    assert {path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()} == first


def test_the_script_names_what_is_wrong(build_lexicon, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["build_lexicon.py", str(tmp_path), "--out", str(tmp_path / "out")])
    assert build_lexicon.main() == 2
    assert f"{tmp_path}/index.noun (or .gz) is missing" in capsys.readouterr().err
    write_wordnet(tmp_path)
    assert build_lexicon.main() == 2
    assert "data.noun lacks 1000 classes of ImageNet-1k: expected WordNet 3.0's" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
