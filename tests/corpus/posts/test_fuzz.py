"""Damaged files never crash the readers, hang them, or lose a row without a reason.

60 files of each kind here. `WEAKLY_FUZZ=2500 pytest -s tests/corpus/posts/test_fuzz.py` tries 10,000 in all,
and shows what became of them. Beyond the ledger's own count (rows read = kept + dropped), the rows of CSV, of
plain JSON lines and of Parquet are counted by other means, and a whole file behind each damaged one must be
kept.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.corpus.posts import fuzz

FILES = int(os.environ.get("WEAKLY_FUZZ", "60"))
ROOT = Path(__file__).parents[3]


def outcomes(kind: str, files: int) -> list[dict[str, Any]]:
    """What became of every case, whatever it did to the process that read it."""
    found: list[dict[str, Any]] = []
    while len(found) < files:
        command = [sys.executable, "-m", "tests.corpus.posts.fuzz", kind, str(len(found)), str(files)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
        found += map(json.loads, done.stdout.splitlines())
        if len(found) < files:
            outcome = "hung" if done.returncode == -signal.SIGALRM else "crashed"
            detail = f"status {done.returncode}: {done.stderr[-1500:]}"
            found.append({"case": len(found), "outcome": outcome, "detail": detail})
    return found


@pytest.mark.timeout(240 + FILES)
@pytest.mark.parametrize("kind", fuzz.KINDS)
def test_damage_is_counted_or_refused(kind: str) -> None:
    start = time.monotonic()
    found = outcomes(kind, FILES)
    seconds = time.monotonic() - start
    assert [said["case"] for said in found] == list(range(FILES))
    counts = Counter(said["outcome"] for said in found)
    read = [said for said in found if said["outcome"] == "read"]
    rows, dropped = (sum(said[name] for said in read) for name in ("rows", "dropped"))
    faulty = sum(bool(said["faults"]) for said in read)
    print(
        f"\n{kind}: {FILES:,} files in {seconds:.0f} s: {dict(counts)}; of those read, {rows:,} rows, "
        f"{dropped:,} of them dropped, {faulty:,} files reported as not whole"
    )
    assert not [said for said in found if said["outcome"] not in ("read", "refused")]
    assert counts["read"] and counts["refused"], "damage of both kinds is tried"


def test_a_reader_that_loses_a_row_or_the_process_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "good.jsonl").write_bytes(fuzz.as_json_lines(fuzz.GOOD))
    case = next(case for case in range(100) if fuzz.read_case("jsonl", case, tmp_path).get("dropped"))
    assert fuzz.read_case("jsonl", case, tmp_path)["outcome"] == "read"
    drop = fuzz.Ledger.drop
    monkeypatch.setattr(fuzz.Ledger, "drop", lambda *_: None)
    assert fuzz.read_case("jsonl", case, tmp_path)["outcome"] == "miscounted"
    monkeypatch.setattr(fuzz.Ledger, "drop", drop)
    read = fuzz.read_pieces
    monkeypatch.setattr(fuzz, "read_pieces", lambda pieces, *rest: read(pieces[-1:], *rest))
    assert fuzz.read_case("jsonl", case, tmp_path)["outcome"] == "lost"
    monkeypatch.setattr(fuzz, "read_pieces", lambda pieces, *rest: read(pieces[:-1], *rest))
    assert fuzz.read_case("jsonl", case, tmp_path)["outcome"] != "read"

    def die(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        kind, first = command[-3], int(command[-2])
        said = {"case": first, "outcome": "read"}
        status = -signal.SIGALRM if first else -signal.SIGSEGV
        return subprocess.CompletedProcess(command, status, json.dumps(said), kind)

    monkeypatch.setattr(subprocess, "run", die)
    assert [said["outcome"] for said in outcomes("tar", 4)] == ["read", "crashed", "read", "hung"]
