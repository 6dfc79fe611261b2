from dataclasses import replace
from pathlib import Path

import pytest

from tests.reference_transfer import naive_features
from tests.transfer.conftest import COLOURS, LABELS, draw, write_run
from weakly.errors import InputError
from weakly.images.decode import decode
from weakly.training.checkpoint import load_pretrained
from weakly.transfer.options import TagOptions
from weakly.transfer.tag import tag, tag_photos


@pytest.fixture
def trip(tmp_path: Path) -> Path:
    """A folder of photos, one of them below, and a file that is none."""
    folder = tmp_path / "trip"
    (folder / "day").mkdir(parents=True)
    for place, name in enumerate(["b.jpg", "a.png", "day/c.PNG"]):
        draw(list(COLOURS.values())[place], place).save(folder / name)
    (folder / "notes.txt").write_text("x")
    return folder


def options(run: Path, *photos: Path | str, top: int = 5) -> TagOptions:
    return TagOptions(run=run, photos=tuple(map(str, photos)), top=top, device="cpu")


def test_labels_are_the_heads_in_order_of_probability(run: Path, trip: Path) -> None:
    pretrained = load_pretrained(run)
    features = naive_features(pretrained.trunk, pretrained.transform, [decode((trip / "b.jpg").read_bytes())])
    shares = pretrained.head(features)[0].softmax(0)
    (photo,) = tag_photos(options(run, trip / "b.jpg", top=7))
    assert photo.path == trip / "b.jpg"
    assert photo.error is None
    assert [name for name, _ in photo.labels] == [LABELS[i] for i in shares.argsort(descending=True)]
    assert [share for _, share in photo.labels] == pytest.approx(
        shares.sort(descending=True).values.tolist(), rel=1e-3
    )
    assert sum(share for _, share in photo.labels) == pytest.approx(1.0)
    (short,) = tag_photos(options(run, trip / "b.jpg", top=2))
    assert short.labels == photo.labels[:2]


def test_a_head_of_sigmoids_gives_each_label_its_own_probability(tmp_path: Path, trip: Path) -> None:
    run = write_run(tmp_path / "run", loss="sigmoid")
    pretrained = load_pretrained(run)
    features = naive_features(pretrained.trunk, pretrained.transform, [decode((trip / "b.jpg").read_bytes())])
    own = pretrained.head(features)[0].sigmoid()
    (photo,) = tag_photos(options(run, trip / "b.jpg", top=1))
    assert photo.labels[0][1] == pytest.approx(float(own.max().detach()), rel=1e-3)


def test_folders_and_patterns_stand_for_their_photos_in_order(run: Path, trip: Path) -> None:
    everything = [trip / "a.png", trip / "b.jpg", trip / "day" / "c.PNG"]
    assert [photo.path for photo in tag_photos(options(run, trip))] == everything
    assert [photo.path for photo in tag_photos(options(run, f"{trip}/*.???"))] == [
        trip / "a.png",
        trip / "b.jpg",
        trip / "notes.txt",
    ]
    assert [photo.path for photo in tag_photos(options(run, f"{trip}/**/*.PNG"))] == everything[2:]
    odd = trip / "[x].png"
    draw((1, 2, 3), 0).save(odd)
    assert next(tag_photos(options(run, odd))).labels


def test_batches_do_not_show(run: Path, trip: Path) -> None:
    (trip / "aa.png").write_text("not an image")
    whole = list(tag_photos(options(run, trip)))
    single = list(tag_photos(replace(options(run, trip), batch=1)))
    assert [photo.path for photo in whole] == [photo.path for photo in single]
    for one, other in zip(whole, single, strict=True):
        assert [name for name, _ in one.labels] == [name for name, _ in other.labels]
        assert one.error == other.error


def test_a_photo_that_cannot_be_read_is_said_and_the_others_are_tagged(
    run: Path, trip: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = options(run, trip / "none.jpg", trip / "notes.txt", trip / "a.png", f"{trip}/*.gif", top=1)
    missing, text, good, pattern = tag_photos(asked)
    assert missing.error == "missing: No such file or directory"
    assert text.error is not None and text.error.startswith("not an image")
    assert pattern.error == "the pattern matches no file"
    assert good.labels
    with pytest.raises(InputError, match="3 of 4 photos could not be read"):
        tag(asked)
    printed = capsys.readouterr()
    assert printed.out.splitlines() == [
        str(trip / "a.png"),
        f"  {good.labels[0][1]:6.1%}  {good.labels[0][0]}",
    ]
    assert printed.err.splitlines() == [
        f"{trip / 'none.jpg'}: missing: No such file or directory",
        f"{trip / 'notes.txt'}: {text.error}",
        f"{trip}/*.gif: the pattern matches no file",
    ]


def test_where_all_can_be_read_nothing_is_raised(run: Path, trip: Path) -> None:
    assert [photo.error for photo in tag(options(run, trip))] == [None] * 3


def test_an_empty_folder_is_said(run: Path, tmp_path: Path) -> None:
    (photo,) = tag_photos(options(run, tmp_path))
    assert photo.error == "the folder holds no image"


def test_bad_options_are_refused(run: Path, trip: Path) -> None:
    with pytest.raises(InputError, match="no photo is named"):
        tag(options(run))
    with pytest.raises(InputError, match="--top 0: expected 1 or more"):
        tag(options(run, trip, top=0))
    with pytest.raises(InputError, match="holds no checkpoint"):
        tag(options(trip, trip))
