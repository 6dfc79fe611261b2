import json
from pathlib import Path

import pyarrow as pa
import pytest
import torch

from weakly.errors import InputError
from weakly.images.transform import Transform
from weakly.training import checkpoint, models
from weakly.training.checkpoint import Companions, State

COMPANIONS = Companions(
    config={"model": "resnext14_32x4d", "seed": 3},
    labels=pa.table({"name": ["cat", "dog", "sea"], "images": [5, 4, 1]}),
    transform=Transform.for_size(32),
)


def state(images: int) -> State:
    return State(images // 8, images, 1.5, {"truncated": 2}, "run", "set", "plan")


def trained() -> tuple[models.Classifier, torch.optim.SGD]:
    model = models.create("resnext14_32x4d", 3, seed=3).to(memory_format=torch.channels_last)  # pyright: ignore
    optimizer = torch.optim.SGD(model.parameters(), 0.1, 0.9, nesterov=True)
    for _ in range(2):
        model(torch.randn(2, 3, 32, 32)).square().sum().backward()
        optimizer.step()
        optimizer.zero_grad()
    return model, optimizer


def test_everything_comes_back(tmp_path: Path) -> None:
    model, optimizer = trained()
    folder = checkpoint.save(tmp_path, model, optimizer, state(640), COMPANIONS, keep=2)
    other, fresh = trained()
    again = checkpoint.restore(folder, other, fresh, torch.device("cpu"))
    assert again == state(640)
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor, other.state_dict()[name]), name
    for mine, theirs in zip(model.parameters(), other.parameters(), strict=True):
        before, after = (o.state[p]["momentum_buffer"] for o, p in ((optimizer, mine), (fresh, theirs)))
        assert torch.equal(before, after)
        assert after.stride() == theirs.stride()


def test_the_folder_is_enough_alone(tmp_path: Path) -> None:
    model, optimizer = trained()
    checkpoint.save(tmp_path, model, optimizer, state(640), COMPANIONS, keep=2)
    pretrained = checkpoint.load_pretrained(tmp_path)
    assert pretrained.names == ["cat", "dog", "sea"]
    assert pretrained.counts.tolist() == [5, 4, 1]
    assert pretrained.images_seen == 640
    assert pretrained.transform == COMPANIONS.transform
    model.eval()
    images = torch.randn(2, 3, 32, 32)
    torch.testing.assert_close(pretrained.head(pretrained.trunk(images)), model(images))
    assert not pretrained.trunk.training
    untrained = checkpoint.load_pretrained(tmp_path, untrained=True)
    initial = models.create("resnext14_32x4d", 3, seed=3)
    assert untrained.fingerprint == checkpoint.weights_fingerprint(initial) != pretrained.fingerprint
    assert untrained.images_seen == 0


def test_the_last_few_are_kept(tmp_path: Path) -> None:
    model, optimizer = trained()
    for images in (8, 16, 800, 1600):
        checkpoint.save(tmp_path, model, optimizer, state(images), COMPANIONS, keep=2)
    assert [path.name for path in checkpoint.complete(tmp_path)] == [
        "images-000000000800",
        "images-000000001600",
    ]
    assert checkpoint.find(tmp_path).name == "images-000000001600"
    older = checkpoint.complete(tmp_path)[0]
    assert checkpoint.load_pretrained(older).images_seen == 800
    assert not list((tmp_path / "checkpoints").glob(".*")), "nothing is left behind"


def test_a_half_written_checkpoint_is_none(tmp_path: Path) -> None:
    model, optimizer = trained()
    checkpoint.save(tmp_path, model, optimizer, state(8), COMPANIONS, keep=2)
    half = tmp_path / "checkpoints" / ".images-000000000016.partial-1"
    half.mkdir()
    (half / "state.json").write_text("{")
    assert checkpoint.find(tmp_path).name == "images-000000000008"
    checkpoint.save(tmp_path, model, optimizer, state(24), COMPANIONS, keep=2)
    assert not half.exists()


def test_nothing_is_pickled(tmp_path: Path) -> None:
    model, optimizer = trained()
    folder = checkpoint.save(tmp_path, model, optimizer, state(8), COMPANIONS, keep=1)
    assert {path.suffix for path in folder.iterdir()} == {".safetensors", ".json", ".parquet"}


def test_damage_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no checkpoint"):
        checkpoint.find(tmp_path)
    model, optimizer = trained()
    folder = checkpoint.save(tmp_path, model, optimizer, state(8), COMPANIONS, keep=1)
    weights = folder / "trunk.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(InputError, match=r"trunk\.safetensors: .*remove its folder"):
        checkpoint.load_pretrained(tmp_path)
    (folder / "config.json").write_text(json.dumps({})[:1])
    with pytest.raises(InputError, match=r"config\.json"):
        checkpoint.load_pretrained(tmp_path)
