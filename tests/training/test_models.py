import pytest
import torch

from weakly.errors import InputError
from weakly.training import models

# Section 3.1 of the paper, which gives millions; at 1,000 classes.
PARAMETERS = {
    "resnext101_32x4d": 44_177_704,
    "resnext101_32x8d": 88_791_336,
    "resnext101_32x16d": 194_026_792,
    "resnext101_32x32d": 468_530_472,
    "resnext101_32x48d": 828_411_176,
    "resnext50_32x4d": 25_028_904,
}


@pytest.mark.parametrize(("name", "count"), PARAMETERS.items())
def test_parameter_counts_are_the_papers(name: str, count: int) -> None:
    with torch.device("meta"):
        model = models.create(name, 1000)
    assert sum(p.numel() for p in model.parameters()) == count


def test_small_family_has_one_and_two_blocks_a_stage() -> None:
    with torch.device("meta"):
        small, middle = models.create("resnext14_32x4d", 10), models.create("resnext26_32x4d", 10)
    convolutions = [
        sum(isinstance(m, torch.nn.Conv2d) and "downsample" not in name for name, m in model.named_modules())
        for model in (small, middle)
    ]
    assert convolutions == [13, 25], "with the head, 14 and 26 layers"


def test_trunk_and_head_meet_and_seed_decides_the_weights() -> None:
    first, second, other = (models.create("resnext14_32x4d", 7, seed=s) for s in (1, 1, 2))
    for a, b in zip(first.state_dict().values(), second.state_dict().values(), strict=True):
        assert torch.equal(a, b)
    assert not torch.equal(first.head.weight, other.head.weight)
    images = torch.randn(2, 3, 32, 32)
    assert first.trunk(images).shape == (2, 2048)
    assert first(images).shape == (2, 7)


def test_making_a_model_leaves_the_generator_alone() -> None:
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    models.create("test_convnext", 3, seed=9)
    assert torch.equal(torch.rand(1), expected)


def test_every_residual_block_begins_as_the_identity() -> None:
    model = models.create("resnext14_32x4d", 3)
    last = [m for name, m in model.trunk.named_modules() if name.endswith("bn3")]
    assert len(last) == 4
    assert all(torch.count_nonzero(m.weight) == 0 for m in last)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("name", ["test_vit", "test_convnext", "mobilenetv3_small_050"])
def test_any_timm_name(name: str) -> None:
    model = models.create(name, 5)
    size = 160 if name != "mobilenetv3_small_050" else 32
    assert model(torch.randn(2, 3, size, size)).shape == (2, 5)


def test_unknown_model_names_the_nearest() -> None:
    with pytest.raises(InputError, match="resnext101_32x16d"):
        models.create("resnext101_32x16", 5)


def test_norms_and_biases_can_be_left_out_of_the_decay() -> None:
    model = models.create("resnext14_32x4d", 3)
    (everything,) = models.parameter_groups(model, 1e-4, skip_norm_decay=False)
    decayed, spared = models.parameter_groups(model, 1e-4, skip_norm_decay=True)
    assert everything["weight_decay"] == decayed["weight_decay"] == 1e-4
    assert spared["weight_decay"] == 0
    spared_names = {n for n, p in model.named_parameters() if any(p is q for q in spared["params"])}
    norms = {n for n, _ in model.named_parameters() if "bn" in n or "downsample.1" in n}
    assert spared_names == norms | {"head.bias"}
    assert len(decayed["params"]) + len(spared["params"]) == len(everything["params"])


@pytest.mark.parametrize("num_labels", [10, 1000])
def test_the_head_begins_small_whatever_the_number_of_labels(num_labels: int) -> None:
    head = models.create("resnext14_32x4d", num_labels, seed=0).head
    assert head.weight.std().item() == pytest.approx(0.01, rel=0.05)
    assert head.weight.mean().item() == pytest.approx(0, abs=5e-4)
    assert torch.count_nonzero(head.bias) == 0
