"""Labelling: the labels of every image, a counted reason for every post dropped, and noise that is exact."""

import json
import tarfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests import reference_labels as reference
from weakly.corpus.hashtags import compact_posts
from weakly.corpus.hashtags.cache import KnownHashtags
from weakly.corpus.hashtags.extract import Names, extract
from weakly.corpus.options import LabelOptions, PostColumns, VocabOptions
from weakly.corpus.posts.ledger import Ledger
from weakly.corpus.posts.schema import SCHEMA
from weakly.corpus.training_set.build import label_posts
from weakly.corpus.training_set.image_paths import ImagePlaces
from weakly.corpus.training_set.label_noise import LabelNoise
from weakly.corpus.training_set.labeller import Labeller
from weakly.corpus.training_set.training_set import TrainingSet
from weakly.corpus.vocabulary.build import build_vocabulary
from weakly.corpus.vocabulary.select import open_resolver
from weakly.corpus.vocabulary.vocabulary import open_vocabulary
from weakly.errors import InputError


@pytest.fixture(scope="module")
def vocabulary_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """dog (40 posts), cat (20), car (10), brown bear (5), goose (1)."""
    folder = tmp_path_factory.mktemp("vocabulary")
    counts = {"dog": 40, "cat": 20, "car": 10, "brown bear": 5, "goose": 1}
    lines = [
        json.dumps({"hashtags": [name.replace(" ", "")]}) for name, n in counts.items() for _ in range(n)
    ]
    (folder / "posts.jsonl").write_text("\n".join(lines))
    (folder / "list").write_text("\n".join(counts))
    build_vocabulary(
        VocabOptions(posts=(str(folder / "posts.jsonl"),), out=folder / "v", select=str(folder / "list"))
    )
    assert open_vocabulary(folder / "v").names == list(counts)
    return folder / "v"


DOG, CAT, CAR, BEAR, GOOSE = range(5)


def write_posts(path: Path, posts: list[dict[str, object]]) -> str:
    path.write_text("\n".join(map(json.dumps, posts)))
    return str(path)


def write_image(path: Path, size: int = 4) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)
    return path


def read(training_set: TrainingSet) -> dict[str, tuple[str, int, int, list[int]]]:
    rows = {}
    for row in range(len(training_set)):
        path, offset, size = training_set.location(row)
        relative = path.relative_to(training_set.root).as_posix()
        rows[training_set.post_id(row)] = (relative, offset, size, training_set.labels(row).tolist())
    return rows


def test_every_post_is_a_row_or_a_counted_drop(tmp_path: Path, vocabulary_folder: Path) -> None:
    root = tmp_path / "images"
    write_image(root / "a.jpg", 7)
    write_image(root / "deep/b.jpg", 9)
    write_image(root / "empty.jpg", 0)
    write_image(tmp_path / "secret.jpg")
    (root / "folder.jpg").mkdir()
    (root / "inward.jpg").symlink_to(root / "deep" / "b.jpg")
    (root / "outward.jpg").symlink_to(tmp_path / "secret.jpg")
    (root / "way").symlink_to(tmp_path)
    (root / "alias").symlink_to(root / "deep")
    (root / "loop.jpg").symlink_to(root / "loop.jpg")
    images = {
        "kept": "a.jpg",
        "deep": "deep/b.jpg",
        "absolute": str(root / "a.jpg"),
        "there and back": "deep/../a.jpg",
        "by a link": "inward.jpg",
        "by a linked folder": "alias/b.jpg",
        "round": "../images/a.jpg",
        "no image 1": "",
        "image missing 1": "c.jpg",
        "image missing 2": "a.jpg/b.jpg",
        "image missing 3": "nul\0.jpg",
        "image missing 4": "x" * 300 + ".jpg",
        "image missing 5": "loop.jpg",
        "image is empty 1": "empty.jpg",
        "image is not a file 1": "folder.jpg",
        "image is not a file 2": "deep/..",
        "image outside the root 1": "../secret.jpg",
        "image outside the root 2": str(tmp_path / "secret.jpg"),
        "image outside the root 3": "outward.jpg",
        "image outside the root 4": "way/secret.jpg",
        "image outside the root 5": "..",
        "image outside the root 6": str(root) + "-not/a.jpg",
    }
    posts: list[dict[str, object]] = [
        {"post_id": name, "image": image, "hashtags": ["dogs", "Brown_Bear", "dog"]}
        for name, image in images.items()
    ]
    posts += [
        {"post_id": "no hashtag 1", "image": "a.jpg", "hashtags": []},
        {"post_id": "no hashtag 2", "image": "a.jpg", "hashtags": ["1"]},
        {"post_id": "no hashtag in the vocabulary 1", "image": "", "hashtags": ["mouse", "ootd"]},
        {"post_id": "excluded 1", "image": "a.jpg", "hashtags": ["dog"]},
        {"post_id": "excluded 2", "image": "", "hashtags": []},
    ]
    (tmp_path / "ids").write_text("excluded 1\n\n  excluded 2\r\nnobody\n")
    source = write_posts(tmp_path / "posts.jsonl", posts)
    training_set = label_posts(
        LabelOptions(
            posts=(source,),
            vocab=vocabulary_folder,
            out=tmp_path / "t",
            images=root,
            exclude=tmp_path / "ids",
        )
    )
    b, a = ("deep/b.jpg", 0, 9, [DOG, BEAR]), ("a.jpg", 0, 7, [DOG, BEAR])
    assert read(training_set) == {
        "kept": a,
        "deep": b,
        "absolute": a,
        "there and back": a,
        "by a link": b,
        "by a linked folder": b,
        "round": a,
    }
    facts = training_set.manifest.facts
    expected: dict[str, int] = {}
    for post in posts:
        reason = str(post["post_id"]).rpartition(" ")[0]
        if str(post["post_id"])[-1].isdigit():
            expected[reason] = expected.get(reason, 0) + 1
    assert facts["reading"]["dropped"] == expected
    assert facts["reading"]["kept"] == 7 and facts["reading"]["rows_read"] == len(posts)
    assert facts["reading"]["examples"]["image is empty"] == ["post image is empty 1: image empty.jpg"]
    assert facts["excluded_ids"] == {"given": 3, "posts": 2}
    assert training_set.label_counts.tolist() == [7, 0, 0, 7, 0]
    assert training_set.vocabulary.counts.tolist() == [40, 20, 10, 5, 1]


