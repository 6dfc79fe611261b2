"""Which spellings of hashtags may be labels: what --select, --under, --include, --exclude and --stop say; and
what a hashtag stands for by them.

In come these options and the lexicon; out go the selected spellings and the hashtags that count for nothing.
In this order:

1. `select` chooses spellings; `under` keeps those that may mean a synset below the ones it names.
2. `include` adds spellings, and its labels stay however rare they are.
3. `exclude` takes spellings away: those all of whose meanings it lists, and the words it lists.
4. `stop` hashtags count for nothing, whatever they would stand for.

A file has one thing a line; blank lines are skipped:

    n02132136, brown_bear.n.01   a synset, and so the spellings that have it among their senses
    bear.n.01/**                 a synset and all below it
    brown bear, #ootd            a noun or hashtag, and so its whole label: what `merge` makes one with it.
                                 One that the lexicon lacks is a label of its own.

Where synsets are excluded, a spelling goes when nothing else is left that it may mean: without the people
(`person.n.01/**`) there is no #baker, but #dog, #cat and #lion, each also a word for some person, stay.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, Unpack

import pyarrow.parquet as pq

from weakly import artifacts
from weakly.corpus.hashtags.normal_form import normal_form
from weakly.corpus.wordnet.lexicon import Lexicon, load
from weakly.corpus.wordnet.spellings import to_spelling
from weakly.errors import InputError

_SYNSET = re.compile(r"(n\d{8}|\S+\.[a-z]\.\d+)(/\*\*)?")
NOT_IN_LEXICON, NOT_SELECTED, STOPPED = -1, -2, -3

_LEXICON_FILE, _STOP_FILE = "lexicon.parquet", "stop.txt"


@dataclass(frozen=True)
class Selection:
    """What was selected."""

    spellings: set[str]  # those that belong to a candidate label
    included: set[str]  # those of them whose label stays however rare it is
    stopped: frozenset[str]  # own spellings of the hashtags that count for nothing
    most: int | None  # keep at most so many labels, the most frequent; None keeps all
    description: str  # as given where that says it all, else by a digest of what it means


def _own_spelling(hashtag: str) -> str:
    return hashtag.replace("_", "")


def merge_key(spelling: str, merge: str, lexicon: Lexicon) -> object:
    """What spellings of one label have in common; a spelling that the lexicon lacks has only itself."""
    senses = lexicon.spellings.get(spelling)
    if senses is None or merge == "none":
        return spelling
    if merge == "first-sense":
        return senses[0]
    if merge == "identical-synsets":
        return senses if len(senses) == 1 else tuple(sorted(senses))
    raise InputError(f"--merge {merge}: expected identical-synsets, first-sense or none")


def _meanings(spelling: str, merge: str, lexicon: Lexicon) -> tuple[int, ...]:
    senses = lexicon.spellings.get(spelling, ())
    return senses[:1] if merge == "first-sense" else senses


class Lists(TypedDict, total=False):
    """What changes a selection; any of it may be left out."""

    under: Iterable[str]  # synsets: keep only the spellings that may mean one of them, or one below them
    include: Path | None  # file of what is added, and stays however rare it is
    exclude: Path | None  # file of what is taken away
    stop: Path | None  # file of hashtags that count for nothing


def select_spellings(select: str, merge: str, lexicon: Lexicon, **lists: Unpack[Lists]) -> Selection:
    """Select spellings, as the module says.

    Args:
        select: `imagenet-1k` (spellings with one of the 1,000 synsets among their senses), `nouns` (all),
            `top:N` (all; the caller keeps N labels) or a file.
        merge: `identical-synsets`, `first-sense` or `none`.
        lexicon: the nouns.
        lists: of `Lists`.

    Raises:
        InputError: no such selection, a line of a file that cannot be understood, or nothing is left.
    """
    spellings, most, description = _select(select, merge, lexicon)
    included, stopped = set[str](), frozenset[str]()
    parts = [description]
    if roots := sorted({_find(name, "--under", lexicon) for name in lists.get("under", ())}):
        below = {synset for root in roots for synset in (root, *lexicon.descendants(root))}
        near = _chosen(below, set(), lexicon)
        spellings &= {s for s in near if not below.isdisjoint(_meanings(s, merge, lexicon))}
        parts.append("under:" + ",".join(lexicon.wnids[root] for root in roots))
    if include := lists.get("include"):
        included = _chosen(*_read_list(include, merge, lexicon), lexicon)
        spellings |= included
        parts.append("include:" + _digest(included))
    if exclude := lists.get("exclude"):
        synsets, words = _read_list(exclude, merge, lexicon)
        near = _chosen(synsets, set(), lexicon)
        excluded = words | {s for s in near if synsets.issuperset(_meanings(s, merge, lexicon))}
        spellings -= excluded
        parts.append("exclude:" + _digest(excluded))
    if stop := lists.get("stop"):
        stopped = _read_stopped(stop)
        parts.append("stop:" + _digest(stopped))
    if lexicon.digest:
        parts.append("lexicon:" + lexicon.digest)
    if not spellings:
        raise InputError(f"{' '.join(parts)} selects nothing: check --select, --under and --exclude")
    return Selection(spellings, included & spellings, stopped, most, " ".join(parts))


def _read_stopped(path: Path) -> frozenset[str]:
    """The own spellings of the hashtags in a file, one a line, with `#` or not."""
    stopped = set()
    for place, text in _lines(path, "a hashtag"):
        if (hashtag := normal_form(text)) is None:
            raise InputError(f"{place}: {text!r} is no hashtag")
        stopped.add(_own_spelling(hashtag))
    return frozenset(stopped)


@dataclass(frozen=True)
class Resolver:
    """Finds what a hashtag stands for. It can be pickled, and be saved beside what gives its numbers."""

    lexicon: Lexicon
    numbers: Mapping[str, int]  # of every spelling that stands for something, 0 or more
    stopped: frozenset[str] = frozenset()  # own spellings of the hashtags that count for nothing

    def resolve(self, hashtag: str) -> int:
        """The number of a hashtag (normal form), or STOPPED, NOT_IN_LEXICON or NOT_SELECTED."""
        spelling = _own_spelling(hashtag)
        if spelling in self.stopped:
            return STOPPED
        number = self.numbers.get(spelling)
        if number is not None:
            return number
        known = self.lexicon.resolve(hashtag)
        return NOT_IN_LEXICON if known is None else self.numbers.get(known, NOT_SELECTED)

    def save(self, folder: Path) -> None:
        """Write all but the numbers into a folder: nothing for WordNet without stop-hashtags."""
        if self.lexicon.extension is not None:
            pq.write_table(self.lexicon.extension, folder / _LEXICON_FILE)
        if self.stopped:
            (folder / _STOP_FILE).write_text("\n".join(sorted(self.stopped)) + "\n", encoding="utf-8")


def open_resolver(folder: Path, numbers: Mapping[str, int]) -> Resolver:
    """Open what `Resolver.save` wrote, with other numbers; WordNet's nouns where it wrote nothing.

    Raises:
        InputError: the files name a synset or hashtag that is none.
    """
    lexicon, stopped = load(), frozenset()
    if (folder / _LEXICON_FILE).is_file():
        with pq.ParquetFile(folder / _LEXICON_FILE) as file:
            lexicon = lexicon.extended(file.read())
    if (folder / _STOP_FILE).is_file():
        stopped = _read_stopped(folder / _STOP_FILE)
    return Resolver(lexicon, numbers, stopped)


def _select(select: str, merge: str, lexicon: Lexicon) -> tuple[set[str], int | None, str]:
    if select == "imagenet-1k":
        return _chosen(lexicon.imagenet_1k, set(), lexicon), None, select
    if select == "nouns":
        return set(lexicon.spellings), None, select
    if select.startswith("top:"):
        number = select.removeprefix("top:")
        if not number.isdecimal() or int(number) < 1:
            raise InputError(f"--select {select}: expected top:N with a whole number N of at least 1")
        return set(lexicon.spellings), int(number), select
    if not Path(select).is_file():
        raise InputError(
            f"--select {select}: no such selection and no such file; "
            "expected imagenet-1k, nouns, top:N or a file with a wnid, a synset name or a hashtag a line"
        )
    spellings = _chosen(*_read_list(Path(select), merge, lexicon), lexicon)
    return spellings, None, "file:" + _digest(spellings)


def _digest(spellings: Iterable[str]) -> str:
    return artifacts.fingerprint("\n".join(sorted(spellings)))


def _chosen(synsets: Iterable[int], words: set[str], lexicon: Lexicon) -> set[str]:
    return words | {spelling for synset in synsets for spelling in lexicon.spellings_of(synset)}


def _read_list(path: Path, merge: str, lexicon: Lexicon) -> tuple[set[int], set[str]]:
    """The synsets that a file names, and the spellings of the labels whose words it names."""
    synsets, words = set[int](), set[str]()
    for place, text in _lines(path, "a wnid, a synset name or a hashtag"):
        if named := _SYNSET.fullmatch(text):
            synset = _find(named[1], place, lexicon)
            synsets |= {synset, *(lexicon.descendants(synset) if named[2] else ())}
        else:
            words |= _whole_label(_spelling_of_line(text, place, lexicon), merge, lexicon)
    return synsets, words


def _lines(path: Path, expected: str) -> Iterator[tuple[str, str]]:
    """Where each line that is not blank stands, and its text."""
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read ({error}): expected {expected} a line") from error
    if not any(map(str.strip, lines)):
        raise InputError(f"{path} selects nothing: expected {expected} a line")
    for number, line in enumerate(lines, start=1):
        if text := line.strip():
            yield f"{path}:{number}", text


def _find(name: str, place: str, lexicon: Lexicon) -> int:
    try:
        return lexicon.find(name)
    except InputError as error:
        raise InputError(f"{place}: {error}") from None


def _spelling_of_line(text: str, place: str, lexicon: Lexicon) -> str:
    # "jack-o'-lantern" is a noun, though no hashtag could be written so.
    if (spelling := to_spelling(text)) in lexicon.spellings:
        return spelling
    hashtag = normal_form("".join(text.split()))
    if hashtag is None:
        raise InputError(f"{place}: {text!r} is no wnid, synset name, noun or hashtag")
    return lexicon.resolve(hashtag) or _own_spelling(hashtag)


def _whole_label(spelling: str, merge: str, lexicon: Lexicon) -> set[str]:
    """All spellings that `merge` makes one label with this one: they share its first synset at least."""
    key = merge_key(spelling, merge, lexicon)
    near = _chosen(lexicon.spellings.get(spelling, ())[:1], set(), lexicon)
    return {spelling} | {other for other in near if merge_key(other, merge, lexicon) == key}
