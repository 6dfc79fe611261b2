import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markupsafe import Markup

from tests.conftest import write_training_set
from tests.reports.conftest import POSTS
from weakly.artifacts import read_manifest
from weakly.errors import InputError
from weakly.reports import charts
from weakly.reports.options import ReportOptions
from weakly.reports.report import HEADINGS, KIND, write_report


def report(world: Path, out: Path, *runs: str, **changes: object) -> str:
    options = {"sample": 40, "minimum": 3, **changes}
    page = write_report(ReportOptions(tuple(world / run for run in runs), out, **options))  # pyright: ignore[reportArgumentType]
    return page.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(world: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    return report(world, tmp_path_factory.mktemp("report") / "report", "run <i>")


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves the drawings empty, which take most of a page's time, where a test looks at words only."""
    monkeypatch.setattr(charts, "to_svg", lambda *_: Markup("<svg></svg>"))


@pytest.fixture
def copied(world: Path, tmp_path: Path, undrawn: None) -> Path:
    """The probed run where a test may break it."""
    shutil.copytree(world / "run <i>", tmp_path / "run")
    return tmp_path


class Reader(HTMLParser):
    """Collects ids, what the page would load, and text by section; fails on tags left open."""

    EMPTY = frozenset({"meta", "img", "br"})
    INLINE = frozenset({"strong", "code", "b", "span", "a"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.loads: list[str] = []
        self.tags: set[str] = set()
        self.text = ""
        self.feed(page)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in self.EMPTY:
            self.open.append(tag)
        self._look(attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._look(attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes nothing"
        if tag not in self.INLINE:
            self.text += " "

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data

    def _look(self, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            assert not name.startswith("on"), f"{name} runs a script"
            if name == "id":
                self.ids.append(value or "")
            if name in ("src", "href", "xlink:href", "srcset", "action", "data"):
                self.loads.append(value or "")


def words(page: str) -> str:
    return " ".join(Reader(page).text.split())


def test_it_loads_nothing_from_anywhere(page: str) -> None:
    reader = Reader(page)
    assert reader.loads
    assert all(load.startswith(("#", "data:image/jpeg;base64,")) for load in reader.loads)
    assert not {"script", "link", "iframe", "object", "embed", "base"} & reader.tags
    assert "@import" not in page
    assert set(re.findall(r"url\((.)", page)) <= {"#"}
    outside = set(re.findall(r"https?://[^\"'\s)<]+", page))
    assert outside <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_links_and_drawings_point_at_one_thing_each(page: str) -> None:
    reader = Reader(page)
    assert len(reader.ids) == len(set(reader.ids))
    assert {load[1:] for load in reader.loads if load.startswith("#")} <= set(reader.ids)
    assert {place[1:] for place in re.findall(r"url\((#[^)]+)\)", page)} <= set(reader.ids)


def test_every_section_is_there_in_order(page: str) -> None:
    assert [name for name in Reader(page).ids if name in HEADINGS] == list(HEADINGS)


def test_what_posts_hold_is_text_and_never_markup(page: str) -> None:
    assert "<script" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(&#39;post&#39;)&lt;/script&gt;" in page
    assert "&lt;img src=x onerror=alert(1)&gt;.jpg" in page
    assert "run &lt;i&gt;" in page  # the run's folder
    assert "target &lt;u&gt;" in page  # the target's
    assert "koala &lt;b&gt;" in page  # a class's


def test_the_figures_are_those_of_the_folders(page: str, world: Path) -> None:
    text = words(page)
    facts = read_manifest(world / "set").facts
    assert facts["images"] == POSTS
    assert f"Posts read {POSTS + 2} {POSTS / (POSTS + 2):.1%} became labelled images" in text
    assert "no hashtag in the vocabulary −1" in text
    assert f"Labelled images {POSTS}" in text
    assert f"{facts['noise']['replaced']} of {facts['noise']['labels']} labels were replaced" in text
    results = [json.loads(path.read_text()) for path in sorted((world / "run <i>" / "results").iterdir())]
    after, before = sorted(results, key=lambda result: result["untrained"])
    for result in (after, before):
        low, high = result["details"]["interval"]
        assert f"{result['value']:.1%} {100 * low:.1f}\N{EN DASH}{100 * high:.1f}%" in text
    last = json.loads((world / "run <i>" / "log.jsonl").read_text().splitlines()[-1])
    assert f"Images trained on {last['images']:,} {last['passes']:.2f} passes" in text
    assert "#koala 5 #koalabear 5" in text
    assert "#instagood 49" in text
    for folder in ("vocabulary", "set", "run <i>"):
        assert f"{folder} {read_manifest(world / folder).fingerprint} weakly" in text


def test_labels_are_judged_on_training_photos_and_it_says_so(page: str) -> None:
    text = words(page)
    assert "Judged on 40 of the training photos themselves" in text
    assert 12 <= page.count("data:image/jpeg;base64,") <= 18


def test_the_same_folders_give_the_same_page(world: Path, page: str, tmp_path: Path) -> None:
    assert report(world, tmp_path / "again", "run <i>") == page


def test_it_leaves_a_whole_folder(world: Path, tmp_path: Path, undrawn: None) -> None:
    report(world, tmp_path / "report", "bare", sample=10, minimum=2)
    manifest = read_manifest(tmp_path / "report", KIND)
    assert list(manifest.files) == ["index.html"]
    assert manifest.inputs == {"run bare": read_manifest(world / "bare").fingerprint}


def test_a_run_without_results_says_so(world: Path, tmp_path: Path, undrawn: None) -> None:
    text = words(report(world, tmp_path / "report", "bare"))
    assert "What the features are worth is not known yet" in text
    assert "Nothing has been measured yet." in text


@pytest.mark.parametrize(
    ("untrained", "said"),
    [
        (False, "The network before training has not been measured there"),
        (True, "the pretrained one has not been measured there"),
    ],
)
def test_half_a_comparison_says_which_half_is_missing(copied: Path, untrained: bool, said: str) -> None:
    for path in (copied / "run" / "results").iterdir():
        if json.loads(path.read_text())["untrained"] != untrained:
            path.unlink()
    text = words(report(copied, copied / "report", "run"))
    assert said in text
    assert "not measured" in text
    assert "unknown" in text


def test_what_is_gone_is_said_where_it_is_missed(copied: Path) -> None:
    run = copied / "run"
    shutil.rmtree(run / "checkpoints")
    (run / "sampling_plan.npy").unlink()
    (run / "log.jsonl").write_text("")
    manifest = json.loads((run / "manifest.json").read_text())
    manifest["facts"]["training_set"] = str(copied / "gone")
    (run / "manifest.json").write_text(json.dumps(manifest))
    text = words(report(copied, copied / "report", "run"))
    assert text.count(f"{copied / 'gone'} is not a folder") >= 2
    assert "the run never began to train" in text
    assert "No run has written a line of its log yet" in text
    assert "holds no checkpoint" in text


@pytest.mark.parametrize("asked", [{"images": 1600}, {"images": None, "passes": 30.0}])
def test_a_run_that_was_cut_short_says_so(copied: Path, page: str, asked: dict[str, float]) -> None:
    assert "has not reached its end" not in page
    manifest = json.loads((copied / "run" / "manifest.json").read_text())
    manifest["options"].update(asked)
    (copied / "run" / "manifest.json").write_text(json.dumps(manifest))
    assert "run has not reached its end: it has seen 160 of about 1," in words(
        report(copied, copied / "report", "run")
    )


def test_a_training_set_made_anew_is_not_taken_for_the_one_of_the_run(copied: Path) -> None:
    manifest = json.loads((copied / "run" / "manifest.json").read_text())
    manifest["inputs"]["training_set"] = "0" * 32
    (copied / "run" / "manifest.json").write_text(json.dumps(manifest))
    assert "was made anew since this run" in words(report(copied, copied / "report", "run"))


def test_a_training_set_that_no_verb_made_is_shown_as_far_as_it_goes(copied: Path) -> None:
    folder = write_training_set(copied / "own", 30)
    manifest = json.loads((copied / "run" / "manifest.json").read_text())
    manifest["facts"]["training_set"] = str(folder)
    manifest["inputs"]["training_set"] = read_manifest(folder).fingerprint
    (copied / "run" / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(InputError, match="labelled with another vocabulary"):
        report(copied, copied / "report", "run")
    shutil.rmtree(copied / "run" / "checkpoints")
    text = words(report(copied, copied / "report", "run"))
    assert "was not made by weakly label" in text
    assert "Labelled images 30" in text


def test_several_runs_stand_side_by_side(world: Path, tmp_path: Path, undrawn: None) -> None:
    text = words(report(world, tmp_path / "report", "run <i>", "bare"))
    assert "run <i>: on target <u> (30 test images)" in text
    # One training set and two plans, for the runs differ in their seeds.
    assert text.count("From posts to labelled images") == 1
    assert text.count("One pass shows about") == 2
    assert text.count("Known best") == 2


def test_held_out_photos_are_called_so(world: Path, tmp_path: Path, undrawn: None) -> None:
    text = words(report(world, tmp_path / "report", "bare", held_out=world / "set"))
    assert "Judged on 40 photos given as held out from training." in text
    other = write_training_set(tmp_path / "other", 30)
    with pytest.raises(InputError, match="labelled with another vocabulary"):
        report(world, tmp_path / "second", "bare", held_out=other)
    assert not (tmp_path / "second").exists()


def test_no_label_with_enough_photos_is_said(world: Path, tmp_path: Path, undrawn: None) -> None:
    text = words(report(world, tmp_path / "report", "bare", minimum=41))
    assert "No label is carried by 41 of the 40 photos" in text


def test_wrong_input_is_one_clear_line(world: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a run"):
        report(world, tmp_path / "report", "set")
    with pytest.raises(InputError, match="given twice"):
        report(world, tmp_path / "report", "bare", "bare")
    with pytest.raises(InputError, match="no run is given"):
        report(world, tmp_path / "report")
    with pytest.raises(InputError, match="--image-root .*gone is no folder; expected that of the photos"):
        report(world, tmp_path / "report", "bare", image_root=tmp_path / "gone")
    with pytest.raises(InputError, match="--device gpu: .*; expected cpu, cuda or cuda:1"):
        report(world, tmp_path / "report", "bare", device="gpu")
    with pytest.raises(InputError, match="--sample 0"):
        report(world, tmp_path / "report", "bare", sample=0)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    with pytest.raises(InputError, match="already holds something"):
        report(world, tmp_path / "mine", "bare")
