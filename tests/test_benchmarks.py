"""Every benchmark runs, in a smoke size: its figures are for a quiet machine, not for a test."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.few_packages import STEP
from tests.few_packages import environment as few_packages_environment
from tests.real_data import real_data
from weakly.corpus.options import LabelOptions, VocabOptions
from weakly.corpus.training_set.build import label_posts
from weakly.corpus.vocabulary.build import build_vocabulary

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
pytestmark = pytest.mark.slow
NO_PLUGINS = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}


def run(
    script: str, options: str, figures: Path, *arguments: Path, environment: dict[str, str] | None = None
) -> tuple[list[str], Any]:
    """Lines that a benchmark printed, and the figures that it wrote."""
    command = [sys.executable, str(BENCHMARKS / script), *map(str, arguments), *options.split()]
    command += ["--json", str(figures)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.splitlines(), json.loads(figures.read_text())


def test_loop(tmp_path: Path) -> None:
    sizes = "--model test_resnet --photos 80 --pixels 32 --size 16 --batch 8 --steps 12 --warmup 2 --rounds 1"
    lines, figures = run("loop.py", sizes, tmp_path / "r.json")
    assert "of the bare loop" in lines[-1]
    assert figures["share"] > 0
    assert 0 <= figures["rounds"][0]["waiting"] <= figures["rounds"][0]["outside"] + 0.1
    assert 0 < figures["outside"] < 1


@pytest.fixture
def few_packages(tmp_path: Path) -> dict[str, str]:
    """Where torch, torchvision, timm and numpy are installed, and nothing but what these need."""
    (tmp_path / "site").mkdir()
    return few_packages_environment(tmp_path / "site", STEP)


def test_few_packages_are_few(few_packages: dict[str, str]) -> None:
    for name, found in [("timm", True), ("safetensors", True), ("pyarrow", False), ("rich.progress", False)]:
        command = [sys.executable, "-c", f"import {name}"]
        done = subprocess.run(command, env=few_packages, capture_output=True, text=True, check=False)
        assert (done.returncode == 0) == found, done.stderr


def test_step(tmp_path: Path, few_packages: dict[str, str]) -> None:
    sizes = "--device cpu --size 32 --batch 4 --labels 17 --rounds 2 --calls 1 --modes eager --profile"
    lines, figures = run("step.py", sizes, tmp_path / "r.json", environment=few_packages)
    rivals = ["weakly channels_last eager", "timm channels_last eager", "weakly nchw eager"]
    assert [line[18:50].strip() for line in lines[-3:]] == rivals
    assert [cell["rival"] for cell in figures["cells"]] == rivals
    for cell in figures["cells"]:
        assert cell["images_per_second"] > 0
        kinds = cell["kinds"]
        assert {"1x1", "grouped 3x3", "stem", "batch norm", "loss and head", "optimiser", "gaps"} <= set(
            kinds
        )
        assert min(kinds["1x1"], kinds["grouped 3x3"], kinds["stem"], kinds["optimiser"]) > 0
        assert kinds["other convolution"] == 0, "a ResNeXt has no other"
        assert kinds["1x1"] > kinds["stem"]


def test_a_gpu_machine_can_run_the_tests_of_the_step(tmp_path: Path) -> None:
    """With pytest besides, and without what other tests share; the command is in docs/speed.md."""
    (tmp_path / "site").mkdir()
    given = {**few_packages_environment(tmp_path / "site", (*STEP, "pytest")), **NO_PLUGINS}
    tests = [
        str(Path(__file__).parent / "training" / "test_step.py"),
        "-k",
        "waits_for_nothing or a_step_is_sgd",
    ]
    command = [sys.executable, "-m", "pytest", "--noconftest", "-p", "no:cacheprovider", *tests]
    done = subprocess.run(
        command, env=given, cwd=BENCHMARKS.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:]


def test_step_counts_the_operations_of_the_papers_networks() -> None:
    """8 to 153 billion multiply-adds forward at 224 px (section 3.1), and twice that backward, two each."""
    script = (
        "import sys\n"
        f"sys.path.insert(0, {str(BENCHMARKS)!r})\n"
        "from step_grid import Shape, flops_an_image\n"
        "for width in ('4d', '8d', '16d', '32d', '48d'):\n"
        "    print(flops_an_image(Shape(f'resnext101_32x{width}', 224, 1, 1000)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    counted = [float(line) / 6e9 for line in done.stdout.split()]
    assert counted == pytest.approx([8, 16, 36, 87, 153], rel=0.03)


def test_gains(tmp_path: Path) -> None:
    sizes = "--device cpu --size 32 --batch 4 --labels 500 --loss-batch 16 --rounds 2 --calls 1"
    lines, figures = run("gains.py", sizes, tmp_path / "r.json")
    assert len(figures) == 10
    assert [line[:62].strip() for line in lines[-10:]] == [row["name"] for row in figures]
    assert all(row["ratio"] > 0 for row in figures)


def test_probe_fit(tmp_path: Path) -> None:
    lines, figures = run("probe_fit.py", "--images 200 --length 16 --classes 3", tmp_path / "r.json")
    assert figures["grid"]["converged"]
    assert len(figures["fits"]) == len(lines) - 3 == 6
    ours = [row["excess"] for row in figures["fits"] if row["fit"] == "weakly"]
    assert max(map(abs, ours)) < 1e-5, "the optimum"


def test_loader(tmp_path: Path) -> None:
    sizes = "--photos 4 --size 192 --batch 4 --batches 6 --rounds 1 --workers 0 1 --camera-photos 1"
    lines, figures = run("loader.py", f"{sizes} --rows 9000000 --position 1000000", tmp_path / "r.json")
    assert figures["difference"] < 1, "the same photos, crops and flips as torchvision's"
    assert figures["bytes"] == pytest.approx(107_000, rel=0.05)
    assert {len(rates) for rates in figures["rates"].values()} == {4}
    assert all(rate > 0 for rates in figures["rates"].values() for (rate,) in rates.values())
    assert figures["far"]["first_position"] == 1_000_000 // 256 * 256
    assert figures["far"]["plan_bytes"] == 8 * 9_000_000 + 128
    assert figures["far"]["seconds"] > 0
    assert [line.partition(":")[0] for line in lines[-2:]] == ["12 megapixels", "shrunk"]
    assert figures["camera"]["shrunk"][0] > 4 * figures["camera"]["12 megapixels"][0]
    assert lines[-3].startswith("resumed at position 999,936 of a plan of 9,000,000 images")


def test_losses_of_the_defaults_are_those_of_the_plain_loop(colour_set: Path, tmp_path: Path) -> None:
    sizes = "--model test_resnet --size 32 --batch 16 --steps 12 --log-every 3 --lr 2"
    lines, figures = run("losses.py", sizes, tmp_path / "r.json", colour_set)
    assert figures["agree"], lines
    assert "channels_last" in figures["used"]
    assert len(figures["losses"]["plain"]) == 4
    assert figures["losses"]["plain"][-1] < figures["losses"]["plain"][0]
    assert lines[-1].endswith("within the spread of two seeds")


def test_losses_on_real_photographs(tmp_path: Path) -> None:
    photographs = real_data("pretrain")
    posts = (str(photographs / "posts.jsonl"),)
    build_vocabulary(VocabOptions(posts, tmp_path / "vocabulary", select="nouns", min_count=20))
    label_posts(
        LabelOptions(posts, tmp_path / "vocabulary", tmp_path / "training_set", images=photographs / "images")
    )
    sizes = "--model resnext14_32x4d --size 32 --batch 32 --steps 16 --log-every 4"
    lines, figures = run("losses.py", sizes, tmp_path / "r.json", tmp_path / "training_set")
    assert figures["agree"], lines
