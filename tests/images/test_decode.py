import io
import struct
import tracemalloc
import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from tests.images.pictures import HEIGHT, WIDTH, encode, photo, tensor
from weakly.images.decode import decode
from weakly.images.image_error import ImageError
from weakly.images.location import read_bytes


def kind_of(data, **options):
    with pytest.raises(ImageError) as caught:
        decode(data, **options)
    assert "\n" not in str(caught.value)
    return caught.value.kind


@pytest.mark.parametrize("form", ["PNG", "GIF", "WEBP", "BMP", "TIFF"])
def test_other_formats_cut_anywhere_are_refused_or_whole(form):
    data = encode(photo(), form)
    whole = decode(data)
    refused = 0
    for cut in range(1, len(data), 7):
        try:
            assert torch.equal(decode(data[:cut]), whole)
        except ImageError:
            refused += 1
    assert refused >= len(range(1, len(data), 7)) - 3


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_exif_orientation_is_applied(form, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encode(photo(), form, exif=exif)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    assert (decode(data).int() - tensor(upright).int()).abs().max() <= 2
    assert decode(data).shape == ((3, HEIGHT, WIDTH) if orientation < 5 else (3, WIDTH, HEIGHT))


def test_transparency_is_laid_on_white():
    rgba = photo().convert("RGBA")
    rgba.putalpha(Image.linear_gradient("L").resize((WIDTH, HEIGHT)))
    alpha = np.asarray(rgba)[..., 3:] / 255
    expected = np.asarray(rgba)[..., :3] * alpha + 255 * (1 - alpha)
    image = decode(encode(rgba, "PNG")).permute(1, 2, 0).numpy()
    assert np.abs(image - expected).max() <= 1
    grey = Image.merge("LA", (photo(mode="L"), Image.new("L", (WIDTH, HEIGHT), 0)))
    assert decode(encode(grey, "PNG")).unique().tolist() == [255]


def test_palette_images():
    palette = photo().quantize(16)
    assert torch.equal(decode(encode(palette, "PNG")), tensor(palette))
    for transparency in (0, bytes([0] * 16)):
        data = encode(palette, "PNG", transparency=transparency)
        holes = np.asarray(palette) == 0 if transparency == 0 else np.ones((HEIGHT, WIDTH), bool)
        image = decode(data).permute(1, 2, 0).numpy()
        assert np.all(image[holes] == 255)
        assert np.array_equal(image[~holes], np.asarray(palette.convert("RGB"))[~holes])


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_the_first_frame_of_an_animation_is_taken(form):
    red, blue = (Image.new("RGB", (8, 6), colour) for colour in ("red", "blue"))
    data = encode(
        red, form, save_all=True, append_images=[blue, blue], **({"lossless": True} if form == "WEBP" else {})
    )
    assert decode(data).permute(1, 2, 0).reshape(-1, 3).unique(dim=0).tolist() == [[255, 0, 0]]


def test_sixteen_bit_grey_keeps_its_high_byte():
    values = np.linspace(0, 65535, HEIGHT * WIDTH).reshape(HEIGHT, WIDTH).astype(np.uint16)
    for form in ("PNG", "TIFF"):
        image = decode(encode(Image.fromarray(values), form))
        assert np.array_equal(image.numpy(), np.broadcast_to(values >> 8, (3, HEIGHT, WIDTH)))
    assert kind_of(encode(Image.fromarray(values.astype(np.float32)), "TIFF")) == "unsupported"


@pytest.mark.parametrize(
    "data", [b"hello", b"<html><body>404 Not Found</body></html>", bytes(1000), b"%PDF-1.4 ...", b"\xff" * 50]
)
def test_garbage_is_not_an_image(data):
    assert kind_of(data) == "not an image"


def test_no_bytes_are_empty():
    assert kind_of(b"") == "empty"


def test_damaged_known_formats_are_unsupported():
    assert kind_of(b"\xff\xd8\xff\xd9") == "unsupported"
    assert kind_of(png_header(4, 4).replace(b"IHDR", b"XHDR")) == "unsupported"
    assert kind_of(b"RIFF\0\0\0\0WEBPABCD" + bytes(30)) == "unsupported"


def png_header(width, height):
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    ihdr = struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    return b"\x89PNG\r\n\x1a\n" + ihdr + b"\0\0\0\0IDAT" + bytes(40)


def bombs(side):
    jpeg = bytearray(encode(photo(), "JPEG"))
    frame = jpeg.index(b"\xff\xc0")
    jpeg[frame + 5 : frame + 9] = struct.pack(">HH", side, side)
    gif = bytearray(encode(photo(), "GIF"))
    gif[6:10] = struct.pack("<HH", side, side)
    vp8x = b"VP8X\x0a\0\0\0\0\0\0\0" + (side - 1).to_bytes(3, "little") * 2
    vp8l = bytearray(encode(Image.new("RGB", (16383, 4)), "WEBP", lossless=True))
    vp8l[21:25] = ((16382 | 16382 << 14) | (int.from_bytes(vp8l[21:25], "little") & 0xF0000000)).to_bytes(
        4, "little"
    )
    bmp = bytearray(encode(photo(), "BMP"))
    bmp[18:26] = struct.pack("<ii", side, side)
    tiff = encode(photo(), "TIFF")
    tiff = tiff.replace(struct.pack("<HHIH", 256, 4, 1, WIDTH), struct.pack("<HHIH", 256, 4, 1, side))
    tiff = tiff.replace(struct.pack("<HHIH", 257, 4, 1, HEIGHT), struct.pack("<HHIH", 257, 4, 1, side))
    return {
        "JPEG": bytes(jpeg),
        "PNG": png_header(side, side),
        "GIF": bytes(gif),
        "WEBP": b"RIFF\0\0\1\0WEBP" + vp8x + bytes(100),
        "WEBP lossless": bytes(vp8l),
        "BMP": bytes(bmp),
        "TIFF": tiff,
    }


@pytest.mark.parametrize("form", bombs(30_000))
@pytest.mark.parametrize("side", [11_000, 30_000])
def test_a_bomb_is_refused_from_its_header(form, side):
    data = bombs(side)[form]
    assert len(data) < 10_000
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        tracemalloc.start()
        assert kind_of(data) == "too many pixels"
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 2_000_000
    assert warned == []


def test_the_limit_of_pixels_is_exact():
    for form in ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF"):
        data = encode(photo(), form)
        assert decode(data, max_pixels=HEIGHT * WIDTH).shape == (3, HEIGHT, WIDTH)
        assert kind_of(data, max_pixels=HEIGHT * WIDTH - 1) == "too many pixels"


@settings(max_examples=150)
@given(
    form=st.sampled_from(["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF"]),
    edits=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=4),
    head=st.booleans(),
)
def test_damaged_files_give_pixels_or_an_image_error(form, edits, head):
    data = bytearray(encode(photo(), form))
    for place, value in edits:
        data[int(place * (min(100, len(data)) if head else len(data)))] = value
    try:
        image = decode(bytes(data), max_pixels=1_000_000)
    except ImageError as error:
        assert error.kind in ("truncated", "unsupported", "not an image", "too many pixels")
    else:
        assert image.dtype == torch.uint8
        assert image.shape[0] == 3


def test_real_photographs_decode():
    folder = Path(__file__).parents[2].parent / "shared" / "data" / "pretrain" / "images"
    if not folder.is_dir():
        pytest.skip(f"no real photographs at {folder}")
    for path in sorted(folder.iterdir())[:50]:
        assert decode(read_bytes(path, 0, path.stat().st_size)).shape == (3, 64, 64)
