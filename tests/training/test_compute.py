import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from tests.training.test_loop import options as run_options
from weakly.errors import InputError
from weakly.training import compute, models
from weakly.training.loop import pretrain
from weakly.training.options import PretrainOptions

CPU, GPU = torch.device("cpu"), torch.device("cuda")
OPTIONS = PretrainOptions(Path(), Path(), model="resnext14_32x4d")


def layout(model: str, asked: str, device: torch.device) -> torch.memory_format:
    with torch.device("meta"):
        return compute.memory_layout(asked, models.create(model, 1), device)


@pytest.mark.parametrize("device", [CPU, GPU])
def test_what_is_asked_for_is_taken(device: torch.device) -> None:
    plain = replace(OPTIONS, precision="fp32", layout="nchw", compile="off")
    assert str(compute.choose(plain, device)) == "fp32, nchw, eager"
    quick = replace(OPTIONS, precision="bf16", layout="channels_last", compile="on")
    assert str(compute.choose(quick, device)) == "bf16, channels_last, compiled"


def test_a_cpu_takes_channels_last_and_does_not_compile() -> None:
    chosen = compute.choose(OPTIONS, CPU)
    assert chosen.layout == torch.channels_last
    assert not chosen.compile
    for model in ("resnext101_32x48d", "test_vit"):
        assert layout(model, "auto", CPU) == torch.channels_last


@pytest.mark.parametrize(
    ("model", "wide"),
    [
        ("resnext101_32x4d", False),
        ("resnext101_32x8d", False),
        ("resnext101_32x16d", True),
        ("resnext101_32x48d", True),
        ("resnet50", False),
        ("mobilenetv3_small_050", False),
    ],
)
def test_a_gpu_takes_nchw_for_wide_groups_alone(model: str, wide: bool) -> None:
    assert layout(model, "auto", GPU) == (torch.contiguous_format if wide else torch.channels_last)
    assert layout(model, "channels_last", GPU) == torch.channels_last


def test_bf16_where_the_processor_multiplies_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: False)
    for supported, dtype in ((True, torch.bfloat16), (False, torch.float32)):
        monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda found=supported: found)
        assert compute.autocast_type("auto", CPU) == dtype
    assert compute.autocast_type("auto", GPU) == torch.bfloat16
    assert compute.autocast_type("fp32", GPU) == torch.float32


def test_a_gpu_compiles_where_there_is_a_compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setattr(compute.sysconfig, "get_path", lambda name, scheme: str(tmp_path))
    (tmp_path / "Python.h").touch()
    monkeypatch.setattr(compute.importlib.util, "find_spec", lambda name: name)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}" if name == "gcc" else None)
    assert compute.compile_pays(GPU)
    assert not compute.compile_pays(CPU)
    monkeypatch.setattr(compute.importlib.util, "find_spec", lambda name: None)
    assert not compute.compile_pays(GPU), "no Triton"
    monkeypatch.setattr(compute.importlib.util, "find_spec", lambda name: name)
    monkeypatch.setenv("CC", "cc-that-is-gone")
    assert not compute.compile_pays(GPU), "Triton takes CC where it is set"
    monkeypatch.setenv("CC", "gcc")
    assert compute.compile_pays(GPU)
    (tmp_path / "Python.h").unlink()
    assert not compute.compile_pays(GPU), "no headers of Python"
    (tmp_path / "Python.h").touch()
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert not compute.compile_pays(GPU), "no C compiler"


def test_an_unknown_model_is_said() -> None:
    with pytest.raises(InputError, match="did you mean resnext14_32x4d"):
        compute.choose(replace(OPTIONS, model="resnext14_32x4"), CPU)


def test_a_run_says_what_it_computes_with_and_when_that_changes(
    colour_set: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = run_options(colour_set, tmp_path / "run", images=32, passes=None, compile="off")
    pretrain(run)
    assert "arithmetic    fp32, channels_last, eager" in capsys.readouterr().out

    def used() -> list[str]:
        return json.loads((run.out / "manifest.json").read_text())["facts"]["arithmetic"]

    assert used() == ["fp32, channels_last, eager, 1 thread"]
    pretrain(replace(run, resume=True))
    assert "note:" not in capsys.readouterr().out
    pretrain(replace(run, resume=True, layout="nchw"))
    used_now = "fp32, nchw, eager, 1 thread"
    note = f"computed with fp32, channels_last, eager, 1 thread so far, with {used_now} from here on"
    assert note in capsys.readouterr().out
    assert used() == ["fp32, channels_last, eager, 1 thread", used_now]


def test_bf16_on_a_cpu_needs_inputs_as_large_as_strides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: True)
    small, large = (replace(OPTIONS, model="test_resnet", size=size) for size in (16, 17))
    assert compute.choose(small, CPU).dtype == torch.float32
    assert compute.choose(large, CPU).dtype == torch.bfloat16
    assert compute.choose(small, GPU).dtype == torch.bfloat16
    assert compute.choose(replace(OPTIONS, size=32), CPU).dtype == torch.bfloat16
    assert compute.choose(replace(small, model="test_vit", size=160), CPU).dtype == torch.bfloat16
    with pytest.raises(InputError, match="--precision bf16.*fp32, or larger images"):
        compute.choose(replace(small, precision="bf16"), CPU)
    assert compute.choose(replace(large, precision="bf16"), CPU).dtype == torch.bfloat16


@pytest.mark.parametrize(
    ("size", "stride", "is_over"), [(1, 2, True), (2, 2, False), (2, 3, True), (3, 3, False)]
)
def test_gradients_of_strided_convolutions_in_bf16(size: int, stride: int, is_over: bool) -> None:
    """Those that are not refused are right: near those in float32."""
    convolution = torch.nn.Conv2d(32, 32, 3, stride, 1, bias=False)
    with torch.device("meta"):
        assert compute.strides_over(torch.nn.Conv2d(3, 32, 3, stride, 1), size) == is_over
    if is_over:
        return
    images, gradients = torch.randn(4, 32, size, size, generator=torch.Generator().manual_seed(0)), []
    for enabled in (False, True):
        dirt = [torch.full((1 << 16,), torch.nan) for _ in range(20)]
        del dirt
        with torch.autocast("cpu", torch.bfloat16, enabled=enabled):
            convolution(images).float().square().sum().backward()
        assert convolution.weight.grad is not None
        gradients.append(convolution.weight.grad.clone())
        convolution.weight.grad = None
    assert (gradients[0] - gradients[1]).abs().max() < 0.03 * gradients[0].abs().max()
