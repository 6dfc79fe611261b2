import dataclasses
from pathlib import Path

import pytest
import torch

from tests.reference_transfer import naive_features
from tests.transfer.conftest import COLOURS, draw
from weakly.errors import InputError
from weakly.images.decode import decode
from weakly.images.transform import Transform
from weakly.training.checkpoint import load_pretrained
from weakly.transfer.features import Features, extract, resized
from weakly.transfer.inference import Network

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Nine photos of several sizes; the third is cut short, the sixth is text, the eighth is not there."""
    folder = tmp_path_factory.mktemp("photos")
    paths = [folder / f"{i}.{'jpg' if i % 2 else 'png'}" for i in range(9)]
    for i, path in enumerate(paths):
        draw(list(COLOURS.values())[i % 6], i, (20 + 7 * (i % 3), 40 - 5 * (i % 4))).save(path)
    paths[2].write_bytes(paths[2].read_bytes()[:300])
    paths[5].write_text("no image at all")
    paths[7].unlink()
    return paths


def run_through(
    run: Path, photos: list[Path], batch: int, workers: int = 0, precision: str = "fp32"
) -> Features:
    pretrained = load_pretrained(run)
    network = Network(pretrained, CPU, precision=precision)
    return extract(network, photos, title="seeing", batch=batch, workers=workers)


@pytest.mark.parametrize(("batch", "workers"), [(1, 0), (4, 0), (3, 2), (64, 0)])
def test_features_are_those_of_one_photo_at_a_time(
    run: Path, photos: list[Path], batch: int, workers: int
) -> None:
    pretrained = load_pretrained(run)
    good = [0, 1, 3, 4, 6, 8]
    decoded = [decode(photos[i].read_bytes()) for i in good]
    expected = naive_features(pretrained.trunk, pretrained.transform, decoded)
    found = run_through(run, photos, batch, workers)
    assert found.values.shape == (9, expected.shape[1])
    assert found.values.dtype == torch.float32
    assert torch.allclose(found.values[good], expected, rtol=1e-4, atol=1e-5)
    assert found.readable().nonzero()[:, 0].tolist() == good
    assert not found.values[~found.readable()].any()


def test_what_cannot_be_read_is_said_by_row(run: Path, photos: list[Path]) -> None:
    faults = run_through(run, photos, batch=4).faults
    assert {row: fault.kind for row, fault in faults.items()} == {
        2: "truncated",
        5: "not an image",
        7: "missing",
    }
    assert all(fault.detail for fault in faults.values())
    assert list(faults) == [2, 5, 7]


def test_a_batch_of_nothing_but_faults_is_passed_over(run: Path, photos: list[Path]) -> None:
    found = run_through(run, [photos[2], photos[5], photos[7], photos[0]], batch=2)
    assert sorted(found.faults) == [0, 1, 2]
    assert found.values[3].any()


def test_where_no_photo_can_be_read_there_is_an_error(run: Path, photos: list[Path]) -> None:
    with pytest.raises(InputError, match="none of 2 images can be read"):
        run_through(run, [photos[2], photos[5]], batch=1)


def test_the_trunk_is_frozen_and_in_eval_mode(run: Path, photos: list[Path]) -> None:
    pretrained = load_pretrained(run)
    pretrained.trunk.train()
    before = {name: value.clone() for name, value in pretrained.trunk.state_dict().items()}
    network = Network(pretrained, CPU)
    extract(network, [photos[0], photos[1]], title="seeing", batch=2, workers=0)
    assert all(torch.equal(value, before[name]) for name, value in pretrained.trunk.state_dict().items())
    assert not pretrained.trunk.training


def test_bf16_is_near_float32_and_not_it(run: Path, photos: list[Path]) -> None:
    good = [photos[0], photos[1]]
    exact, rough = (run_through(run, good, 2, precision=name).values for name in ("fp32", "bf16"))
    assert rough.dtype == torch.float32
    assert not torch.equal(exact, rough)
    assert (exact - rough).norm() < 0.05 * exact.norm()


def test_features_that_are_not_numbers_are_refused(run: Path, photos: list[Path]) -> None:
    pretrained = load_pretrained(run)
    next(pretrained.trunk.parameters()).data[:] = torch.nan
    network = Network(pretrained, CPU)
    with pytest.raises(InputError, match=r"0\.png or one soon after: its features are not numbers"):
        extract(network, [photos[0]], title="seeing", batch=1, workers=0)


def test_another_size_keeps_the_crop_in_proportion() -> None:
    transform = Transform.for_size(224)
    assert resized(transform, None) is transform
    assert resized(transform, 224) == transform
    assert resized(transform, 112) == dataclasses.replace(transform, size=112, resize=128)
    # A checkpoint may crop as it likes: its own proportion is kept, not the paper's.
    assert resized(Transform(100, 100), 37) == Transform(37, 37)
