"""Build the packaged noun lexicon (`src/weakly/corpus/wordnet/`) from WordNet's own files.

    python scripts/build_lexicon.py FOLDER [--out src/weakly/corpus/wordnet]

FOLDER holds `index.noun`, `data.noun` and `noun.exc` of WordNet 3.0, plain or gzipped, as in Debian's
wordnet-base. Out come three Parquet files and the licence, as `weakly.corpus.wordnet.lexicon` reads them:

    synsets.parquet     a row a synset, in the order of data.noun: wnid, name, lemmas, hypernyms (row numbers;
                        instance hypernyms too), lexicographer_file, imagenet_1k (class index, or null)
    spellings.parquet   a row a spelling, sorted: spelling, synsets (row numbers, in sense order)
    plurals.parquet     a row an irregular plural, sorted: plural, singulars, both as spellings
    LICENSE.wordnet     the notice at the head of data.noun, which must go with every copy

Glosses are left out. The same input gives the same bytes (with the same pyarrow). The 1,000 classes of
ImageNet-1k come from the list that timm ships.
"""

import argparse
import gzip
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from weakly.corpus.wordnet.spellings import to_spelling
from weakly.errors import InputError

OUT = Path(__file__).resolve().parent.parent / "src" / "weakly" / "corpus" / "wordnet"
TOPS = 3
"""Number of the first noun file; see WordNet's lexnames(5)."""
LEXICOGRAPHER_FILES = [
    *("Tops", "act", "animal", "artifact", "attribute", "body", "cognition", "communication", "event"),
    *("feeling", "food", "group", "location", "motive", "object", "person", "phenomenon", "plant"),
    *("possession", "process", "quantity", "relation", "shape", "state", "substance", "time"),
]

SYNSETS = pa.schema(
    [
        ("wnid", pa.string()),
        ("name", pa.string()),
        ("lemmas", pa.list_(pa.string())),
        ("hypernyms", pa.list_(pa.int32())),
        ("lexicographer_file", pa.string()),
        ("imagenet_1k", pa.int16()),
    ]
)
SPELLINGS = pa.schema([("spelling", pa.string()), ("synsets", pa.list_(pa.int32()))])
PLURALS = pa.schema([("plural", pa.string()), ("singulars", pa.list_(pa.string()))])

Senses = dict[str, list[str]]
"""Lemma as index.noun writes it (lower-case, underscores) -> byte offsets of its synsets, in sense order."""


def read_lines(folder: Path, name: str) -> Iterator[str]:
    """Yield the lines of FOLDER/name or FOLDER/name.gz."""
    plain, packed = folder / name, folder / f"{name}.gz"
    if plain.is_file():
        with plain.open(encoding="ascii") as file:
            yield from file
    elif packed.is_file():
        with gzip.open(packed, "rt", encoding="ascii") as file:
            yield from file
    else:
        raise InputError(f"{plain} (or .gz) is missing: give the folder of WordNet 3.0's dictionary files")


def read_senses(folder: Path) -> Senses:
    """Read index.noun: `lemma pos synset_cnt p_cnt [symbols] sense_cnt tagsense_cnt offset...`."""
    senses = {}
    for line in read_lines(folder, "index.noun"):
        if not line.startswith(" "):
            fields = line.split()
            senses[fields[0]] = fields[-int(fields[2]) :]
    return senses


def read_imagenet_1k() -> dict[str, int]:
    """WordNet id -> class index, from timm's list, found without importing timm, which would import torch."""
    spec = importlib.util.find_spec("timm")
    if spec is None or not spec.submodule_search_locations:
        raise InputError("timm is not installed: it carries the list of ImageNet-1k's classes")
    listing = Path(spec.submodule_search_locations[0]) / "data" / "_info" / "imagenet_synsets.txt"
    classes = {wnid: index for index, wnid in enumerate(listing.read_text(encoding="ascii").split())}
    if len(classes) != 1000:
        raise InputError(f"{listing} lists {len(classes)} classes; expected the 1,000 of ImageNet-1k")
    return classes


