"""Words of the command line <-> options, with every fault of the words at once.

In: an options class and words. Out: the options, or a line for each word that is at fault; and for tyro,
which writes the help, the class as it is to be explained. tyro stops at the first fault; so it is given only
words that it can read, for a class in which every option is text and none must be given, and the options
themselves then say what is wrong with that text.
"""

import difflib
import typing
from collections.abc import Iterable, Sequence
from dataclasses import MISSING, field, make_dataclass
from typing import Annotated, Any, TypeVar

from weakly.errors import InputError
from weakly.options import Option, Options, declared

O = TypeVar("O", bound=Options)  # noqa: E741

_DRY_RUN, _HELP = (Option(name, bool, False, (), False) for name in ("dry_run", "help"))
_NOT_GIVEN = "\0"
"""Stands for an option that was not given; nobody can type it."""


def parse(kind: type[O], words: Sequence[str]) -> tuple[O, bool] | None:
    """The options that words give, and whether --dry-run is among these; None where they ask for help.

    Raises:
        InputError: words are unknown, missing, of another type or out of range; a line for each.
    """
    import tyro

    flags = {**_flags(kind), "--dry-run": _DRY_RUN, "--help": _HELP, "-h": _HELP}
    words, empty, faults = _sift(words, flags)
    if not {"-h", "--help"}.isdisjoint(words):
        return None
    draft, surplus = tyro.cli(_draft(kind, _DRY_RUN), args=words, return_unknown_args=True)
    faults += [f"{word}: a word too many" for word in surplus]
    options = _make(kind, draft, empty, faults)
    if faults or options is None:
        raise InputError("\n".join(faults))
    return options, draft.dry_run


def as_arguments(options: Options, prefix: str = "--") -> list[str]:
    """The words that give these options: those by place, then those that are not as they are by default."""
    placed: list[str] = []
    flags: list[str] = []
    for option in declared(type(options)):
        value, flag = getattr(options, option.name), prefix + option.label.removeprefix("--")
        if option.by_place:
            placed += map(str, value if option.several else [value])
        elif isinstance(value, Options):
            flags += as_arguments(value, f"{flag}.")
        elif value == option.default:
            continue
        elif option.several:
            flags += [flag, *map(str, value)]
        elif value is True:
            flags.append(flag)
        else:
            flags += [f"{flag}={value}"] if str(value).startswith("-") else [flag, str(value)]
    return [*flags, "--", *placed] if any(word.startswith("-") for word in placed) else [*placed, *flags]


def help_class(options: type[Options]) -> type:
    """The options as tyro is to explain them: what goes by place, what may be left open, and --dry-run."""
    from tyro.conf import Positional, arg

    hints = typing.get_type_hints(options, include_extras=True)
    columns: list[Any] = []
    for option in declared(options):
        default = field() if option.default is MISSING else field(default=option.default)
        if option.by_place:
            shown = (
                arg(metavar=f"{option.label}...", help_behavior_hint="")
                if option.several
                else arg(metavar=option.label)
            )
            kind = Positional[Annotated[hints[option.name], shown]]
            columns.append((option.name, kind, default))
        elif option.optional:
            # What becomes of it then stands in its description, in brackets.
            kind = arg(metavar=option.kind.__name__.upper(), help_behavior_hint="")
            columns.append((option.name, Annotated[hints[option.name], kind], default))
    why = "Print the options and the plan, and write nothing."
    columns.append(("dry_run", Annotated[bool, arg(help=why)], False))
    return make_dataclass(
        options.__name__, columns, bases=(options,), frozen=True, namespace={"__doc__": options.__doc__}
    )


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The most similar of the words known, dashes before them not counted; None where none is near."""
    names = {name.lstrip("-"): name for name in known}
    return next((names[name] for name in difflib.get_close_matches(word.lstrip("-"), names, 1)), None)


def _flags(options: type[Options], prefix: str = "--") -> dict[str, Option]:
    """The options that have a flag, by it; also those of options within options, as --columns.caption."""
    found: dict[str, Option] = {}
    for option in declared(options):
        if isinstance(option.default, Options):
            found |= _flags(option.kind, f"{prefix}{option.name}.")
        elif not option.by_place:
            found[prefix + option.label.removeprefix("--")] = option
    return found


def _sift(words: Sequence[str], flags: dict[str, Option]) -> tuple[list[str], set[str], list[str]]:
    """The words that tyro can read, the flags that lack their value, and what is wrong with other words."""
    kept, empty, faults = [], set[str](), []
    waiting = list(words)
    while waiting and waiting[0] != "--":
        word = waiting.pop(0)
        name, equals, _ = word.partition("=")
        name = name.replace("_", "-") if word.startswith("--") else word
        has_value = bool(equals) or bool(waiting and not waiting[0].startswith("--"))
        option = flags.get(name)
        if option is None and word.startswith("--"):
            near = nearest(name, flags)
            faults.append(f"{name} is no option" + (f"; did you mean {near}?" if near else ""))
            # Its value goes with it, unless it was to be a flag without one.
            if has_value and not equals and not (near and flags[near].kind is bool):
                waiting.pop(0)
        elif option is None:
            kept.append(word)
        elif option.kind is bool and equals:
            faults.append(f"{name} takes no value")
        elif option.kind is not bool and not option.several and not has_value:
            empty.add(name)
        elif option.kind is bool or option.several or equals:
            kept.append(word)
        else:
            kept.append(f"{name}={waiting.pop(0)}")
    return kept + waiting, empty, faults


def _draft(options: type[Options], *more: Option) -> type:
    """A dataclass of the same options as strings, none of which must be given, for tyro to fill in."""
    from tyro.conf import FlagCreatePairsOff, Positional

    columns: list[Any] = []
    for option in (*declared(options), *more):
        kind, default = str, _NOT_GIVEN
        if isinstance(option.default, Options):
            kind = _draft(option.kind)
            default = field(default_factory=kind)
        elif option.kind is bool:
            kind, default = FlagCreatePairsOff[bool], option.default
        elif option.several:
            kind, default = tuple[str, ...], () if option.by_place else (_NOT_GIVEN,)
        columns.append((option.name, Positional[kind] if option.by_place else kind, default))
    return make_dataclass(options.__name__, columns)


def _make(options: type[O], draft: Any, empty: set[str], faults: list[str], prefix: str = "--") -> O | None:
    """The options that a draft holds; None where they are at fault, which is added to the other faults."""
    values: dict[str, Any] = {}
    for option in declared(options):
        value = getattr(draft, option.name)
        name = prefix + option.label.removeprefix("--")
        if name in empty:
            value = MISSING
        elif value in (_NOT_GIVEN, (_NOT_GIVEN,)):
            value = option.default
        elif isinstance(option.default, Options):
            value = _make(option.kind, value, empty, faults, f"{prefix}{option.name}.") or option.default
        values[option.name] = value
    try:
        return options(**values)
    except InputError as error:
        faults += [line.replace("--", prefix, 1) for line in str(error).splitlines()]
        return None
