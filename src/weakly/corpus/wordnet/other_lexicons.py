"""Other lexicons beside WordNet's English nouns, so that #osopardo and #곰 find their synsets.

In come tables of one's own and wordnets of other languages; out go spellings and senses to add to the lexicon
(`Lexicon.extended`), and how many of each source's entries were of use. A source is one of

- a `.tsv`, `.csv` or `.parquet` table with the columns `spelling` and `synset` (`n02132136` or
  `brown_bear.n.01`); the rows of one spelling are its senses, the most usual first;
- `wn:LEXICON` or `wn:LEXICON:VERSION`, such as `wn:omw-es:1.4`: the nouns of a lexicon that was downloaded
  for the package `wn`. The lexicons of the Open Multilingual Wordnet name synsets by WordNet 3.0's offsets;
  those of others are mapped by the interlingual index, if its English lexicon omw-en is there too.
"""

import csv
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from weakly.corpus.hashtags.normal_form import normal_form
from weakly.corpus.wordnet.lexicon import EXTENSION_SCHEMA, Lexicon
from weakly.corpus.wordnet.spellings import to_spelling
from weakly.errors import InputError

_WN = "wn:"
_COLUMNS = ("spelling", "synset")
_NAMED = "the columns spelling and synset"
_DELIMITED: dict[str, dict[str, Any]] = {
    ".csv": {"delimiter": ",", "strict": True},
    ".tsv": {"delimiter": "\t", "quoting": csv.QUOTE_NONE},
}

_BY_OFFSET = re.compile(r"omw-(?!en\d)")
"""Ids of lexicons that name synsets by WordNet 3.0's offsets; omw-en15 to omw-en31 do by other WordNets'."""
_OFFSET = re.compile(r"-(\d{8})-n$")


@dataclass(frozen=True)
class Added:
    """What one source brought: entries = added + known + unmapped + no_hashtag."""

    source: str  # as asked for; a `wn` lexicon with its version
    entries: int  # pairs of a spelling and a synset in it
    added: int
    known: int  # those that WordNet or an earlier source has
    unmapped: int  # those whose synset is none of WordNet 3.0's
    no_hashtag: int  # those whose spelling no hashtag could have, being without letters or too long

    def describe(self) -> str:
        """One line for a person."""
        dropped = ((self.known, "known"), (self.unmapped, "unmapped"), (self.no_hashtag, "no hashtag"))
        reasons = "".join(f", {n:,} {reason}" for n, reason in dropped if n)
        return f"{self.source}: {self.added:,} of {self.entries:,} entries added{reasons}"


def extend(lexicon: Lexicon, sources: Sequence[str]) -> tuple[Lexicon, list[Added]]:
    """Add other lexicons, in the order given, after the senses that are there.

    Raises:
        InputError: a source that is none, cannot be read, holds a row at fault or nothing of use; `wn` or its
            lexicon is not installed.
    """
    additions: dict[str, dict[str, None]] = {}
    facts = [_add(source, lexicon, additions) for source in sources]
    if not additions:
        return lexicon, facts
    spellings = sorted(additions)
    columns = {"spelling": spellings, "synsets": [list(additions[spelling]) for spelling in spellings]}
    return lexicon.extended(pa.table(columns, schema=EXTENSION_SCHEMA)), facts


def _add(source: str, lexicon: Lexicon, additions: dict[str, dict[str, None]]) -> Added:
    counts: Counter[str] = Counter()
    source, entries = _open(source, lexicon)
    wnids = frozenset(lexicon.wnids)
    for text, wnid in entries:
        form = normal_form(text)
        if wnid not in wnids or form is None:
            counts["no_hashtag" if wnid in wnids else "unmapped"] += 1
            continue
        spelling = to_spelling(form)
        senses = lexicon.spellings.get(spelling, ())
        known = {*additions.get(spelling, ()), *(lexicon.wnids[synset] for synset in senses)}
        counts["known" if wnid in known else "added"] += 1
        if wnid not in known:
            additions.setdefault(spelling, {})[wnid] = None
    added = Added(source, counts.total(), *(counts[field.name] for field in fields(Added)[2:]))
    if not added.added and not added.known:
        cure = "; python -m wn download omw-en:1.4 lets synsets be mapped" if added.unmapped else ""
        raise InputError(f"{added.describe()}: expected nouns and synsets of WordNet 3.0{cure}")
    return added


