import argparse
import json
import sys
from pathlib import Path

import pytest

import records


def given(*options: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    records.add_options(parser)
    return parser.parse_args(options)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(records, "FOLDER", tmp_path / "records")
    monkeypatch.setattr(records, "_today", lambda: "2026-11-27")
    monkeypatch.setattr(sys, "argv", ["somewhere/loop.py", "--rounds", "1", "--record"])
    records._place.cache_clear()
    return tmp_path / "records"


def test_a_record_says_what_was_measured_where_and_when(folder: Path, tmp_path: Path) -> None:
    records.keep(given("--record", "--json", str(tmp_path / "figures.json")), {"share": 0.9})
    assert json.loads((tmp_path / "figures.json").read_text()) == {"share": 0.9}
    record = json.loads((folder / "2026-11-27-loop.json").read_text())
    assert (record["benchmark"], record["date"], record["figures"]) == ("loop", "2026-11-27", {"share": 0.9})
    assert record["command"] == "python benchmarks/loop.py --rounds 1 --record"
    assert record["machine"]["cores"] > 0
    assert record["machine"]["memory_gib"] > 0
    assert record["machine"]["packages"]["torch"]


def test_a_run_replaces_its_own_record_and_no_other(folder: Path) -> None:
    for figures in (1, 2):
        records.keep(given("--record"), figures)
    records._place.cache_clear()  # another process
    records.keep(given("--record"), 3)
    kept = {path.name: json.loads(path.read_text())["figures"] for path in folder.iterdir()}
    assert kept == {"2026-11-27-loop.json": 2, "2026-11-27-loop-2.json": 3}


def test_nothing_is_kept_that_was_not_asked_for(folder: Path) -> None:
    records.keep(given(), 1)
    assert not folder.exists()
