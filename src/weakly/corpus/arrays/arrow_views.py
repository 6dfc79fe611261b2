"""Arrow columns as their bytes: views without a copy, and a digest of a table's content.

In come record batches of one schema; out goes a fingerprint of the rows, whatever the batches were.
"""

import hashlib

import numpy as np
import pyarrow as pa

from weakly import artifacts


def list_views(column: pa.ListArray) -> tuple[np.ndarray, np.ndarray]:
    """Values, and offsets int32[n + 1] into them, of n lists of numbers; the first offset may not be 0."""
    return column.values.to_numpy(), column.offsets.to_numpy()


def string_views(column: pa.StringArray) -> tuple[np.ndarray, np.ndarray]:
    """UTF-8 bytes uint8, and offsets int32[n + 1] into them, of n strings; the first may not be 0."""
    _, offsets, text = column.buffers()
    ends = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    return np.frombuffer(text or b"", np.uint8), ends


class ContentDigest:
    """A digest of rows that does not depend on how they were cut into batches and parts.

    Args:
        schema: strings, numbers and lists of numbers, none of them null.
    """

    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema
        # Bytes and lengths go to streams of their own, so that appending rows appends to every stream.
        self._streams = {
            name: hashlib.sha256() for field in schema for name in (field.name, f"lengths of {field.name}")
        }

    def update(self, batch: pa.RecordBatch) -> None:
        """Add the rows of one batch of the schema."""
        for field in self._schema:
            column = batch.column(field.name)
            if pa.types.is_string(field.type) or pa.types.is_list(field.type):
                views = string_views if pa.types.is_string(field.type) else list_views
                values, offsets = views(column)
                self._streams[field.name].update(np.ascontiguousarray(values[offsets[0] : offsets[-1]]).data)
                self._streams[f"lengths of {field.name}"].update(np.diff(offsets).data)
            else:
                self._streams[field.name].update(np.ascontiguousarray(column.to_numpy()).data)

    def fingerprint(self, *parts: str) -> str:
        """The digest of all rows so far, and of `parts`."""
        return artifacts.fingerprint(*parts, *(stream.digest() for stream in self._streams.values()))
