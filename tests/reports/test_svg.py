import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from tests.reports.test_sections import result
from weakly.reports import charts
from weakly.reports.charts import Dot, Line, ranks, smooth, thin

LONG = np.arange(20_000)
DRAWINGS = {
    "zipf": lambda name: charts.zipf(np.arange(3000, 0, -1), name),
    "resampling": lambda name: charts.resampling(np.array([9, 0, 4]), np.array([9.0, 0.0, 6.0]), name),
    "bars": lambda name: charts.bars([3, 1], ["1", "2"], "labels", name, "Bars."),
    "loss": lambda name: charts.over_images(
        [Line("a $x$ <b>", LONG, LONG[::-1] * 1e-3), Line("b", LONG, LONG)], "loss", name, zero=False
    ),
    "short": lambda name: charts.over_images([Line("a", LONG[:2], LONG[:2])], "loss", name, zero=False),
    "rate": lambda name: charts.over_images([Line("a", LONG, LONG)], "rate", name, noisy=False),
    "waiting": lambda name: charts.over_images(
        [Line("a", LONG, LONG * 0.0)], "waiting", name, numbers="shares"
    ),
    "dots": lambda name: charts.dots(
        [Dot("birds <i>", "run", 0, result(0.5, untrained=untrained)) for untrained in (False, True)], name
    ),
}


@pytest.mark.parametrize("kind", DRAWINGS)
def test_a_drawing_is_one_small_element_in_the_colours_of_the_page(kind: str) -> None:
    text = str(DRAWINGS[kind]("one"))
    root = ElementTree.fromstring(text.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))
    assert root.tag.endswith("svg")
    assert root[0].tag.endswith("title")
    assert root[0].text
    assert len(text) < 200_000
    assert "var(--" in text
    assert "<text" in text
    assert not re.search(r"#[0-9a-f]{6}", text.replace("#000000", ""))
    assert all(name.startswith("one-") for name in re.findall(r'id="([^"]+)"', text))
    assert "<script" not in text
    assert "<b>" not in text
    assert "<i>" not in text


def test_a_drawing_is_the_same_each_time() -> None:
    assert DRAWINGS["zipf"]("one") == DRAWINGS["zipf"]("one")


def test_long_series_are_thinned_and_keep_their_ends() -> None:
    shown = ranks(70_000)
    assert (shown[0], shown[-1]) == (1, 70_000)
    assert len(shown) <= 500
    assert np.all(np.diff(shown) > 0)
    assert ranks(1).tolist() == [1]
    assert len(LONG[thin(LONG)]) <= 500
    assert len(LONG[:7][thin(LONG[:7])]) == 7


def test_smoothing_is_a_running_mean_that_shrinks_at_both_ends() -> None:
    y = np.array([0.0, 3.0, 6.0, 0.0, 0.0])
    assert smooth(y).tolist() == [1.5, 3.0, 3.0, 2.0, 0.0]
    assert smooth(np.ones(1000)) == pytest.approx(np.ones(1000))


def test_names_are_drawn_as_they_are() -> None:
    # Dollar signs would make matplotlib read a formula.
    text = charts.over_images([Line("a $x$ <b>", LONG, LONG), Line("b", LONG, LONG)], "rate", "one")
    assert ">a $x$ &lt;b&gt;</text>" in text
