import io
import struct
import tarfile
import tracemalloc
import warnings
import zlib

import numpy as np
import pytest
import torch
import torchvision.transforms.v2.functional as reference
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from tests.real_data import real_data
from weakly.errors import InputError
from weakly.images.decode import ImageError, Transform, decode, random_crop_flip, read_bytes, resized_crop
from weakly.sampling.crops import crop_box, crop_draws, flips

HEIGHT, WIDTH = 30, 40


def photo(height=HEIGHT, width=WIDTH, mode="RGB"):
    """A smooth picture with some noise, so that no two rows are alike."""
    y, x = np.mgrid[0:height, 0:width] / max(height, width)
    noise = np.random.default_rng(0).random((height, width, 3)) * 30
    array = np.stack([x, y, (x + y) / 2], -1) * 200 + noise
    return Image.fromarray(array.astype(np.uint8)).convert(mode)


def encode(picture, form, **options):
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def tensor(picture):
    return torch.from_numpy(np.array(picture.convert("RGB"))).permute(2, 0, 1)


def kind_of(data, **options):
    with pytest.raises(ImageError) as caught:
        decode(data, **options)
    assert "\n" not in str(caught.value)
    return caught.value.kind


JPEG_OPTIONS = [{}, {"progressive": True}, {"subsampling": 0}, {"restart_marker_rows": 1}, {"optimize": True}]


@pytest.mark.parametrize("options", JPEG_OPTIONS)
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_jpegs_decode_to_the_pixels_that_pillow_gives(mode, options):
    data = encode(photo(mode=mode), "JPEG", **options)
    image = decode(data)
    assert image.dtype == torch.uint8
    assert image.shape == (3, HEIGHT, WIDTH)
    expected = tensor(Image.open(io.BytesIO(data)))
    assert (image.int() - expected.int()).abs().max() <= 2


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


def test_a_random_crop_is_torchvisions_of_the_same_box():
    image = decode(encode(photo(57, 91), "JPEG"))
    mirrored = 0
    for position in range(60):
        crop = random_crop_flip(image, 32, 5, position)
        positions = np.array([position])
        expected = reference.resized_crop(
            image, *crop_box(57, 91, crop_draws(5, positions)[0]), [32, 32], antialias=True
        )
        if flips(5, positions)[0]:
            expected, mirrored = reference.horizontal_flip(expected), mirrored + 1
        assert torch.equal(crop, expected)
        assert crop.dtype == torch.uint8
    assert 15 < mirrored < 45


def test_a_crop_of_all_of_a_square_photo_is_the_photo():
    image = decode(encode(photo(32, 32), "PNG"))
    for draws in crop_draws(5, np.arange(20)):
        assert torch.equal(resized_crop(image, 32, draws, 1.0), image)


def test_a_crop_depends_on_seed_and_position_alone():
    image = decode(encode(photo(57, 91), "JPEG"))
    first = random_crop_flip(image, 16, 1, 7)
    random_crop_flip(image, 16, 1, 8)
    torch.manual_seed(1)
    assert torch.equal(random_crop_flip(image, 16, 1, 7), first)
    assert not torch.equal(random_crop_flip(image, 16, 2, 7), first)
    assert not torch.equal(random_crop_flip(image, 16, 1, 8), first)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 200), (300, 2), (3, 3)])
def test_odd_shapes_are_cropped(height, width):
    image = torch.arange(3 * height * width).reshape(3, height, width).to(torch.uint8)
    for position in range(20):
        assert random_crop_flip(image, 24, 0, position).shape == (3, 24, 24)
    assert Transform.for_size(24).evaluation(image).shape == (3, 24, 24)


def test_very_long_images_do_not_grow_without_bound():
    # Resized whole, it would take 500 GB.
    image = torch.zeros(3, 1, 3_000_000, dtype=torch.uint8)
    image[:, :, 1_500_000] = 255
    assert Transform(224, 256).evaluation(image).max() > 0


@pytest.mark.parametrize("shape", [(57, 91), (91, 57), (64, 64), (256, 300), (20, 20)])
@pytest.mark.parametrize("size", [32, 224])
def test_evaluation_is_torchvisions_resize_and_centre_crop(shape, size):
    image = decode(encode(photo(*shape), "JPEG"))
    transform = Transform.for_size(size)
    expected = reference.center_crop(
        reference.resize(image, [transform.resize], antialias=True), [size, size]
    )
    assert torch.equal(transform.evaluation(image), expected)


def test_the_papers_evaluation_at_224_is_256():
    assert Transform.for_size(224) == Transform(224, 256)
    assert Transform.for_size(64).resize == 73
    with pytest.raises(InputError, match="cannot be cut"):
        Transform(224, 200)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize("layout", [torch.channels_last, torch.contiguous_format])
def test_normalising(dtype, layout):
    images = torch.randint(0, 256, (4, 3, 8, 8), dtype=torch.uint8).contiguous(memory_format=layout)
    transform = Transform.for_size(8)
    mean, std = (torch.tensor(x).view(3, 1, 1) for x in (transform.mean, transform.std))
    result = transform.normalise(images, dtype)
    assert result.dtype == dtype
    assert result.is_contiguous(memory_format=layout)
    expected = ((images.double() / 255 - mean) / std).to(dtype)
    assert torch.allclose(result.float(), expected.float(), rtol=torch.finfo(dtype).eps * 2, atol=1e-6)


def test_a_transform_survives_json():
    transform = Transform(32, 40, (0.1, 0.2, 0.3), (0.4, 0.5, 0.6))
    raw = transform.to_dict()
    assert Transform.from_dict({**raw, "mean": list(raw["mean"]), "std": list(raw["std"])}) == transform
    for bad in ({}, {**raw, "mean": [1, 2]}, {**raw, "more": 1}, {**raw, "size": "x"}):
        with pytest.raises(InputError, match="expected size, resize, mean and std"):
            Transform.from_dict(bad)


def test_real_photographs_decode():
    for path in sorted(real_data("pretrain/images").iterdir())[:50]:
        assert decode(read_bytes(path, 0, path.stat().st_size)).shape == (3, 64, 64)
