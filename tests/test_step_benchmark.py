"""What of `benchmarks/step.py` only a GPU runs, with the GPU's part played by something else."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch._C._autograd import DeviceType

import step
import step_grid
import timing
from step_grid import Width, largest_batch, reason
from step_kinds import kind_of_kernel, of_kernels
from step_rivals import Rival, Shape

CPU = torch.device("cpu")
EAGER, OTHER, COMPILED = (
    Rival("weakly", "nchw", False),
    Rival("timm", "channels_last", False),
    Rival("weakly", "nchw", True),
)
SHAPE = Shape("resnext14_32x4d", 32, 24, 10)
LABELS, N = 17_000, 128


class Memory:
    """Stands for a GPU that holds so many images, and keeps what is not let go."""

    def __init__(self, images: int, error: Exception | None = None) -> None:
        self.images, self.tried, self.alive = images, [], 0
        self.error = error or torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")

    def prepare(self, rival: Rival, shape: Shape, device: torch.device) -> Callable[[], torch.Tensor]:
        assert self.alive == 0, "the step before is still held"
        self.tried.append(shape.batch)
        return Step(self, shape.batch)


class Step:
    def __init__(self, memory: Memory, batch: int) -> None:
        self.memory, self.batch = memory, batch
        memory.alive += 1

    def __del__(self) -> None:
        self.memory.alive -= 1

    def __call__(self) -> torch.Tensor:
        if self.batch > self.memory.images:
            raise type(self.memory.error)(*self.memory.error.args)
        return torch.zeros(())


@pytest.mark.parametrize("images", [24, 25, 47, 48, 100, 1000])
def test_the_largest_batch_is_found_to_a_sixteenth(images: int, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Memory(images)
    monkeypatch.setattr(Rival, "prepare", lambda *given: memory.prepare(*given))
    fits, larger_may_fit, why = largest_batch(EAGER, SHAPE, CPU)
    assert fits <= images < fits + fits // 16 + 1
    assert (larger_may_fit, why) == (False, "")
    assert max(memory.tried) < 4 * images
    assert memory.alive == 0


def test_the_largest_batch_says_what_else_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Memory(50, RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED\n\nlong story"))
    monkeypatch.setattr(Rival, "prepare", lambda *given: memory.prepare(*given))
    fits, larger_may_fit, why = largest_batch(EAGER, SHAPE, CPU)
    assert fits == 48
    assert not larger_may_fit
    assert why == "batch 51: RuntimeError: cuDNN error: CUDNN_STATUS_ALLOC_FAILED long story"
    assert largest_batch(EAGER, SHAPE, CPU, until=time.monotonic() - 1) == (24, True, "")


def rivals(monkeypatch: pytest.MonkeyPatch, steps: dict[Rival, Callable[[], Any]]) -> Width:
    monkeypatch.setattr(Rival, "prepare", lambda rival, *given: steps[rival])
    return Width(SHAPE, list(steps), CPU, time.monotonic() + 1000)


def failing_after(calls: int, error: Exception) -> Callable[[], None]:
    left = iter(range(calls))

    def step() -> None:
        if next(left, None) is None:
            raise error

    return step


def test_a_row_that_fails_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = {
        EAGER: failing_after(
            0, RuntimeError("backend='inductor' raised:\n  CalledProcessError: gcc\n\nmore")
        ),
        OTHER: lambda: sum(range(1000)),
        COMPILED: failing_after(5, torch.cuda.OutOfMemoryError("CUDA out of memory.")),
    }
    width = rivals(monkeypatch, steps)
    for compiled in (False, True):
        width.prepare(compiled, 0.0)
    width.measure(rounds=3, calls=2, peak=1e12)
    cells = width.cells
    assert cells[EAGER].missing == "RuntimeError: backend='inductor' raised: CalledProcessError: gcc"
    assert cells[COMPILED].missing == "OutOfMemoryError: CUDA out of memory."
    assert cells[EAGER].images_per_second is cells[COMPILED].images_per_second is None
    assert (cells[OTHER].images_per_second or 0) > 0
    assert cells[OTHER].missing == ""
    assert list(width.steps) == [OTHER]


def test_what_there_is_no_time_for_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    width = rivals(monkeypatch, {EAGER: lambda: None, COMPILED: lambda: None})
    width.until = time.monotonic() + 40
    assert [width.prepare(compiled, 75.0) for compiled in (False, True)] == [75.0, 75.0]
    assert [cell.missing for cell in width.cells.values()] == ["", "no time left to compile"]
    width.until = time.monotonic() - 1
    rounds = []
    monkeypatch.setattr(timing, "seconds", lambda *given: rounds.append(given) or 0.001)
    width.measure(rounds=7, calls=5, peak=1e12)
    assert len(rounds) == 1, "one round, however late"
    width.profile(3)
    assert width.cells[EAGER].missing == "no time left to profile"
    late = rivals(monkeypatch, {EAGER: lambda: None})
    late.until = time.monotonic() - 1
    late.prepare(False, 0.0)
    late.measure(rounds=1, calls=1, peak=1e12)
    assert late.cells[EAGER].missing == "no time left"


def test_figures_are_kept_when_a_later_part_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(self: Width, steps: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Width, "profile", interrupted)
    sizes = "--device cpu --size 32 --batch 2 --labels 9 --rounds 1 --calls 1 --modes eager --layouts nchw"
    monkeypatch.setattr(sys, "argv", ["step.py", *sizes.split(), "--profile", "--json", str(tmp_path / "r")])
    with pytest.raises(KeyboardInterrupt):
        step.main()
    figures = json.loads((tmp_path / "r").read_text())
    assert [cell["images_per_second"] > 0 for cell in figures["cells"]] == [True, True]


def test_a_reason_is_a_line() -> None:
    assert reason(RuntimeError()) == "RuntimeError: "
    assert len(reason(ValueError("x" * 1000))) == 160


def launched(operator: str, shapes: list[list[int]], *kernels: tuple[str, float]) -> Any:
    names = [SimpleNamespace(name=name, duration=duration) for name, duration in kernels]
    return SimpleNamespace(device_type=DeviceType.CPU, name=operator, input_shapes=shapes, kernels=names)


def on_device(name: str, duration: float, annotation: bool = False) -> Any:
    return SimpleNamespace(
        device_type=DeviceType.CUDA, name=name, self_device_time_total=duration, is_user_annotation=annotation
    )


IMPLICIT = (
    "sm90_xmma_fprop_implicit_gemm_bf16bf16_bf16f32_f32_nhwckrsc_nhwc_tilesize128x128x64_warpgroupsize1x1x1"
)
GROUPED = "cutlass_80_tensorop_bf16_s16816fprop_optimized_bf16_64x64_32x5_nhwc_align8_grouped"
WGRAD = "sm80_xmma_wgrad_implicit_gemm_indexed_bf16bf16_bf16f32_f32_nhwckrsc_nhwc_tilesize64x32x64"
TURNED = (
    "void cudnn::ops::nchwToNhwcKernel<__nv_bfloat16, __nv_bfloat16, float, false, true>(cudnn::ops::...)"
)
SGD = "void at::native::(anonymous namespace)::multi_tensor_apply_kernel<..., FusedSgdMathFunctor<float, 3>>"
GATHER = "void at::native::indexFuncLargeIndex<float, long, unsigned int, 1, 1, -2, true>"


def test_a_kernel_belongs_to_the_operator_that_launched_it() -> None:
    """The same kernel's name stands for a 1x1, a grouped 3x3 and the stem: the shapes tell."""
    image, bottle = [N, 256, 56, 56], [N, 128, 56, 56]
    events = [
        launched("aten::conv2d", [image, [128, 256, 1, 1]]),
        launched("aten::cudnn_convolution", [image, [128, 256, 1, 1], [], []], (IMPLICIT, 1)),
        launched(
            "aten::cudnn_convolution",
            [bottle, [128, 4, 3, 3], [], []],
            (TURNED, 2),
            (GROUPED, 4),
            (IMPLICIT, 8),
        ),
        launched("aten::cudnn_convolution", [[N, 3, 224, 224], [64, 3, 7, 7], [], []], (IMPLICIT, 16)),
        launched("aten::convolution_backward", [bottle, bottle, [128, 4, 3, 3], []], (WGRAD, 32)),
        launched("aten::convolution_backward", [bottle, image, [128, 256, 1, 1], []], (WGRAD, 64)),
        launched(
            "aten::cudnn_batch_norm", [bottle, [128]], ("void cudnn::bn_fw_tr_1C11_kernel_NCHW<...>", 128)
        ),
        launched(
            "aten::addmm", [[LABELS], [N, 2048], [2048, LABELS]], ("nvjet_tst_128x256_64x4_1x2_h_bz", 256)
        ),
        launched("aten::index_add_", [[N], [], [N], [N]], (GATHER, 512)),
        launched("aten::_fused_sgd_", [[], [], []], (SGD, 1024)),
        launched("aten::copy_", [image, image], ("Memcpy HtoD (Pinned -> Device)", 2048)),
        launched(
            "aten::add_", [image, image], ("void at::native::vectorized_elementwise_kernel<4, ...>", 4096)
        ),
        launched("Optimizer.step#SGD.step", []),
    ]
    kernels = [(kernel.name, kernel.duration) for event in events for kernel in event.kernels]
    annotation = on_device("Optimizer.step#SGD.step", 1e6, annotation=True)
    spent = of_kernels([*events, *(on_device(*kernel) for kernel in kernels), annotation], LABELS)
    assert spent == {
        "1x1": 1 + 64,
        "grouped 3x3": 4 + 8 + 32,
        "stem": 16,
        "batch norm": 128,
        "loss and head": 256 + 512,
        "optimiser": 1024,
        "copies": 2 + 2048,
        "elementwise, pooling": 4096,
    }


