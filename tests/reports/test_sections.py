from pathlib import Path

import numpy as np
import pytest

from tests.conftest import write_training_set
from tests.reference_reports import label_images
from weakly.corpus.training_set.training_set import open_training_set
from weakly.corpus.vocabulary.vocabulary import Label, Vocabulary
from weakly.reports.comparison import Comparison, compare
from weakly.reports.page import code
from weakly.reports.runs import Missing, Story, read_stories
from weakly.reports.sections.answer import sentence, summary
from weakly.reports.sections.drops import label_bars
from weakly.reports.sections.probe import class_table
from weakly.reports.sections.resampling import bands, meaning, repetition
from weakly.sampling.plan import SamplingPlan
from weakly.sampling.resampling import parse_rule
from weakly.transfer.results import Result


def result(value: float, **changes: object) -> Result:
    known = {
        "task": "birds", "protocol": "probe", "metric": "top-1", "n": 400, "seed": 0, "checkpoint": "c",
        "images_seen": 1000, "untrained": False, "config": "a", "seconds": 1.0, "machine": {}, "details": {},
    }  # fmt: skip
    return Result(value=value, **{**known, **changes})  # pyright: ignore[reportArgumentType]


def story(*results: Result, name: str = "run") -> Story:
    gone = Missing("gone")
    return Story(name, Path(name), None, [], gone, gone, gone, gone, list(results))  # pyright: ignore[reportArgumentType]


def test_only_what_was_measured_alike_is_compared() -> None:
    before = {"untrained": True, "images_seen": 0}
    found = compare(
        [
            story(
                result(0.5, images_seen=1000),
                result(0.6, images_seen=3000),
                result(0.55, images_seen=2000),
                result(0.3, **before),
                result(0.7, task="boats", config="b"),
                result(0.2, task="boats", config="c", **before),
            ),
            story(result(0.8), name="second"),
        ]
    )
    told = [
        (c.run, c.target, c.trained and c.trained.value, c.untrained and c.untrained.value) for c in found
    ]
    assert told == [
        ("run", "birds", 0.6, 0.3),
        ("second", "birds", 0.8, None),
        ("run", "boats", 0.7, None),
        ("run", "boats", None, 0.2),
    ]
    assert found[0].difference == pytest.approx(0.3)
    assert found[1].difference is None
    assert found[1].interval is None


def test_several_seeds_are_told_apart() -> None:
    found = compare([story(result(0.5, seed=0), result(0.6, seed=1, config="b"))])
    assert [comparison.target for comparison in found] == ["birds, seed 0", "birds, seed 1"]


def comparison(after: float | None, before: float | None) -> Comparison:
    trained, untrained = (None if value is None else result(value) for value in (after, before))
    return Comparison("run", 0, "birds", "probe", "top-1", trained, untrained)


@pytest.mark.parametrize(
    ("after", "before", "said"),
    [
        (0.7, 0.3, "Pretraining brought +40.0 points"),
        (0.3, 0.7, "Pretraining cost \N{MINUS SIGN}40.0 points"),
        (0.5, 0.49, "This test cannot tell the two apart: +1.0 points"),
        (0.5, None, "what pretraining brought is unknown"),
        (None, 0.5, "the pretrained one has not been measured there"),
    ],
)
def test_a_sentence_claims_what_the_interval_bears(
    after: float | None, before: float | None, said: str
) -> None:
    assert said in sentence(comparison(after, before), several=False)


def test_many_comparisons_are_counted() -> None:
    pairs = [(0.7, 0.3), (0.8, 0.3), (0.3, 0.7), (0.5, 0.5), (0.5, None)]
    many = [comparison(after, before) for after, before in pairs]
    assert "ahead in 2 and behind in 1 by more than chance explains, and 1 cannot be told apart; 1 lack" in (
        summary(many)
    )


