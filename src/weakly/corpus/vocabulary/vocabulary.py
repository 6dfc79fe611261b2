"""The vocabulary: which hashtags are labels, and which of them are one label (paper, section 1).

Labels are numbered by falling count. `build.py` makes a vocabulary of posts; here is what it is and how it is
kept. What a hashtag means by it, `select.py` says.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from weakly import artifacts
from weakly.errors import InputError

KIND = "vocabulary"
VOCABULARY_FILE = "vocabulary.parquet"
LEFT_OUT_FILE = "left_out.parquet"
SCHEMA = pa.schema(
    [
        pa.field("label", pa.int32(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        pa.field("synsets", pa.list_(pa.string()), nullable=False),  # wnids; none for a label of its own
        pa.field("spellings", pa.list_(pa.string()), nullable=False),  # sorted
        pa.field("spelling_counts", pa.list_(pa.int64()), nullable=False),  # posts a spelling, as above
        pa.field("count", pa.int64(), nullable=False),  # posts that carry the label
    ]
)


@dataclass(frozen=True)
class Label:
    """One label before it has a number."""

    name: str  # as a person would write it, with spaces: "brown bear"
    synsets: tuple[str, ...]  # wnids it may mean; empty where WordNet has no such noun
    spellings: Mapping[str, int]  # posts that carry each spelling
    count: int  # posts that carry the label, each counted once


@dataclass(frozen=True)
class Vocabulary:
    """Ordered labels. Made by `from_labels`, `build_vocabulary` or `open_vocabulary`.

    Attributes:
        table: of `SCHEMA`, in label order.
        select: which hashtags were asked for: as `Candidates.select` says it.
        merge: what made spellings one label: `identical-synsets`, `first-sense` or `none`.
        fingerprint: digest of the table, `select` and `merge`.
        facts: what was counted while it was made (empty where it was read from a training set).
    """

    table: pa.Table
    select: str
    merge: str
    fingerprint: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @staticmethod
    def from_labels(
        labels: Iterable[Label], select: str, merge: str, facts: Mapping[str, Any] | None = None
    ) -> "Vocabulary":
        """Number labels by falling count, in the order given where they tie.

        Raises:
            ValueError: two labels share a name or a spelling.
        """
        ordered = sorted(labels, key=lambda label: -label.count)
        spellings = [sorted(label.spellings) for label in ordered]
        counts = [[label.spellings[s] for s in own] for label, own in zip(ordered, spellings, strict=True)]
        columns = {
            "label": list(range(len(ordered))),
            "name": [label.name for label in ordered],
            "synsets": [label.synsets for label in ordered],
            "spellings": spellings,
            "spelling_counts": counts,
            "count": [label.count for label in ordered],
        }
        written = [spelling for own in spellings for spelling in own]
        if len(set(columns["name"])) < len(ordered) or len(set(written)) < len(written):
            raise ValueError("two labels share a name or a spelling")
        fingerprint = artifacts.fingerprint(select, merge, columns)
        return Vocabulary(pa.table(columns, schema=SCHEMA), select, merge, fingerprint, facts or {})

    def __len__(self) -> int:
        return self.table.num_rows

    @cached_property
    def names(self) -> list[str]:
        """Names, by label."""
        return self.table.column("name").to_pylist()

    @cached_property
    def counts(self) -> np.ndarray:
        """int64[L]: posts that carried each label when the vocabulary was made."""
        return self.table.column("count").to_numpy()

    @cached_property
    def label_of_spelling(self) -> dict[str, int]:
        """The label of every spelling that carries one."""
        by_label = self.table.column("spellings").to_pylist()
        return {spelling: label for label, own in enumerate(by_label) for spelling in own}

    def write_table(self, path: Path) -> None:
        """Write the labels to one Parquet file that `read_vocabulary` reads."""
        about = {"select": self.select, "merge": self.merge, "fingerprint": self.fingerprint}
        pq.write_table(self.table.replace_schema_metadata({"weakly": json.dumps(about)}), path)

    def save(self, folder: Path, options: Mapping[str, Any], inputs: Mapping[str, str]) -> None:
        """Write table and manifest into a folder, beside what is there."""
        self.write_table(folder / VOCABULARY_FILE)
        told = {"options": dict(options), "inputs": dict(inputs), "facts": dict(self.facts)}
        artifacts.write_manifest(folder, artifacts.Manifest(KIND, self.fingerprint, **told))


def read_vocabulary(path: Path, facts: Mapping[str, Any] | None = None) -> Vocabulary:
    """Read the labels from one Parquet file.

    Raises:
        InputError: the file was not written by `Vocabulary.write_table`.
    """
    table = pq.read_table(path)
    about = (table.schema.metadata or {}).get(b"weakly")
    if about is None or not table.schema.equals(SCHEMA):
        raise InputError(f"{path} is not a weakly vocabulary: make it again with `weakly vocab`")
    return Vocabulary(table, **json.loads(about), facts=facts or {})


def open_vocabulary(folder: Path) -> Vocabulary:
    """Open what `weakly vocab` wrote.

    Raises:
        InputError: the folder is not a whole vocabulary.
    """
    manifest = artifacts.read_manifest(Path(folder), KIND, verb="vocab")
    return read_vocabulary(Path(folder) / VOCABULARY_FILE, manifest.facts)
