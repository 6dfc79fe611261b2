"""Other lexicons beside WordNet's: what they add, from tables of one's own and from the package `wn`."""

import pickle
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from weakly.corpus.wordnet.lexicon import EXTENSION_SCHEMA, Lexicon, load
from weakly.corpus.wordnet.other_lexicons import Added, extend
from weakly.errors import InputError


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load()


def extension(**synsets: list[str]) -> pa.Table:
    columns = {"spelling": list(synsets), "synsets": list(synsets.values())}
    return pa.table(columns, schema=EXTENSION_SCHEMA)


BEARS = extension(oso=["n02131653"], 곰=["n02131653", "n02132136"], bear=["n02132136", "n02131653"])


def test_another_lexicon_adds_spellings_and_senses(lexicon):
    more = lexicon.extended(BEARS)
    bear, brown_bear = lexicon.find("bear.n.01"), lexicon.find("brown_bear.n.01")
    assert more.spellings["oso"] == (bear,)
    assert more.spellings["곰"] == (bear, brown_bear)
    # Its own senses stay first, and what it has already is not added again.
    assert lexicon.spellings["bear"] == (bear, lexicon.find("bear.n.02"))
    assert more.spellings["bear"] == (*lexicon.spellings["bear"], brown_bear)
    assert set(more.spellings_of(bear)) >= {"bear", "oso", "곰"}
    assert set(lexicon.spellings_of(brown_bear)) == {"brownbear", "bruin", "ursusarctos"}
    assert set(more.spellings_of(brown_bear)) == {"brownbear", "bruin", "ursusarctos", "곰", "bear"}
    assert [more.resolve(tag) for tag in ("oso", "osos", "곰", "Os_o")] == ["oso", "oso", "곰", "oso"]
    assert "oso" not in lexicon.spellings and lexicon.extension is None
    with pytest.raises(InputError, match="no noun synset 'n99999999'"):
        lexicon.extended(extension(oso=["n99999999"]))


def test_a_lexicon_extended_twice_can_be_made_again_from_what_it_holds(lexicon):
    twice = lexicon.extended(BEARS).extended(extension(oso=["n02084071"], perro=["n02084071"]))
    assert [lexicon.wnids[synset] for synset in twice.spellings["oso"]] == ["n02131653", "n02084071"]
    assert "perro" in twice.spellings_of(lexicon.find("dog.n.01"))
    again = lexicon.extended(twice.extension)
    assert again.spellings == twice.spellings and again.digest == twice.digest


def test_the_digest_is_of_what_was_added(lexicon):
    assert lexicon.digest is None
    others = (BEARS, BEARS.slice(0, 2), extension(oso=["n02084071"]), extension(osa=["n02131653"]))
    reordered = extension(
        **dict(zip(BEARS["spelling"].to_pylist(), reversed([*BEARS["synsets"].to_pylist()]), strict=True))
    )
    digests = {lexicon.extended(table).digest for table in (*others, reordered)}
    assert None not in digests and len(digests) == 5
    assert lexicon.extended(BEARS).digest == lexicon.extended(BEARS.combine_chunks()).digest


def test_lexicons_are_pickled_small(lexicon):
    assert pickle.loads(pickle.dumps(lexicon)) is lexicon
    more = lexicon.extended(BEARS)
    assert len(more.names) == 82_115
    pickled = pickle.dumps(more)
    again = pickle.loads(pickled)
    assert len(pickled) < 2_000
    assert again.spellings == more.spellings and again.base is lexicon and again.digest == more.digest
    own = Lexicon(lexicon.synsets.slice(0, 2), {"hund": (0,)}, {})
    again = pickle.loads(pickle.dumps(own))
    assert again.spellings == own.spellings and again.wnids == own.wnids
    assert pickle.loads(pickle.dumps(own.extended(extension(hund=own.wnids)))).spellings["hund"] == (0, 1)


ROWS = [
    ("oso pardo", "n02132136"),
    ("곰", "bear.n.01"),
    ("곰", "brown_bear.n.01"),
    ("Bear", "n02131653"),
    ("曲奇", " cookie.n.01 "),
    ("bear", "n02132136"),
    ("O-so_Pardo", "brown_bear.n.01"),
    ("№ 5!", "bear.n.01"),
    ("123", "bear.n.01"),
]
ADDED = {
    "곰": ["n02131653", "n02132136"],
    "bear": ["n02132136"],
    "osopardo": ["n02132136"],
    "曲奇": ["n07635155"],
}


def table(path: Path, rows: list[tuple[str, str]] = ROWS) -> str:
    if path.suffix == ".parquet":
        spellings, synsets = zip(*rows, strict=True)
        pq.write_table(pa.table({"note": spellings, "synset": synsets, "spelling": spellings}), path)
    else:
        # In .csv a quoted field may hold a comma; in .tsv a quotation mark is one.
        comma, note = ("\t", '"x') if path.suffix == ".tsv" else (",", '"x,y"')
        lines = [("spelling", "note", "synset"), *((spelling, note, synset) for spelling, synset in rows)]
        path.write_text("\n".join(map(comma.join, lines)), encoding="utf-8-sig")
    return str(path)


