"""Which spellings may be labels: subtrees, lists of what to include and to exclude, stop-hashtags."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import reference_labels as reference
from weakly.corpus.vocabulary.merge import Candidates, choose
from weakly.corpus.vocabulary.select import NOT_IN_LEXICON, NOT_SELECTED, STOPPED
from weakly.corpus.wordnet.lexicon import EXTENSION_SCHEMA, Lexicon, load
from weakly.errors import InputError

MERGES = ("identical-synsets", "first-sense", "none")


@pytest.fixture(scope="module")
def nouns() -> Lexicon:
    return load()


def listed(folder: Path, *lines: str, name: str = "list") -> Path:
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder / name


def few(folder: Path, lexicon: Lexicon, *lines: str, merge: str = "identical-synsets", **more) -> Candidates:
    return choose(str(listed(folder, *lines, name="few")), merge, lexicon, **more)


def test_under_keeps_what_may_be_an_animal(nouns: Lexicon) -> None:
    animals = choose("nouns", "identical-synsets", nouns, under=["animal.n.01"])
    assert {"dog", "animal", "crane", "ursusarctos"} <= set(animals.spellings)
    assert not {"car", "automobile", "organism", "entity"} & set(animals.spellings)
    assert animals.resolve("cars") == NOT_SELECTED
    assert animals.select == "nouns under:n00015388"
    both = choose("nouns", "identical-synsets", nouns, under=["n00017222", "animal.n.01", "animal.n.01"])
    assert {"dog", "oak"} <= set(both.spellings) and "car" not in both.spellings
    assert both.select == "nouns under:n00015388,n00017222"


def test_under_asks_what_the_label_may_mean(nouns: Lexicon) -> None:
    # The first sense of #crane is the writer Stephen Crane: a label that means him only is no animal.
    animals = choose("nouns", "first-sense", nouns, under=["animal.n.01"])
    assert "dog" in animals.spellings and "crane" not in animals.spellings


def test_under_narrows_every_selection(tmp_path: Path, nouns: Lexicon) -> None:
    classes = choose("imagenet-1k", "none", nouns, under=["dog.n.01"])
    assert {"chihuahua", "pug"} <= set(classes.spellings) and "tench" not in classes.spellings
    chosen = few(tmp_path, nouns, "pug", "tench", "ootd", under=["dog.n.01"])
    assert set(chosen.spellings) == {"pug", "pugdog"}
    assert choose("top:9", "none", nouns, under=["dog.n.01"]).most == 9


def test_a_subtree_in_a_list(tmp_path: Path, nouns: Lexicon) -> None:
    alone = few(tmp_path, nouns, "\ufeffbear.n.01", merge="none")
    assert alone.spellings == ["bear"]
    whole = few(tmp_path, nouns, "n02131653/**", merge="none")
    assert {"bear", "brownbear", "grizzly"} <= set(whole.spellings) and "dog" not in whole.spellings


def test_included_labels_stay_whatever_their_count(tmp_path: Path, nouns: Lexicon) -> None:
    candidates = choose("top:1", "identical-synsets", nouns, include=listed(tmp_path, "bruin", "OOTD"))
    named = {name: i for i, name in enumerate(candidates.keys)}
    assert {candidates.keys[i] for i in np.flatnonzero(candidates.always)} == {"bruin", "ootd"}
    posts = np.zeros(len(named), np.int64)
    posts[[named["dog"], named["cat"], named["bruin"]]] = 9, 8, 2

    def kept(min_count: int) -> set[str]:
        return {candidates.keys[i] for i in np.flatnonzero(candidates.keep(posts, min_count))}

    # Beside the N of top:N, and below --min-count; but not where there is no post to learn from.
    assert kept(9) == kept(1) == {"dog", "bruin"}
    assert kept(10) == {"bruin"}
    assert kept(0) == {"dog", "bruin", "ootd"}
    include = listed(tmp_path, "brown_bear.n.01", "OOTD", "feline.n.01/**", "automobile", "#Dogs")
    animals = few(tmp_path, nouns, "tench", include=include)
    assert {"tench", "bruin", "cat", "ootd", "dog", "auto"} <= set(animals.spellings)
    assert not {"car", "oak"} & set(animals.spellings)
    assert animals.always[animals.label[animals.resolve("ootd")]]
    assert animals.select.startswith("file:") and " include:" in animals.select


def test_keep_takes_the_most_frequent_by_name_where_they_tie(tmp_path: Path, nouns: Lexicon) -> None:
    candidates = choose("top:2", "none", nouns, under=["n02131653"])
    posts = np.zeros(len(candidates.keys), np.int64)
    for name, count in {"grizzly": 3, "bruin": 3, "bear": 3, "brown bear": 5}.items():
        posts[candidates.keys.index(name)] = count
    assert [candidates.keys[i] for i in np.flatnonzero(candidates.keep(posts, 1))] == ["bear", "brown bear"]
    assert [candidates.keys[i] for i in np.flatnonzero(candidates.keep(posts, 4))] == ["brown bear"]


def test_excluded_synsets_take_what_means_nothing_else(tmp_path: Path, nouns: Lexicon) -> None:
    exclude = listed(tmp_path, "person.n.01/**")
    without = choose("nouns", "identical-synsets", nouns, exclude=exclude)
    # A dog, a cat and a lion are persons too, in their third, second and second sense.
    assert {"dog", "cat", "lion", "crane", "model"} <= set(without.spellings)
    assert not {"baker", "chef", "girl", "somebody"} & set(without.spellings)
    assert without.resolve("chefs") == NOT_SELECTED
    # Where labels mean the first sense only, nothing is left of #crane either.
    first = choose("nouns", "first-sense", nouns, exclude=exclude)
    assert "dog" in first.spellings and "crane" not in first.spellings


def test_an_excluded_word_takes_its_whole_label(tmp_path: Path, nouns: Lexicon) -> None:
    exclude = listed(tmp_path, "#Automobiles", "glasses", "ootd", "bear.n.01", "car.n.01")
    lines = ["nouns", "auto", "car", "brown bear", "bear", "glass", "glasses", "ootd", "fitspo"]
    chosen = few(tmp_path, nouns, *lines, exclude=exclude)
    assert set(chosen.spellings) >= {"car", "bear", "brownbear", "glass", "fitspo"}
    assert not {"auto", "automobile", "motorcar", "glasses", "ootd"} & set(chosen.spellings)
    # What is excluded does not come back as the plural of what is not.
    assert chosen.resolve("glasses") == NOT_SELECTED
    assert chosen.resolve("ootd") == NOT_IN_LEXICON
    assert few(tmp_path, nouns, "auto", "dog", exclude=exclude, merge="none").spellings == ["dog"]


def test_exclude_comes_after_include_and_stop_after_all(tmp_path: Path, nouns: Lexicon) -> None:
    include = listed(tmp_path, "fitspo", "ootd", "dog", name="include")
    exclude = listed(tmp_path, "fitspo", name="exclude")
    stop = listed(tmp_path, "#OotD", "dogs", "My_Cat", "cat", name="stop")
    chosen = few(tmp_path, nouns, "tench", include=include, exclude=exclude, stop=stop)
    assert set(chosen.spellings) == {"dog", "ootd", "tench", "tincatinca"}
    assert {chosen.keys[i] for i in np.flatnonzero(chosen.always)} == {"dog", "ootd"}
    stopped = {tag for tag in ("ootd", "oo_td", "dogs", "dog", "mycat", "cat", "cats", "fitspo")
               if chosen.resolve(tag) == STOPPED}  # fmt: skip
    assert stopped == {"ootd", "oo_td", "dogs", "mycat", "cat"}
    assert chosen.resolve("dog") == chosen.spellings.index("dog")
    assert (chosen.resolve("cats"), chosen.resolve("fitspo")) == (NOT_SELECTED, NOT_IN_LEXICON)


def test_the_description_is_of_what_files_mean_and_of_every_option(tmp_path: Path, nouns: Lexicon) -> None:
    a, b = tmp_path / "a", tmp_path / "b"
    a.write_text("brown bear\n#dogs\n")
    b.write_text("\ufeffdog\n\n  Ursus arctos\ndog\n")
    names = ("include", "exclude", "stop")

    def description(**files) -> str:
        return choose("imagenet-1k", "identical-synsets", nouns, **files).select

    for name in names[:2]:
        assert description(**{name: a}) == description(**{name: b})
    assert description(stop=a) != description(stop=b)
    described = [description(), *(description(**{name: a}) for name in names)]
    described += [description(include=a, exclude=a), description(include=listed(tmp_path, "dog"))]
    assert described[0] == "imagenet-1k"
    assert len(set(described)) == len(described)
    # Without new options it is what it always was.
    assert few(tmp_path, nouns, "ursusArctos").select == few(tmp_path, nouns, "#BrownBear").select
    assert few(tmp_path, nouns, "bruin").select.removeprefix("file:").isalnum()
    extension = pa.table({"spelling": ["xyz"], "synsets": [["n02132136"]]}, schema=EXTENSION_SCHEMA)
    extended = choose("nouns", "none", nouns.extended(extension), under=["dog.n.01"])
    assert extended.select == f"nouns under:n02084071 lexicon:{nouns.extended(extension).digest}"


@pytest.mark.parametrize("option", ["select", "include", "exclude", "stop"])
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"dog\n\n#\n", r"list:3: '#' is no "),
        (b" \n", r"list selects nothing: expected a .*hashtag a line"),
        (b"\xff\xfe", r"list cannot be read \(.*decode"),
        (None, r"list cannot be read \(.*No such file|no such selection and no such file"),
    ],
)
def test_a_file_at_fault(tmp_path: Path, nouns: Lexicon, option: str, content: bytes, words: str) -> None:
    if content is not None:
        (tmp_path / "list").write_bytes(content)
    options = {"select": "nouns"} | {option: tmp_path / "list"}
    select = str(options.pop("select"))
    with pytest.raises(InputError, match=words):
        choose(select, "none", nouns, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("brown_baer.n.01", r"no noun synset 'brown_baer.n.01' .*; did you mean brown_bear.n.01\?"),
        ("animals.n.01/**", r"no noun synset 'animals.n.01' .*; did you mean animal.n.01\?"),
        ("run.v.01", r"no noun synset 'run.v.01'"),
        ("n00000001/**", r"no noun synset 'n00000001' .*brown_bear.n.01$"),
    ],
)
def test_a_synset_that_is_none(tmp_path: Path, nouns: Lexicon, line: str, words: str) -> None:
    for option in ("include", "exclude"):
        options: dict = {option: listed(tmp_path, "dog", line)}
        with pytest.raises(InputError, match="list:2: " + words):
            choose("nouns", "none", nouns, **options)
    with pytest.raises(InputError, match="--under: " + words):
        choose("nouns", "none", nouns, under=["dog.n.01", line.removesuffix("/**")])


def test_nothing_left_is_refused(tmp_path: Path, nouns: Lexicon) -> None:
    with pytest.raises(
        InputError, match=r"file:\w+ under:n02084071 selects nothing: check --select, --under"
    ):
        few(tmp_path, nouns, "tench", under=["dog.n.01"])
    with pytest.raises(InputError, match=r"under:n00001740 exclude:\w+ selects nothing"):
        under = ["entity.n.01"]
        choose("nouns", "none", nouns, under=under, exclude=listed(tmp_path, "entity.n.01/**"))


SYNSETS = 7
WORDS = ["ant", "bee", "cow", "doe", "eel", "fox", "owl"]
NAMES = [f"{word}.n.01" for word in WORDS]
LINES = [*NAMES, *(f"{name}/**" for name in NAMES), *WORDS, "#Bees", "곰", "c_o_w", "ootd"]


@st.composite
def lexicons(draw: st.DrawFn) -> Lexicon:
    """Seven synsets under one another, up to three lemmas each; another lexicon may have added to them."""
    lemmas = [draw(st.lists(st.sampled_from(WORDS), unique=True, max_size=3)) for _ in range(SYNSETS)]
    senses: dict[str, tuple[int, ...]] = {}
    for synset in draw(st.permutations(range(SYNSETS))):
        for lemma in lemmas[synset]:
            senses[lemma] = (*senses.get(lemma, ()), synset)
    parents = [draw(st.sets(st.integers(0, s - 1), max_size=2)) if s else set() for s in range(SYNSETS)]
    synsets = pa.table(
        {
            "wnid": [f"n{synset:08d}" for synset in range(SYNSETS)],
            "name": NAMES,
            "lemmas": pa.array(lemmas, pa.list_(pa.string())),
            "hypernyms": pa.array([sorted(own) for own in parents], pa.list_(pa.int32())),
        }
    )
    lexicon = Lexicon(synsets, senses, {})
    more = st.dictionaries(
        st.sampled_from(["곰", "oso", *WORDS]),
        st.lists(st.sampled_from(lexicon.wnids), min_size=1, max_size=3, unique=True),
        max_size=3,
    )
    if added := draw(more):
        columns = {"spelling": list(added), "synsets": list(added.values())}
        return lexicon.extended(pa.table(columns, schema=EXTENSION_SCHEMA))
    return lexicon


lists = st.none() | st.lists(st.sampled_from(LINES), min_size=1, max_size=4)


@settings(max_examples=300)
@given(
    lexicon=lexicons(),
    merge=st.sampled_from(MERGES),
    chosen=st.tuples(lists, lists, lists),
    under=st.lists(st.sampled_from(NAMES), max_size=2),
    stop=st.none()
    | st.lists(st.sampled_from(["bee", "#Bees", "곰", "c_o_w", "ootd"]), min_size=1, max_size=2),
)
def test_any_choice_is_that_of_the_plain_version(
    tmp_path_factory: pytest.TempPathFactory, lexicon: Lexicon, merge: str, chosen, under, stop
) -> None:
    folder = tmp_path_factory.mktemp("any")
    files = [
        None if lines is None else listed(folder, *lines, name=str(i))
        for i, lines in enumerate((*chosen, stop))
    ]
    select = "nouns" if files[0] is None else str(files[0])
    spellings, included = reference.selected(chosen, under, merge, lexicon)
    options = {"under": under, "include": files[1], "exclude": files[2], "stop": files[3]}
    if not spellings:
        with pytest.raises(InputError, match="selects nothing"):
            choose(select, merge, lexicon, **options)
        return
    candidates = choose(select, merge, lexicon, **options)
    assert sorted(candidates.spellings) == sorted(spellings)
    assert (np.diff(candidates.label) >= 0).all()
    together = reference.merged(frozenset(spellings), merge, lexicon)
    groups = [
        frozenset(s for s, label in zip(candidates.spellings, candidates.label, strict=True) if label == i)
        for i in range(len(candidates.keys))
    ]
    assert set(groups) == set(together.values())
    assert [bool(own & included) for own in groups] == candidates.always.tolist()
    assert len(set(candidates.keys)) == len(groups)
    assert all(name in own for name, own in zip(candidates.keys, groups, strict=True))
    stopped = {reference.normal_form(line).replace("_", "") for line in stop or ()}  # type: ignore
    for tag in (*WORDS, "bees", "cows", "곰", "oso", "osos", "c_o_w", "ootd", "o_otd", "zebra"):
        own = tag.replace("_", "")
        spelling = own if own in spellings else lexicon.resolve(tag)
        row = candidates.resolve(tag)
        if own in stopped:
            assert row == STOPPED
        elif spelling is None:
            assert row == NOT_IN_LEXICON
        else:
            assert row == (candidates.spellings.index(spelling) if spelling in spellings else NOT_SELECTED)
