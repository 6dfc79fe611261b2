"""What a hashtag stands for: the number of its spelling, by the lexicon and the stop-hashtags.

In comes the normal form of a hashtag, out goes a number. What is kept in a vocabulary's folder beside the
labels is what it takes to say the same again for other posts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from weakly.corpus.vocabulary.select import own_spelling, read_stopped
from weakly.corpus.wordnet.lexicon import Lexicon, load

NOT_IN_LEXICON, NOT_SELECTED, STOPPED = -1, -2, -3

_LEXICON_FILE, _STOP_FILE = "lexicon.parquet", "stop.txt"


@dataclass(frozen=True)
class Resolver:
    """Finds what a hashtag stands for. It can be pickled, and be saved beside what gives its numbers.

    Attributes:
        lexicon: the nouns.
        numbers: number of every spelling that stands for something, 0 or more.
        stopped: own spellings of the hashtags that count for nothing.
    """

    lexicon: Lexicon
    numbers: Mapping[str, int]
    stopped: frozenset[str] = frozenset()

    def resolve(self, hashtag: str) -> int:
        """The number of a hashtag (normal form), or STOPPED, NOT_IN_LEXICON or NOT_SELECTED."""
        spelling = own_spelling(hashtag)
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
        stopped = read_stopped(folder / _STOP_FILE)
    return Resolver(lexicon, numbers, stopped)
