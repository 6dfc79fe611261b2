import json
from dataclasses import asdict
from pathlib import Path

import pytest

from weakly.training.log import LogLine, RunLog, read_lines

LINE = LogLine(64, 0.5, 0.1, 2.5, 100.0, 0.25, 0, 3.0, mfu=0.405, peak_memory=3 << 29)


def test_a_line_says_its_share_of_the_peak_and_its_memory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = RunLog(tmp_path, images=0, total=640, tensorboard=False, quiet=False)
    log.write(LINE)
    log.close()
    assert read_lines(tmp_path / "log.jsonl") == [LINE]
    assert capsys.readouterr().out.endswith("waiting 25.0%  mfu 40.5%  memory 1.50 GiB\n")


def test_lines_of_older_runs_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    older = {name: value for name, value in asdict(LINE).items() if name not in ("mfu", "peak_memory")}
    (tmp_path / "log.jsonl").write_text(json.dumps(older) + "\n")
    (line,) = read_lines(tmp_path / "log.jsonl")
    assert (line.mfu, line.peak_memory, line.loss) == (None, None, LINE.loss)
    log = RunLog(tmp_path, images=64, total=640, tensorboard=True, quiet=False)
    log.write(line)
    log.close()
    assert len(read_lines(tmp_path / "log.jsonl")) == 2
    assert capsys.readouterr().out.endswith("waiting 25.0%\n")
