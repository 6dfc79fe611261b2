"""The records of a CSV or TSV file, so that a stray quote costs one line and not the file.

In: numbered lines of bytes. Out: the cells of every record, or what is wrong with it. The parsing is Python's
`csv`; here is what it leaves to its caller: which lines made a record, text that is not UTF-8, and quotes
that are never closed. A record over several lines that does not come out right is given up as its first line
only, and the lines after that are read again.
"""

import csv
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from weakly.corpus.posts.rows import BadPost
from weakly.corpus.posts.schema import MAX_POST_BYTES

Line = tuple[int, bytes]
"""Its number, and its bytes without its end."""
_LEAST_LIMIT = 1 << 16
"""Bytes within which the end of a quote is looked for, however many were never closed before it."""


class Record(NamedTuple):
    """One record that is not blank.

    Attributes:
        number: of the line it starts on.
        size: its bytes.
        lines: those it is made of.
        cells: what it holds.
        problem: why it cannot be a post, or None.
    """

    number: int
    size: int
    lines: list[Line]
    cells: list[str]
    problem: BadPost | None


def read_records(lines: Iterator[Line], delimiter: str, width: int | None = None) -> Iterator[Record]:
    """Yield record after record. No line is taken beyond the last one yielded that has no problem.

    Args:
        lines: those of a file, blank ones included.
        delimiter: what separates cells.
        width: how many cells a record must have, where that is known.
    """
    # The limit is the process's: it is only ever raised, to let long captions pass.
    csv.field_size_limit(max(csv.field_size_limit(), 2 * MAX_POST_BYTES))
    again: deque[Line] = deque()
    taken: list[Line] = []
    limit, size, ran_out, not_unicode = MAX_POST_BYTES, 0, False, ""

    def feed() -> Iterator[str]:
        """Texts of lines, until there are none, or an open quote has taken more than any caption has."""
        nonlocal size, ran_out, not_unicode
        while size <= limit and (line := again.popleft() if again else next(lines, None)):
            taken.append(line)
            size += len(line[1])
            try:
                text = line[1].decode()
            except UnicodeDecodeError as error:
                text, not_unicode = line[1].decode(errors="surrogateescape"), str(error)
            yield text + "\n"
        # A line beyond those of a record is asked for only where a quote was left open.
        ran_out = bool(taken)

    reader = csv.reader(feed(), delimiter=delimiter)
    while True:
        cells, problem = [], None
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problem = BadPost("malformed CSV", str(error))
        has_width = width in (None, len(cells))
        if ran_out or (len(taken) > 1 and not (has_width and _is_strict(taken, delimiter))):
            problem = BadPost("quote never closed", "the lines after it are read by themselves")
        elif cells and not has_width:
            problem = BadPost("wrong number of cells", f"{len(cells)} instead of {width}")
        if problem:
            again.extendleft(reversed(taken[1:]))
            del taken[1:]
            # Many open quotes, each looked at as far as the first, would take hours.
            limit = max(limit // 2, _LEAST_LIMIT) if ran_out else limit
            reader, ran_out = csv.reader(feed(), delimiter=delimiter), False
        elif not_unicode:
            problem = BadPost("invalid UTF-8", not_unicode)
        if cells or problem:
            yield Record(taken[0][0], size, taken, cells, problem)
        taken, size, not_unicode = [], 0, ""


def _is_strict(lines: list[Line], delimiter: str) -> bool:
    """Whether the quotes of a record are as they should be.

    On one line this does not matter. But a stray quote at the start of one caption and another somewhere in a
    later one would make a cell of all that lies between.
    """
    texts = (line.decode(errors="surrogateescape") + "\n" for _, line in lines)
    try:
        next(csv.reader(texts, delimiter=delimiter, strict=True))
    except csv.Error:
        return False
    return True
