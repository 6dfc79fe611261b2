import json
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reference_sampling import SmallTrainingSet, copies_in_pass
from weakly.errors import InputError
from weakly.sampling import resampling
from weakly.sampling.plan import BLOCK, SamplingPlan, expected_label_counts, plan_fingerprint
from weakly.sampling.resampling import parse_rule

FACTORS = st.lists(st.floats(0.01, 5), min_size=1, max_size=60)


@given(factors=FACTORS, seed=st.integers(0, 2**63), number=st.integers(0, 1000))
def test_copies_equal_the_row_by_row_reference(factors, seed, number):
    plan = SamplingPlan.from_factors(np.array(factors), seed)
    copies = plan.copies(number)
    assert copies.tolist() == copies_in_pass(plan, number)
    assert plan.pass_size(number) == copies.sum()
    assert np.all(copies >= np.floor(np.array(factors) - 1e-6))
    assert np.all(copies <= np.ceil(np.array(factors) + 1e-6))


@pytest.mark.parametrize("rows", [BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 7])
def test_copies_across_blocks_equal_the_reference(rows):
    plan = SamplingPlan.from_factors(1 + np.random.default_rng(0).random(rows), seed=3)
    assert len(plan.block_ends) == -(-rows // BLOCK)
    for number in range(3):
        assert plan.copies(number).tolist() == copies_in_pass(plan, number)
        assert plan.pass_size(number) == plan.copies(number).sum()


def test_the_mean_over_passes_is_the_factor():
    factors = np.array([0.25, 1.0, 1.3, 2.5, 7.01, 0.9])
    plan = SamplingPlan.from_factors(factors, seed=5)
    passes = 4000
    mean = np.mean([plan.copies(number) for number in range(passes)], axis=0)
    # The rounding of one pass varies by at most 1/4, so 5 standard errors are 5 * 0.5 / sqrt(4000).
    assert mean == pytest.approx(factors, abs=5 * 0.5 / passes**0.5)
    sizes = plan.block_sizes(np.arange(passes)).sum(axis=1)
    assert sizes.mean() == pytest.approx(plan.expected_pass_size, abs=5 * 0.5 / passes**0.5)
    assert plan.expected_pass_size == pytest.approx(factors.sum())


def test_whole_factors_need_no_chance():
    factors = np.random.default_rng(1).integers(1, 6, 2 * BLOCK + 100)
    plan = SamplingPlan.from_factors(factors.astype(float), seed=0)
    for number in (0, 1, 99):
        assert plan.copies(number).tolist() == factors.tolist()
    assert plan.expected_pass_size == factors.sum()


def test_passes_blocks_and_seeds_round_differently():
    factors = np.full(BLOCK * 2, 1.5)
    first = SamplingPlan.from_factors(factors, seed=0)
    u = first.offsets(np.arange(50))
    assert len(np.unique(u)) == u.size
    assert not np.array_equal(u, SamplingPlan.from_factors(factors, seed=1).offsets(np.arange(50)))


def long_tailed(rows=300):
    rng = np.random.default_rng(0)
    labels = [sorted({int(x) for x in rng.zipf(1.5, 2) % 20}) for _ in range(rows)]
    return SmallTrainingSet([*labels, list(range(20))], parts=3)


@pytest.mark.parametrize("rule", ["natural", "uniform", "sqrt:40", "capped:10"])
def test_building_in_memory_and_on_disk_agree(tmp_path, rule, monkeypatch):
    monkeypatch.setattr(resampling, "_ROWS_AT_ONCE", 7)
    training_set = long_tailed()
    in_memory = SamplingPlan.build(training_set, parse_rule(rule), seed=4)
    on_disk = SamplingPlan.build(training_set, parse_rule(rule), seed=4, path=tmp_path / "plan.npy")
    in_memory.save(tmp_path / "saved.npy")
    saved = SamplingPlan.open(tmp_path / "saved.npy", plan_fingerprint(training_set, parse_rule(rule), 4))
    for plan in (on_disk, saved, pickle.loads(pickle.dumps(on_disk)), pickle.loads(pickle.dumps(in_memory))):
        assert np.array_equal(plan.cumulative, in_memory.cumulative)
        assert np.array_equal(plan.block_ends, in_memory.block_ends)
        assert (plan.facts, plan.fingerprint, plan.seed) == (in_memory.facts, in_memory.fingerprint, 4)
        assert np.array_equal(plan.copies(2), in_memory.copies(2))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("plan.blocks.npy", "plan.json", "plan.npy"),
        *("saved.blocks.npy", "saved.json", "saved.npy"),
    ]
    assert in_memory.facts["rows"] == 301
    assert in_memory.facts["expected_pass_size"] == in_memory.expected_pass_size


