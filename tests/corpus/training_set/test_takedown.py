"""Posts taken out of a finished training set: the rest stays as it was, under another fingerprint."""

import json
from pathlib import Path

import pytest

from weakly.corpus.options import LabelOptions, TakedownOptions, VocabOptions
from weakly.corpus.posts import units
from weakly.corpus.training_set.build import label_posts
from weakly.corpus.training_set.takedown import take_down
from weakly.corpus.training_set.training_set import TrainingSet
from weakly.corpus.vocabulary.build import build_vocabulary
from weakly.errors import InputError


def rows(training_set: TrainingSet) -> list[tuple[str, Path, list[int]]]:
    return [
        (training_set.post_id(i), training_set.location(i)[0], training_set.labels(i).tolist())
        for i in range(len(training_set))
    ]


@pytest.fixture
def before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TrainingSet:
    monkeypatch.setattr(units, "UNIT_BYTES", 400)
    posts = []
    for i in range(40):
        (tmp_path / f"{i}.jpg").write_bytes(b"x")
        posts.append({"post_id": f"p{i}", "image": f"{i}.jpg", "hashtags": ["dog", "cat"][: 1 + i % 2]})
    posts.append({"post_id": "without", "image": "0.jpg"})
    (tmp_path / "posts.jsonl").write_text("\n".join(map(json.dumps, posts)))
    build_vocabulary(VocabOptions(posts=(str(tmp_path / "posts.jsonl"),), out=tmp_path / "v"))
    return label_posts(LabelOptions(posts=(), vocab=tmp_path / "v", out=tmp_path / "t"))


def test_posts_named_are_gone_and_all_else_stays(tmp_path: Path, before: TrainingSet) -> None:
    assert len(before.manifest.facts["rows_a_part"]) > 3
    (tmp_path / "ids").write_text("p3\n\np39\nnobody\np4\n")
    (tmp_path / "posts.jsonl").unlink()
    after = take_down(TakedownOptions(before.folder, tmp_path / "ids", tmp_path / "after"))
    assert rows(after) == [row for row in rows(before) if row[0] not in ("p3", "p4", "p39")]
    assert after.fingerprint != before.fingerprint
    assert after.manifest.inputs["training_set"] == before.fingerprint
    assert after.label_counts.sum() == before.label_counts.sum() - 2 - 2 - 1
    reading = after.manifest.facts["reading"]
    assert reading["dropped"] == {"taken down": 3, "no hashtag": 1}
    assert reading["rows_read"] == reading["kept"] + 4 == 41
    assert reading["examples"]["taken down"] == ["post p3", "post p4", "post p39"]
    again = take_down(TakedownOptions(before.folder, tmp_path / "ids", tmp_path / "again"))
    assert again.fingerprint == after.fingerprint


def test_ids_are_compared_without_white_space_and_those_not_found_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(units, "UNIT_BYTES", 100)
    posts = [{"post_id": f" {i} ", "image": "0.jpg", "hashtags": ["dog"]} for i in range(9)]
    (tmp_path / "posts.jsonl").write_text("\n".join(map(json.dumps, posts)))
    (tmp_path / "0.jpg").write_bytes(b"x")
    (tmp_path / "ids").write_text("  2\n999\n5 \nnobody\n")
    build_vocabulary(VocabOptions(posts=(str(tmp_path / "posts.jsonl"),), out=tmp_path / "v"))
    whole = label_posts(LabelOptions(posts=(), vocab=tmp_path / "v", out=tmp_path / "t"))
    capsys.readouterr()
    missing = f"of 4 ids in {tmp_path / 'ids'}, 2 named no post: '999', 'nobody'"
    after = take_down(TakedownOptions(whole.folder, tmp_path / "ids", tmp_path / "after"))
    assert missing in capsys.readouterr().out.splitlines()
    labelled = label_posts(
        LabelOptions(posts=(), vocab=tmp_path / "v", out=tmp_path / "u", exclude=tmp_path / "ids")
    )
    assert missing in capsys.readouterr().out.splitlines()
    assert rows(after) == rows(labelled) == [row for row in rows(whole) if row[0] not in (" 2 ", " 5 ")]


def test_a_list_that_takes_nothing_or_all_is_refused(tmp_path: Path, before: TrainingSet) -> None:
    (tmp_path / "ids").write_text("nobody\n")
    with pytest.raises(InputError, match=r"none of 1 id in .*ids is a post of .*: expected post ids"):
        take_down(TakedownOptions(before.folder, tmp_path / "ids", tmp_path / "after"))
    (tmp_path / "ids").write_text("\n".join(f"p{i}" for i in range(40)))
    with pytest.raises(InputError, match="names every post of .*: no image is left"):
        take_down(TakedownOptions(before.folder, tmp_path / "ids", tmp_path / "after"))
    with pytest.raises(InputError, match=r"--ids .*gone.*expected a text file with a post id a line"):
        take_down(TakedownOptions(before.folder, tmp_path / "gone", tmp_path / "after"))
    assert not (tmp_path / "after").exists()