def additions(lexicon: Lexicon) -> dict[str, list[str]]:
    assert lexicon.extension is not None
    return dict(zip(*(lexicon.extension[name].to_pylist() for name in ("spelling", "synsets")), strict=True))


@pytest.mark.parametrize("name", ["words.csv", "words.tsv", "words.parquet"])
def test_a_table_adds_spellings_and_senses(tmp_path: Path, lexicon: Lexicon, name: str) -> None:
    more, facts = extend(lexicon, [table(tmp_path / name)])
    assert additions(more) == ADDED and list(additions(more)) == sorted(ADDED)
    assert more.extension is not None and more.extension.schema.equals(EXTENSION_SCHEMA)
    path = str(tmp_path / name)
    assert facts == [Added(path, entries=9, added=5, known=2, unmapped=0, no_hashtag=2)]
    assert facts[0].describe() == f"{path}: 5 of 9 entries added, 2 known, 2 no hashtag"
    assert more.resolve("oso_pardo") == "osopardo" and more.resolve("곰") == "곰"


def test_sources_add_in_the_order_given(tmp_path: Path, lexicon: Lexicon) -> None:
    one = table(tmp_path / "one.tsv", [("oso", "bear.n.01"), ("dog", "dog.n.01")])
    two = table(tmp_path / "two.tsv", [("oso", "brown_bear.n.01"), ("oso", "bear.n.01")])
    both, facts = extend(lexicon, [one, two])
    assert additions(both) == {"oso": ["n02131653", "n02132136"]}
    assert [(f.added, f.known) for f in facts] == [(1, 1), (1, 1)]
    assert additions(extend(lexicon, [two, one])[0]) == {"oso": ["n02132136", "n02131653"]}


def test_nothing_new_leaves_the_lexicon_as_it_is(tmp_path: Path, lexicon: Lexicon) -> None:
    assert extend(lexicon, []) == (lexicon, [])
    known, facts = extend(lexicon, [table(tmp_path / "known.csv", [("Dog", "dog.n.01")])])
    assert known is lexicon and facts[0].known == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("oso\tbear.n.01\n", r"words.tsv has the columns oso, bear.n.01: expected the columns spelling and "),
        ("", r"words.tsv has the columns none: expected"),
        ("spelling\tsynset\noso\tbear.n.01\nperro\tdog.n.99\nx\n",
         r"words.tsv:3: no noun synset 'dog.n.99' .*; did you mean dog.n.01\? \(and 1 more at fault\)$"),
        ("spelling\tsynset\n\noso\n", r"words.tsv:3: expected a spelling and a synset$"),
        ("spelling\tsynset\n\tbear.n.01\n", r"words.tsv:2: expected a spelling and a synset$"),
        ("spelling\tsynset\nrun\trun.v.01\n", r"words.tsv:2: no noun synset 'run.v.01'"),
        ("spelling\tsynset\n!\tdog.n.01\n", r"0 of 1 entries added, 1 no hashtag: expected nouns"),
        ("spelling\tsynset\n", r"0 of 0 entries added: expected nouns"),
        (b"\xff\xfe", r"words.tsv cannot be read \(.*decode"),
        (None, r"words.tsv cannot be read \(.*No such file"),
    ],
)  # fmt: skip
def test_a_table_at_fault(tmp_path: Path, lexicon: Lexicon, content: str | bytes | None, words: str) -> None:
    path = tmp_path / "words.tsv"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match=words):
        extend(lexicon, [str(path)])


def test_other_files_at_fault(tmp_path: Path, lexicon: Lexicon) -> None:
    (tmp_path / "not.parquet").write_text("spelling,synset\n")
    with pytest.raises(InputError, match=r"not.parquet cannot be read"):
        extend(lexicon, [str(tmp_path / "not.parquet")])
    nulls = pa.table({"spelling": ["a", None], "synset": pa.array([None, "dog.n.01"], pa.string())})
    pq.write_table(nulls, tmp_path / "null.parquet")
    with pytest.raises(InputError, match=r"null.parquet row 1: expected a spelling .*\(and 1 more at fault"):
        extend(lexicon, [str(tmp_path / "null.parquet")])
    pq.write_table(nulls.drop_columns("synset"), tmp_path / "less.parquet")
    with pytest.raises(InputError, match=r"less.parquet has the columns spelling: expected the columns"):
        extend(lexicon, [str(tmp_path / "less.parquet")])
    (tmp_path / "quote.csv").write_text('spelling,synset\n"oso"x,bear.n.01\n')
    with pytest.raises(InputError, match=r"quote.csv cannot be read"):
        extend(lexicon, [str(tmp_path / "quote.csv")])
    for source in ("omw-es", "words.txt", ""):
        with pytest.raises(
            InputError, match=r"no lexicon; expected a .tsv, .csv or .parquet file .*, or wn:"
        ):
            extend(lexicon, [source])


