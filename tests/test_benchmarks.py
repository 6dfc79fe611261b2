"""Every benchmark runs, in a smoke size: its figures are for a quiet machine, not for a test."""

import json
import subprocess
import sys
from pathlib import Path

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


def test_loop(tmp_path: Path) -> None:
    sizes = "--model test_resnet --photos 80 --pixels 32 --size 16 --batch 8 --steps 12 --warmup 2 --rounds 1"
    where = ["--json", str(tmp_path / "r.json")]
    command = [sys.executable, str(BENCHMARKS / "loop.py"), *sizes.split(), *where]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "of the bare loop" in done.stdout.splitlines()[-1]
    figures = json.loads((tmp_path / "r.json").read_text())
    assert figures["share"] > 0
    assert 0 <= figures["rounds"][0]["waiting"] < 1
