import json
import shutil
from pathlib import Path

import pytest

from weakly import artifacts
from weakly.artifacts import Manifest, read_manifest
from weakly.errors import InputError
from weakly.reports.options import ShowOptions
from weakly.reports.show import shorten, show


def shown(folder: Path, capsys: pytest.CaptureFixture[str], samples: int = 3) -> str:
    show(ShowOptions(folder, samples))
    return " ".join(capsys.readouterr().out.split())


def test_a_vocabulary_with_its_labels(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(world / "vocabulary", capsys)
    assert f"vocabulary, fingerprint {read_manifest(world / 'vocabulary').fingerprint}" in text
    assert "commonest labels" in text
    assert "#koalabear 5, #koala 5" in text
    assert "min_count 1" in text


def test_a_training_set_with_rows_and_names(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(world / "set", capsys)
    assert "0 <script>alert('post')</script>0 " in text
    assert "00.jpg" in text
    assert "labels with most images" in text


def test_a_training_set_without_its_photos(
    world: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(world / "set", tmp_path / "set")
    manifest = json.loads((tmp_path / "set" / "manifest.json").read_text())
    manifest["facts"]["root"] = str(tmp_path / "elsewhere")
    (tmp_path / "set" / "manifest.json").write_text(json.dumps(manifest))
    assert "00.jpg" in shown(tmp_path / "set", capsys)


def test_a_run_with_log_checkpoints_and_results(world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(world / "run <i>", capsys)
    assert "last lines of the log" in text
    assert "images-000000000160" in text
    assert "untrained" in text
    assert "top-1" in text
    bare = shown(world / "bare", capsys)
    assert "no results yet" in bare


def test_a_toy_world_with_posts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with artifacts.publish(tmp_path / "toy") as folder:
        (folder / "posts.jsonl").write_text('{"caption": "[red]#cat"}\n{"caption": "two"}\n')
        (folder / "truth.csv").write_text("post_id,kind\np1,cat\n")
        artifacts.write_manifest(folder, Manifest("toy-world", "0" * 32))
    text = shown(tmp_path / "toy", capsys, samples=1)
    # Square brackets are rich's markup, and these are a person's words.
    assert '{"caption": "[red]#cat"}' in text
    assert "two" not in text
    assert "first lines of truth.csv post_id,kind" in text


def test_what_has_no_samples_shows_its_manifest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with artifacts.publish(tmp_path / "other") as folder:
        artifacts.write_manifest(folder, Manifest("report", "f" * 32, facts={"runs": ["one"]}))
    assert "runs [one]" in shown(tmp_path / "other", capsys)


def test_wrong_input_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a folder"):
        show(ShowOptions(tmp_path / "nothing"))
    with pytest.raises(InputError, match=r"has no manifest\.json"):
        show(ShowOptions(tmp_path))
    with pytest.raises(InputError, match="--samples 0"):
        show(ShowOptions(tmp_path, 0))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "True"),
        (None, "None"),
        (1234567, "1,234,567"),
        (0.25, "0.25"),
        (13982.236828, "13,982.2"),
        ({"a": 1, "b": [1, 2]}, "{a: 1, b: [1, 2]}"),
        (list(range(10)), "[0, 1, 2, 3, 4, 5, 6, 7, 2 more]"),
        ("x" * 200, "x" * 97 + "..."),
    ],
)
def test_values_are_shortened(value: object, text: str) -> None:
    assert shorten(value) == text
