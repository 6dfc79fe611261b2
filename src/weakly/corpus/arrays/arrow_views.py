"""Arrow columns as their bytes: views without a copy, and a digest of a table's content."""

import hashlib

import numpy as np
import pyarrow as pa

from weakly import artifacts


def list_views(column: pa.ListArray) -> tuple[np.ndarray, np.ndarray]:
    """Values, and offsets int32[n + 1] into them, of n lists of numbers; the first offset may not be 0."""
    return column.values.to_numpy(), column.offsets.to_numpy()


def string_views(column: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """UTF-8 bytes uint8, and offsets int[n + 1] into them, of n > 0 strings; the first may not be 0."""
    _, offsets, text = column.buffers()
    kind = np.int64 if pa.types.is_large_string(column.type) else np.int32
    ends = np.frombuffer(offsets, kind)[column.offset : column.offset + len(column) + 1]
    return np.frombuffer(text or b"", np.uint8), ends


class ContentDigest:
    """A digest of rows (strings, numbers, lists of numbers; no nulls), however they are cut into batches."""

    def __init__(self, schema: pa.Schema) -> None:
        # Values and lengths go to streams of their own, so that appending rows appends to every stream.
        self._streams = {field.name: (hashlib.sha256(), hashlib.sha256()) for field in schema}

    def update(self, batch: pa.RecordBatch) -> None:
        """Add the rows of one batch of the schema."""
        for name, (of_values, of_lengths) in self._streams.items():
            column = batch.column(name)
            if pa.types.is_string(column.type) or pa.types.is_list(column.type):
                views = string_views if pa.types.is_string(column.type) else list_views
                values, offsets = views(column)
                values = values[offsets[0] : offsets[-1]]
                of_lengths.update(np.diff(offsets).data)
            else:
                values = column.to_numpy()
            of_values.update(np.ascontiguousarray(values).data)

    def fingerprint(self, *parts: str) -> str:
        """The digest of all rows so far, and of `parts`."""
        streams = (stream for both in self._streams.values() for stream in both)
        return artifacts.fingerprint(*parts, *(stream.digest() for stream in streams))
