"""Python as it is on a machine where only a few packages are installed: the others cannot be imported."""

import os
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

STEP = ("torch", "torchvision", "timm", "numpy")
"""What `benchmarks/step.py` needs, as it says. What these need themselves comes with them: pillow with
torchvision; safetensors, huggingface_hub and pyyaml with timm; fsspec and others with torch."""
BARE = (*STEP, "pyarrow", "pillow", "safetensors", "rich")
"""What a bare GPU machine has: enough to load images, train, judge and tag."""

SITE = """\
import sys
from importlib.machinery import PathFinder

class FewPackages(PathFinder):
    refused = frozenset({refused!r})

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.partition(".")[0] in cls.refused else super().find_spec(name, path, target)

sys.meta_path[sys.meta_path.index(PathFinder)] = FewPackages
"""


def environment(folder: Path, packages: tuple[str, ...]) -> dict[str, str]:
    """Environment variables under which a Python finds these packages, what they require, and `weakly`.

    Args:
        folder: an empty one, for the module that Python imports as it starts.
        packages: as they are called where they are installed from.
    """
    here = _with_requirements(packages) | {"weakly"}
    modules = metadata.packages_distributions()
    refused = sorted(name for name, owners in modules.items() if not here & set(map(_plain, owners)))
    (folder / "sitecustomize.py").write_text(SITE.format(refused=refused), encoding="utf-8")
    path = os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "PYTHONPATH": path}


def _with_requirements(packages: tuple[str, ...]) -> set[str]:
    found: set[str] = set()
    waiting = list(packages)
    while waiting:
        name = _plain(waiting.pop())
        if name in found:
            continue
        try:
            requires = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue
        found.add(name)
        needed = map(Requirement, requires)
        waiting += [
            need.name for need in needed if need.marker is None or need.marker.evaluate({"extra": ""})
        ]
    return found


def _plain(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")