def _open(source: str, lexicon: Lexicon) -> tuple[str, Iterator[tuple[str, str | None]]]:
    """The source's full name, and its entries: a spelling as written, and a wnid."""
    if source.startswith(_WN):
        return _open_wordnet(source)
    if Path(source).suffix in (*_DELIMITED, ".parquet"):
        return source, _read_table(Path(source), lexicon)
    raise InputError(
        f"{source}: no lexicon; expected a .tsv, .csv or .parquet file with the columns spelling and synset, "
        "or wn:LEXICON such as wn:omw-es:1.4"
    )


def _read_table(path: Path, lexicon: Lexicon) -> Iterator[tuple[str, str]]:
    faults = []
    for place, spelling, synset in _rows(path):
        try:
            if not spelling or not synset:
                raise InputError("expected a spelling and a synset")
            yield spelling, lexicon.wnids[lexicon.find(synset.strip())]
        except InputError as error:
            faults.append(f"{place}: {error}")
    if faults:
        more = f" (and {len(faults) - 1:,} more at fault)" if faults[1:] else ""
        raise InputError(f"{faults[0]}{more}")


def _rows(path: Path) -> Iterator[tuple[str, str | None, str | None]]:
    """Where each row of a table stands, its spelling and its synset."""
    try:
        if path.suffix == ".parquet":
            with pq.ParquetFile(path) as file:
                _check_columns(path, file.schema_arrow.names)
                table = file.read(columns=list(_COLUMNS))
            columns = (table[name].cast(pa.string()).to_pylist() for name in _COLUMNS)
            for number, (spelling, synset) in enumerate(zip(*columns, strict=True), start=1):
                yield f"{path} row {number}", spelling, synset
        else:
            with path.open(encoding="utf-8-sig", newline="") as lines:
                reader = csv.DictReader(lines, **_DELIMITED[path.suffix])
                _check_columns(path, reader.fieldnames or ())
                for row in reader:
                    yield f"{path}:{reader.line_num}", row["spelling"], row["synset"]
    except (OSError, UnicodeDecodeError, csv.Error, pa.ArrowException) as error:
        raise InputError(f"{path} cannot be read ({error}): expected a table with {_NAMED}") from error


def _check_columns(path: Path, names: Sequence[str]) -> None:
    if not set(_COLUMNS) <= set(names):
        have = ", ".join(names) or "none"
        raise InputError(f"{path} has the columns {have}: expected {_NAMED} in a header")


def _open_wordnet(source: str) -> tuple[str, Iterator[tuple[str, str | None]]]:
    try:
        import wn
    except ImportError:
        raise InputError(f"{source} needs the package wn: pip install 'weakly[wordnets]'") from None
    name = source.removeprefix(_WN)
    try:
        # No relations are followed, so the lexicons that it expands on may be missing.
        wordnet = wn.Wordnet(name, expand="")
        lexicons = wordnet.lexicons()
    except (wn.Error, sqlite3.Error) as error:
        cure = f"if it is not there yet: python -m wn download {name}"
        raise InputError(f"{source}: {error}; {cure}") from error
    if len(lexicons) != 1:
        raise InputError(f"{source} is {len(lexicons)} lexicons: expected one, such as wn:omw-es:1.4")
    by_ili = None if _BY_OFFSET.match(lexicons[0].id) else _wnids_by_ili()
    # A word's lemma only: other forms may be roots, which dozens of unlike Arabic words share.
    senses = ((word.lemma(), sense.synset()) for word in wordnet.words(pos="n") for sense in word.senses())
    return _WN + lexicons[0].specifier(), (
        (lemma, _wnid(synset.id) if by_ili is None else by_ili.get(synset.ili or ""))
        for lemma, synset in senses
    )


def _wnids_by_ili() -> dict[str, str]:
    import wn

    try:
        synsets = wn.Wordnet("omw-en", expand="").synsets(pos="n")
    except wn.Error:
        return {}
    return {synset.ili: wnid for synset in synsets if synset.ili and (wnid := _wnid(synset.id))}


def _wnid(synset_id: str) -> str | None:
    offset = _OFFSET.search(synset_id)
    return offset and "n" + offset[1]