def test_kernels_of_compiled_code_are_told_by_their_names() -> None:
    norm = "triton_red_fused__native_batch_norm_legit_functional_relu_12"
    events = [
        # Some launch under an event of their own, some under none that is listed.
        launched(norm, [], (norm, 1)),
        launched("Torch-Compiled Region: 0/0", [], ("triton_poi_fused__to_copy_3", 2)),
        launched("aten::cudnn_convolution", [[N, 256, 7, 7], [64, 256, 1, 1]], (IMPLICIT, 4)),
        *(on_device(norm, 1), on_device("triton_poi_fused__to_copy_3", 2), on_device(IMPLICIT, 4)),
        on_device("triton_poi_fused_add_relu_threshold_backward_7", 8),
        on_device(IMPLICIT, 16),
    ]
    assert of_kernels(events, LABELS) == {
        "batch norm": 1,
        "copies": 2,
        "1x1": 4,
        "elementwise, pooling": 8,
        "other convolution": 16,
    }


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (IMPLICIT, "other convolution"),
        (GROUPED, "other convolution"),
        (WGRAD, "other convolution"),
        (
            "void cutlass__5x_cudnn::Kernel<cutlass_tensorop_bf16_s16816dgrad_optimized...>",
            "other convolution",
        ),
        ("void implicit_convolve_sgemm<__nv_bfloat16, __nv_bfloat16, 1024, 5, 5, 3>", "other convolution"),
        ("void cudnn::cnn::wgrad2d_grouped_direct_kernel<__nv_bfloat16, ...>", "other convolution"),
        ("nvjet_tst_128x256_64x4_1x2_h_bz_coopA_NTN", "other convolution"),
        (TURNED, "copies"),
        ("void cudnn::ops::nhwcToNchwKernel<__nv_bfloat16, ...>", "copies"),
        ("void cudnn::bn_fw_tr_1C11_kernel_NCHW<__nv_bfloat16, float, 512, true, 1, true>", "batch norm"),
        ("void cudnn::batchnorm_bwtr_nhwc_semiPersist<__nv_bfloat16, ...>", "batch norm"),
        ("void at::native::batch_norm_collect_statistics_channels_last_kernel<...>", "batch norm"),
        ("triton_poi_fused__native_batch_norm_legit_functional__to_copy_add_relu_7", "batch norm"),
        ("triton_red_fused_native_batch_norm_backward_threshold_backward_3", "batch norm"),
        ("triton_poi_fused__to_copy_0", "copies"),
        ("triton_poi_fused__to_copy_add_relu_3", "elementwise, pooling"),
        ("triton_poi_fused_max_pool2d_with_indices_1", "elementwise, pooling"),
        ("triton_tem_fused_convolution_2", "other convolution"),
        (SGD, "optimiser"),
        ("Memcpy HtoD (Pinned -> Device)", "copies"),
        ("Memset (Device)", "copies"),
        ("void at::native::unrolled_elementwise_kernel<at::native::direct_copy_kernel_cuda(...)>", "copies"),
        (
            "void at::native::vectorized_elementwise_kernel<4, at::native::threshold_kernel_impl>",
            "elementwise, pooling",
        ),
        (
            "void at::native::(anonymous namespace)::softmax_warp_forward<float, float, float, 10, true>",
            "loss and head",
        ),
    ],
)
def test_a_kernels_name(name: str, kind: str) -> None:
    assert kind_of_kernel(name) == kind


@pytest.mark.filterwarnings("ignore:CUDA is not available")
def test_a_profile_without_kernels_is_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """On this machine torch.profiler sees no kernel, as on a GPU that lets nobody read its counters."""
    import step_kinds

    monkeypatch.setattr(step_kinds, "seconds", lambda *given: 0.001)
    monkeypatch.setattr(torch.cuda, "synchronize", lambda: None)
    monkeypatch.setattr(step_grid, "peak_bytes", lambda *given: 0)
    width = rivals(monkeypatch, {EAGER: lambda: torch.zeros(3) + 1})
    width.prepare(False, 0.0)
    width.device = torch.device("cuda")
    width.profile(1)
    assert width.cells[EAGER].kinds is None
    assert width.cells[EAGER].missing.startswith("RuntimeError: the profiler saw no kernel")
