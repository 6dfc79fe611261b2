import json

from weakly.corpus.posts.ledger import Ledger


def filled(read: int, kept: int) -> Ledger:
    ledger = Ledger(rows_read=read, kept=kept, files={f"{read}.csv": 1000})
    for i in range(read - kept):
        ledger.drop("malformed JSON", 1, f"a:{i} why")
    return ledger


def test_three_examples_are_kept_of_each_reason() -> None:
    ledger = filled(7, 2)
    ledger.drop("no image", 40)
    assert ledger.dropped == {"malformed JSON": 5, "no image": 40}
    assert ledger.examples == {"malformed JSON": ["a:0 why", "a:1 why", "a:2 why"], "no image": []}


def test_merging_adds_everything() -> None:
    ledger, other = filled(7, 5), filled(30, 20)
    other.fault("cut short", "b.gz half")
    ledger.merge(other)
    assert (ledger.rows_read, ledger.kept, ledger.dropped["malformed JSON"]) == (37, 25, 12)
    assert ledger.examples["malformed JSON"] == ["a:0 why", "a:1 why", "a:0 why"]
    assert ledger.files == {"7.csv": 1000, "30.csv": 1000}
    assert ledger.faults == {"cut short": ["b.gz half"]}
    assert other.examples["malformed JSON"] == ["a:0 why", "a:1 why", "a:2 why"]


def test_the_mapping_is_json_with_the_commonest_reason_first() -> None:
    ledger = filled(3, 2)
    ledger.drop("no image", 4, "x")
    found = json.loads(json.dumps(ledger.as_dict()))
    assert list(found["dropped"].items()) == [("no image", 4), ("malformed JSON", 1)]
    assert list(found["examples"]) == ["no image", "malformed JSON"]
    assert (found["rows_read"], found["kept"], found["files"], found["faults"]) == (3, 2, {"3.csv": 1000}, {})


def test_the_description_is_plain_lines_whatever_the_examples_hold() -> None:
    ledger = filled(1201, 1200)
    ledger.drop("odd", 2, "a\nb\x00\ud800" + "c" * 5000)
    ledger.fault("empty", "e.csv")
    lines = ledger.describe()
    assert lines[0] == "1 file (0.0 MB), 1,201 posts read, 1,200 kept, 3 dropped"
    assert lines[1:3] == ["  2 dropped: odd", "    a\\nb\\x00\\ud800" + "c" * (297 - 14) + "..."]
    assert lines[3:] == ["  1 dropped: malformed JSON", "    a:0 why", "  1 file empty", "    e.csv"]
    assert all(line.isprintable() for line in lines)