SENSES = {
    "oso": ["02131653-n"],
    "oso pardo": ["02132136-n"],
    "kissa": ["02121620-n", "02120997-n"],
    "bear": ["02132136-n"],
    "99": ["02132136-n"],
    "nada": ["00000002-n"],
    "correr": ["02092002-v"],
}
ILI = {"02131653-n": "i1", "02132136-n": "i2", "02121620-n": "i3", "02120997-n": "i4", "00000002-n": "i9"}
Install = Callable[..., None]


def wordnet_xml(name: str, senses: dict[str, list[str]], rename: Callable[[str], str]) -> str:
    """A WN-LMF lexicon; `rename` makes its own ids out of WordNet's."""
    synsets = sorted({synset for own in senses.values() for synset in own})
    entries = "".join(
        f'<LexicalEntry id="{name}-{i}"><Lemma writtenForm="{word}" partOfSpeech="{own[0][-1]}"/>'
        '<Form writtenForm="root"/>'
        + "".join(f'<Sense id="{name}-{i}-{s}" synset="{name}-{rename(s)}"/>' for s in own)
        + "</LexicalEntry>"
        for i, (word, own) in enumerate(senses.items())
    )
    rows = "".join(
        f'<Synset id="{name}-{rename(s)}" ili="{ILI.get(s, "")}" partOfSpeech="{s[-1]}"/>' for s in synsets
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE LexicalResource SYSTEM '
        '"http://globalwordnet.github.io/schemas/WN-LMF-1.1.dtd">\n<LexicalResource>'
        f'<Lexicon id="{name}" label="{name}" language="es" email="a@b.c" license="none" version="1.4">'
        f"{entries}{rows}</Lexicon></LexicalResource>"
    )


@pytest.fixture
def install(tmp_path: Path) -> Iterator[Install]:
    """Adds lexicons to a database of `wn` in the test's folder."""
    wn = pytest.importorskip("wn", reason="the package wn is not installed: pip install 'weakly[wordnets]'")
    before = wn.config.data_directory
    wn.config.data_directory = tmp_path / "wn"

    def add(name: str, senses: dict[str, list[str]], rename: Callable[[str], str] = str) -> None:
        path = tmp_path / f"{name}.xml"
        path.write_text(wordnet_xml(name, senses, rename), encoding="utf-8")
        wn.add(path, progress_handler=None)

    yield add
    wn.reset_database()  # closes it too
    wn.config.data_directory = before


BY_WN = {
    "bear": ["n02132136"],
    "kissa": ["n02121620", "n02120997"],
    "oso": ["n02131653"],
    "osopardo": ["n02132136"],
}


@pytest.mark.parametrize("source", ["wn:omw-tst", "wn:omw-tst:1.4"])
def test_synsets_of_the_multilingual_wordnet_are_named_by_offsets(
    install: Install, lexicon: Lexicon, source: str
) -> None:
    install("omw-tst", SENSES)
    more, facts = extend(lexicon, [source])
    assert additions(more) == BY_WN
    assert facts == [Added("wn:omw-tst:1.4", entries=7, added=5, known=0, unmapped=1, no_hashtag=1)]


@pytest.mark.parametrize("name", ["odd", "omw-en31"])
def test_other_wordnets_are_mapped_by_the_interlingual_index(
    install: Install, lexicon: Lexicon, name: str
) -> None:
    # Their ids may look like offsets of WordNet 3.0, and be another's: these would all be a dog.
    install(
        name,
        SENSES,
        lambda synset: f"0208407{'23456789'[sorted(ILI).index(synset)]}-n" if synset in ILI else synset,
    )
    with pytest.raises(
        InputError, match=r"0 of 7 entries added, 7 unmapped: .*; python -m wn download omw-en:1.4"
    ):
        extend(lexicon, [f"wn:{name}"])
    install("omw-en", {"bears": list(ILI)[:4], "run": ["02092002-v"]})
    more, facts = extend(lexicon, [f"wn:{name}"])
    assert additions(more) == BY_WN
    assert facts[0] == Added(f"wn:{name}:1.4", entries=7, added=5, known=0, unmapped=1, no_hashtag=1)


def test_a_wordnet_that_is_not_there_names_the_cure(
    install: Install, lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputError, match=r"wn:omw-es:1.4: no lexicon .*: python -m wn download omw-es:1.4$"):
        extend(lexicon, ["wn:omw-es:1.4"])
    install("omw-tst", SENSES)
    install("omw-tsu", SENSES)
    with pytest.raises(InputError, match=r"wn:omw-ts\* is 2 lexicons: expected one"):
        extend(lexicon, ["wn:omw-ts*"])
    monkeypatch.setitem(sys.modules, "wn", None)
    with pytest.raises(
        InputError, match=r"wn:omw-tst needs the package wn: pip install 'weakly\[wordnets\]'"
    ):
        extend(lexicon, ["wn:omw-tst"])
