"""The base of all options: what people write for paths, which numbers an option takes, all faults at once.

An option's range stands in its type, and is checked when the options are made, by whichever way:

    batch: Annotated[int, AtLeast(1)] = 256

Nothing but the standard library is imported here, so that `weakly --help` stays quick.
"""

import math
import typing
from collections.abc import Iterator
from dataclasses import dataclass, fields
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


class Options:
    """Base of the options: where paths are expected, strings will do; where several strings are, one will.

    Raises:
        InputError: numbers out of their ranges, or options that contradict each other; a line for each.
    """

    def __post_init__(self) -> None:
        faults = []
        kinds = typing.get_type_hints(type(self), include_extras=True)
        for field in fields(self):  # pyright: ignore[reportArgumentType] - every subclass is a dataclass
            kind, ranges = kinds[field.name], ()
            if typing.get_origin(kind) is typing.Annotated:
                kind, *ranges = typing.get_args(kind)
            value = _coerced(getattr(self, field.name), kind)
            object.__setattr__(self, field.name, value)
            faults += [
                f"{flag(field.name)} {value}: expected {allowed}"
                for allowed in ranges
                if isinstance(allowed, _RANGES) and value is not None and not allowed.holds(value)
            ]
        faults += self.contradictions()
        if faults:
            raise InputError("\n".join(faults))

    def contradictions(self) -> Iterator[str]:
        """What is wrong with options together, or with one beyond its type and range: a line each."""
        yield from ()


def _coerced(value: Any, kind: Any) -> Any:
    if not isinstance(value, str | list | Path):
        return value
    if typing.get_origin(kind) is tuple:
        given = value if isinstance(value, list) else [value]
        return tuple(map(typing.get_args(kind)[0], given))
    if Path in (kind, *typing.get_args(kind)):
        return Path(value)  # pyright: ignore[reportArgumentType] - says what is wrong with a list
    return value


def flag(name: str) -> str:
    """How an option is written on the command line."""
    return f"--{name.replace('_', '-')}"