def test_a_mapped_plan_is_pickled_without_its_array(tmp_path):
    SamplingPlan.from_factors(np.ones(100_000), 0).save(tmp_path / "plan.npy")
    assert len(pickle.dumps(SamplingPlan.open(tmp_path / "plan.npy"))) < 5_000


def test_label_counts_after_resampling():
    # Label 0 in 8 images, label 1 in 2, one image carries both: uniform:4 doubles the images of label 1.
    training_set = SmallTrainingSet([[0]] * 7 + [[0, 1], [1]])
    plan = SamplingPlan.build(training_set, parse_rule("uniform:4"), seed=0)
    assert training_set.label_counts.tolist() == [8, 2]
    assert expected_label_counts(training_set, plan).tolist() == [9, 4]
    assert plan.facts == {
        "rows": 9,
        "rule": "uniform:4",
        "threshold": 4.0,
        "expected_pass_size": 11.0,
        "largest_factor": 2.0,
    }


@settings(max_examples=25)
@given(rule=st.sampled_from(["natural", "uniform", "sqrt", "capped:5"]))
def test_expected_label_counts_are_the_mean_of_the_copies(rule):
    training_set = long_tailed(80)
    plan = SamplingPlan.build(training_set, parse_rule(rule), seed=0)
    factors = np.diff(plan.cumulative, prepend=np.uint64(0)) / 2.0**24
    naive = np.zeros(20)
    for labels, factor in zip(training_set.label_lists, factors, strict=True):
        naive[labels] += factor
    assert expected_label_counts(training_set, plan) == pytest.approx(naive)


def test_fingerprint_follows_what_the_rows_depend_on():
    training_set = long_tailed()
    digests = {
        plan_fingerprint(training_set, parse_rule(rule), seed)
        for rule in ("sqrt", "natural")
        for seed in (0, 1)
    }
    assert len(digests) == 4
    settled = str(parse_rule("sqrt").resolve(training_set.label_counts))
    assert plan_fingerprint(training_set, parse_rule(settled), 0) in digests


def test_bad_plans_are_refused(tmp_path):
    path = tmp_path / "plan.npy"
    plan = SamplingPlan.from_factors(np.ones(10), 0)
    with pytest.raises(InputError, match=r"plan\.json is missing"):
        SamplingPlan.open(path)
    plan.save(path)
    with pytest.raises(InputError, match="another training set, rule or seed"):
        SamplingPlan.open(path, "other")
    description = json.loads((tmp_path / "plan.json").read_text())
    (tmp_path / "plan.json").write_text(json.dumps({**description, "block": 1}))
    with pytest.raises(InputError, match="another format"):
        SamplingPlan.open(path)
    plan.save(path)
    SamplingPlan.from_factors(np.ones(11), 0).save(tmp_path / "longer.npy")
    (tmp_path / "longer.npy").replace(path)
    with pytest.raises(InputError, match="does not fit"):
        SamplingPlan.open(path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InputError, match="not a whole sampling plan"):
        SamplingPlan.open(path)


def test_impossible_plans_are_refused(tmp_path):
    with pytest.raises(InputError, match="no images"):
        SamplingPlan.build(SmallTrainingSet([]), parse_rule("natural"), 0)
    path = tmp_path / "plan.npy"
    with pytest.raises(InputError, match="lower threshold"):
        SamplingPlan.build(long_tailed(), parse_rule("uniform:1e30"), 0, path)
    assert list(tmp_path.iterdir()) == []
