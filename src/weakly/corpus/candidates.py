"""Which hashtags may be labels, and which of them are one label, before anything is counted.

In come `--select` and `--merge` (paper, section 1); out goes, for every selected spelling of a hashtag, the
candidate label it belongs to. The mapping does not look at the posts, so one reading of them is enough.

The merge rule, and what it does to three hashtags:

identical-synsets: spellings whose whole sets of noun synsets are equal are one label. #automobile, #auto and
    #motorcar, which mean car.n.01 only, are one; #car, with five senses, is another. #crane (two writers, a
    constellation, a machine, a bird) stays alone.
first-sense: spellings with the same most usual synset are one label, and mean that synset only. #car, #auto,
    #automobile and #motorcar are one. #crane joins #stephencrane, WordNet's first sense of it: the machine
    and the bird are lost.
none: every spelling is a label and keeps all its synsets.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from weakly import artifacts
from weakly.corpus.hashtags import normal_form
from weakly.corpus.lexicon import Lexicon, to_spelling
from weakly.errors import InputError

NOT_IN_LEXICON, NOT_SELECTED = -1, -2

_WNID = re.compile(r"n\d{8}")
_SYNSET_NAME = re.compile(r"\S+\.n\.\d+")


@dataclass(frozen=True)
class Candidates:
    """Selected spellings and the candidate labels that they belong to.

    Attributes:
        lexicon: the nouns.
        spellings: S selected spellings, sorted.
        label: int32[S], the candidate label of each spelling, 0 <= label < len(names).
        names: canonical name of every candidate: the first lemma, in WordNet's order, of its first synset
            whose spelling belongs to it; a spelling of its own names itself. All are distinct.
        synsets: synsets of every candidate, in sense order; for spellings that order their senses
            differently, by the sum of places. Empty for a spelling that WordNet lacks.
        select: what was asked for: as given, or `file:DIGEST` of what a file selected.
        most: keep at most so many labels, the most frequent; None keeps all.
    """

    lexicon: Lexicon
    spellings: list[str]
    label: np.ndarray
    names: list[str]
    synsets: list[tuple[int, ...]]
    select: str
    most: int | None

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {spelling: row for row, spelling in enumerate(self.spellings)}

    def resolve(self, hashtag: str) -> int:
        """The row of a hashtag (normal form) in `spellings`, or NOT_IN_LEXICON or NOT_SELECTED."""
        row = self._rows.get(own_spelling(hashtag))
        if row is not None:
            return row
        spelling = self.lexicon.resolve(hashtag)
        return NOT_IN_LEXICON if spelling is None else self._rows.get(spelling, NOT_SELECTED)


def own_spelling(hashtag: str) -> str:
    """The spelling of a hashtag (normal form) that WordNet lacks: itself, without underscores."""
    return hashtag.replace("_", "")


def choose(select: str, merge: str, lexicon: Lexicon) -> Candidates:
    """Select spellings and merge them into candidate labels.

    Args:
        select: `imagenet-1k` (spellings with one of the 1,000 synsets among their senses), `nouns` (all),
            `top:N` (all; the caller keeps N labels) or a file, see `_read_selection`.
        merge: `identical-synsets`, `first-sense` or `none`.
        lexicon: the nouns.

    Raises:
        InputError: no such selection, or a line of the file cannot be understood.
    """
    most = None
    if select == "imagenet-1k":
        spellings = {s for synset in lexicon.imagenet_1k for s in _spellings_of(synset, lexicon)}
    elif select == "nouns":
        spellings = set(lexicon.spellings)
    elif select.startswith("top:"):
        number = select.removeprefix("top:")
        if not number.isdecimal() or int(number) < 1:
            raise InputError(f"--select {select}: expected top:N with a whole number N of at least 1")
        most = int(number)
        spellings = set(lexicon.spellings)
    elif Path(select).is_file():
        spellings = _read_selection(Path(select), merge, lexicon)
        select = "file:" + artifacts.fingerprint("\n".join(sorted(spellings)))
    else:
        raise InputError(
            f"--select {select}: no such selection and no such file; "
            "expected imagenet-1k, nouns, top:N or a file with a wnid, a synset name or a hashtag a line"
        )
    return _merge(sorted(spellings), merge, lexicon, select, most)


def merge_key(spelling: str, merge: str, lexicon: Lexicon) -> object:
    """What spellings of one label have in common; a spelling that WordNet lacks has only itself."""
    senses = lexicon.spellings.get(spelling)
    if senses is None or merge == "none":
        return spelling
    if merge == "first-sense":
        return senses[0]
    if merge == "identical-synsets":
        return senses if len(senses) == 1 else tuple(sorted(senses))
    raise InputError(f"--merge {merge}: expected identical-synsets, first-sense or none")


def _merge(spellings: list[str], merge: str, lexicon: Lexicon, select: str, most: int | None) -> Candidates:
    groups: dict[object, list[int]] = {}
    for row, spelling in enumerate(spellings):
        groups.setdefault(merge_key(spelling, merge, lexicon), []).append(row)
    label = np.empty(len(spellings), np.int32)
    names, synsets = [], []
    for candidate, rows in enumerate(groups.values()):
        label[rows] = candidate
        own = [spellings[row] for row in rows]
        synsets.append(_synsets(own, merge, lexicon))
        names.append(_name(own, synsets[-1], lexicon))
    return Candidates(lexicon, spellings, label, names, synsets, select, most)


def _synsets(own: list[str], merge: str, lexicon: Lexicon) -> tuple[int, ...]:
    senses = [lexicon.spellings.get(spelling, ()) for spelling in own]
    if merge == "first-sense" or len(senses) == 1:
        return senses[0][:1] if merge == "first-sense" else senses[0]
    return tuple(sorted(senses[0], key=lambda synset: (sum(s.index(synset) for s in senses), synset)))


def _name(own: list[str], synsets: tuple[int, ...], lexicon: Lexicon) -> str:
    if not synsets:
        return own[0]
    return next(lemma for lemma in lexicon.lemmas[synsets[0]] if to_spelling(lemma) in own)


def _spellings_of(synset: int, lexicon: Lexicon) -> list[str]:
    return [to_spelling(lemma) for lemma in lexicon.lemmas[synset]]


def _read_selection(path: Path, merge: str, lexicon: Lexicon) -> set[str]:
    """Read the spellings that a file selects.

    A line is a wnid or a synset name, which selects every spelling that has the synset among its senses; or
    a hashtag or noun, `#` or not, which selects its whole label: what `merge` makes one with it. One that
    WordNet lacks is a label of its own. Blank lines are skipped.
    """
    synsets: set[int] = set()
    named: set[str] = set()
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        try:
            if _WNID.fullmatch(text) or _SYNSET_NAME.fullmatch(text):
                synsets.add(lexicon.find(text))
            elif text:
                named.add(_spelling_of_line(text, lexicon))
        except InputError as error:
            raise InputError(f"{path}:{number}: {error}") from None
    if not synsets and not named:
        raise InputError(f"{path} selects nothing: expected a wnid, a synset name or a hashtag a line")
    whole = {other for spelling in named for other in _whole_label(spelling, merge, lexicon)}
    return whole | {spelling for synset in synsets for spelling in _spellings_of(synset, lexicon)}


def _whole_label(spelling: str, merge: str, lexicon: Lexicon) -> set[str]:
    """All spellings that `merge` makes one label with this one: they share its first synset at least."""
    key = merge_key(spelling, merge, lexicon)
    near = [o for synset in lexicon.spellings.get(spelling, ())[:1] for o in _spellings_of(synset, lexicon)]
    return {spelling} | {other for other in near if merge_key(other, merge, lexicon) == key}


def _spelling_of_line(text: str, lexicon: Lexicon) -> str:
    # "jack-o'-lantern" is a noun, though no hashtag could be written so.
    if (spelling := to_spelling(text)) in lexicon.spellings:
        return spelling
    hashtag = normal_form("".join(text.split()))
    if hashtag is None:
        raise InputError(f"{text!r} is no wnid, synset name, noun or hashtag")
    return lexicon.resolve(hashtag) or own_spelling(hashtag)
