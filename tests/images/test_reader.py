"""Many images by workers: each is what it alone would be, in order, with what is wrong with the others."""

import io
import tarfile

import pytest
import torch

from tests.images.pictures import encode, photo
from weakly.images.decode import decode
from weakly.images.reader import read_images
from weakly.images.transform import Transform

TRANSFORM = Transform.for_size(24)


@pytest.fixture
def locations(tmp_path):
    """Seven images, two of them in a tar; the third is cut short, the sixth is not there."""
    found = []
    with tarfile.open(tmp_path / "shard.tar", "w") as tar:
        for row in range(7):
            data = encode(photo(20 + row, 31), "JPEG" if row % 2 else "PNG")
            path = tmp_path / f"{row}.jpg"
            if row < 2:
                info = tarfile.TarInfo(path.name)
                info.size = len(data)
                found.append((tmp_path / "shard.tar", tar.offset + 512, len(data)))
                tar.addfile(info, io.BytesIO(data))
            else:
                path.write_bytes(data if row != 2 else data[:300])
                found.append(path if row % 2 else (path, 0, -1))
    (tmp_path / "5.jpg").unlink()
    return found


@pytest.mark.parametrize(("batch", "workers"), [(1, 0), (3, 0), (3, 2), (64, 1)])
def test_images_come_in_order_with_what_is_wrong(locations, batch, workers):
    read = list(read_images(locations, TRANSFORM, batch=batch, workers=workers))
    assert [len(part.rows) + len(part.faults) for part in read] == [
        len(locations[i : i + batch]) for i in range(0, 7, batch)
    ]
    assert [row for part in read for row in part.rows.tolist()] == [0, 1, 3, 4, 6]
    faults = {row: fault.kind for part in read for row, fault in part.faults.items()}
    assert faults == {2: "truncated", 5: "missing"}
    for part in read:
        for row, image in zip(part.rows.tolist(), part.images, strict=True):
            data = encode(photo(20 + row, 31), "JPEG" if row % 2 else "PNG")
            assert torch.equal(image, TRANSFORM.evaluation(decode(data)))
