"""Images that lie inside Parquet files, as Hugging Face's data sets keep them.

In: a Parquet file and a row. Out: the bytes of its image. Parquet gives no single row: a whole row group is
read for one image, and the last few are kept. So training in shuffled order reads every row group again and
again; it is meant for small sets, and for files of small row groups.
"""

import functools
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from weakly.images.image_error import ImageError

_GROUPS_KEPT = 4
_FILES_KEPT = 16


def read_row(path: Path, row: int) -> bytes:
    """Read the image in one row of a Parquet file that has one column of structs with `bytes`.

    Raises:
        ImageError: `missing` where there is no such file or row, `empty` where the row has no bytes,
            `unsupported` where the file is not whole Parquet or has no such column, or several.
    """
    try:
        _, name, starts = _open(str(path))
    except FileNotFoundError as error:
        raise ImageError("missing", f"{path}: {error.strerror}") from error
    except (pa.ArrowException, OSError) as error:
        raise ImageError("unsupported", f"{path} is not whole Parquet ({error})") from error
    if not name:
        raise ImageError("unsupported", f"{path} has not exactly one column of images with bytes")
    if not 0 <= row < starts[-1]:
        raise ImageError("missing", f"{path} has {starts[-1]} rows, not row {row}")
    group = next(i for i, start in enumerate(starts[1:]) if row < start)
    try:
        data = _group(str(path), group, name)[row - starts[group]].as_py()
    except (pa.ArrowException, OSError) as error:
        raise ImageError("unsupported", f"{path}, row group {group}: {error}") from error
    if not data:
        raise ImageError("empty", f"{path} has no bytes in row {row}")
    return data


@functools.lru_cache(maxsize=_FILES_KEPT)
def _open(path: str) -> tuple[pq.ParquetFile, str, list[int]]:
    """The file, the column of images ("" where there is not one), and where its row groups start and end."""
    file = pq.ParquetFile(path)
    names = [
        field.name
        for field in file.schema_arrow
        if pa.types.is_struct(field.type) and field.type.get_field_index("bytes") >= 0
    ]
    starts = [0]
    for group in range(file.metadata.num_row_groups):
        starts.append(starts[-1] + file.metadata.row_group(group).num_rows)
    return file, names[0] if len(names) == 1 else "", starts


@functools.lru_cache(maxsize=_GROUPS_KEPT)
def _group(path: str, group: int, name: str) -> pa.Array:
    column = _open(path)[0].read_row_group(group, columns=[f"{name}.bytes"], use_threads=False).column(0)
    return column.combine_chunks().field("bytes")
