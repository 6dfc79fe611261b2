"""A checkpoint: one folder that is enough alone to resume, to tag a photo, to start a transfer.

    RUN/checkpoints/images-000000123456/
        trunk.safetensors      the backbone
        head.safetensors       the hashtag head
        optimizer.safetensors  momentum, by parameter name
        state.json             step, images seen, and what they belong to
        config.json            the options of the run
        labels.parquet         what each output of the head means
        transform.json         how a photo becomes the network's input

It is written aside, synced and renamed once, so a folder with this name is whole. Nothing in it is unpickled.
"""

import json
import shutil
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import nn

from weakly.artifacts import fingerprint
from weakly.atomic import aside, replace_folder, sweep, write_json
from weakly.errors import InputError
from weakly.images.transform import Transform
from weakly.training import models

FOLDER = "checkpoints"
_PREFIX = "images-"


@dataclass(frozen=True)
class State:
    """Where a run stands; every other thing that training needs is a function of these and the options.

    Attributes:
        step: optimiser steps taken.
        images_seen: images trained on, over all processes: step * batch.
        seconds: time spent training so far, over all resumes.
        corrupt: photos that could not be decoded so far, by kind.
        run: fingerprint of the options that decide the weights.
        training_set: fingerprint of the training set.
        plan: fingerprint of the sampling plan.
    """

    step: int
    images_seen: int
    seconds: float
    corrupt: dict[str, int]
    run: str
    training_set: str
    plan: str


@dataclass(frozen=True)
class Companions:
    """What goes into every checkpoint of a run besides weights and state.

    Attributes:
        config: the run's options.
        labels: the vocabulary's table, a row a label in label order, with its training `images`.
        transform: how a photo becomes the network's input.
    """

    config: dict[str, Any]
    labels: pa.Table
    transform: Transform


def save(
    run: Path,
    model: models.Classifier,
    optimizer: torch.optim.Optimizer,
    state: State,
    companions: Companions,
    keep: int,
) -> Path:
    """Write a checkpoint into `run` and remove all but the last `keep`; returns its folder."""
    folder = run / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    sweep(folder, f"{_PREFIX}*", alone=True)
    name = f"{_PREFIX}{state.images_seen:012d}"
    partial = aside(folder / name)
    partial.mkdir()
    save_file(_on_cpu(model.trunk.state_dict()), partial / "trunk.safetensors")
    save_file(_on_cpu(model.head.state_dict()), partial / "head.safetensors")
    save_file(_on_cpu(_momentum(model, optimizer)), partial / "optimizer.safetensors")
    pq.write_table(companions.labels, partial / "labels.parquet")
    write_json(partial / "config.json", companions.config)
    write_json(partial / "transform.json", asdict(companions.transform))
    write_json(partial / "state.json", asdict(state))
    replace_folder(partial, folder / name)
    for old in complete(run)[:-keep]:
        # Renamed first: a folder that is half removed must not look like a checkpoint.
        old.rename(aside(old))
        shutil.rmtree(aside(old))
    return folder / name


def complete(run: Path) -> list[Path]:
    """The checkpoints of a run, oldest first."""
    return sorted((run / FOLDER).glob(f"{_PREFIX}*"))


def _on_cpu(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}


def _momentum(model: nn.Module, optimizer: torch.optim.Optimizer) -> dict[str, torch.Tensor]:
    names: dict[Any, str] = {parameter: name for name, parameter in model.named_parameters()}
    return {
        names[parameter]: slots["momentum_buffer"]
        for parameter, slots in optimizer.state.items()
        if slots.get("momentum_buffer") is not None
    }


