"""JPEGs: the pixels of libjpeg-turbo, all of them there, at every size that it decodes to."""

import io
import subprocess
import sys

import numpy as np
import pytest
import torch
from PIL import Image, ImageOps

from tests.images.pictures import HEIGHT, WIDTH, encode, photo, tensor
from tests.images.test_decode import kind_of
from weakly.images.decode import Encoded, decode
from weakly.images.image_error import ImageError

JPEG_OPTIONS = [{}, {"progressive": True}, {"subsampling": 0}, {"restart_marker_rows": 1}, {"optimize": True}]


@pytest.mark.parametrize("options", JPEG_OPTIONS)
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_jpegs_decode_to_the_pixels_that_pillow_gives(mode, options):
    data = encode(photo(mode=mode), "JPEG", **options)
    image = decode(data)
    assert image.dtype == torch.uint8
    assert image.shape == (3, HEIGHT, WIDTH)
    expected = tensor(Image.open(io.BytesIO(data)))
    assert torch.equal(image, expected)


@pytest.mark.parametrize("options", JPEG_OPTIONS)
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_jpeg_cut_anywhere_is_truncated(mode, options):
    data = encode(photo(mode=mode), "JPEG", **options)
    assert {kind_of(data[:cut]) for cut in range(2, len(data))} == {"truncated"}
    assert kind_of(data[:1]) == "not an image"


def test_a_jpeg_whose_end_is_not_its_own_is_refused():
    data = encode(photo(), "JPEG")
    for cut in range(700, len(data) - 2, 13):
        assert kind_of(data[:cut] + bytes(len(data) - cut)) == "truncated"
        assert kind_of(data[:cut] + data) in ("truncated", "unsupported")
    assert torch.equal(decode(data + b"appended by a phone"), decode(data))


END = b"\xff\xd9"


@pytest.mark.parametrize("options", JPEG_OPTIONS)
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_an_end_marker_makes_no_whole_of_a_part(mode, options):
    """libjpeg fills what is missing with grey, or, between two scans, leaves the picture coarse."""
    data = encode(photo(mode=mode), "JPEG", **options)
    first = data.index(b"\xff\xda") + 14
    for cut in range(first, len(data) - 4):
        assert kind_of(data[:cut] + END) in ("truncated", "unsupported"), (cut, len(data))
    assert kind_of(data[: (first + len(data)) // 2] + END) == "truncated"


def test_a_file_that_ends_between_two_scans_is_refused():
    for options in ({"progressive": True}, {"progressive": True, "restart_marker_rows": 1}):
        data = encode(photo(), "JPEG", **options)
        scans = [place for place in range(len(data)) if data[place : place + 2] == b"\xff\xda"]
        assert len(scans) > 5
        for place in scans[1:]:
            # The tables of the next scan may stand before its marker; they harm nobody.
            assert kind_of(data[:place] + END) == "truncated"


def test_what_stands_before_the_end_marker():
    """Some cameras leave a few bytes there; where it is many, they are pixels that were lost."""
    data = encode(photo(), "JPEG")
    for padding in (1, 3, 64):
        assert torch.equal(decode(data[:-2] + bytes(padding) + END), decode(data))
    assert kind_of(data[:-2] + bytes(200) + END) == "truncated"


def test_damage_that_libjpeg_notices_is_refused():
    data = encode(photo(90, 120), "JPEG", restart_marker_rows=1)
    whole, refused = decode(data), 0
    first = data.index(b"\xff\xda") + 14
    for place in range(first, len(data) - 2, 7):
        damaged = bytearray(data)
        damaged[place] ^= 0x10
        try:
            decode(bytes(damaged))
        except ImageError:
            refused += 1
    assert refused > 10
    assert torch.equal(decode(data), whole)


@pytest.mark.parametrize("orientation", [1, 3, 6])
@pytest.mark.parametrize(("height", "width"), [(64, 48), (61, 47), (9, 15)])
@pytest.mark.parametrize(
    ("mode", "options"), [("RGB", {}), ("RGB", {"progressive": True}), ("L", {}), ("CMYK", {})]
)
def test_a_part_of_the_sides_is_what_pillow_drafts(mode, options, height, width, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encode(photo(height, width, mode), "JPEG", exif=exif, **options)
    encoded = Encoded(data)
    assert (encoded.height, encoded.width) == ((height, width) if orientation < 5 else (width, height))
    for by in (1, 2, 4, 8):
        picture = Image.open(io.BytesIO(data))
        sides = -(-width // by), -(-height // by)
        picture.draft(None, (width // by, height // by))
        assert picture.size == sides
        assert torch.equal(encoded.pixels(by), tensor(ImageOps.exif_transpose(picture)))


def test_sides_are_divided_by_no_more_than_there_is_room_for():
    jpeg, png = (Encoded(encode(photo(), form)) for form in ("JPEG", "PNG"))
    rooms = [(0.5, 1), (1, 1), (1.99, 1), (2, 2), (3.9, 2), (4, 4), (7.9, 4), (8, 8), (100, 8)]
    assert [jpeg.reduction(room) for room, _ in rooms] == [by for _, by in rooms]
    assert {png.reduction(room) for room, _ in rooms} == {1}


def test_damaged_exif_turns_nothing():
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encode(photo(), "JPEG", exif=exif)
    for damaged in (data.replace(b"MM\0*", b"XX\0*"), data.replace(b"\x01\x12\0\x03", b"\x01\x12\0\x7f")):
        assert damaged != data
        assert decode(damaged).shape == (3, HEIGHT, WIDTH)


def test_without_simplejpeg_pixels_are_the_same_and_it_is_said_once(tmp_path):
    for by, mode in enumerate(("RGB", "L", "CMYK")):
        (tmp_path / f"{by}.jpg").write_bytes(encode(photo(40 + by, 50, mode), "JPEG"))
    (tmp_path / "3.jpg").write_bytes(encode(photo(), "JPEG")[:-100])
    script = (
        "import sys; sys.modules['simplejpeg'] = None\n"
        "import numpy\n"
        "from pathlib import Path\n"
        "from weakly.images.decode import Encoded, decode\n"
        "found = [Encoded(Path(f'{n}.jpg').read_bytes()).pixels(by) for n in range(3) for by in (1, 2, 8)]\n"
        "numpy.savez('pixels.npz', *found)\n"
        "try: decode(Path('3.jpg').read_bytes())\n"
        "except Exception as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert done.stdout.startswith("truncated: ")
    assert done.stderr.count("simplejpeg is not installed") == 1
    with np.load(tmp_path / "pixels.npz") as found:
        for place, name in enumerate(found):
            encoded = Encoded((tmp_path / f"{place // 3}.jpg").read_bytes())
            assert np.array_equal(found[name], encoded.pixels((1, 2, 8)[place % 3]).numpy())
