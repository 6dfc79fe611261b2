import gc
import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from tests.conftest import IMAGES, write_training_set
from weakly.errors import InputError, Stopped
from weakly.sampling.loader import Batch
from weakly.sampling.order import Order
from weakly.sampling.plan import SamplingPlan
from weakly.training import checkpoint, loop, models
from weakly.training.log import read_lines
from weakly.training.loop import plan, pretrain
from weakly.training.options import PretrainOptions
from weakly.training.utilisation import training_flops

MODEL = "test_resnet"
"""Timm's smallest network with batch norm."""


def options(training_set: Path, out: Path, **changes: object) -> PretrainOptions:
    small = PretrainOptions(
        training_set,
        out,
        model=MODEL,
        size=16,
        batch=16,
        lr=2.0,
        passes=3,
        workers=0,
        log_every=2,
        precision="fp32",
    )
    return replace(small, **changes)  # pyright: ignore[reportArgumentType]


def final_weights(run: Path) -> dict[str, torch.Tensor]:
    folder = checkpoint.find(run)
    return {
        f"{part}.{name}": tensor
        for part in ("trunk", "head", "optimizer")
        for name, tensor in load_file(folder / f"{part}.safetensors").items()
    }


def assert_same_weights(first: Path, second: Path) -> None:
    a, b = final_weights(first), final_weights(second)
    assert a.keys() == b.keys()
    for name in a:
        assert torch.equal(a[name], b[name]), name