def write_tar(path: Path, posts: dict[str, tuple[bytes, str]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w") as tar:
        for key, (image, caption) in posts.items():
            for name, data in ((f"{key}.jpg", image), (f"{key}.txt", caption.encode())):
                member = tarfile.TarInfo(name)
                member.size = len(data)
                tar.addfile(member, BytesIO(data))
    return path


def test_images_in_tars_are_places_inside_them(tmp_path: Path, vocabulary_folder: Path) -> None:
    one = write_tar(tmp_path / "tars/one.tar", {"1": (b"first", "a #dog"), "2": (b"second!", "#cat #car")})
    write_tar(tmp_path / "tars/two.tar", {"3": (b"third", "#goose"), "4": (b"4", "nothing")})
    options = LabelOptions(posts=(str(tmp_path / "tars/*.tar"),), vocab=vocabulary_folder, out=tmp_path / "t")
    training_set = label_posts(options)
    assert training_set.root == one.parent
    assert [training_set.labels(row).tolist() for row in range(3)] == [[DOG], [CAT, CAR], [GOOSE]]
    for row, image in enumerate([b"first", b"second!", b"third"]):
        path, offset, size = training_set.location(row)
        assert path.read_bytes()[offset : offset + size] == image
    (tmp_path / "elsewhere").mkdir()
    with pytest.raises(InputError, match=r"dropped: 3 image outside the root \(as post .*one.tar\); 1 no"):
        label_posts(
            LabelOptions(
                posts=options.posts,
                vocab=vocabulary_folder,
                out=tmp_path / "u",
                images=tmp_path / "elsewhere",
            )
        )
    assert not (tmp_path / "u").exists()


def test_images_of_tars_that_are_too_small_are_a_counted_drop(
    tmp_path: Path, vocabulary_folder: Path
) -> None:
    def picture(width: int, height: int) -> bytes:
        data = BytesIO()
        Image.new("RGB", (width, height)).save(data, "JPEG")
        return data.getvalue()

    images = {"square": picture(64, 64), "wide": picture(200, 63), "high": picture(63, 200), "odd": b"odd"}
    tar = write_tar(tmp_path / "t.tar", {name: (data, "#dog") for name, data in images.items()})
    options = LabelOptions((str(tar),), vocabulary_folder, tmp_path / "t", min_side=64)
    training_set = label_posts(options)
    # Of what is no image nothing is known: training counts and replaces it.
    assert list(read(training_set)) == ["t.tar/square.jpg", "t.tar/odd.jpg"]
    assert training_set.manifest.facts["reading"]["dropped"] == {"image smaller than --min-side": 2}
    build_vocabulary(VocabOptions((str(tar),), tmp_path / "v"))
    again = label_posts(LabelOptions((), tmp_path / "v", tmp_path / "u", min_side=64))
    assert list(read(again)) == list(read(training_set))


def test_nothing_left_is_an_error_that_says_why(tmp_path: Path, vocabulary_folder: Path) -> None:
    posts = [
        {"post_id": i, "image": f"{i}.jpg", "hashtags": ["dog"] if i < 3 else ["ootd"]} for i in range(5)
    ]
    source = write_posts(tmp_path / "posts.jsonl", posts)
    options = LabelOptions(posts=(source,), vocab=vocabulary_folder, out=tmp_path / "t")
    words = (
        r"^no image is left of 5 posts; dropped: 3 image missing \(as post 0: image 0.jpg\); "
        r"2 no hashtag in the vocabulary \(as post 3: image 3.jpg\); --images, where "
    )
    with pytest.raises(InputError, match=words):
        label_posts(options)
    assert not (tmp_path / "t").exists()
    for changed, words in (
        ({"images": tmp_path / "gone"}, r"gone is no folder: --images names"),
        ({"exclude": tmp_path / "gone"}, r"--exclude .*gone.*expected a text file with a post id a line"),
        ({"noise": 1.5}, r"--noise 1.5: expected a share from 0 to 1"),
        ({"min_side": -5}, r"^--min-side -5: expected 0 or more$"),
        ({"vocab": tmp_path}, r"expected a vocabulary folder: make it with `weakly vocab`"),
    ):
        with pytest.raises(InputError, match=words):
            label_posts(LabelOptions(**{**vars(options), **changed}))


TAGS = "dog Dogs #cat cats CAR brown_bear goose geese mouse ootd 1"
COUNTS = np.array([40, 20, 10, 5, 1])


def batches_of(posts: list[tuple[str, list[str]]], rows: int, image: str) -> list[pa.RecordBatch]:
    table = pa.table(
        {
            "post_id": [post_id for post_id, _ in posts],
            "image": [image for _ in posts],
            "offset": [None for _ in posts],
            **{name: [None for _ in posts] for name in ("size", "width", "height", "author")},
            "caption": [None for _ in posts],
            "hashtags": [tags for _, tags in posts],
        },
        schema=SCHEMA,
    )
    return table.to_batches(max_chunksize=rows)


@settings(max_examples=60, deadline=None)
@given(
    posts=st.lists(
        st.tuples(st.text("ab", min_size=1, max_size=4), st.lists(st.sampled_from(TAGS.split()), max_size=5)),
        min_size=1,
        max_size=12,
    ),
    rows=st.integers(1, 5),
    share=st.sampled_from([0.0, 0.3, 1.0]),
    seed=st.integers(0, 3),
)
def test_labels_and_noise_are_those_of_the_plain_version(
    vocabulary_folder: Path, posts: list[tuple[str, list[str]]], rows: int, share: float, seed: int
) -> None:
    vocabulary = open_vocabulary(vocabulary_folder)
    resolve = open_resolver(vocabulary_folder, vocabulary.label_of_spelling).resolve
    ledger = Ledger()
    labeller = Labeller(
        ImagePlaces(vocabulary_folder),
        LabelNoise(share, seed, vocabulary.counts),
    )
    got = [
        (row["post_id"], row["labels"])
        for batch in batches_of(posts, rows, "vocabulary.parquet")
        for tags in [extract(batch, KnownHashtags(resolve), Names())]
        for row in labeller.label(compact_posts.compact(batch, tags), tags, ledger).to_pylist()
    ]
    own = reference.labels([tags for _, tags in posts], resolve)
    assert got == [
        (post_id, reference.noisy(post_id, labels, share, seed, COUNTS))
        for (post_id, _), labels in zip(posts, own, strict=True)
        if labels
    ]
    assert sum(ledger.dropped.values()) == len(posts) - len(got) == -ledger.kept


def test_noise_is_said_in_the_training_set(tmp_path: Path, vocabulary_folder: Path) -> None:
    write_image(tmp_path / "a.jpg")
    posts = [{"post_id": i, "image": "a.jpg", "hashtags": ["dog", "cat", "goose"]} for i in range(300)]
    source = write_posts(tmp_path / "posts.jsonl", posts)
    options = LabelOptions(posts=(source,), vocab=vocabulary_folder, out=tmp_path / "clean")
    clean = label_posts(options)
    noisy = label_posts(LabelOptions(**{**vars(options), "out": tmp_path / "noisy", "noise": 0.5}))
    again = label_posts(LabelOptions(**{**vars(options), "out": tmp_path / "again", "noise": 0.5}))
    assert clean.fingerprint != noisy.fingerprint == again.fingerprint
    facts = noisy.manifest.facts["noise"]
    assert facts["share"] == 0.5 and facts["labels"] == 900
    assert 370 < facts["replaced"] < 530
    assert noisy.label_counts.sum() == 900 - facts["merged"] and facts["merged"] > 0


def test_columns_of_posts_that_are_not_read_again_are_refused(tmp_path: Path) -> None:
    columns = PostColumns(image="file_name")
    with pytest.raises(InputError, match=r"^--columns\.\*: the vocabulary's posts were read already.*: name"):
        LabelOptions(posts=(), vocab=tmp_path, out=tmp_path / "t", columns=columns)
    LabelOptions(posts=("posts.csv",), vocab=tmp_path, out=tmp_path / "t", columns=columns)