def build_synsets(folder: Path, senses: Senses) -> pa.Table:
    """Read data.noun: `offset file type w_cnt (word lex_id)... p_cnt (symbol offset pos words)... | ...`."""
    lines = [line.partition(" | ")[0].split() for line in read_lines(folder, "data.noun") if line[0] != " "]
    rows = {fields[0]: row for row, fields in enumerate(lines)}
    imagenet = read_imagenet_1k()
    columns: dict[str, list] = {name: [] for name in SYNSETS.names}
    for fields in lines:
        offset, words = fields[0], int(fields[3], 16)
        lemmas = fields[4 : 4 + 2 * words : 2]
        pointers = fields[5 + 2 * words :]
        sense = senses[lemmas[0].lower()].index(offset) + 1
        columns["wnid"].append("n" + offset)
        columns["name"].append(f"{lemmas[0].lower()}.n.{sense:02d}")
        columns["lemmas"].append([lemma.replace("_", " ") for lemma in lemmas])
        columns["hypernyms"].append(
            [
                rows[target]
                for symbol, target in zip(pointers[::4], pointers[1::4], strict=True)
                if symbol in {"@", "@i"}
            ]
        )
        columns["lexicographer_file"].append("noun." + LEXICOGRAPHER_FILES[int(fields[1]) - TOPS])
        columns["imagenet_1k"].append(imagenet.pop("n" + offset, None))
    if imagenet:
        raise InputError(
            f"{folder}/data.noun lacks {len(imagenet)} classes of ImageNet-1k: expected WordNet 3.0's"
        )
    return pa.table(columns, schema=SYNSETS)


def merge_spellings(synsets: pa.Table, senses: Senses) -> pa.Table:
    """Merge lemmas that share a spelling: the one with the fewest characters dropped first, then by alphabet.

    So `chin` means a chin before it means the Ch'in dynasty, and `coop` a coop before a co-op.
    """
    rows = {wnid: row for row, wnid in enumerate(synsets["wnid"].to_pylist())}
    merged: dict[str, dict[int, None]] = {}
    for lemma in sorted(senses, key=lambda lemma: (len(lemma) - len(to_spelling(lemma)), lemma)):
        found = merged.setdefault(to_spelling(lemma), {})
        found.update(dict.fromkeys(rows["n" + offset] for offset in senses[lemma]))
    spellings = sorted(merged)
    return pa.table(
        {"spelling": spellings, "synsets": [list(merged[spelling]) for spelling in spellings]},
        schema=SPELLINGS,
    )


def read_plurals(folder: Path) -> pa.Table:
    """Read noun.exc: `plural singular...`, all as spellings; plurals that become the same one are joined."""
    plurals: dict[str, dict[str, None]] = {}
    for line in read_lines(folder, "noun.exc"):
        plural, *singulars = map(to_spelling, line.split())
        plurals.setdefault(plural, {}).update(dict.fromkeys(singulars))
    ordered = sorted(plurals)
    return pa.table(
        {"plural": ordered, "singulars": [list(plurals[word]) for word in ordered]}, schema=PLURALS
    )


def read_licence(folder: Path) -> str:
    """Return the notice at the head of data.noun, without its line numbers."""
    numbered = [line for line in read_lines(folder, "data.noun") if line.startswith(" ")]
    return "".join(line.strip().partition(" ")[2] + "\n" for line in numbered)


def build(folder: Path, out: Path) -> None:
    """Write the lexicon's files to `out`."""
    senses = read_senses(folder)
    synsets = build_synsets(folder, senses)
    tables = {
        "synsets": synsets,
        "spellings": merge_spellings(synsets, senses),
        "plurals": read_plurals(folder),
    }
    out.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        path = out / f"{name}.parquet"
        # Plain pages under zstd are smaller here than dictionaries of strings that never repeat.
        pq.write_table(table, path, use_dictionary=False, compression="zstd", compression_level=9)
        print(f"{path}: {table.num_rows:,} rows, {path.stat().st_size:,} bytes")
    (out / "LICENSE.wordnet").write_text(read_licence(folder), encoding="ascii")


def main() -> int:
    parser = argparse.ArgumentParser(description="Build the packaged noun lexicon from WordNet's own files.")
    parser.add_argument("folder", type=Path, help="holds index.noun, data.noun and noun.exc, plain or .gz")
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    try:
        build(arguments.folder, arguments.out)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