def restore(
    checkpoint: Path, model: models.Classifier, optimizer: torch.optim.Optimizer, device: torch.device
) -> State:
    """Put a checkpoint's weights and momentum into `model` and `optimizer`, and return where it stood."""
    model.trunk.load_state_dict(_tensors(checkpoint / "trunk.safetensors", device))
    model.head.load_state_dict(_tensors(checkpoint / "head.safetensors", device))
    momentum = _tensors(checkpoint / "optimizer.safetensors", device)
    for name, parameter in model.named_parameters():
        if name in momentum:
            # The layout in memory is part of the state: a fused step reads parameter and momentum together.
            optimizer.state[parameter]["momentum_buffer"] = torch.empty_like(parameter).copy_(momentum[name])
    return State(**_json(checkpoint / "state.json"))


def _tensors(path: Path, device: torch.device) -> dict[str, torch.Tensor]:
    try:
        return load_file(path, device=str(device))
    except (SafetensorError, FileNotFoundError) as error:
        raise InputError(
            f"{path}: {error}; expected a whole checkpoint: remove its folder to use an older one"
        ) from error


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError) as error:
        raise InputError(
            f"{path}: {error}; expected a whole checkpoint: remove its folder to use an older one"
        ) from error


@dataclass(frozen=True)
class Pretrained:
    """A backbone and what belongs to it, ready to use on the CPU in float32.

    Attributes:
        trunk: normalised float images [n, 3, h, w] -> features [n, D]; in eval mode.
        head: features [n, D] -> logits [n, L]; in eval mode.
        labels: the vocabulary's table, row i for output i: `name`, `synsets`, `spellings`,
            `count` (posts) and `images` (of the training set).
        transform: how a photo becomes the trunk's input.
        config: the options of the run.
        images_seen: how many images it was trained on; 0 for an untrained one.
        fingerprint: digest of trunk and head.
        folder: the checkpoint it came from.
    """

    trunk: nn.Module
    head: nn.Linear
    labels: pa.Table
    transform: Transform
    config: dict[str, Any]
    images_seen: int
    fingerprint: str
    folder: Path

    @cached_property
    def names(self) -> list[str]:
        """Canonical name of every label, in the order of the head's outputs."""
        return self.labels.column("name").to_pylist()

    @cached_property
    def counts(self) -> np.ndarray:
        """Training images of every label, int64 [L]."""
        return self.labels.column("images").to_numpy().astype(np.int64)


def find(path: Path) -> Path:
    """The checkpoint meant by `path`: itself, or the last one of a run.

    Raises:
        InputError: it is neither.
    """
    if (path / "state.json").is_file():
        return path
    checkpoints = complete(path)
    if not checkpoints:
        raise InputError(
            f"{path} holds no checkpoint; expected a run of `weakly pretrain`, or one of its checkpoints"
        )
    return checkpoints[-1]


def load_pretrained(path: Path | str, *, untrained: bool = False) -> Pretrained:
    """Load a run's last checkpoint, or the checkpoint named.

    Args:
        path: a run or a checkpoint folder.
        untrained: the same network at the initialisation its run began with, to show what training bought.

    Raises:
        InputError: there is no checkpoint, or it is not whole.
    """
    folder = find(Path(path))
    config, state = _json(folder / "config.json"), State(**_json(folder / "state.json"))
    labels = pq.read_table(folder / "labels.parquet")
    model = models.create(config["model"], len(labels), seed=config["seed"])
    if not untrained:
        cpu = torch.device("cpu")
        model.trunk.load_state_dict(_tensors(folder / "trunk.safetensors", cpu))
        model.head.load_state_dict(_tensors(folder / "head.safetensors", cpu))
    model.eval().requires_grad_(False)
    return Pretrained(
        trunk=model.trunk,
        head=model.head,
        labels=labels,
        transform=Transform.from_dict(_json(folder / "transform.json")),
        config=config,
        images_seen=0 if untrained else state.images_seen,
        fingerprint=weights_fingerprint(model),
        folder=folder,
    )


def weights_fingerprint(model: nn.Module) -> str:
    """Digest of every weight and buffer of a model on the CPU, by name."""
    parts: list[bytes | str] = []
    for name, tensor in sorted(model.state_dict().items()):
        parts += [name, tensor.contiguous().view(-1).view(torch.uint8).numpy().tobytes()]
    return fingerprint(*parts)
