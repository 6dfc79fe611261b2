"""The base of all options: what people write for them, which numbers they take, all faults at once.

An option's range stands in its type, and is checked when the options are made, by whichever way; so does
whether the command line takes it by its place instead of by a flag:

    training_set: Annotated[Path, BY_PLACE]
    batch: Annotated[int, AtLeast(1)] = 256

Nothing but the standard library is imported here, so that `weakly --help` stays quick.
"""

import functools
import math
import operator
import os
import types
import typing
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

from weakly.errors import InputError


@dataclass(frozen=True)
class Between:
    """Numbers from `low` to `high`, both included."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether a number is one of them; what is not finite is none."""
        return math.isfinite(value) and self.low <= value <= self.high

    def __str__(self) -> str:
        return f"{self.low:,} to {self.high:,}" if self != SHARE else "a share from 0 to 1"


SHARE = Between(0, 1)


@dataclass(frozen=True)
class AtLeast:
    """Numbers from `low` on."""

    low: float

    def holds(self, value: float) -> bool:
        """Whether a number is one of them; what is not finite is none."""
        return math.isfinite(value) and value >= self.low

    def __str__(self) -> str:
        return f"{self.low} or more"


@dataclass(frozen=True)
class Above:
    """Numbers above `low`, and up to `high` where one is given."""

    low: float
    high: float = math.inf

    def holds(self, value: float) -> bool:
        """Whether a number is one of them; what is not finite is none."""
        return math.isfinite(value) and self.low < value <= self.high

    def __str__(self) -> str:
        return f"a number above {self.low}" + (f", {self.high} at most" if math.isfinite(self.high) else "")


@dataclass(frozen=True)
class Below:
    """Numbers from `low` on, and less than `high`."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether a number is one of them; what is not finite is none."""
        return math.isfinite(value) and self.low <= value < self.high

    def __str__(self) -> str:
        return f"{self.low} or more, and less than {self.high}"


_RANGES = (Between, AtLeast, Above, Below)
SEED = Between(-(1 << 63), (1 << 63) - 1)
BY_PLACE = "by place"
"""Marks an option that the command line takes by its place."""

_EXPECTED = {int: "a whole number", float: "a number", bool: "True or False", Path: "a path", str: "a text"}


@dataclass(frozen=True)
class Option:
    """What the annotation of an option says of it.

    Attributes:
        name: of the attribute.
        kind: its type, without the None of `int | None`.
        optional: whether it may be None.
        marks: its ranges, and BY_PLACE.
        default: what it is where it is not given; MISSING where it must be.
    """

    name: str
    kind: Any
    optional: bool
    marks: tuple[Any, ...]
    default: Any

    @property
    def by_place(self) -> bool:
        """Whether the command line takes it by its place."""
        return BY_PLACE in self.marks

    @property
    def several(self) -> bool:
        """Whether it is a tuple, of any length."""
        return typing.get_origin(self.kind) is tuple

    @property
    def label(self) -> str:
        """How the command line and messages call it."""
        return self.name.upper() if self.by_place else f"--{self.name.replace('_', '-')}"

    def read(self, given: Any) -> Any:
        """Give a value the option's type. Raises InputError where it is missing, unfit or out of range."""
        if given is MISSING:
            what = "is missing" if self.default is MISSING else "has no value"
            raise InputError(f"{self.label} {what}")
        if self.optional and given in (None, "None"):
            return None
        if self.several:
            values = given if isinstance(given, tuple | list) else (given,)
            return tuple(self._read_one(value, typing.get_args(self.kind)[0]) for value in values)
        value = self._read_one(given, self.kind)
        for allowed in self.marks:
            if isinstance(allowed, _RANGES) and not allowed.holds(value):
                raise InputError(f"{self.label} {given}: expected {allowed}")
        return value

    def _read_one(self, value: Any, kind: Any) -> Any:
        choices = typing.get_args(kind)
        try:
            if choices:
                return choices[choices.index(value)]
            if kind is int:
                return int(value) if isinstance(value, str) else operator.index(value)
            if kind is str:
                return os.fspath(value)
            if kind in (float, Path) or isinstance(value, kind):
                return value if isinstance(value, kind) else kind(value)
            raise TypeError
        except (TypeError, ValueError):
            expected = f"one of {', '.join(choices)}" if choices else _EXPECTED.get(kind, kind.__name__)
            raise InputError(f"{self.label} {value}: expected {expected}") from None


@functools.cache
def declared(options: type) -> tuple[Option, ...]:
    """The options that a class of them has, in order."""
    hints = typing.get_type_hints(options, include_extras=True)
    found = []
    for field in fields(options):  # pyright: ignore[reportArgumentType] - it is a dataclass
        kind, marks = hints[field.name], ()
        if typing.get_origin(kind) is typing.Annotated:
            kind, *marks = typing.get_args(kind)
        optional = isinstance(kind, types.UnionType)
        if optional:
            kind = typing.get_args(kind)[0]
        default = field.default if field.default_factory is MISSING else field.default_factory()
        found.append(Option(field.name, kind, optional, tuple(marks), default))
    return tuple(found)


class Options:
    """Base of the options: strings will do for paths and numbers, and one value where several are expected.

    Raises:
        InputError: options that are missing, of another type or out of their range, or that contradict each
            other; a line for each.
    """

    def __post_init__(self) -> None:
        faults = []
        for option in declared(type(self)):
            try:
                value = option.read(getattr(self, option.name))
            except InputError as fault:
                faults.append(str(fault))
                # Something of the right type, so that contradictions can still be looked for.
                empty = typing.get_origin(option.kind) or option.kind
                value = empty() if option.default is MISSING else option.default
            object.__setattr__(self, option.name, value)
        faults += self.contradictions()
        if faults:
            raise InputError("\n".join(faults))

    def contradictions(self) -> Iterator[str]:
        """What is wrong with options together, or with one beyond its type and range: a line each."""
        yield from ()
