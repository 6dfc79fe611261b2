import pytest

from weakly.corpus.options import PostColumns
from weakly.corpus.posts.columns import SeenKeys, require_columns
from weakly.errors import InputError


def message(found: list[str], columns: PostColumns) -> str:
    with pytest.raises(InputError) as error:
        require_columns("p.csv", found, columns)
    return str(error.value)


def test_a_caption_or_hashtags_will_do() -> None:
    require_columns("p.csv", ["caption"], PostColumns())
    require_columns("p.csv", ["hashtags", "other"], PostColumns())
    require_columns("p.csv", ["txt"], PostColumns(caption="txt"))


def test_a_missing_column_is_answered_with_those_found_and_the_flag() -> None:
    assert message(["id", "Captions", "url"], PostColumns()) == (
        "p.csv has neither a column 'caption' nor 'hashtags'; it has 'id', 'Captions', 'url': give "
        "--columns.caption 'Captions' or --columns.hashtags NAME"
    )
    assert message(["uid", "caption"], PostColumns(post_id="user_id")) == (
        "p.csv has no column 'user_id'; it has 'uid', 'caption': give --columns.post-id 'uid'"
    )


def test_a_column_asked_for_must_be_there_even_beside_another() -> None:
    assert "no column 'tags'" in message(["caption"], PostColumns(hashtags="tags"))
    assert "no column 'path'" in message(["caption"], PostColumns(image="path"))
    require_columns("p.tar", ["caption"], PostColumns(image=""))


def test_long_lists_of_columns_are_cut() -> None:
    text = message([f"column{i}" for i in range(500)], PostColumns())
    assert "'column19' and 480 more" in text


def test_keys_of_objects_may_come_late_but_not_never() -> None:
    seen = SeenKeys(PostColumns(caption="text"))
    seen.require("before any object")
    seen.see(["post_id", "hashtags"])
    with pytest.raises(InputError, match="no column 'text'"):
        seen.require("p.jsonl")
    seen.see(["text"])
    seen.require("p.jsonl")
    seen.see(["other"])
    seen.require("p.jsonl")


def test_objects_with_endless_keys_are_not_all_remembered() -> None:
    seen = SeenKeys(PostColumns())
    for i in range(3000):
        seen.see([f"key{i}"])
    with pytest.raises(InputError, match="and 980 more"):
        seen.require("p.jsonl")
    seen.see(["hashtags"])
    seen.require("p.jsonl")


def test_a_column_may_be_without_a_name() -> None:
    require_columns("p.csv", ["", "caption"], PostColumns(hashtags="", image="", post_id=""))
    with pytest.raises(InputError, match=r"neither a column 'caption' nor '';.*give --columns.caption NAME$"):
        require_columns("p.csv", ["", "hashtags"], PostColumns(hashtags=""))
    seen = SeenKeys(PostColumns(hashtags=""))
    seen.see(["", "hashtags"])
    with pytest.raises(InputError, match="neither a column 'caption'"):
        seen.require("p.jsonl")
    with pytest.raises(InputError, match=r"--columns\.caption and --columns\.hashtags name no column"):
        PostColumns(caption="", hashtags="")
