"""What a benchmark measured: as JSON where it is told to, and as a dated record that says on what machine.

    python benchmarks/loop.py --record          # benchmarks/records/2026-11-25-loop.json

A record holds the day, the command, the commit, the machine and the figures. It is never changed; figures
that are taken again are another record. `docs/results.md` and `docs/speed.md` say what is true today.
"""

import argparse
import functools
import json
import os
import platform
import re
import shlex
import subprocess
import sys
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import torch

from weakly.machine import cores

FOLDER = Path(__file__).parent / "records"
PACKAGES = ("torch", "torchvision", "timm", "numpy", "pyarrow", "numba")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Give a benchmark the options that `keep` reads."""
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--record", action="store_true", help="keep them, dated, in benchmarks/records/")


def keep(arguments: argparse.Namespace, figures: Any) -> None:
    """Write the figures where the options say; a later call of the same run writes them anew."""
    if arguments.json:
        _write(arguments.json, figures)
    if arguments.record:
        name = Path(sys.argv[0]).stem
        command = shlex.join(["python", f"benchmarks/{name}.py", *sys.argv[1:]])
        about = {"benchmark": name, "date": _today(), "command": command, "commit": _commit()}
        _write(_place(name), {**about, "machine": describe(), "figures": figures})


def describe() -> dict[str, Any]:
    """What a figure was measured on, and how busy that was; nothing that names the machine."""
    info = Path("/proc/cpuinfo")
    model = re.search(r"^model name\s*:\s*(.+)$", info.read_text() if info.is_file() else "", re.MULTILINE)
    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else None
    return {
        "cpu": model[1].strip() if model else platform.processor() or platform.machine(),
        "cores": cores(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "gpu": gpu,
        "threads": torch.get_num_threads(),
        "load": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "packages": {name: version for name in PACKAGES if (version := _version(name))},
    }


@functools.cache
def _place(name: str) -> Path:
    """A file that is not there yet: one a process, so that what is written again replaces itself alone."""
    FOLDER.mkdir(exist_ok=True)
    number, path = 1, FOLDER / f"{_today()}-{name}.json"
    while path.exists():
        number += 1
        path = FOLDER / f"{_today()}-{name}-{number}.json"
    return path


@functools.cache
def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _commit() -> str | None:
    """The commit that was measured, with `-dirty` where files differ from it; None outside of a checkout."""
    command = ["git", "describe", "--always", "--dirty"]
    try:
        done = subprocess.run(command, cwd=FOLDER.parent, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
