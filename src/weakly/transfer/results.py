"""A result: one measured number and everything it took to get it.

In: what a transfer measured. Out: a JSON file a result, and a list of results again (section 3 of the paper).
"""

import json
import platform
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import torch

from weakly.artifacts import MANIFEST, make_folder
from weakly.atomic import sweep, write_json
from weakly.errors import InputError
from weakly.machine import cores
from weakly.transfer.intervals import Interval, of_share

FOLDER = "results"
"""Where a run keeps its results."""


@dataclass(frozen=True)
class Result:
    """One number.

    Attributes:
        task: what it was measured on, such as `cifar10_subset`.
        protocol: how, such as `probe`.
        metric: what is counted, such as `top-1`.
        value: the number, in [0, 1].
        n: test images it is a share of.
        seed: of the protocol.
        checkpoint: fingerprint of the weights.
        images_seen: how many images they were trained on; 0 for an untrained network.
        untrained: whether the network was at its initialisation.
        config: fingerprint of all else that decides the number: the data set, the options of the protocol.
        seconds: how long it took.
        machine: what it ran on.
        details: what there is to say besides: the network's `model` and the `model_seed` of its initial
            weights, top-5, each class, the hyper-parameters chosen.
    """

    task: str
    protocol: str
    metric: str
    value: float
    n: int
    seed: int
    checkpoint: str
    images_seen: int
    untrained: bool
    config: str
    seconds: float
    machine: dict[str, str | int]
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def interval(self) -> Interval:
        """The value's 95% interval, over the choice of test images."""
        return of_share(self.value, self.n)


def result_path(result: Result, folder: Path) -> Path:
    """The file of a result in `folder`: whatever tells results of a run apart is in its name.

    Raises:
        InputError: the file is there and was measured otherwise; the same may be repeated.
    """
    stage = "untrained" if result.untrained else f"images{result.images_seen:012d}"
    parts = (result.task, result.protocol, f"seed{result.seed}", stage, result.checkpoint[:12])
    path = folder / ("_".join(re.sub(r"^\.+|[^\w.-]+", "-", part) for part in parts) + ".json")
    if path.is_file() and _read(path).config != result.config:
        raise InputError(
            f"{path} was measured with other options or other images: "
            "remove it, or name another folder with --results"
        )
    return path


def save_result(result: Result, folder: Path) -> Path:
    """Write a result into `folder`, made where missing, and return its file; raises as `result_path` does."""
    path = result_path(result, folder)
    make_folder(folder, "--results")
    sweep(folder, path.name)
    write_json(path, asdict(result))
    return path


def load_results(folders: Path | Iterable[Path]) -> list[Result]:
    """Read all results of runs or folders of results, each once, by folder and then by file name.

    Raises:
        InputError: a folder is missing, or a file in it is no result.
    """
    found: dict[Path, None] = {}
    for folder in [folders] if isinstance(folders, Path) else folders:
        if not folder.is_dir():
            raise InputError(f"{folder} is not a folder; expected a run or a folder of results")
        if (folder / FOLDER).is_dir():
            home = folder / FOLDER
        elif (folder / MANIFEST).is_file():
            continue
        else:
            home = folder
        found.update(dict.fromkeys(sorted(path.resolve() for path in home.glob("[!.]*.json"))))
    return [_read(path) for path in found]


def _read(path: Path) -> Result:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(raw, dict) or set(raw) != {field.name for field in fields(Result)}:
            raise ValueError("its keys are not those of a result")
    except ValueError as error:
        raise InputError(
            f"{path} is not a result of this weakly ({error}): remove it and measure again"
        ) from error
    return Result(**raw)


def describe_machine(device: torch.device) -> dict[str, str | int]:
    """What a figure was measured on; nothing that names the machine."""
    own = {"cpu": _cpu_model(), "cores": cores()}
    machine: dict[str, str | int] = {**own, "torch": torch.__version__, "device": device.type}
    if device.type == "cuda":
        machine["gpu"] = torch.cuda.get_device_name(device)
    return machine


def _cpu_model() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        named = re.search(r"^model name\s*:\s*(.+)$", info.read_text(encoding="utf-8"), re.MULTILINE)
        if named:
            return named[1].strip()
    return platform.processor() or platform.machine()
