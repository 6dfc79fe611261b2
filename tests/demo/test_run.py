import json
from pathlib import Path

import pytest

import weakly
from weakly.demo.run import DemoOptions, run_demo
from weakly.errors import InputError
from weakly.transfer.results import load_results


def test_posts_become_a_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The whole pipeline, small: every stage leaves its folder, and the page stands at the end."""
    page = run_demo(DemoOptions(tmp_path / "demo", posts=150, passes=1.0))
    out = tmp_path / "demo"
    kinds = {
        path.parent.name: json.loads(path.read_text())["kind"] for path in sorted(out.glob("*/manifest.json"))
    }
    assert kinds == {
        "world": "toy-world",
        "vocabulary": "vocabulary",
        "training_set": "training-set",
        "run": "run",
        "report": "report",
    }
    trained, untrained = sorted(load_results([out / "run"]), key=lambda result: result.untrained)
    assert not trained.untrained
    assert untrained.untrained
    assert trained.n == untrained.n > 0
    backbone = weakly.load(out / "run")
    html = page.read_text(encoding="utf-8")
    assert backbone.names[0] in html
    assert "http://" not in html.replace("http://www.w3.org", "")
    said = capsys.readouterr().out
    assert "$ weakly pretrain" in said
    assert str(page) in said


def test_a_demo_that_would_train_nothing_is_refused_before_it_draws(tmp_path: Path) -> None:
    for passes in (0.0, float("nan"), float("inf")):
        with pytest.raises(InputError, match=rf"^--passes {passes}: expected a number above 0$"):
            run_demo(DemoOptions(tmp_path / "demo", passes=passes))
    assert not (tmp_path / "demo").exists()
