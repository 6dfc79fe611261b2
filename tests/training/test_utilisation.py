import pytest
import torch

from weakly.training import utilisation


def test_operations_are_the_networks() -> None:
    """ResNet-50's 4.09 billion multiply-adds at 224 px, as its authors and torchvision count them."""
    expected = 4.09e9 * 2 * 3
    assert utilisation.training_flops("resnet50", 1000, 224) == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize(
    ("name", "bf16"),
    [
        ("NVIDIA H100 80GB HBM3", 989e12),
        ("NVIDIA H100 PCIe", 756e12),
        ("NVIDIA H200", 989e12),
        ("NVIDIA H200 NVL", 836e12),
        ("NVIDIA A100-SXM4-80GB", 312e12),
        ("NVIDIA A10", 125e12),
        ("NVIDIA L4", 121e12),
        ("NVIDIA L40S", 362e12),
        ("NVIDIA GeForce GTX 1080", None),
        ("NVIDIA H1000", None),
    ],
)
def test_a_peak_is_known_by_the_gpus_name(name: str, bf16: float | None) -> None:
    assert utilisation.peak_flops(name, torch.bfloat16) == bf16
    tf32 = utilisation.peak_flops(name, torch.float32)
    assert tf32 is None if bf16 is None else tf32 == pytest.approx(bf16 / 2, rel=0.02)


def test_a_cpu_has_no_known_peak_and_holds_memory() -> None:
    cpu = torch.device("cpu")
    assert utilisation.device_peak_flops(cpu, torch.bfloat16) is None
    before = utilisation.peak_memory(cpu)
    held = torch.ones(1 << 26)
    assert before + (1 << 25) < utilisation.peak_memory(cpu) < 1 << 40
    del held
