"""What a reading did with every post: kept, or dropped for a counted reason.

In: the counts that readers report while they go. Out: lines for people, a mapping for a manifest.
At the end of a reading `rows_read == kept + sum(dropped.values())`: nothing is lost without a reason.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from weakly.progress import plural

EXAMPLES = 3
"""How many posts are shown for each reason."""
_EXAMPLE_CHARACTERS = 300


@dataclass
class Ledger:
    """Counts of one reading.

    Attributes:
        rows_read: posts met in the files, whatever became of them.
        kept: posts handed on.
        dropped: posts dropped, by reason.
        examples: the first three of them, by reason, each "file:row detail".
        files: bytes of every file read, by path.
        faults: files that are not whole ("empty", "cut short", "damaged"), by fault, each "file detail".
    """

    rows_read: int = 0
    kept: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)

    def drop(self, reason: str, n: int = 1, example: str | None = None) -> None:
        """Count n posts dropped for `reason`; `rows_read` is the caller's to raise."""
        self.dropped[reason] += n
        examples = self.examples.setdefault(reason, [])
        if example is not None and len(examples) < EXAMPLES:
            examples.append(_one_line(example))

    def fault(self, fault: str, example: str) -> None:
        """Report a file that is not whole, though what could be read of it was."""
        self.faults.setdefault(fault, []).append(_one_line(example))

    def merge(self, other: "Ledger") -> None:
        """Add the counts of another part of the same reading."""
        self.rows_read += other.rows_read
        self.kept += other.kept
        self.dropped.update(other.dropped)
        for reason, examples in other.examples.items():
            mine = self.examples.setdefault(reason, [])
            mine.extend(examples[: EXAMPLES - len(mine)])
        self.files.update(other.files)
        for fault, files in other.faults.items():
            self.faults.setdefault(fault, []).extend(files)

    def as_dict(self) -> dict[str, Any]:
        """The ledger as a JSON-able mapping for a manifest's facts; reasons by falling count."""
        dropped = dict(self.dropped.most_common())
        examples = {reason: self.examples.get(reason, []) for reason in dropped}
        return {**vars(self), "dropped": dropped, "examples": examples}

    @staticmethod
    def from_dict(raw: Mapping[str, Any]) -> "Ledger":
        """Read what `as_dict` gave."""
        return Ledger(**{**raw, "dropped": Counter(raw["dropped"])})

    def describe(self) -> list[str]:
        """Plain lines for a person: files, posts, and every reason and fault with its examples."""
        size = sum(self.files.values())
        lines = [
            f"{plural(len(self.files), 'file')} ({size / 1e6:,.1f} MB), {plural(self.rows_read, 'post')} "
            f"read, {self.kept:,} kept, {sum(self.dropped.values()):,} dropped"
        ]
        for reason, n in self.dropped.most_common():
            lines.append(f"  {n:,} dropped: {reason}")
            lines.extend(f"    {example}" for example in self.examples.get(reason, []))
        for fault, files in self.faults.items():
            lines.append(f"  {plural(len(files), 'file')} {fault}")
            lines.extend(f"    {file}" for file in files[:EXAMPLES])
        return lines


def _one_line(text: str) -> str:
    """The text on one printable line: file names and messages may hold anything."""
    printable = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
    return (
        printable if len(printable) <= _EXAMPLE_CHARACTERS else printable[: _EXAMPLE_CHARACTERS - 3] + "..."
    )