def test_classes_of_one_side_or_of_none() -> None:
    known = {"per_class": {"owl": 0.5, "heron": None}}
    one = Comparison("run", 0, "birds", "probe", "top-1", result(0.5, details=known), None)
    table = class_table(one)
    assert table is not None
    assert [(row.name, row.trained, row.untrained) for row in table.rows] == [
        ("owl", 0.5, None),
        ("heron", None, None),
    ]
    assert not table.compared
    assert class_table(comparison(0.5, 0.4)) is None


@pytest.mark.parametrize("rule", ["natural", "sqrt", "uniform:60", "capped:30"])
def test_resampled_counts_are_sums_of_factors(colour_set: Path, rule: str) -> None:
    training_set = open_training_set(colour_set)
    plan = SamplingPlan.build(training_set, parse_rule(rule), 0)
    found = repetition(training_set, plan)
    rows = [training_set.labels(row).tolist() for row in range(len(training_set))]
    factors = np.diff(plan.cumulative.astype(np.float64), prepend=0) / 2**24
    assert found.counts == pytest.approx(label_images(rows, factors, 5))
    assert found.least == pytest.approx(factors.min())
    assert found.largest == pytest.approx(factors.max())
    assert found.repeated == sum(factor > 1 for factor in factors)
    assert meaning(plan.facts["rule"])


def test_fifths_hold_every_label_with_images_once() -> None:
    before = np.array([5, 0, 9, 1, 7, 3, 8])
    cut = bands(before, before * 2.0)
    assert [band.labels for band in cut] == [2, 1, 1, 1, 1]
    assert [band.before for band in cut] == [17, 7, 5, 3, 1]
    assert [band.after for band in cut] == [34, 14, 10, 6, 2]
    assert bands(np.array([3, 2, 1]), np.ones(3)) == []


def test_images_of_very_many_labels_share_a_bar() -> None:
    assert label_bars({1: 5, 3: 2}) == ([5, 0, 2], ["1", "2", "3"])
    values, names = label_bars({1: 5, 12: 1, 13: 2, 40: 1})
    assert (values[-2:], names[-2:]) == ([1, 3], ["12", "13+"])


def test_code_escapes_what_it_sets() -> None:
    assert code("run `weakly <b>` & <i>") == "run <code>weakly &lt;b&gt;</code> &amp; &lt;i&gt;"


def test_runs_of_one_name_are_told_apart_by_their_folders(world: Path, tmp_path: Path) -> None:
    (tmp_path / "bare").symlink_to(world / "run <i>")
    # A link is followed: what counts is the folder it names.
    assert [story.name for story in read_stories([world / "bare", tmp_path / "bare"], None)] == [
        "bare",
        "run <i>",
    ]


def test_hostile_labels_stay_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from weakly.reports.page import render
    from weakly.reports.runs import attempt
    from weakly.reports.sections.vocabulary import vocabulary_section

    training_set = open_training_set(write_training_set(tmp_path, 20))
    labels = [Label(f"<script>{i}</script>", (), {f"<b>{i}": 5, f"<i>{i}": 3}, 10 - i) for i in range(5)]
    hostile = Vocabulary.from_labels(labels, "nouns", "none")
    monkeypatch.setattr(type(training_set), "vocabulary", hostile)
    left_out = {"left_out": [{"hashtag": "<u>", "posts": 3, "reason": "not in the lexicon"}]}
    folder = attempt(lambda: Vocabulary(hostile.table, "nouns", "none", "0", left_out))
    section = vocabulary_section(training_set, folder, 0)
    page = render(
        {
            "title": "t",
            "version": "0",
            "headings": {"vocabulary": "The labels"},
            "stories": [story()],
            "vocabularies": [("run", section)],
        }
    )
    for tag in ("<script", "<b>0", "<i>0", "<u>"):
        assert tag not in page
    assert "&lt;script&gt;0" in page
    assert "#&lt;b&gt;0" in page
    assert "#&lt;u&gt;" in page
