import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reference_sampling import image_factor, label_factor
from weakly.errors import InputError
from weakly.sampling.resampling import Rule, default_threshold, image_factors, label_factors, parse_rule

COUNTS = np.array([1000, 100, 10, 1, 0])


def test_paper_rules_on_known_counts():
    assert label_factors(COUNTS, parse_rule("natural")).tolist() == [1, 1, 1, 1, 1]
    assert label_factors(COUNTS, parse_rule("uniform:100")).tolist() == [1, 1, 10, 100, 1]
    assert label_factors(COUNTS, parse_rule("sqrt:100")) == pytest.approx([1, 1, 10**0.5, 10, 1])
    assert label_factors(COUNTS, parse_rule("capped:10")).tolist() == [0.01, 0.1, 1, 1, 1]


def test_default_threshold_is_the_median_of_labels_that_have_images():
    assert default_threshold(COUNTS) == 55
    assert label_factors(COUNTS, parse_rule("uniform")).tolist() == [1, 1, 5.5, 55, 1]
    assert str(parse_rule("sqrt").resolve(COUNTS)) == "sqrt:55"
    with pytest.raises(InputError, match="no label has an image"):
        default_threshold(np.zeros(3, np.int64))


@given(
    counts=st.lists(st.integers(1, 10**9), min_size=1, max_size=20),
    kind=st.sampled_from(["natural", "uniform", "sqrt", "capped"]),
    threshold=st.floats(0.5, 1e9),
    data=st.data(),
)
def test_factors_equal_the_formula(counts, kind, threshold, data):
    rule = Rule(kind, None if kind == "natural" else threshold)
    factors = label_factors(np.array(counts), rule)
    assert factors.tolist() == pytest.approx([label_factor(n, kind, threshold) for n in counts])
    label = st.integers(0, len(counts) - 1)
    images = data.draw(st.lists(st.lists(label, min_size=1, max_size=4), max_size=10))
    values = np.array([label for labels in images for label in labels], np.int32)
    offsets = np.cumsum([0] + [len(labels) for labels in images])
    expected = [image_factor(labels, factors.tolist()) for labels in images]
    assert image_factors(values, offsets, factors).tolist() == expected


@pytest.mark.parametrize("text", ["natural", "uniform", "sqrt", "uniform:20", "sqrt:0.5", "capped:20000"])
def test_a_rule_reads_back_as_it_is_written(text):
    assert str(parse_rule(text)) == text
    assert parse_rule(f" {text} ") == parse_rule(text)


@pytest.mark.parametrize(
    "text",
    ["", "square", "natural:3", "capped", "sqrt:", "sqrt:x", "sqrt:0", "sqrt:-1", "sqrt:nan", "sqrt:inf"],
)
def test_an_unknown_rule_is_refused_with_the_forms(text):
    with pytest.raises(InputError, match=r"natural, uniform, uniform:T, sqrt, sqrt:T or capped:N"):
        parse_rule(text)
