import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.transfer.conftest import COLOURS, draw, write_run, write_target
from weakly.errors import InputError
from weakly.training.checkpoint import find, load_pretrained
from weakly.transfer import probe as probe_module
from weakly.transfer.options import ProbeOptions
from weakly.transfer.probe import probe
from weakly.transfer.results import load_results


def options(run: Path, target: Path, results: Path | None) -> ProbeOptions:
    return ProbeOptions(run=run, to=(f"folder:{target}",), workers=0, device="cpu", results=results)


def copied(target: Path, folder: Path) -> Path:
    return Path(shutil.copytree(target, folder / "colours"))


def test_colours_are_told_apart_and_the_result_is_saved(
    run: Path, target: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (result,) = probe(options(run, target, tmp_path))
    pretrained = load_pretrained(run)
    assert result.value > 0.9
    assert (result.task, result.protocol, result.metric, result.n) == ("colours", "probe", "top-1", 24)
    assert (result.checkpoint, result.images_seen) == (pretrained.fingerprint, 2560)
    details = result.details
    assert details["top5"] >= result.value
    assert details["train"] == 72
    assert details["held_out"] == 6
    assert details["interval"][0] <= result.value <= details["interval"][1]
    assert sum(details["per_class"].values()) / 6 == pytest.approx(result.value)
    assert set(details["per_class"]) == set(COLOURS)
    assert (details["model"], details["model_seed"], details["size"]) == ("test_resnet", 0, 24)
    assert load_results(tmp_path) == [result]
    out = capsys.readouterr().out
    assert f"colours: top-1 {result.value:.1%} (95% interval" in out
    assert "on 24 test images, 6 classes; test_resnet, 2,560 images seen; C = " in out
    assert str(tmp_path) in out


def test_the_same_again_gives_the_same_and_replaces_it(run: Path, target: Path, tmp_path: Path) -> None:
    first, again = (probe(options(run, target, tmp_path))[0] for _ in range(2))
    timeless = {"seconds_on_features": 0}
    assert replace(first, seconds=0, details=first.details | timeless) == replace(
        again, seconds=0, details=again.details | timeless
    )
    assert len(load_results(tmp_path)) == 1


def test_the_untrained_network_is_another_and_stands_beside_it(
    run: Path, target: Path, tmp_path: Path
) -> None:
    (trained,) = probe(options(run, target, tmp_path))
    (untrained,) = probe(replace(options(run, target, tmp_path), untrained=True))
    assert untrained.untrained
    assert untrained.images_seen == 0
    assert untrained.checkpoint == load_pretrained(run, untrained=True).fingerprint != trained.checkpoint
    assert untrained.config == trained.config
    assert len(load_results(tmp_path)) == 2


def test_results_go_to_the_run_also_from_one_of_its_checkpoints(target: Path, tmp_path: Path) -> None:
    run = write_run(tmp_path / "run")
    probe(options(run, target, None))
    probe(options(find(run), target, None))
    (result,) = load_results(run)
    alone = tmp_path / "alone"
    shutil.copytree(find(run), alone)
    probe(options(alone, target, None))
    (copy,) = load_results(alone / "results")
    assert (copy.value, copy.checkpoint) == (result.value, result.checkpoint)


def test_an_unreadable_test_image_is_an_error_and_said(
    run: Path, target: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (whole,) = probe(options(run, target, tmp_path / "whole"))
    own = copied(target, tmp_path)
    (own / "test" / "red" / "01.png").write_bytes(b"\x89PNG damaged")
    (own / "test" / "red" / "02.png").write_bytes(b"")
    (damaged,) = probe(options(run, own, tmp_path / "damaged"))
    assert damaged.n == whole.n == 24
    assert damaged.details["per_class"]["red"] == whole.details["per_class"]["red"] - 0.5
    assert damaged.value == pytest.approx(whole.value - 2 / 24)
    assert damaged.details["test_unreadable"]["n"] == 2
    assert damaged.details["test_unreadable"]["first"][1] == "test/red/02.png: empty"
    (warning,) = [text for text in damaged.details["warnings"] if "cannot be read" in text]
    assert warning.startswith("test images that cannot be read, counted as errors: 2 (test/red/01.png")
    assert warning in capsys.readouterr().err


def test_an_unreadable_training_image_is_left_out_and_counted(
    run: Path, target: Path, tmp_path: Path
) -> None:
    own = copied(target, tmp_path)
    (own / "train" / "red" / "00.png").write_bytes(b"\x89PNG damaged")
    (own / "train" / "red" / "notes.txt").write_text("x")
    (damaged,) = probe(options(run, own, tmp_path / "damaged"))
    (own / "train" / "red" / "00.png").unlink()
    (without,) = probe(options(run, own, tmp_path / "without"))
    assert damaged.details["train"] == without.details["train"] == 71
    assert damaged.details["train_unreadable"]["n"] == 1
    assert damaged.details["not_images"] == 1
    # Left out, it plays no part: the fit is the one to the others.
    for one, other in zip(damaged.details["grid"], without.details["grid"], strict=True):
        assert one["accuracy"] == other["accuracy"]
        assert one["loss"] == pytest.approx(other["loss"], rel=1e-3)
    assert damaged.value == without.value
    texts = "\n".join(damaged.details["warnings"])
    assert "training images that cannot be read, left out: 1 (train/red/00.png: " in texts
    assert "files in the class folders that are no images by their names: 1" in texts


def test_a_class_of_which_nothing_can_be_learnt_is_refused(run: Path, tmp_path: Path) -> None:
    own = write_target(tmp_path / "t", classes=2, train=2, test=1)
    for path in (own / "train" / "green").iterdir():
        path.write_bytes(b"x")
    with pytest.raises(InputError, match="green: no image can be read"):
        probe(options(run, own, tmp_path / "results"))
    own = write_target(tmp_path / "u", classes=2, train=1, test=1)
    with pytest.raises(InputError, match="one image a class, so none can be held out"):
        probe(options(run, own, tmp_path / "results"))


def test_top5_is_left_out_where_it_says_nothing(run: Path, tmp_path: Path) -> None:
    own = write_target(tmp_path / "t", classes=5, train=4, test=1)
    (result,) = probe(options(run, own, tmp_path / "results"))
    assert result.details["top5"] is None


def test_another_size_is_another_protocol(run: Path, target: Path, tmp_path: Path) -> None:
    (own,) = probe(replace(options(run, target, tmp_path), size=24))
    assert own.protocol == "probe"
    (larger,) = probe(replace(options(run, target, tmp_path), size=32))
    assert larger.protocol == "probe-32px"
    assert larger.details["size"] == 32
    assert larger.config != own.config
    assert len(load_results(tmp_path)) == 2


def test_another_measurement_of_the_same_name_is_refused_before_any_work(
    run: Path, target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (result,) = probe(options(run, target, tmp_path / "results"))
    own = copied(target, tmp_path)
    draw((0, 0, 0), 1).save(own / "train" / "red" / "another.png")

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("images were read")

    monkeypatch.setattr(probe_module, "extract", refuse)
    for other in (
        options(run, own, tmp_path / "results"),
        replace(options(run, target, tmp_path / "results"), precision="bf16"),
    ):
        with pytest.raises(InputError, match="was measured with other options"):
            probe(other)
    assert load_results(tmp_path / "results") == [result]


def test_the_seed_decides_what_is_held_out(run: Path, target: Path, tmp_path: Path) -> None:
    first, other = (probe(replace(options(run, target, tmp_path), seed=seed))[0] for seed in (0, 1))
    assert first.details["grid"] != other.details["grid"]
    assert (first.seed, other.seed) == (0, 1)
    assert len(load_results(tmp_path)) == 2


def test_several_data_sets_are_measured_in_turn(run: Path, target: Path, tmp_path: Path) -> None:
    own = write_target(tmp_path / "two", classes=2, train=4, test=1)
    both = replace(options(run, target, tmp_path / "r"), to=(f"folder:{own}", f"folder:{target}"))
    found = probe(both)
    assert [result.task for result in found] == ["two", "colours"]
    (alone,) = probe(options(run, target, tmp_path / "alone"))
    assert alone.value == found[1].value
    same = replace(both, to=(f"folder:{target}", f"folder:{copied(target, tmp_path / 'x')}"))
    with pytest.raises(InputError, match="2 data sets are called colours"):
        probe(same)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"to": ()}, "--to names no data set"),
        ({"to": ("nowhere",)}, "--to nowhere: no such kind of data set"),
        ({"batch": 0}, "--batch 0: expected 1 or more"),
        ({"size": 0}, "--size 0: expected 1 or more"),
        ({"workers": -1}, "--workers -1: expected 0 or more"),
        ({"run": Path("no-run")}, "no-run holds no checkpoint"),
    ],
)
def test_bad_options_are_refused(run: Path, target: Path, tmp_path: Path, change: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        probe(replace(options(run, target, tmp_path), **change))
    assert not list(tmp_path.iterdir())


def test_a_result_is_plain_json_without_paths_of_this_machine(
    run: Path, target: Path, tmp_path: Path
) -> None:
    probe(options(run, target, tmp_path))
    (path,) = tmp_path.iterdir()
    text = path.read_text()
    json.loads(text)
    assert str(target.parent) not in text
    assert str(run) not in text


def test_results_that_cannot_be_kept_are_refused_before_the_work(
    run: Path, target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe_module, "_measure", lambda *_: pytest.fail("it was measured"))
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match=r"file cannot be made \(File exists\): --results names a folder"):
        probe(options(run, target, tmp_path / "file"))
