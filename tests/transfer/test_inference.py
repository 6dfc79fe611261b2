from pathlib import Path

import pytest
import torch

from tests.reference_transfer import naive_features
from tests.transfer.conftest import COLOURS, draw
from weakly.images.decode import decode
from weakly.training.checkpoint import load_pretrained
from weakly.transfer.inference import Network


@pytest.mark.parametrize("head", [False, True])
def test_each_image_goes_through_once_wherever_it_lies(run: Path, tmp_path: Path, head: bool) -> None:
    """Three images, two of them in one file, between two that are none; the batch of one has only a fault."""
    for place, colour in enumerate(list(COLOURS.values())[:3]):
        draw(colour, place).save(tmp_path / f"{place}.png")
    images = [(tmp_path / f"{place}.png").read_bytes() for place in range(3)]
    both = tmp_path / "both.tar"
    both.write_bytes(images[0] + images[1])
    (tmp_path / "text.png").write_text("x")
    locations = [
        tmp_path / "none.png",
        (both, len(images[0]), len(images[1])),
        (both, 0, len(images[0])),
        tmp_path / "2.png",
        tmp_path / "text.png",
    ]
    outputs = list(Network(load_pretrained(run), "cpu", head=head).over(locations, batch=2, workers=0))
    assert [len(output) for output in outputs] == [2, 2, 1]
    assert [output.rows.tolist() for output in outputs] == [[1], [2, 3], []]
    faults = {row: fault.kind for output in outputs for row, fault in output.faults.items()}
    assert faults == {0: "missing", 4: "not an image"}
    pretrained = load_pretrained(run)
    decoded = [decode(images[place]) for place in (1, 0, 2)]
    expected = naive_features(pretrained.trunk, pretrained.transform, decoded)
    if head:
        expected = pretrained.head(expected)
    found = torch.cat([output.values for output in outputs if len(output.rows)])
    assert found.dtype == torch.float32
    assert torch.allclose(found, expected, rtol=1e-4, atol=1e-5)
