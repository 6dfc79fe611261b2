"""Lists of post ids to leave out."""

from pathlib import Path

from weakly.errors import InputError


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
