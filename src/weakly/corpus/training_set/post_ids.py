"""Lists of post ids to leave out: as they are read, and which of them named no post.

Ids are compared without white space around them, on both sides.
"""

from collections.abc import Set
from pathlib import Path

from weakly.errors import InputError
from weakly.progress import plural

_SHOWN = 5


def read_ids(path: Path, flag: str) -> frozenset[str]:
    """Read ids of posts, one a line, from the file that a flag names; blank lines are none.

    Raises:
        InputError: it is no text file.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{flag} {path}: {error}; expected a text file with a post id a line") from error
    return frozenset(line.strip() for line in lines if line.strip())


def describe_missing(path: Path | None, ids: Set[str], found: Set[str]) -> list[str]:
    """A line that names ids that no post has; none where each has one."""
    missing = sorted(ids - found)
    if not missing:
        return []
    shown = ", ".join(map(repr, missing[:_SHOWN])) + ", ..." * (len(missing) > _SHOWN)
    return [f"of {plural(len(ids), 'id')} in {path}, {len(missing):,} named no post: {shown}"]
