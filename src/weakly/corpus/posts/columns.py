"""Whether the files have the columns that `--columns.*` names, and what to say when they have not.

In: the names found in a file. Out: nothing, or one line that lists them and names the flag.
"""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path

from weakly.corpus.options import PostColumns
from weakly.errors import InputError

FIELDS = ("post_id", "image", "author", "caption", "hashtags")
_DEFAULTS = {field.name: field.default for field in fields(PostColumns)}
_SHOWN = 20
_KEYS_KEPT = 1000


def names_of(columns: PostColumns) -> dict[str, str]:
    """The column of each field that has one: the name "" stands for none."""
    return {field: name for field in FIELDS if (name := getattr(columns, field))}


def require_columns(place: Path | str, found: Sequence[str], columns: PostColumns) -> None:
    """Check that there is one column for every name that was asked for, and for the caption or the hashtags.

    A column left at its default name may be missing, as long as there is a caption or a list of hashtags.

    Raises:
        InputError: one is missing; the line names the columns found, the nearest, and the flag. Or one is
            there twice.
    """
    names = names_of(columns)
    for field, name in names.items():
        if name != _DEFAULTS[field] and name not in found:
            raise InputError(
                f"{place} has no column {name!r}; it has {_listed(found)}: give {_cure(field, name, found)}"
            )
        if found.count(name) > 1:
            raise InputError(f"{place} has {found.count(name)} columns named {name!r}: rename all but one")
    texts = {field: names[field] for field in ("caption", "hashtags") if field in names}
    if not set(texts.values()) & set(found):
        cures = [_cure(field, name, found) for field, name in texts.items()]
        raise InputError(
            f"{place} has neither a column {columns.caption!r} nor {columns.hashtags!r}; it has "
            f"{_listed(found)}: give {' or '.join(cures)}"
        )


class SeenKeys:
    """The keys seen in JSON objects so far.

    A JSON object may leave out a key that others have, so a missing one is an error only when no object of
    the first batch of a file, nor any of the files before it, had it.

    Args:
        columns: which key holds what.
        sought: False where files before these were seen to have them.
    """

    def __init__(self, columns: PostColumns, *, sought: bool = True) -> None:
        self.columns = columns
        names = names_of(columns)
        self._asked = {name for field, name in names.items() if name != _DEFAULTS[field]}
        self._texts = {names.get("caption"), names.get("hashtags")}
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

    def require(self, place: str, columns: PostColumns | None = None) -> None:
        """Raise InputError where a column that is needed has not been seen in any object, of one at least."""
        if self._found and not self._done:
            require_columns(place, list(self._found), columns or self.columns)


def _listed(found: Sequence[str]) -> str:
    names = ", ".join(repr(name) for name in found[:_SHOWN])
    return f"{names} and {len(found) - _SHOWN} more" if len(found) > _SHOWN else names or "none"


def _cure(field: str, name: str, found: Iterable[str]) -> str:
    """The flag that names the column, with the nearest column found where there is one."""
    flag = f"--columns.{field.replace('_', '-')}"
    folded = {candidate.lower(): candidate for candidate in found}
    near = difflib.get_close_matches(name.lower(), folded, 1)
    return f"{flag} {folded[near[0]]!r}" if near else f"{flag} NAME"
