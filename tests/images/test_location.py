import io
import os
import tarfile

import pytest
import torch

from tests.images.pictures import encode, photo
from weakly.images.decode import decode
from weakly.images.image_error import ImageError
from weakly.images.location import read_bytes


def test_reading_files_and_tar_members(tmp_path):
    members = {f"{name}.jpg": encode(photo(20 + i, 30), "JPEG") for i, name in enumerate("abc")}
    with tarfile.open(tmp_path / "shard.tar", "w") as tar:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    with tarfile.open(tmp_path / "shard.tar") as tar:
        for member in tar:
            data = read_bytes(tmp_path / "shard.tar", member.offset_data, member.size)
            assert data == members[member.name]
            assert torch.equal(decode(data), decode(members[member.name]))
    plain = tmp_path / "plain.jpg"
    plain.write_bytes(members["a.jpg"])
    assert read_bytes(plain, 0, len(members["a.jpg"])) == members["a.jpg"]


def test_unreadable_files(tmp_path):
    file = tmp_path / "image.jpg"

    def kind(path, offset, size):
        with pytest.raises(ImageError, match="image.jpg|tmp|pytest") as caught:
            read_bytes(path, offset, size)
        return caught.value.kind

    assert kind(file, 0, 10) == "missing"
    file.write_bytes(b"")
    assert kind(file, 0, 0) == "empty"
    assert kind(file, 0, 10) == "truncated"
    file.write_bytes(bytes(100))
    assert kind(file, 95, 10) == "truncated"
    assert kind(file / "inside", 0, 10) == "missing"
    assert kind(tmp_path, 0, 10) == "missing"


@pytest.mark.parametrize("size", [-1, 10])
def test_what_is_no_file_is_refused_without_waiting(tmp_path, size):
    """Nobody writes to this pipe, and zeros without end are no image."""
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "device.jpg").symlink_to("/dev/zero")
    for name in ("pipe.jpg", "device.jpg"):
        with pytest.raises(ImageError, match=f"missing: .*{name} is no file"):
            read_bytes(tmp_path / name, 0, size)


def test_a_whole_file_needs_no_size(tmp_path):
    (tmp_path / "image.jpg").write_bytes(b"image")
    assert read_bytes(tmp_path / "image.jpg") == b"image"
    (tmp_path / "image.jpg").write_bytes(b"")
    with pytest.raises(ImageError, match="empty"):
        read_bytes(tmp_path / "image.jpg")
