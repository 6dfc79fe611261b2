"""The records of a CSV or TSV file, so that a stray quote costs one line and not the file.

In: numbered lines of bytes. Out: the cells of every record, or what is wrong with it. The parsing is Python's
`csv`; here is what it leaves to its caller: which lines made a record, text that is not UTF-8, and quotes
that are never closed. A record over several lines that does not come out right is given up as its first line
only, and the lines after that are read again.
"""

import csv
from collections import deque
from collections.abc import Iterator

from weakly.corpus.posts.schema import MAX_POST_BYTES


class Records:
    """Reads record after record.

    Args:
        lines: (line number, bytes without the line's end), blank lines included.
        delimiter: what separates cells.

    Attributes:
        width: how many cells a record must have; None before that is known.
        line: number of the line on which the last record starts.
        size: its bytes.
        problem: why it cannot be a post (reason, detail), or None.
    """

    def __init__(self, lines: Iterator[tuple[int, bytes]], delimiter: str) -> None:
        # The limit is the process's: it is only ever raised, to let long captions pass.
        csv.field_size_limit(max(csv.field_size_limit(), 2 * MAX_POST_BYTES))
        self._lines = _Lines(lines)
        self._delimiter = delimiter
        self._reader = csv.reader(self._lines, delimiter=delimiter)
        self.width: int | None = None
        self.line = 0
        self.size = 0
        self.problem: tuple[str, str] | None = None

    def __iter__(self) -> Iterator[list[str]]:
        while (cells := self.next()) is not None:
            yield cells

    def next(self) -> list[str] | None:
        """The cells of the next record that is not blank; None at the end of the file."""
        lines = self._lines
        while True:
            lines.start()
            self.problem = None
            try:
                cells = next(self._reader)
            except StopIteration:
                return None
            except csv.Error as error:
                cells = []
                self.problem = "malformed CSV", str(error)
            has_width = self.width in (None, len(cells))
            if lines.ran_out or (len(lines.taken) > 1 and not (has_width and self._is_strict())):
                self.problem = "quote never closed", "the lines after it are read by themselves"
            elif cells and not has_width:
                self.problem = "wrong number of cells", f"{len(cells)} instead of {self.width}"
            if self.problem:
                lines.give_back(keep=1)
            elif lines.not_unicode:
                self.problem = "invalid UTF-8", lines.not_unicode
            if cells or self.problem:
                self.line, self.size = lines.taken[0][0], lines.size
                return cells

    def _is_strict(self) -> bool:
        """Whether the quotes of the last record are as they should be.

        On one line this does not matter. But a stray quote at the start of one caption and another somewhere
        in a later one would make a cell of all that lies between.
        """
        lines = (line.decode(errors="surrogateescape") + "\n" for _, line in self._lines.taken)
        try:
            next(csv.reader(lines, delimiter=self._delimiter, strict=True))
        except csv.Error:
            return False
        return True

    def again(self) -> None:
        """Read the last record once more."""
        self._lines.give_back(keep=0)


class _Lines:
    """What `csv.reader` pulls its lines from: remembers those of the record being read."""

    def __init__(self, lines: Iterator[tuple[int, bytes]]) -> None:
        self._lines = lines
        self._again: deque[tuple[int, bytes]] = deque()
        self.start()

    def start(self) -> None:
        """A new record begins."""
        self.taken: list[tuple[int, bytes]] = []
        self.size = 0
        self.not_unicode = ""
        self.ran_out = False

    def give_back(self, keep: int) -> None:
        """Let the lines of the record be read again, but for the first `keep`."""
        self._again.extendleft(reversed(self.taken[keep:]))

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        # Asking for a line ends a record begun only where a quote is open: at the end of the file, or where a
        # quoted cell grows beyond any caption.
        line = None if self.size > MAX_POST_BYTES else self._next()
        if line is None:
            self.ran_out = bool(self.taken)
            raise StopIteration
        self.taken.append(line)
        self.size += len(line[1])
        try:
            return line[1].decode() + "\n"
        except UnicodeDecodeError as error:
            self.not_unicode = str(error)
            return line[1].decode(errors="surrogateescape") + "\n"

    def _next(self) -> tuple[int, bytes] | None:
        return self._again.popleft() if self._again else next(self._lines, None)
