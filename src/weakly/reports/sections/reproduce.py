"""What it takes to do all this again: versions, fingerprints, options.

In: the manifests of the runs and of what they were made from. Out: a row an artifact, with its options.
"""

import json
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from weakly import __version__
from weakly.artifacts import Manifest, read_manifest
from weakly.reports.runs import Missing, Story

PACKAGES = ("torch", "torchvision", "timm", "numpy", "pyarrow", "pillow")


@dataclass(frozen=True)
class Artifact:
    """One folder: what it is, its name, fingerprint, the version that wrote it, and its options as JSON."""

    kind: str
    name: str
    fingerprint: str
    weakly: str
    options: str


@dataclass(frozen=True)
class ReproduceSection:
    """Artifacts in the order they were made, and the versions that this page was made with."""

    artifacts: list[Artifact]
    versions: list[tuple[str, str]]


def reproduce_section(stories: Sequence[Story]) -> ReproduceSection:
    """The section for all runs together; an artifact that two runs share comes once."""
    artifacts: dict[str, Artifact] = {}
    for story in stories:
        if not isinstance(story.training_set, Missing):
            made = story.training_set
            for role, fingerprint in made.manifest.inputs.items():
                artifacts.setdefault(fingerprint, Artifact(role, "", fingerprint, "", ""))
            if not isinstance(story.vocabulary, Missing):
                folder = Path(made.manifest.options["vocab"])
                artifacts[story.vocabulary.fingerprint] = _artifact(folder.name, read_manifest(folder))
            artifacts[made.fingerprint] = _artifact(made.folder.name, made.manifest)
    for story in stories:
        artifacts[f"run {story.folder}"] = _artifact(story.name, story.manifest)
        if not isinstance(story.pretrained, Missing):
            found = story.pretrained
            artifacts[f"checkpoint {story.folder}"] = Artifact(
                "checkpoint", f"{story.name}/{found.folder.name}", found.fingerprint, "", ""
            )
    own = [("Python", platform.python_version()), ("weakly", __version__)]
    versions = [*own, *((name, version(name)) for name in PACKAGES)]
    return ReproduceSection(list(artifacts.values()), versions)


def _artifact(name: str, manifest: Manifest) -> Artifact:
    return Artifact(manifest.kind, name, manifest.fingerprint, manifest.weakly, as_json(manifest.options))


def as_json(value: Any) -> str:
    """Indented JSON that a person can read and a program can parse."""
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)
