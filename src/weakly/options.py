"""What the options of all verbs have in common when they are made in Python, not on the command line.

Nothing but the standard library is imported here, so that `weakly --help` stays quick.
"""

import typing
from dataclasses import fields
from pathlib import Path


class Arguments:
    """Base of the options: where paths are expected, strings will do; where several strings are, one will."""

    def __post_init__(self) -> None:
        kinds = typing.get_type_hints(type(self))
        for field in fields(self):  # pyright: ignore[reportArgumentType] - every subclass is a dataclass
            value, kind = getattr(self, field.name), kinds[field.name]
            if not isinstance(value, str | list | Path):
                continue
            if typing.get_origin(kind) is tuple:
                given = value if isinstance(value, list) else [value]
                value = tuple(map(typing.get_args(kind)[0], given))
            elif Path in (kind, *typing.get_args(kind)):
                value = Path(value)  # pyright: ignore[reportArgumentType] - says what is wrong with a list
            object.__setattr__(self, field.name, value)
