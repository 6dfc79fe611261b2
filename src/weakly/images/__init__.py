"""A place in a file -> pixels.

In: a file, with an offset and a size where the image is a stretch of it. Out: uint8 tensors, RGB, upright,
cropped and resized as training or evaluation asks; or an `ImageError` that says why not.

    image_error.py     the kinds of what may be wrong with an image
    location.py        where an image lies, and its bytes
    parquet_rows.py    images that lie inside Parquet files
    headers.py         the size of an image from its first bytes
    jpeg.py            JPEG to pixels, no larger than needed
    decode.py          bytes of any format to pixels
    transform.py       pixels to the square that a network sees
    reader.py          many images, in order, by several processes
"""
