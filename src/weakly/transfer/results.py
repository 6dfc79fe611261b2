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


def result_path(
    folder: Path, *, task: str, protocol: str, seed: int, untrained: bool, images_seen: int, checkpoint: str
) -> Path:
    """The file of a result in `folder`: whatever tells results of a run apart is in its name."""
    stage = "untrained" if untrained else f"images{images_seen:012d}"
    parts = (task, protocol, f"seed{seed}", stage, checkpoint[:12])
    return folder / ("_".join(re.sub(r"^\.+|[^\w.-]+", "-", part) for part in parts) + ".json")


def refuse_other(path: Path, config: str) -> None:
    """Raise InputError where `path` holds a result that was measured otherwise; the same may be repeated."""
    if path.is_file() and _read(path).config != config:
        raise InputError(
            f"{path} was measured with other options or other images: "
            "remove it, or name another folder with --results"
        )


def save_result(result: Result, folder: Path) -> Path:
    """Write a result into `folder`, made where it is missing; returns its file.

    Raises:
        InputError: the file is there and was measured otherwise (the same measurement is replaced).
    """
    path = result_path(
        folder,
        task=result.task,
        protocol=result.protocol,
        seed=result.seed,
        untrained=result.untrained,
        images_seen=result.images_seen,
        checkpoint=result.checkpoint,
    )
    refuse_other(path, result.config)
    make_folder(folder, "--results")
    sweep(folder, path.name)
    write_json(path, asdict(result))
    return path


def load_results(folders: Path | Iterable[Path]) -> list[Result]:
    """Read all results of one or more folders, each once, by folder and then by file name.

    Args:
        folders: runs, or folders of results. A run that nothing was measured on yet has none.

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
    machine: dict[str, str | int] = {
        "cpu": _cpu_model(),
        "cores": cores(),
        "torch": torch.__version__,
        "device": device.type,
    }
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
