import json
import platform
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch

from weakly.artifacts import Manifest, write_manifest
from weakly.errors import InputError
from weakly.transfer.results import Result, describe_machine, load_results, save_result

RESULT = Result(
    task="birds",
    protocol="probe",
    metric="top-1",
    value=0.625,
    n=1000,
    seed=3,
    checkpoint="0123456789abcdef",
    images_seen=2560,
    untrained=False,
    config="config",
    seconds=1.5,
    machine={"cpu": "a", "cores": 2},
    details={"model": "resnet", "model_seed": 0, "standard_error": 0.0153, "per_class": {"ü": None}},
)
UNTRAINED = replace(RESULT, value=0.5, checkpoint="fedcba9876543210", images_seen=0, untrained=True)


def test_a_result_comes_back_as_it_went(tmp_path: Path) -> None:
    path = save_result(RESULT, tmp_path / "results")
    assert path.name == "birds_probe_seed3_images000000002560_0123456789ab.json"
    assert load_results(tmp_path) == [RESULT]
    assert load_results(tmp_path / "results") == [RESULT]
    assert save_result(UNTRAINED, tmp_path / "b").name == "birds_probe_seed3_untrained_fedcba987654.json"
    assert [child.name for child in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    "other",
    [
        {"task": "cars"},
        {"protocol": "probe-96px"},
        {"seed": 4},
        {"untrained": True},
        {"images_seen": 5120},
        {"checkpoint": "f" * 16},
    ],
)
def test_what_tells_results_apart_is_in_the_name(tmp_path: Path, other: dict) -> None:
    save_result(RESULT, tmp_path)
    save_result(replace(RESULT, **other), tmp_path)
    assert len(load_results(tmp_path)) == 2


def test_only_the_same_measurement_replaces_a_result(tmp_path: Path) -> None:
    path = save_result(RESULT, tmp_path)
    again = replace(RESULT, seconds=9.0)
    assert save_result(again, tmp_path) == path
    assert load_results(tmp_path) == [again]
    with pytest.raises(
        InputError, match=r"measured with other options.*remove it, or name another.*--results"
    ):
        save_result(replace(RESULT, config="another"), tmp_path)
    assert load_results(tmp_path) == [again]


def test_odd_names_stay_in_the_folder(tmp_path: Path) -> None:
    path = save_result(replace(RESULT, task="../a/b: c"), tmp_path / "results")
    assert path.parent == tmp_path / "results"
    assert load_results(tmp_path)[0].task == "../a/b: c"


def test_several_folders_are_read_in_order_and_none_twice(tmp_path: Path) -> None:
    for name, task in (("b", "birds"), ("a", "cars")):
        save_result(replace(RESULT, task=task), tmp_path / name / "results")
    found = load_results([tmp_path / "b", tmp_path / "a", tmp_path / "b" / "results"])
    assert [result.task for result in found] == ["birds", "cars"]


def test_a_run_that_nothing_was_measured_on_has_no_results(tmp_path: Path) -> None:
    write_manifest(tmp_path, Manifest(kind="run", fingerprint="x"))
    assert load_results(tmp_path) == []
    with pytest.raises(InputError, match="none is not a folder"):
        load_results(tmp_path / "none")


def test_a_file_that_is_no_result_is_refused_by_name(tmp_path: Path) -> None:
    path = save_result(RESULT, tmp_path)
    for text in ("{", "[]", json.dumps({**asdict(RESULT), "extra": 1}), '{"task": "birds"}', "\udcff"):
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        with pytest.raises(InputError, match=rf"{path.name} is not a result of this weakly"):
            load_results(tmp_path)


def test_a_machine_is_described_and_not_named() -> None:
    machine = describe_machine(torch.device("cpu"))
    assert machine["torch"] == torch.__version__
    assert machine["device"] == "cpu"
    assert isinstance(machine["cores"], int) and machine["cores"] >= 1
    assert machine["cpu"]
    assert "gpu" not in machine
    assert platform.node() not in {str(value) for value in machine.values()}
