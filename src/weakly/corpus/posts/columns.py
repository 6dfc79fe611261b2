"""Whether the files have the columns that `--columns.*` names, and what to say when they have not.

In: the names found in a file. Out: nothing, or one line that lists them and names the flag.
"""

import difflib
from collections.abc import Collection, Iterable
from dataclasses import fields

from weakly.corpus.options import PostColumns
from weakly.errors import InputError

FIELDS = ("post_id", "image", "author", "caption", "hashtags")
TAR_FIELDS = ("post_id", "author", "caption", "hashtags")
"""In a tar the image is a member, not a column."""
_DEFAULTS = {field.name: field.default for field in fields(PostColumns)}
_SHOWN = 20
_KEYS_KEPT = 1000


def require_columns(
    place: str, found: Collection[str], columns: PostColumns, wanted: Collection[str] = FIELDS
) -> None:
    """Check that a column was found for every name that was asked for, and for the caption or the hashtags.

    A column left at its default name may be missing, as long as there is a caption or a list of hashtags.

    Raises:
        InputError: one is missing; the line names the columns found, the nearest, and the flag.
    """
    for field, name in _names(columns):
        if field in wanted and name != _DEFAULTS[field] and name not in found:
            raise InputError(
                f"{place} has no column {name!r}; it has {_listed(found)}: give {_cure(field, name, found)}"
            )
    if columns.caption not in found and columns.hashtags not in found:
        cures = [_cure(field, getattr(columns, field), found) for field in ("caption", "hashtags")]
        raise InputError(
            f"{place} has neither a column {columns.caption!r} nor {columns.hashtags!r}; it has "
            f"{_listed(found)}: give {' or '.join(cures)}"
        )


class SeenKeys:
    """The keys seen in JSON objects so far.

    A JSON object may leave out a key that others have, so a missing one is an error only when no object of
    the first batch of a file, nor any of the files before it, had it.

    Args:
        columns: the names asked for.
        sought: False where files before these were seen to have them.
    """

    def __init__(self, columns: PostColumns, *, sought: bool = True) -> None:
        self._columns = columns
        self._asked = {name for field, name in _names(columns) if name != _DEFAULTS[field]}
        self._texts = {columns.caption, columns.hashtags}
        self._found: dict[str, None] = {}
        self._done = not sought

    def see(self, keys: Iterable[str]) -> None:
        """Note the keys of one object."""
        if self._done:
            return
        for key in keys:
            if len(self._found) < _KEYS_KEPT or key in self._asked or key in self._texts:
                self._found[key] = None
        self._done = self._asked <= self._found.keys() and not self._texts.isdisjoint(self._found)

    def require(self, place: str, wanted: Collection[str] = FIELDS) -> None:
        """Raise InputError where a column that is needed has not been seen in any object, of one at least."""
        if self._found and not self._done:
            require_columns(place, self._found, self._columns, wanted)


def _names(columns: PostColumns) -> list[tuple[str, str]]:
    return [(field, getattr(columns, field)) for field in FIELDS]


def _listed(found: Collection[str]) -> str:
    names = ", ".join(repr(name) for name in list(found)[:_SHOWN])
    return f"{names} and {len(found) - _SHOWN} more" if len(found) > _SHOWN else names or "none"


def _cure(field: str, name: str, found: Collection[str]) -> str:
    """The flag that names the column, with the nearest column found where there is one."""
    flag = f"--columns.{field.replace('_', '-')}"
    folded = {candidate.lower(): candidate for candidate in found}
    near = difflib.get_close_matches(name.lower(), folded, 1)
    return f"{flag} {folded[near[0]]!r}" if near else f"{flag} NAME"