@pytest.fixture(scope="module")
def uninterrupted(colour_set: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of three passes that nothing disturbed."""
    return pretrain(options(colour_set, tmp_path_factory.mktemp("runs") / "whole"))


def test_it_learns_and_says_so(uninterrupted: Path, colour_set: Path) -> None:
    lines = read_lines(uninterrupted / "log.jsonl")
    assert lines[-1].loss < lines[0].loss - 0.2
    sampling = SamplingPlan.open(uninterrupted / "sampling_plan.npy")
    steps = round(3 * sampling.expected_pass_size / 16)
    assert lines[-1].images == steps * 16 == checkpoint.load_pretrained(uninterrupted).images_seen
    assert [line.images for line in lines[:2]] == [32, 64]
    assert lines[-1].passes == pytest.approx(3, abs=0.2)
    assert all(0 <= line.waiting <= 1 and line.images_per_second > 0 for line in lines)
    assert max(line.lr for line in lines) == pytest.approx(2.0 * 16 / 256)
    assert lines[-1].lr == pytest.approx(2.0 * 16 / 256 / 2**10)
    manifest = json.loads((uninterrupted / "manifest.json").read_text())
    assert manifest["kind"] == "run"
    assert manifest["facts"]["plan"]["rows"] == IMAGES
    assert manifest["facts"]["training_set"] == str(colour_set.resolve())


def test_the_same_options_give_the_same_weights(
    uninterrupted: Path, colour_set: Path, tmp_path: Path
) -> None:
    assert_same_weights(uninterrupted, pretrain(options(colour_set, tmp_path / "again", workers=2)))
    other = pretrain(options(colour_set, tmp_path / "other", seed=1))
    assert not torch.equal(final_weights(uninterrupted)["head.weight"], final_weights(other)["head.weight"])


COMMAND = """
import os, sys
from pathlib import Path
from tests.training.test_loop import options
from weakly.training import checkpoint, loop
saves, kill_at = 0, {kill_at}
publish = checkpoint.replace_folder
def replace_folder(partial, out):
    global saves
    saves += 1
    if saves == kill_at:
        os.kill(os.getpid(), 9)  # everything is written, nothing is in its place yet
    publish(partial, out)
checkpoint.replace_folder = replace_folder
train_on = loop._Trainer._train_on
def slowly(self, batch, step, rate):
    train_on(self, batch, step, rate)
    if step == {kill_after_step}:
        os.kill(os.getpid(), 9)
loop._Trainer._train_on = slowly
loop.pretrain(options(Path(sys.argv[1]), Path(sys.argv[2]), save_images={save_images}, resume={resume}))
"""


def run_and_die(training_set: Path, out: Path, **changes: object) -> None:
    values = {"kill_at": 0, "kill_after_step": -1, "save_images": 48, "resume": False, **changes}
    script = COMMAND.format(**values)
    done = subprocess.run([sys.executable, "-c", script, str(training_set), str(out)], check=False)
    assert done.returncode == -signal.SIGKILL


def test_killed_at_any_moment_it_ends_with_the_same_bits(
    uninterrupted: Path, colour_set: Path, tmp_path: Path
) -> None:
    """Before the first checkpoint, in the middle of writing one, between two, and past a pass boundary."""
    out = tmp_path / "run"
    run_and_die(colour_set, out, kill_after_step=1)
    assert not checkpoint.complete(out)
    run_and_die(colour_set, out, kill_at=2, resume=True)
    assert [path.name for path in checkpoint.complete(out)] == ["images-000000000048"]
    sampling = SamplingPlan.open(out / "sampling_plan.npy")
    second_pass = int(sampling.pass_size(0)) // 16 + 2
    run_and_die(colour_set, out, kill_after_step=second_pass, resume=True)
    assert checkpoint.load_pretrained(out).images_seen < second_pass * 16
    pretrain(options(colour_set, out, resume=True))
    assert_same_weights(uninterrupted, out)
    lines = read_lines(out / "log.jsonl")
    assert [line.images for line in lines] == sorted({line.images for line in lines}), "no line twice"
    assert lines[-1].loss == pytest.approx(read_lines(uninterrupted / "log.jsonl")[-1].loss, rel=0.5)
    assert not [path.name for path in (out / "checkpoints").iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_saves_and_stops(
    number: signal.Signals, uninterrupted: Path, colour_set: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    command = [
        sys.executable,
        "-m",
        "weakly",
        "pretrain",
        str(colour_set),
        "--out",
        str(out),
        "--model",
        MODEL,
    ]
    command += [
        "--size",
        "16",
        "--batch",
        "16",
        "--lr",
        "2.0",
        "--passes",
        "3",
        "--log-every",
        "2",
        "--precision",
        "fp32",
    ]
    process = subprocess.Popen([*command, "--workers", "1"], stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not (out / "log.jsonl").exists() or not (out / "log.jsonl").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 128 + number, errors
    assert "--resume to go on" in errors
    assert len(errors.strip().splitlines()) == 1, errors
    seen = checkpoint.load_pretrained(out).images_seen
    assert 0 < seen < read_lines(uninterrupted / "log.jsonl")[-1].images
    pretrain(options(colour_set, out, resume=True))
    assert_same_weights(uninterrupted, out)


def test_ctrl_c_in_a_terminal_saves_and_stops(uninterrupted: Path, colour_set: Path, tmp_path: Path) -> None:
    """A terminal sends SIGINT to the whole process group: the run, and the workers that feed it."""
    out = tmp_path / "run"
    command = [sys.executable, "-m", "weakly", "pretrain", str(colour_set), "--out", str(out)]
    command += ["--model", MODEL, "--size", "16", "--batch", "16", "--lr", "2.0", "--passes", "3"]
    command += ["--log-every", "1", "--precision", "fp32", "--workers", "2"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    deadline = time.monotonic() + 60
    while not (out / "log.jsonl").exists() or not (out / "log.jsonl").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGINT, errors
    assert errors.startswith("weakly pretrain: stopped and saved at")
    assert len(errors.strip().splitlines()) == 1, errors
    pretrain(options(colour_set, out, resume=True, log_every=1))
    assert_same_weights(uninterrupted, out)


def test_a_finished_run_stays_as_it_is(
    uninterrupted: Path, colour_set: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = checkpoint.find(uninterrupted).stat().st_mtime_ns
    pretrain(options(colour_set, uninterrupted, resume=True))
    assert "already trained to its end" in capsys.readouterr().out
    assert checkpoint.find(uninterrupted).stat().st_mtime_ns == before


def test_what_is_no_resume_is_refused(uninterrupted: Path, colour_set: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--resume to go on with it or --overwrite"):
        pretrain(options(colour_set, uninterrupted))
    with pytest.raises(InputError, match=r"--lr was 2\.0, now 0.2"):
        pretrain(options(colour_set, uninterrupted, resume=True, lr=0.2))
    other = write_training_set(tmp_path, images=50)
    with pytest.raises(InputError, match="is not the training set that"):
        pretrain(options(other, uninterrupted, resume=True))
    with pytest.raises(InputError, match="is a training-set, which --overwrite does not replace by a run"):
        pretrain(options(other, other, overwrite=True))
    # Asked to resume what never began, as a scheduler does at the first start, it begins.
    fresh = pretrain(options(colour_set, tmp_path / "fresh", resume=True, images=16, passes=None))
    assert checkpoint.load_pretrained(fresh).images_seen == 16


def test_a_plan_makes_nothing(colour_set: Path, tmp_path: Path) -> None:
    said = plan(options(colour_set, tmp_path / "run"))
    assert "90 images, 5 labels" in said
    assert "272 images in 17 steps of 16, 2.94 passes" in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"images": 100}, "--passes and --images both"),
        ({"batch": 0}, "--batch 0: expected 1 or more"),
        ({"model": "resnext14_32x4"}, "did you mean resnext14_32x4d"),
        ({"resample": "squareroot"}, "squareroot"),
        ({"min_crop_area": 0.0}, r"--min-crop-area 0\.0: expected a number above 0, 1 at most"),
        ({"min_crop_area": 35}, "--min-crop-area 35: expected a number above 0, 1 at most"),
    ],
)
def test_wrong_options_are_said(changes: dict, message: str, colour_set: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        pretrain(options(colour_set, tmp_path / "run", **changes))


def test_a_loss_that_is_not_finite_stops_the_run(colour_set: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not finite at step"):
        pretrain(options(colour_set, tmp_path / "run", lr=1e30))
    saved = json.loads((tmp_path / "run" / "nonfinite.json").read_text())
    assert saved["positions"] == list(range(saved["step"] * 16, saved["step"] * 16 + 16))
    order = Order(SamplingPlan.open(tmp_path / "run" / "sampling_plan.npy"))
    assert saved["rows"] == order.rows(np.array(saved["positions"])).tolist()
    assert saved["posts"] == [f"p{row}" for row in saved["rows"]]
    assert not checkpoint.complete(tmp_path / "run"), "weights that are not finite are never saved"


def test_corrupt_photos_are_counted_and_stop_the_run_above_the_limit(tmp_path: Path) -> None:
    training_set = write_training_set(tmp_path)
    for row in (3, 30):
        photo = tmp_path / "photos" / f"{row:03d}.jpg"
        photo.write_bytes(photo.read_bytes()[:200] + bytes(photo.stat().st_size - 200))
    run = pretrain(options(training_set, tmp_path / "run", corrupt_limit=0.5))
    assert sum(json.loads((checkpoint.find(run) / "state.json").read_text())["corrupt"].values()) > 2
    assert read_lines(run / "log.jsonl")[-1].corrupt > 2
    with pytest.raises(InputError, match="cannot be decoded"):
        pretrain(
            options(
                training_set, tmp_path / "strict", corrupt_limit=0.001, batch=64, images=1024, passes=None
            )
        )


def test_other_losses_and_schedules_train(colour_set: Path, tmp_path: Path) -> None:
    changes = {
        "loss": "sigmoid",
        "schedule": "cosine",
        "skip_norm_decay": True,
        "precision": "bf16",
        "size": 32,
    }
    run = pretrain(options(colour_set, tmp_path / "run", **changes))
    lines = read_lines(run / "log.jsonl")
    assert lines[-1].loss < lines[0].loss
    assert checkpoint.load_pretrained(run).config["loss"] == "sigmoid"


def test_tensorboard_gets_the_same_lines(colour_set: Path, tmp_path: Path) -> None:
    run = pretrain(options(colour_set, tmp_path / "run", tensorboard=True, images=64, passes=None))
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(run / "tensorboard"))
    events.Reload()
    written = {event.step: event.value for event in events.Scalars("loss")}
    assert written == pytest.approx({line.images: line.loss for line in read_lines(run / "log.jsonl")})


def test_a_timer_saves_too(colour_set: Path, tmp_path: Path) -> None:
    run = pretrain(options(colour_set, tmp_path / "run", save_minutes=1e-9, keep=100, images=80, passes=None))
    assert [int(path.name[7:]) for path in checkpoint.complete(run)] == [16, 32, 48, 64, 80]


def test_stopped_names_its_signal() -> None:
    assert Stopped(15, "x").signal == 15


def test_dropout_is_the_same_after_a_resume(
    colour_set: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = models.create

    def with_dropout(name: str, num_labels: int, *, seed: int | None = None) -> models.Classifier:
        model = create(name, num_labels, seed=seed)
        model.trunk.drop_rate = 0.5  # pyright: ignore[reportArgumentType] - timm's, on the features
        return model

    monkeypatch.setattr(models, "create", with_dropout)
    changes = {"images": 160, "passes": None, "save_images": 64}
    whole = pretrain(options(colour_set, tmp_path / "whole", **changes))
    train_on = loop._Trainer._train_on

    def until_step_six(self: loop._Trainer, batch: Batch, step: int, rate: float) -> None:
        if step == 6:
            raise ZeroDivisionError
        train_on(self, batch, step, rate)

    with monkeypatch.context() as patch:
        patch.setattr(loop._Trainer, "_train_on", until_step_six)
        with pytest.raises(ZeroDivisionError):
            pretrain(options(colour_set, tmp_path / "run", **changes))
    assert gc.isenabled(), "given back on an error too"
    assert_same_weights(whole, pretrain(options(colour_set, tmp_path / "run", resume=True, **changes)))
    plain = pretrain(options(colour_set, tmp_path / "again", **{**changes, "images": 16}))
    monkeypatch.undo()
    other = pretrain(options(colour_set, tmp_path / "without", **{**changes, "images": 16}))
    assert not torch.equal(final_weights(plain)["head.weight"], final_weights(other)["head.weight"])


def test_lines_say_memory_and_on_a_known_gpu_the_share_of_its_peak(
    uninterrupted: Path, colour_set: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = read_lines(uninterrupted / "log.jsonl")
    assert all(line.mfu is None for line in lines)
    assert all(1 << 26 < (line.peak_memory or 0) < 1 << 36 for line in lines)
    monkeypatch.setattr(loop, "device_peak_flops", lambda device, dtype: 1e12)
    (line,) = read_lines(
        pretrain(options(colour_set, tmp_path / "run", images=32, passes=None)) / "log.jsonl"
    )
    assert line.mfu == pytest.approx(training_flops(MODEL, 5, 16) * line.images_per_second / 1e12)


def test_a_trace_of_some_steps(colour_set: Path, tmp_path: Path) -> None:
    """The run's weights do not change with it, and a resumed run adds its own."""
    changes = {"images": 176, "passes": None, "save_images": 16, "keep": 100}
    plain = pretrain(options(colour_set, tmp_path / "plain", **changes))
    run = pretrain(options(colour_set, tmp_path / "run", profile=2, **changes))
    assert_same_weights(plain, run)
    (path,) = (run / "profile").iterdir()
    assert path.name == "step-00000005-process-0.json.gz"
    events = json.loads(gzip.decompress(path.read_bytes()))["traceEvents"]
    steps = {event["name"] for event in events if event["name"].startswith("ProfilerStep")}
    assert steps == {"ProfilerStep#5", "ProfilerStep#6"}
    for later in checkpoint.complete(run)[3:]:
        shutil.rmtree(later)
    pretrain(options(colour_set, run, profile=1, resume=True, **changes))
    assert sorted(path.name for path in (run / "profile").iterdir()) == [
        "step-00000005-process-0.json.gz",
        "step-00000008-process-0.json.gz",
    ]
